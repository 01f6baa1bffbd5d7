"""A wake word: a small network that listens to every block and knows one phrase, by the extra `wakeword`.

The package pymicro-wakeword ships four (Apache-2.0, trained by Kevin Ahrendt): "okay nabu", "hey jarvis", "hey mycroft"
and "alexa"; whoever trains one with microWakeWord names its JSON file. It runs on the sound as it comes, since whoever
calls over a television never leaves a pause. How often each is heard, and what else is: `python -m benchmarks.waking`.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.errors import ConfigError, EngineError

SHIPPED = ("okay_nabu", "hey_jarvis", "hey_mycroft", "alexa")
AGAIN_SECONDS = 2.0
"""One call is one, however long its network goes on being sure."""
RATE = 16_000


class WakeWord(Protocol):
    """Listens to all that is heard."""

    def feed(self, samples: NDArray[float32]) -> bool:
        """The next of 16 kHz mono; whether the word was in it. Raises whatever an engine raises."""
        ...


class MicroWakeWord:
    """`word`: one of `SHIPPED`, or a JSON file. Raises EngineError if the package is missing, or ConfigError."""

    def __init__(self, word: str) -> None:
        try:
            import pymicro_wakeword
        except (ImportError, OSError):
            raise EngineError(
                "wake-word-missing",
                "wake.by is word, and what hears wake words is not here, so speech wakes it; "
                "install it with: pip install 'grounding-assistant[wakeword]'",
            ) from None
        try:
            if word in SHIPPED:
                self._word: Any = pymicro_wakeword.MicroWakeWord.from_builtin(pymicro_wakeword.Model(word))
            else:
                self._word = pymicro_wakeword.MicroWakeWord.from_config(whole_model(Path(word)))
        except (OSError, ValueError, KeyError, TypeError):
            raise ConfigError(
                "wake-word-unreadable",
                f"wake.word is {word}, which is neither one of {', '.join(SHIPPED)} nor a microWakeWord model's JSON "
                "file, so speech wakes it.",
            ) from None
        self._features: Any = pymicro_wakeword.MicroWakeWordFeatures()
        self._since = AGAIN_SECONDS

    def feed(self, samples: NDArray[float32]) -> bool:
        """Takes 3 ms for a second of sound."""
        pcm = (np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()
        heard = [bool(self._word.process_streaming(step)) for step in self._features.process_streaming(pcm)]
        self._since += len(samples) / RATE
        if not any(heard) or self._since < AGAIN_SECONDS:
            return False
        self._since = 0.0
        return True


def whole_model(model: Path) -> Path:
    """Raises OSError, ValueError, KeyError or TypeError where it is none: TensorFlow would end the process."""
    import json

    name = json.loads(model.read_text(encoding="utf-8"))["model"]
    with (model.parent / name).open("rb") as file:
        if file.read(8)[4:] != b"TFL3":
            raise ValueError(f"{name} is no TensorFlow Lite network")
    return model
