"""WebRTC's echo canceller AEC3, where its wheel is installed: it never lets the assistant hear itself, from the first
moment on, and takes a part of whoever speaks meanwhile with it (engines.md section 8).
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.hearing.recogniser import RATE

STEP = RATE // 100
"""AEC3 works in steps of 10 ms."""
DELAY_MS = 2
"""Where it begins to look for the echo: behind the lead that `EchoReference` gives it."""


class EchoCanceller(Protocol):
    """Takes the speaker's sound out of the microphone's."""

    def process(self, heard: NDArray[float32], played: NDArray[float32]) -> NDArray[float32]:
        """Both equally long, at 16 kHz; what is left, as long as they are, at most 10 ms late."""
        ...


class WebRtcCanceller:
    """Raises ImportError where the wheel is not installed."""

    def __init__(self) -> None:
        from pywebrtc_audio import AudioProcessor

        self._processor: Any = AudioProcessor(
            sample_rate=RATE, echo_cancellation=True, noise_suppression=False, auto_gain_control=False,
            stream_delay_ms=DELAY_MS,
        )  # fmt: skip
        self._heard = np.zeros(0, dtype=float32)
        self._played = np.zeros(0, dtype=float32)
        self._done = np.zeros(STEP, dtype=float32)

    def process(self, heard: NDArray[float32], played: NDArray[float32]) -> NDArray[float32]:
        """Frames of any length, through steps of 10 ms."""
        self._heard = np.concatenate([self._heard, heard])
        self._played = np.concatenate([self._played, played])
        done = [self._done]
        while len(self._heard) >= STEP:
            done.append(self._processor.process(self._heard[:STEP], self._played[:STEP]))
            self._heard, self._played = self._heard[STEP:], self._played[STEP:]
        whole = np.concatenate(done)
        self._done = whole[len(heard) :]
        return whole[: len(heard)]


def webrtc_canceller() -> EchoCanceller | None:
    """AEC3, or None where it is not installed; `doctor` says how to get it."""
    try:
        return WebRtcCanceller()
    except ImportError:
        return None
