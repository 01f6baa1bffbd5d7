"""The stop word, heard over the voice and without the recogniser: it works while that one hangs, or is busy (law 3).

A small network that knows "stop", "enough", "quiet", "shut up", "no more" and "help" among whatever else is said, from
`python -m assistant.training`. The bound below was chosen with `python -m benchmarks.over_the_voice`, which
prints how many stops are noticed and what else is taken for one; `docs/hearing.md` has the figures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.core.understanding import Intent
from assistant.errors import EngineError
from assistant.hearing.log_mel import log_mel
from assistant.hearing.recogniser import RATE
from assistant.hearing.trust import voice_in
from assistant.hearing.voice_activity import VoiceActivity, quiet_session

LONGEST_SECONDS = 2.5
"""With the pre-roll. Whoever says more over the voice is heard by the recogniser."""
VOICED_SECONDS = 0.15
"""Of clear voice. A cough has less, "stop" 0.22 at least."""
SPEEDS = (0.9, 1.0, 1.1)
"""At each of them the same sound is judged, and the mean counts: what is a word by chance is none in a throat a little
longer or shorter. `python -m benchmarks.over_the_voice --trials 80 --minutes 1`: 778 of 800 stops are known, where 772
were at its own speed alone, and 25 of 800 other words are taken for one, where 27 were."""
SURE = {Intent.STOP: -0.3, Intent.HELP: 0.5}
"""The logit from which on a word was said. In doubt it is a stop: silence and one sentence harm nobody. A call for help
is answered at length: of sobs over the voice the likest has -0.17, of other short words 0.32.
"""
SURE_ALONE = 1.0
"""The same while nothing is played, for a stop. Twelve voices have 1.08 at least, noises without words -2.3 at most."""
ALONE_SECONDS = 0.6
"""Of clear voice. "Make it stop" has 0.77 at least, and is for the recogniser and the screen."""


class StopWord(Protocol):
    """Listens to what was said over the voice."""

    def heard(self, samples: NDArray[float32]) -> Intent | None:
        """`Intent.STOP` or `Intent.HELP` where these samples (mono, 16 kHz: a few words) mean it.

        Raises EngineError, and whatever else an engine raises.
        """
        ...

    def said_alone(self, samples: NDArray[float32]) -> bool:
        """Whether these, heard while nothing is played, are a stop and nothing else. Raises the same."""
        ...


def model_path() -> Path:
    """Where the network is."""
    return Path(__file__).parent / "stop_word.onnx"


class SpottedStop:
    """`activity`: a voice activity detector of its own."""

    def __init__(self, activity: VoiceActivity) -> None:
        self._activity = activity
        self._session: Any = None
        self._means: list[Intent] = []

    def warm_up(self) -> None:
        """Load the network. Raises EngineError."""
        if self._session is not None:
            return
        if not model_path().is_file():
            raise EngineError(
                "stop-word-missing",
                "What hears a stop over the voice is missing, so a stop is heard later; reinstall with: "
                "pip install --force-reinstall grounding-assistant",
            )
        self._session = quiet_session(model_path())
        self._means = [Intent(value) for value in self._session.get_modelmeta().custom_metadata_map["means"].split(",")]

    def heard(self, samples: NDArray[float32]) -> Intent | None:
        """Takes 3 ms for a second of sound on one core."""
        meant, sure = self._likeliest(samples, LONGEST_SECONDS)
        return meant if meant is not None and sure >= SURE[meant] else None

    def said_alone(self, samples: NDArray[float32]) -> bool:
        """The same cost."""
        meant, sure = self._likeliest(samples, ALONE_SECONDS)
        return meant is Intent.STOP and sure >= SURE_ALONE

    def _likeliest(self, samples: NDArray[float32], longest: float) -> tuple[Intent | None, float]:
        """What was said if anything was, and its logit; None where there is less or more clear voice than that."""
        if len(samples) > LONGEST_SECONDS * RATE:
            return None, 0.0
        if not VOICED_SECONDS <= voice_in(samples, self._activity).clear <= longest:
            return None, 0.0
        self.warm_up()
        said = np.mean([self._words(at_speed(samples, speed)) for speed in SPEEDS], axis=0)
        best = int(said.argmax())
        return self._means[best], float(said[best])

    def _words(self, samples: NDArray[float32]) -> NDArray[float32]:
        """The logit of each word."""
        (said,) = self._session.run(None, {"frames": log_mel(samples)[None]})
        return said[0]  # type: ignore[no-any-return]


def at_speed(samples: NDArray[float32], speed: float) -> NDArray[float32]:
    """So many times as fast, and with it higher or lower, as from another throat."""
    at = np.arange(0.0, len(samples) - 1, speed)
    changed: NDArray[float32] = np.interp(at, np.arange(len(samples)), samples).astype(float32)
    return changed
