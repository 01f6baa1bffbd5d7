"""Everything the program can say, understands and listens for, read once at the start.

A fault in a part must not take the whole from the person: what is broken is left out and told as a notice, as long as
help remains. `grounding check` tells all of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from assistant.content.cards import card_search, read_card_wording, read_cards
from assistant.content.check_ins import read_check_ins
from assistant.content.countries import UNKNOWN, load_countries, load_support
from assistant.content.exercises import read_exercises
from assistant.content.flows import read_flow_wording, read_flows
from assistant.content.listening import read_safety, read_understanding, rules_that_remain
from assistant.content.own import own_exercises
from assistant.content.phrases import PhrasesSource, read_phrases
from assistant.content.recordings import sound_recordings
from assistant.core.card_search import CardSearch
from assistant.core.flows import Flow, FlowWording
from assistant.core.number_spans import TOP
from assistant.core.script import Repertoire
from assistant.core.understanding import Lexicon, State
from assistant.errors import ContentError, UsageError
from assistant.faults import Fault, Severity, listed, nearest
from assistant.safety.rules import Rules
from assistant.safety.support import Support


@dataclass(frozen=True, slots=True)
class Notice:
    """Something runs with less than it should. `code` is stable; `text` is printed and says what to do."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Library:
    """The content of one language, with the support of one country."""

    root: Path
    repertoire: Repertoire
    lexicon: Lexicon
    rules: Rules
    support: Support
    recogniser: tuple[str, ...]
    """Phrases that a recogniser of few words may expect at any time."""
    recogniser_numbers: tuple[str, ...]
    """And where a number was asked for, with {number} in them, and {next} for the one after it."""
    recordings: Mapping[str, Path]
    """Recorded lines by name, each as it was made."""
    notices: tuple[Notice, ...] = ()

    @classmethod
    def load(cls, root: Path, language: str, country: str, own: Path | None = None) -> Library:
        """All of it. `own`: the folder with the person's own scripts/.

        Raises UsageError for a language there is none of, ContentError where nothing could be said.
        """
        known_language(root, language)
        notices: list[Notice] = []
        faults: list[Fault] = []
        lexicon, recogniser, numbers, order, acute = _understanding(root, language)
        repertoire = load_repertoire(root, language, order, acute, faults)
        if own is not None:
            sources = own_exercises(root, own, language, faults)
            repertoire = repertoire.with_own([source.script for source in sources.values()])
        if faults:
            files = ", ".join(sorted({fault.path.name for fault in faults}))
            notices.append(Notice("exercise-left-out", f"left out because of faults: {files}. See 'grounding check'."))
        rules = rules_noting(root, language, notices)
        support = support_noting(root, country, notices)
        recordings, changed = sound_recordings(root / "audio" / language)
        if changed:
            text = f"recorded lines are missing or changed: {', '.join(changed)}. See 'grounding check'."
            notices.append(Notice("help-changed", text))
        return cls(root, repertoire, lexicon, rules, support, recogniser, numbers, recordings, tuple(notices))


def languages(root: Path) -> list[str]:
    """Languages that have their fixed lines."""
    return sorted(path.parent.name for path in (root / "scripts").glob("*/phrases.yaml"))


def known_language(root: Path, language: str) -> str:
    """The language, if there is content for it. Raises UsageError, with the nearest."""
    known = languages(root)
    if language in known:
        return language
    if not known:
        raise ContentError(
            "content-missing", f"{root / 'scripts'} holds no language: install grounding-assistant again."
        )
    likely = nearest(language, known, 3) or known
    raise UsageError("language-unknown", f"there is no content in {language!r} yet: it can be {' or '.join(likely)}.")


def load_repertoire(
    root: Path,
    language: str,
    order: dict[State, tuple[str, ...]],
    acute: Iterable[State],
    faults: list[Fault],
) -> Repertoire:
    """What can be said and offered. An exercise with faults is left out of every order.

    Raises ContentError when phrases are broken, or no exercise remains for a person who cannot say what is wrong.
    """
    phrases = load_phrases(root, language)
    scripts = {name: source.script for name, source in read_exercises(root, language, faults).items()}
    kept = {state: tuple(name for name in names if name in scripts) for state, names in order.items()}
    unsure = kept.get(State.UNSURE) or ()
    if not unsure:
        raise _content_error("scripts for 'unsure'", faults)
    return Repertoire(
        language=language,
        scripts=scripts,
        order={state: kept.get(state) or unsure for state in State},
        acute=frozenset(acute),
        phrases=phrases.lines,
        check_ins={name: source.script for name, source in read_check_ins(root, language, faults).items()},
        recorded=phrases.recorded,
        **_words(root, language, faults),
    )


class _Words(TypedDict):
    flows: Mapping[str, Flow]
    flow_wording: FlowWording | None
    cards: CardSearch | None


def _words(root: Path, language: str, faults: list[Fault]) -> _Words:
    """Flows and cards."""
    flows, wording = load_flows(root, language, faults)
    return {"flows": flows, "flow_wording": wording, "cards": load_cards(root, language, faults)}


def load_flows(root: Path, language: str, faults: list[Fault]) -> tuple[Mapping[str, Flow], FlowWording | None]:
    """The flows, and what is listened for inside them: without that none is held."""
    flows = read_flows(root, language, faults)
    wording = read_flow_wording(root, language, faults) if flows else None
    return {name: source.flow for name, source in flows.items()} if wording is not None else {}, wording


def load_cards(root: Path, language: str, faults: list[Fault]) -> CardSearch | None:
    """The cards, to be searched; None where there are none."""
    cards = read_cards(root, language, faults)
    return card_search(cards.values(), read_card_wording(root, language, faults)) if cards else None


def load_phrases(root: Path, language: str) -> PhrasesSource:
    """The fixed lines. Raises ContentError."""
    broken: list[Fault] = []
    phrases = read_phrases(root, language, broken)
    if phrases is None:
        raise _content_error("phrases.yaml", broken)
    return phrases


def rules_noting(root: Path, language: str, notices: list[Notice]) -> Rules:
    """The screen's rules; where built-in ones stand in, that is told."""
    rules, broken = load_rules(root, language)
    if broken:
        text = f"safety.yaml has faults: the built-in signals are listened for too. {listed(broken[:1])}"
        notices.append(Notice("screen-minimal", text))
    return rules


def support_noting(root: Path, country: str, notices: list[Notice]) -> Support:
    """People to reach; where those for any country stand in, that is told."""
    lost: list[Fault] = []
    support = load_support(root, country, lost)
    if lost:
        text = f"people to reach are those for any country, as {country} cannot be read. {listed(lost[:1])}"
        notices.append(Notice("support-any-country", text))
    return support


def load_rules(root: Path, language: str) -> tuple[Rules, list[Fault]]:
    """The screen's rules. Never fails: the person is screened whatever the file holds."""
    faults: list[Fault] = []
    source = read_safety(root, language, faults)
    return (source.rules, []) if source is not None else (rules_that_remain(root, language), faults)


def load_lexicon(root: Path, language: str) -> Lexicon:
    """How people say what they want. Raises ContentError."""
    return _understanding(root, language)[0]


def _understanding(
    root: Path, language: str
) -> tuple[Lexicon, tuple[str, ...], tuple[str, ...], dict[State, tuple[str, ...]], tuple[State, ...]]:
    faults: list[Fault] = []
    source = read_understanding(root, language, faults)
    if source is None:
        raise _content_error("understanding.yaml", faults)
    written = source.understanding
    numbers = written.numbers
    expected = (*written.recogniser, *(word for word, value in numbers.words.items() if value <= TOP))
    alone = (word for group in (numbers.words, numbers.alone, numbers.sounds) for word in group if group[word] <= TOP)
    return source.lexicon, expected, (*written.recogniser_numbers, *alone), written.order, written.acute


def _content_error(what: str, faults: list[Fault]) -> ContentError:
    first = listed(fault for fault in faults if fault.severity is Severity.FAULT)
    return ContentError("content-broken", f"{what} cannot be used, so nothing can be said. Mend this:\n{first}")


__all__ = [
    "UNKNOWN",
    "Library",
    "Notice",
    "load_countries",
    "load_lexicon",
    "load_repertoire",
    "load_rules",
    "load_support",
]
