"""Speech without the silence around it, so that written pauses are the whole pause."""

from __future__ import annotations

import numpy as np

from assistant.sound import Sound

QUIET = 10 ** (-50.0 / 20.0)
MARGIN_SECONDS = 0.005
"""Kept on both sides; half of it fades."""


def trimmed(sound: Sound) -> Sound:
    """Without the silence that engines add before and after; what holds no sound becomes empty."""
    loud = np.flatnonzero(np.abs(sound.samples) > QUIET)
    if not len(loud):
        return Sound(sound.samples[:0], sound.rate)
    margin = int(MARGIN_SECONDS * sound.rate)
    start, end = max(int(loud[0]) - margin, 0), min(int(loud[-1]) + 1 + margin, len(sound.samples))
    samples = sound.samples[start:end].copy()
    fade = np.linspace(0.0, 1.0, min(margin // 2, len(samples)), dtype=np.float32)
    samples[: len(fade)] *= fade
    samples[len(samples) - len(fade) :] *= fade[::-1]
    return Sound(samples, sound.rate)
