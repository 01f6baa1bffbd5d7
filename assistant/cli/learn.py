"""What is known of a thing: a short card, or people to reach."""

from __future__ import annotations

import argparse
import dataclasses
from typing import TYPE_CHECKING

from assistant.cli.given import (
    add_country,
    add_language,
    code_of,
    language_of,
    remaining_settings_of,
    settings_as_written,
)
from assistant.cli.output import Style, add_json, note, print_json, styled
from assistant.endpoints import whose_computer
from assistant.errors import DeviceError, UsageError

if TYPE_CHECKING:
    from assistant.app.learning import Learned
    from assistant.content.models import Reference
    from assistant.core.cards import Card
    from assistant.settings import Settings

HELP = "answer a question from a short card, or list the cards"
EXAMPLE = "grounding learn why does my chest get tight\ngrounding learn                           # the titles"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument(
        "question",
        metavar="QUESTION",
        nargs="*",
        help="a question or a title; the program keeps none of it, a shell's history may. Without it: the titles",
    )
    parser.add_argument("--aloud", action="store_true", help="read it aloud")
    parser.add_argument("--speaker", metavar="DEVICE", help="with --aloud: speaker, or FILE.wav to write")
    parser.add_argument(
        "--simpler",
        action="store_true",
        help="and once more in simpler words, by your language model, from the card alone",
    )
    parser.add_argument("--markdown", action="store_true", help="all cards as a document")
    add_country(parser)
    add_language(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Answer, or list."""
    if arguments.aloud and arguments.json:
        raise UsageError("learn-both", "--json prints one value and nothing else: leave out --aloud, or --json.")
    if arguments.speaker and not arguments.aloud:
        raise UsageError("learn-silent", "--speaker is for --aloud: add --aloud, or leave it out.")
    question = " ".join(arguments.question).strip()
    if arguments.markdown and question:
        raise UsageError("list-named", "--markdown shows all cards: leave it out, or leave out the question.")
    if arguments.markdown or not question:
        if arguments.simpler:
            raise UsageError(
                "learn-nothing", "Say what to tell more simply: grounding learn --simpler 'what is panic'."
            )
        if arguments.aloud:
            raise UsageError("learn-nothing", "Say what to read aloud: grounding learn --aloud 'what is panic'.")
        return _list(arguments)
    from assistant import app

    settings, left_out = remaining_settings_of(arguments)
    learned = app.learn(question, settings)
    if arguments.simpler and learned.card is not None:
        note(f"The card goes to {whose_computer(settings.llm.base_url)}; your question does not.")
    for text in learned.notices:
        note(text)
    if arguments.json:
        simpler = {"simpler": app.told_simpler(learned, settings)} if arguments.simpler else {}
        print_json(_as_json(learned) | simpler)
    else:
        if arguments.aloud:
            _read(learned, arguments.speaker, settings)
        _show(learned, spoken=arguments.aloud)
        if arguments.simpler:
            _show_simpler(app.told_simpler(learned, settings))
    return code_of(left_out)


def _read(learned: Learned, speaker: str | None, settings: Settings) -> None:
    from assistant import app

    try:
        app.read_learned(learned, speaker, settings)
    except DeviceError as error:
        without = "Without a speaker: leave out --aloud to read it, or --speaker out.wav writes its sound into a file."
        raise DeviceError(error.code, f"{error.hint.rstrip('.')}. {without}") from None


def _show_simpler(told: tuple[str, ...]) -> None:
    if told:
        print(f"\n{styled('In other words, by a language model', Style.FAINT)}", *told, sep="\n")
    else:
        note("The language model gave nothing that could be used; the card above is what is known.")


def _list(arguments: argparse.Namespace) -> int:
    """All cards. Those with faults are left out, and told."""
    from assistant.content.cards import cited, read_cards
    from assistant.content.exercises import read_references
    from assistant.content.root import content_root
    from assistant.faults import Fault

    faults: list[Fault] = []
    root = content_root()
    language = language_of(arguments, settings_as_written())
    cards = read_cards(root, language, faults)
    references = read_references(root, language, faults) if arguments.markdown or arguments.json else {}
    for fault in faults:
        note(str(fault))
    if arguments.markdown:
        from assistant.content.card_catalogue import card_catalogue

        print(card_catalogue(cards.values(), references), end="")
    elif arguments.json:
        print_json([_card(source.card, cited(source, references)) for source in cards.values()])
    else:
        width = max((len(name) for name in cards), default=0)
        for name, source in cards.items():
            print(f"{styled(name.ljust(width), Style.STRONG)}  {source.card.title}")
    return 0


def show_people(learned: Learned) -> None:
    """What is said of people to reach, and how to reach them."""
    for text in learned.notices:
        note(text)
    _show_first(learned, spoken=False)


def _show(learned: Learned, *, spoken: bool) -> None:
    """For people: words that were just heard, with their captions, do not stand there twice."""
    card = learned.card
    _show_first(learned, spoken=spoken)
    if card is not None and not spoken:
        print("\n" * (learned.support is not None), end="")
        print(styled(card.title, Style.STRONG), *card.text, f"\nAre you sure? {card.sure}", sep="\n")
    if learned.named is not None:
        print(f"\n{styled(learned.named.title, Style.STRONG)}: grounding learn {learned.named.id}")
    if card is not None:
        for source in learned.sources:
            print(styled(f"  {source.cite}" + (f" {source.url}" if source.url else ""), Style.FAINT))
        if card.exercise is not None:
            print(f"\nA next small thing: grounding preview {card.exercise}")
        if not learned.signed:
            print(styled("No clinician has signed this card yet.", Style.WARN))


def _show_first(learned: Learned, *, spoken: bool) -> None:
    """What comes before a card: the words, and people to reach."""
    from assistant.cli.resources import show

    card = learned.card
    if not spoken:
        for line in learned.said if card is None else learned.said[: -len(card.text) - 1]:
            print(line)
    if learned.support is not None:
        print()
        show(learned.support)


def _as_json(learned: Learned) -> dict[str, object]:
    return {
        "level": learned.level.name.lower(),
        "kind": learned.kind.value if learned.kind else None,
        "said": learned.said,
        "card": _card(learned.card, learned.sources) if learned.card else None,
        "may_fit": {"id": learned.named.id, "title": learned.named.title} if learned.named else None,
        "support": dataclasses.asdict(learned.support) if learned.support else None,
    }


def _card(card: Card, sources: tuple[Reference, ...]) -> dict[str, object]:
    return {
        "id": card.id,
        "title": card.title,
        "states": [state.value for state in card.states],
        "text": card.text,
        "sure": card.sure,
        "certainty": card.certainty,
        "exercise": card.exercise,
        "sources": [{"cite": source.cite, "url": source.url} for source in sources],
    }
