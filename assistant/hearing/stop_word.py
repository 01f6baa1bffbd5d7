"""The stop word, heard over the voice and without the recogniser: it works while that one hangs, or is busy (law 3).

A small network that knows "stop", "enough", "quiet", "shut up", "no more" and "help" among whatever else is said, from
`python -m assistant.training`. The bound below was chosen with `python -m benchmarks.over_the_voice`, which
prints how many stops are noticed and what else is taken for one; `docs/hearing.md` has the figures.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

from numpy import float32
from numpy.typing import NDArray

from assistant.core.understanding import Intent
from assistant.errors import EngineError
from assistant.hearing.log_mel import log_mel
from assistant.hearing.recogniser import RATE
from assistant.hearing.voice_activity import FRAME, VoiceActivity, quiet_session

LONGEST_SECONDS = 2.5
"""With the pre-roll. Whoever says more over the voice is heard by the recogniser."""
VOICED_SECONDS = 0.15
"""Of clear voice. A cough has less, "stop" 0.22 at least."""
VOICED = 0.5
SURE = {Intent.STOP: -0.5, Intent.HELP: 1.0}
"""The logit from which on a word was said. In doubt it is a stop: silence and one sentence harm nobody. A call for help
is answered at length.
"""


class StopWord(Protocol):
    """Listens to what was said over the voice."""

    def heard(self, samples: NDArray[float32]) -> Intent | None:
        """`Intent.STOP` or `Intent.HELP` where these samples (mono, 16 kHz: a few words) mean it. Never raises."""
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
        """Takes 3 ms for a second of sound on one core. Whatever an engine raises is no stop, and never ends the thread
        that hears: the recogniser and the keys go on.
        """
        try:
            return self._spotted(samples)
        except Exception:
            return None

    def _spotted(self, samples: NDArray[float32]) -> Intent | None:
        if len(samples) > LONGEST_SECONDS * RATE or self._voiced_seconds(samples) < VOICED_SECONDS:
            return None
        self.warm_up()
        (said,) = self._session.run(None, {"frames": log_mel(samples)[None]})
        best = int(said[0].argmax())
        intent = self._means[best]
        return intent if said[0][best] >= SURE[intent] else None

    def _voiced_seconds(self, samples: NDArray[float32]) -> float:
        self._activity.reset()
        frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
        return sum(self._activity.probability(frame) >= VOICED for frame in frames) * FRAME / RATE
