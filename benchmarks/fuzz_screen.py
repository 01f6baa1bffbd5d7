"""Throws whatever text a coverage-guided fuzzer can think of at the screen: `make fuzz`, or
`python -m benchmarks.fuzz_screen [-max_total_time=60] [libFuzzer options]`.

Needs `pip install '.[fuzz]'` (Linux and macOS). It stops at the first text for which a layer raises, takes longer than
`SLOWEST_SECONDS`, or lowers a HARD signal of the rules for words that follow; the text is left as a file `crash-...`.
"""

from __future__ import annotations

import sys
import time
from typing import Any, Final

import atheris

with atheris.instrument_imports(include=["assistant.safety", "assistant.core", "assistant.understanding"]):
    from assistant.app.parts import build_screen, load_library
    from assistant.config import load_settings
    from assistant.content.root import content_root
    from assistant.safety.transcript import Transcript, Trust
    from assistant.safety.verdict import Level
    from assistant.settings_files import settings_files
    from assistant.understanding.encoder import EncoderEstimator
    from assistant.understanding.learned import LearnedScreen
    from assistant.understanding.ngrams import NGramEstimator

SLOWEST_SECONDS: Final = 0.05
"""What a person does not notice before an answer; any text of up to LONGEST characters is judged in less."""
LONGEST: Final = 300
"""Characters: twenty seconds of speech. Longer turns take longer in proportion."""
MOST_WORDS: Final = 12
"""That are taken from the must-catch list; raw characters follow them."""
TRIES: Final = 5
"""A text is too slow when it is so every time: this machine has other things to do."""


class Fuzzed:
    """The screen as `grounding run` has it, and each of its layers alone."""

    def __init__(self) -> None:
        library = load_library(load_settings(settings_files(content_root() / "config.yaml")))
        self._rules = library.rules
        self._lexicon = library.lexicon
        self._screen = build_screen(library, LearnedScreen())
        self._estimators = (EncoderEstimator(), NGramEstimator())
        self._words = sorted({word for line in library.rules.must_catch for word in line.split()})
        self._screen.judge("hello")

    def try_one(self, data: bytes) -> None:
        """Raises AssertionError, or whatever a layer raises."""
        source = atheris.FuzzedDataProvider(data)
        said, more = self._text(source), self._text(source)
        verdict = self._rules.judge(said)
        if verdict.level is Level.HARD:
            assert self._rules.judge(f"{said} {more}").level is Level.HARD, "words that follow lowered a hard signal"
        for estimator in self._estimators:
            estimator.estimate(said)  # alone, because the screen would turn what it raises into a question
        assert self._screen.judge(said).level >= verdict.level, "a layer took something back"
        if said.strip():
            self._lexicon.understand(self._screen.screen(Transcript(said, Trust.TRUSTED, 1.0, "fuzz")))
        assert any(self._timed(said) < SLOWEST_SECONDS for _ in range(TRIES)), "too slow"

    def _text(self, source: Any) -> str:
        count = source.ConsumeIntInRange(0, MOST_WORDS)
        words = [self._words[source.ConsumeIntInRange(0, len(self._words) - 1)] for _ in range(count)]
        letters: str = source.ConsumeUnicodeNoSurrogates(LONGEST // 2)
        return (" ".join(words) + letters)[:LONGEST]

    def _timed(self, text: str) -> float:
        began = time.perf_counter()
        self._screen.judge(text)
        return time.perf_counter() - began


def main() -> None:
    """Until it finds something, or is told to stop."""
    atheris.Setup([*sys.argv, "-len_control=0", f"-max_len={4 * LONGEST}"], Fuzzed().try_one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
