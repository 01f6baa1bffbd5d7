"""The stop word, heard over the voice and without the recogniser: it works while that one hangs, or is busy (law 3).

A few ways to say stop stand in a small grammar among the short things people say that are no stop, and against a loop
over all sounds: the built-in recogniser's own way to spot words. `docs/hearing.md` has the figures, and the command.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from numpy import float32
from numpy.typing import NDArray

from assistant.core.understanding import Intent
from assistant.hearing.pocketsphinx_engine import PocketSphinx
from assistant.hearing.recogniser import RATE
from assistant.safety.transcript import Trust
from assistant.safety.words import normalise

LONGEST_SECONDS = 2.5
"""With the pre-roll. Whoever says more over the voice is heard by the recogniser."""


class StopWord(Protocol):
    """Listens to what was said over the voice."""

    def heard(self, samples: NDArray[float32]) -> Intent | None:
        """`Intent.STOP` or `Intent.HELP` where these samples (mono, 16 kHz: a few words) mean it. Never raises."""
        ...


class SpottedStop:
    """`meant`: ways to say stop, and help. `others`: short words that are neither, so that they are not taken for
    them.
    """

    def __init__(self, meant: Mapping[Intent, Sequence[str]], others: Sequence[str]) -> None:
        self._meant = {" ".join(normalise(phrase)): intent for intent, phrases in meant.items() for phrase in phrases}
        self._engine = PocketSphinx([*self._meant, *others], self._meant)

    def warm_up(self) -> None:
        """Load its model. Raises EngineError."""
        self._engine.warm_up()

    def heard(self, samples: NDArray[float32]) -> Intent | None:
        """In doubt it is one: silence and one sentence harm nobody."""
        if len(samples) > LONGEST_SECONDS * RATE:
            return None
        heard = self._engine.transcribe(samples)
        return None if heard.trust is Trust.EMPTY else self._meant.get(heard.text)
