"""How many short answers the built-in recogniser understands: `python -m benchmarks.short_answers [LEVEL...]`.

Each of what people answer in a word or two, by synthetic voices; right is what asks for the same as the words do
("yeah" for "yes"). Then words that are no answer, and how many of them were taken for one, surely or with a doubt.
Needs espeak-ng and flite (Debian packages), and some minutes.
"""

from __future__ import annotations

import argparse
from collections import Counter

from assistant.app.parts import build_recogniser, load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.understanding import Lexicon, Understanding
from assistant.safety.rules import Rules
from assistant.safety.screen import Screen
from assistant.safety.transcript import Transcript, Trust
from assistant.settings_files import settings_files
from assistant.testing.voices import Voice
from assistant.wilson import share
from benchmarks.recogniser_rejection import UNRELATED
from benchmarks.said_alone import KEPT, TUNED, levels_given, print_matrix, spoken

ANSWERS = (
    "yes", "yeah", "okay", "no", "stop", "skip", "next", "help", "wait", "pause", "again", "go on", "continue", "quiet",
    "louder", "slower", "why", "goodbye", "thank you", "I can't", "I don't know", "I'm panicking", "something else",
)  # fmt: skip
NO_ANSWERS = (
    "kettle", "window", "banana", "yesterday", "radio", "garden", "table", "mountain", "purple", "letter", "saturday",
    "orange", "doctor", "picture", "chicken", "paper",
)  # fmt: skip


def meaning(lexicon: Lexicon, words: str) -> Understanding:
    """What is made of words that were heard surely."""
    return lexicon.understand(Screen(Rules(())).screen(Transcript(words, Trust.TRUSTED, 1.0, "typed")))


def main() -> None:
    """Speak, hear, count."""
    levels = levels_given(argparse.ArgumentParser(description=__doc__))
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    library = load_library(settings)
    recogniser = build_recogniser(library, settings, "pocketsphinx")
    right: dict[tuple[Voice, str], list[bool]] = {}
    wrong: list[str] = []
    for voice, level, said, turn in spoken((*TUNED, *KEPT), ANSWERS, levels):
        heard = recogniser.transcribe(turn)
        understood = bool(heard.text) and meaning(library.lexicon, heard.text) == meaning(library.lexicon, said)
        right.setdefault((voice, level), []).append(understood)
        if not understood:
            wrong.append(f"    {said!r} by {voice}, {level}, was heard as {heard.text!r}, {heard.trust.value}")
    print_matrix(right, levels)
    print(f"{len(wrong)} were taken for something else, or not understood:", *wrong, sep="\n")
    for name, words in (("single words", NO_ANSWERS), ("sentences", UNRELATED)):
        taken = Counter(recogniser.transcribe(turn).trust for *_, turn in spoken(KEPT, words, ["clean"]))
        print(f"{name} that are no answer: trusted {share(taken[Trust.TRUSTED], taken.total())}, ", end="")
        print(f"doubtful {share(taken[Trust.DOUBTFUL], taken.total())}")


if __name__ == "__main__":
    main()
