"""How well cards are found: `python -m benchmarks.card_search`, with `--misses` for what went wrong.

`held out`: tests/cards/questions.tsv. `left out`: each question of the cards and of those that lie elsewhere, put to a
search that does not know it. The bounds of the search were set on these, and they are harder: each wording of a card is
meant to be unlike its others.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.app.learning import Shelf
from assistant.content.cards import card_search, read_card_wording, read_cards
from assistant.content.countries import UNKNOWN
from assistant.content.root import content_root
from assistant.core.card_search import FITS, CardSearch, Found
from assistant.safety.rules import Rules
from assistant.safety.screen import Screen, ScreenedText
from assistant.safety.transcript import Transcript, Trust
from assistant.safety.verdict import Level
from assistant.understanding.learned import LearnedScreen
from assistant.wilson import share

QUESTIONS = Path(__file__).parent.parent / "tests" / "cards" / "questions.tsv"
NONE, DANGER = "none", "danger"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the cards of which any answers it, or none; or danger."""

    question: str
    due: frozenset[str]


def questions(path: Path = QUESTIONS) -> list[Asked]:
    """The held-out questions."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    return [Asked(question, frozenset(name.strip() for name in due.split("|"))) for due, question in rows]


def shipped() -> CardSearch:
    """The search over the cards that ship."""
    root = content_root()
    return card_search(read_cards(root, "en", []).values(), read_card_wording(root, "en", []))


def left_out(search: CardSearch) -> Iterator[tuple[Asked, CardSearch]]:
    """Each known question, with a search that lacks it."""
    for place, card in enumerate(search.cards):
        for at, question in enumerate(card.questions):
            lacking = replace(card, questions=(*card.questions[:at], *card.questions[at + 1 :]))
            shelf = [*search.cards[:place], lacking, *search.cards[place + 1 :]]
            yield Asked(question, frozenset({card.id})), replace(search, cards=shelf)
    for at, question in enumerate(search.elsewhere):
        others = (*search.elsewhere[:at], *search.elsewhere[at + 1 :])
        yield Asked(question, frozenset({NONE})), replace(search, elsewhere=others)


def screened(text: str, screen: Screen = Screen(Rules(()))) -> ScreenedText:  # noqa: B008 # it is frozen
    """As typed."""
    return screen.screen(Transcript(text, Trust.TRUSTED, 1.0, "typed"))


def figures(found: Iterable[tuple[Asked, list[Found]]]) -> tuple[dict[str, object], list[str]]:
    """Shares with Wilson 95 % intervals, and what went wrong."""
    right = first = three = wrong = nothing = answerable = elsewhere = 0
    misses: list[str] = []
    for asked, ranked in found:
        fitting = [one.card.id for one in ranked if one.card is not None]
        best = ranked[0] if ranked else None
        answer = best.card.id if best and best.card and best.fit >= FITS else NONE
        if asked.due == {NONE}:
            elsewhere += 1
            nothing += answer == NONE
        else:
            answerable += 1
            first += bool(fitting) and fitting[0] in asked.due
            three += any(name in asked.due for name in fitting[:3])
            right += answer in asked.due
            wrong += answer not in asked.due and answer != NONE
        if answer not in asked.due:
            fit = f"{best.fit:.2f}" if best else "-"
            misses.append(f"{'|'.join(sorted(asked.due))}: {asked.question!r} -> {answer} ({fitting[:1]} {fit})")
    return {
        "answerable": answerable,
        "right card first": share(first, answerable),
        "among the first three": share(three, answerable),
        "answered with the right card": share(right, answerable),
        "answered with a wrong card": share(wrong, answerable),
        "elsewhere": elsewhere,
        "nothing fits, where nothing does": share(nothing, elsewhere),
    }, misses


def through_the_screen() -> dict[str, object]:
    """Pleas in danger: how many a card would answer. Harmless questions: how often people come before the card."""
    search = shipped()
    screen = Shelf.load(content_root(), "en", UNKNOWN).screen(LearnedScreen())
    rows = [(asked.due == {DANGER}, screened(asked.question, screen)) for asked in questions()]
    pleas = [text for plea, text in rows if plea]
    harmless = [text for plea, text in rows if not plea]
    return {
        "pleas": len(pleas),
        "given people, no card": sum(text.verdict.level is Level.HARD for text in pleas),
        "given people first, no card read": sum(text.verdict.level is Level.SOFT for text in pleas),
        "told that nothing fits, and whom to ask": sum(
            text.verdict.level is Level.NONE and search.answer(text) is None for text in pleas
        ),
        "read a card": sum(text.verdict.level is Level.NONE and search.answer(text) is not None for text in pleas),
        "harmless, given people first": share(
            sum(text.verdict.level is not Level.NONE for text in harmless), len(harmless)
        ),
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", choices=["held", "left"])
    wanted = parser.parse_args().misses
    search = shipped()
    asked = [one for one in questions() if one.due != {DANGER}]
    search.ranked(screened("ready"))
    began = time.perf_counter()
    found = [(one, search.ranked(screened(one.question))) for one in asked]
    each = (time.perf_counter() - began) / len(asked)
    held, held_misses = figures(found)
    left, left_misses = figures((one, lacking.ranked(screened(one.question))) for one, lacking in left_out(search))
    result = {"held out": held, "left out": left, "screened": through_the_screen(), "ms a query": round(each * 1000, 2)}
    print(json.dumps(result, indent=2, default=str))
    if wanted:
        print("\n".join(held_misses if wanted == "held" else left_misses))


if __name__ == "__main__":
    main()
