"""A stop word of the person's own: a microWakeWord model, for a word or a language that the shipped network lacks.

Such models are trained for one word by anybody who wants one (github.com/kahrendt/microWakeWord), and come as a JSON
file with its network beside it. The package pymicro-wakeword runs them; it is an extra.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event, Trouble
from assistant.core.understanding import Intent
from assistant.errors import ConfigError, EngineError
from assistant.hearing.recogniser import RATE
from assistant.hearing.stop_word import LONGEST_SECONDS, StopWord
from assistant.hearing.wake_word import whole_model

T = TypeVar("T")

LEAD_SECONDS = 0.5
"""Of quiet noise before the sound: the front end settles on a level, and averages over some steps."""
NOISE = 3e-4


class OwnStop:
    """`model`: the JSON file. What it knows is a stop."""

    def __init__(self, model: Path) -> None:
        self._model = model
        self._word: Any = None
        lead = np.random.default_rng(0).standard_normal(round(LEAD_SECONDS * RATE))
        self._lead = (lead * NOISE).astype(float32)

    def warm_up(self) -> None:
        """Load it. Raises EngineError, or ConfigError for a file that is none."""
        if self._word is not None:
            return
        try:
            from pymicro_wakeword import MicroWakeWord
        except (ImportError, OSError):
            raise EngineError(
                "wake-word-missing",
                "turn.stop_word_model needs a package that is not here, so the shipped stop word is heard alone; "
                "install it with: pip install 'grounding-assistant[wakeword]'",
            ) from None
        try:
            self._word = MicroWakeWord.from_config(whole_model(self._model))
        except (OSError, ValueError, KeyError, TypeError):
            raise ConfigError(
                "wake-word-unreadable",
                f"turn.stop_word_model is {self._model}, which is no microWakeWord model, so the shipped stop word is "
                "heard alone; name the JSON file that came with the network, and keep both in one folder.",
            ) from None

    def heard(self, samples: NDArray[float32]) -> Intent | None:
        """Nothing, unless it was loaded."""
        if self._word is None or len(samples) > LONGEST_SECONDS * RATE:
            return None
        from pymicro_wakeword import MicroWakeWordFeatures

        sound = np.clip(np.concatenate([self._lead, samples, self._lead]), -1.0, 1.0)
        pcm = (sound * 32767.0).astype("<i2").tobytes()
        self._word.reset()
        detected = [self._word.process_streaming(step) for step in MicroWakeWordFeatures().process_streaming(pcm)]
        return Intent.STOP if any(detected) else None

    def said_alone(self, samples: NDArray[float32]) -> bool:
        """It cannot tell a word from a sentence with that word in it, so it leaves these to the recogniser."""
        return False


class EitherStop:
    """What any of several detectors hears, the first of them first.

    One that breaks has heard nothing, is told to `post`, and is asked again next time; the others, the recogniser and
    the keys still stop.
    """

    def __init__(self, stop_words: Sequence[StopWord], post: Callable[[Event], None]) -> None:
        self._stop_words = stop_words
        self._post = post

    def heard(self, samples: NDArray[float32]) -> Intent | None:
        """Of the first that hears anything. Never raises."""
        heard = (self._answered(stop_word.heard, samples) for stop_word in self._stop_words)
        return next((intent for intent in heard if intent is not None), None)

    def said_alone(self, samples: NDArray[float32]) -> bool:
        """To any of them. Never raises."""
        return any(self._answered(stop_word.said_alone, samples) for stop_word in self._stop_words)

    def _answered(self, ask: Callable[[NDArray[float32]], T], samples: NDArray[float32]) -> T | None:
        try:
            return ask(samples)
        except Exception:  # of a foreign engine: the thread that hears must not end by it
            self._post(Trouble("stop-word-failed"))
            return None
