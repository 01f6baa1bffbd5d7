"""What every voice engine must do. Call `check_voice_engine` from a test of your own."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from assistant.speaking.engine import VoiceEngine


def check_voice_engine(build: Callable[[], VoiceEngine]) -> None:
    """Raises AssertionError where a promise of `VoiceEngine` is not kept."""
    engine = build()
    assert engine.name and engine.voice
    short, long = engine.render("One.", 125), engine.render("One, two, three, four, five, six, seven.", 125)
    assert 8_000 <= short.rate == long.rate <= 192_000, "one rate"
    assert short.seconds < long.seconds < 15.0, "more words take longer"
    assert np.max(np.abs(long.samples)) <= 1.0 and np.sqrt(np.mean(long.samples**2)) > 0.005, "it can be heard"
    again = engine.render("One, two, three, four, five, six, seven.", 125)
    assert abs(again.seconds - long.seconds) < 0.1, "the same words last the same"
    for _ in range(8):
        slow, quick = engine.render("One, two, three, four.", 90), engine.render("One, two, three, four.", 160)
        assert slow.seconds > 1.2 * quick.seconds, "at the pace that is asked for, and not at the last one's"
    for odd in ("...", "3 a.m. -- really?", "naïve café “quoted”", "a" * 500):
        engine.render(odd, 125)
    engine.close()
    engine.close()
