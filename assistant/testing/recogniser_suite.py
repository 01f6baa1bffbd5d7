"""What every recogniser must do. Call `check_recogniser` from a test of your own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from assistant.hearing.recogniser import RATE, Recogniser
from assistant.safety.transcript import Trust


def check_recogniser(build: Callable[[], Recogniser]) -> None:
    """Raises AssertionError where a promise of `Recogniser` is not kept."""
    recogniser = build()
    assert recogniser.name
    recogniser.warm_up()
    recogniser.warm_up()
    random = np.random.default_rng(0)
    for seconds in (0.1, 1.0, 4.0):
        samples = (random.standard_normal(round(seconds * RATE)) * 0.05).astype(np.float32)
        before = samples.copy()
        transcript = recogniser.transcribe(samples)
        assert np.array_equal(samples, before), "the caller's samples are not written into"
        assert transcript.engine == recogniser.name and 0.0 <= transcript.confidence <= 1.0
        assert (transcript.trust is Trust.EMPTY) == (not transcript.text)
    recogniser.close()
    recogniser.close()
