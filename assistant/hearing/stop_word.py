"""The stop word, heard over the voice and without the recogniser: it works while that one hangs, or is busy (law 3).

What was said is laid against a few ways to say stop, against the short things people say that are no stop, and against
any speech: as word spotters do. The bounds below were chosen with `python -m benchmarks.over_the_voice`, which prints
how many stops are noticed and what else is taken for one; `docs/hearing.md` has the figures.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from numpy import float32
from numpy.typing import NDArray

from assistant.core.understanding import Intent
from assistant.hearing.phrase_decoder import PHONES, PhraseDecoder
from assistant.hearing.recogniser import RATE
from assistant.hearing.voice_activity import FRAME, VoiceActivity

LONGEST_SECONDS = 2.5
"""With the pre-roll. Whoever says more over the voice is heard by the recogniser."""
VOICED_SECONDS = 0.15
"""Of clear voice. A cough has less, "stop" 0.22 at least."""
VOICED = 0.5
MARGINS = {Intent.STOP: (0.03, 0.19), Intent.HELP: (-0.05, 0.2)}
"""Log score a frame, in hundredths, by which something else that people say, and any speech at all, may fit better. In
doubt it is a stop: silence and one sentence harm nobody; laughter came to 0.2. A call for help is answered at length,
and a sob sounds like one.
"""
STOP_AT_LEAST = 0.3
"""By which help must fit better than a stop, on the same scale: a hoarse "stop" comes to 0.1. Most calls for help leave
no way through the stops at all."""
OTHERS = "others"


class StopWord(Protocol):
    """Listens to what was said over the voice."""

    def heard(self, samples: NDArray[float32]) -> Intent | None:
        """`Intent.STOP` or `Intent.HELP` where these samples (mono, 16 kHz: a few words) mean it. Never raises."""
        ...


class SpottedStop:
    """`meant`: ways to say stop, and help. `others`: short words that are neither, so that they are not taken for one.

    `activity`: a voice activity detector of its own.
    """

    def __init__(
        self, meant: Mapping[Intent, Collection[str]], others: Collection[str], activity: VoiceActivity
    ) -> None:
        self._decoder = PhraseDecoder({**{intent.value: said for intent, said in meant.items()}, OTHERS: others})
        self._activity = activity

    def warm_up(self) -> None:
        """Load its model. Raises EngineError."""
        self._decoder.warm_up()

    def heard(self, samples: NDArray[float32]) -> Intent | None:
        """Takes 60 ms for a second of sound on one core. Whatever an engine raises is no stop, and never ends the
        thread that hears: the recogniser and the keys go on.
        """
        try:
            return self._spotted(samples)
        except Exception:
            return None

    def _spotted(self, samples: NDArray[float32]) -> Intent | None:
        if len(samples) > LONGEST_SECONDS * RATE or self._voiced_seconds(samples) < VOICED_SECONDS:
            return None
        decoder = self._decoder
        heard = decoder.listen(samples)
        if heard is None:
            return None
        stop, help_ = (decoder.fit(intent.value, heard) for intent in (Intent.STOP, Intent.HELP))
        is_help = (help_.score - stop.score) / stop.frames >= STOP_AT_LEAST
        intent, meant = (Intent.HELP, help_) if is_help else (Intent.STOP, stop)
        if not decoder.lasts(meant.words, heard):
            return None
        for search, margin in zip((OTHERS, PHONES), MARGINS[intent], strict=True):
            if (decoder.fit(search, heard).score - meant.score) / meant.frames > margin:
                return None
        return intent

    def _voiced_seconds(self, samples: NDArray[float32]) -> float:
        self._activity.reset()
        frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
        return sum(self._activity.probability(frame) >= VOICED for frame in frames) * FRAME / RATE
