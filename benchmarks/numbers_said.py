"""How many of the ways people say a number are read right, from the two tables in tests/core/numbers.

    python -m benchmarks.numbers_said
    python -m benchmarks.numbers_said aloud [LEVEL...]    by synthetic voices, to the built-in recogniser

`tuning` was looked at while the grammar was written; `reporting` was written before it, and not. The second needs
espeak-ng and flite (Debian packages), and some minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.app.parts import build_recogniser, load_library
from assistant.config import load_settings
from assistant.content.library import load_lexicon
from assistant.content.root import content_root
from assistant.core.commands import Answer
from assistant.core.understanding import Intent, Lexicon
from assistant.safety.rules import Rules
from assistant.safety.screen import Screen
from assistant.safety.transcript import Transcript, Trust
from assistant.safety.verdict import Level
from assistant.settings_files import settings_files
from assistant.testing.voices import Voice
from assistant.wilson import share
from benchmarks.said_alone import KEPT, LEVELS, TUNED, print_matrix, spoken

TABLES = Path(__file__).parent.parent / "tests" / "core" / "numbers"
PUT = {
    "seven out of ten": 7, "about a six": 6, "maybe a four": 4, "five out of ten": 5, "I'd say eight": 8,
    "like a nine": 9, "a three": 3, "six or seven": 7, "probably a five": 5,
}  # fmt: skip
"""Not only the number: how it is put, and what it means."""
DANGER_EVERY = 8
"""Of the must-catch sentences."""
REFUSALS = (Intent.SKIP_NUMBER, Intent.SKIP, Intent.NO, Intent.CANT)


def rows(name: str) -> Iterator[tuple[str, str, str]]:
    """Of one table: voice, what is said, what it means."""
    voice = ""
    for line in (TABLES / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("voice: "):
            voice = line.removeprefix("voice: ")
        elif " = " in line:
            meant, _, said = line.partition(" = ")
            yield voice, said, meant


def read(lexicon: Lexicon, said: str) -> str:
    """As the tables write it."""
    heard = Screen(Rules(())).screen(Transcript(said, Trust.TRUSTED, 1.0, "typed"))
    understood = lexicon.understand(heard, expect_number=True)
    if understood.number is not None:
        return f"{understood.number:g}"
    if understood.against is not None:
        return understood.against.value
    return "refused" if understood.intent in REFUSALS else "-"


def read_tables(lexicon: Lexicon) -> None:
    """Each table's share, and every wrong reading."""
    for name in ("tuning", "reporting"):
        table = list(rows(name))
        wrong = [(said, meant, found) for _, said, meant in table if (found := read(lexicon, said)) != meant]
        print(f"{name}: {share(len(table) - len(wrong), len(table))}")
        for said, meant, found in wrong:
            print(f"    {said!r} is {meant}, and was read as {found}")


def read_aloud(levels: Sequence[str]) -> None:
    """Zero to ten, each as one turn, and some ways to put it, to a recogniser that was told to expect a number."""
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    library = load_library(settings)
    recogniser = build_recogniser(library, settings, "pocketsphinx")
    words = library.repertoire.phrases["spoken.numbers"]
    meant = {word: number for number, word in enumerate(words)} | PUT
    right: dict[tuple[Voice, str], list[bool]] = {}
    wrong: list[str] = []
    for voice, level, said, turn in spoken((*TUNED, *KEPT), list(meant), levels):
        heard = recogniser.transcribe(turn, Answer.NUMBER)
        read_right = bool(heard.text) and read(library.lexicon, heard.text) == f"{meant[said]}"
        right.setdefault((voice, level), []).append(read_right)
        if not read_right:
            wrong.append(f"    {said!r} by {voice}, {level}, was heard as {heard.text!r}, {heard.trust.value}")
    print_matrix(right, levels)
    print(f"{len(wrong)} were read wrong, or not at all:", *wrong, sep="\n")
    screen = Screen(library.rules)
    danger = [
        [screen.screen(recogniser.transcribe(turn, expected)).verdict.level is not Level.NONE for expected in Answer]
        for *_, turn in spoken(KEPT[::2], library.rules.must_catch[::DANGER_EVERY], levels)
    ]
    for expected, noticed in zip(Answer, zip(*danger, strict=True), strict=True):
        print(f"danger, while {expected} was asked for, is noticed: {share(sum(noticed), len(noticed))}")


def main() -> None:
    """The tables, and what is heard when asked for."""
    read_tables(load_lexicon(content_root(), "en"))
    if sys.argv[1:2] == ["aloud"]:
        read_aloud([level for level in sys.argv[2:] if level in LEVELS] or list(LEVELS))


if __name__ == "__main__":
    main()
