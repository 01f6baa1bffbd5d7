"""Breath cues and chimes, as the program draws them.

In rises and out falls, so that nobody loses track of which is which (brethap#137, #75).
"""

from __future__ import annotations

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.core.timeline import ToneName

LEVEL = 10 ** (-38.0 / 20.0)
"""RMS of a tone: 18 dB under the voice's -20 dBFS RMS (content.md section 2)."""
FADE_SECONDS = 0.08
"""No sudden onset: at least 50 ms (content.md section 2)."""
_PITCHES = {ToneName.BREATHE_IN: (196.0, 262.0), ToneName.BREATHE_OUT: (262.0, 165.0)}
"""Hz, from start to end; low enough to be soft, high enough for a small speaker."""

CHIMES = {"start": ((392.0,), 1.6), "end": ((392.0, 294.0), 2.2)}
"""Name of a file in `audio/` -> its notes in Hz, one after another, and its length in seconds."""
CHIME_RATE = 24_000
"""Hz, of those files."""


def drawn_chime(name: str, rate: int) -> NDArray[float32]:
    """A chime as it lies in `audio/`; one that nobody knows here is a single note."""
    return chime(*CHIMES.get(name, CHIMES["start"]), rate)


def breath_tone(name: ToneName, seconds: float, rate: int) -> NDArray[float32]:
    """Exactly `round(seconds * rate)` samples."""
    count = round(seconds * rate)
    start, end = _PITCHES[name]
    pitch = start * (end / start) ** (np.arange(count) / max(count, 1))
    phase = 2 * np.pi * np.cumsum(pitch) / rate
    tone = np.sin(phase) + 0.25 * np.sin(2 * phase)
    return _faded(tone / np.sqrt(np.mean(tone**2) or 1.0) * LEVEL if count else tone, rate)


def chime(pitches: tuple[float, ...], seconds: float, rate: int) -> NDArray[float32]:
    """Notes one after another, each ringing out; for the files in `audio/`."""
    count = round(seconds * rate)
    out = np.zeros(count)
    for index, pitch in enumerate(pitches):
        start = index * round(0.45 * rate)
        at = np.arange(count - start) / rate
        attack = np.minimum(at / 0.06, 1.0)
        out[start:] += (
            attack * np.exp(-at * 2.6) * (np.sin(2 * np.pi * pitch * at) + 0.2 * np.sin(4 * np.pi * pitch * at))
        )
    return _faded(out / np.max(np.abs(out)) * 0.12, rate)


def _faded(samples: NDArray[np.float64], rate: int) -> NDArray[float32]:
    fade = min(int(FADE_SECONDS * rate), len(samples) // 2)
    ramp = 0.5 - 0.5 * np.cos(np.pi * np.arange(fade) / max(fade, 1))
    samples[:fade] *= ramp
    samples[len(samples) - fade :] *= ramp[::-1]
    return samples.astype(float32)
