"""How many of the ways people say a number are read right, from the two tables in tests/core/numbers.

    python -m benchmarks.numbers_said
    python -m benchmarks.numbers_said aloud    each number alone, by synthetic voices, through the built-in recogniser

`tuning` was looked at while the grammar was written; `reporting` was written before it, and not.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from assistant.app.lines import expected_phrases
from assistant.app.parts import load_library
from assistant.config import load_settings, settings_files
from assistant.content.library import load_lexicon
from assistant.content.root import content_root
from assistant.core.understanding import Intent, Lexicon
from assistant.hearing.pocketsphinx_engine import PocketSphinx
from assistant.safety.rules import Rules
from assistant.safety.screen import Screen
from assistant.safety.transcript import Transcript, Trust
from assistant.wilson import share
from benchmarks.recogniser_rejection import VOICES, turn

TABLES = Path(__file__).parent.parent / "tests" / "core" / "numbers"
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


def read_aloud() -> None:
    """Zero to ten, each as one turn, in the voices of `recogniser_rejection`. Needs espeak-ng."""
    library = load_library(load_settings(settings_files(content_root() / "config.yaml")))
    recogniser = PocketSphinx(expected_phrases(library))
    recogniser.warm_up()
    words = library.repertoire.phrases["spoken.numbers"]
    wrong: list[str] = []
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "said.wav"
        for (voice, speed), (number, word) in product(VOICES, enumerate(words)):
            subprocess.run(["espeak-ng", "-v", voice, "-s", str(speed), "-w", str(path), word], check=True)
            heard = recogniser.transcribe(turn(path))
            if not heard.text or read(library.lexicon, heard.text) != f"{number}":
                wrong.append(f"    {word!r} by {voice} was heard as {heard.text!r}, {heard.trust.value}")
    total = len(VOICES) * len(words)
    print(f"aloud: {share(total - len(wrong), total)}", *wrong, sep="\n")


def main() -> None:
    """The tables, and what is heard when asked for."""
    read_tables(load_lexicon(content_root(), "en"))
    if sys.argv[1:] == ["aloud"]:
        read_aloud()


if __name__ == "__main__":
    main()
