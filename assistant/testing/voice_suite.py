"""What every voice engine must do. Call `check_voice_engine` from a test of your own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from assistant.speaking.engine import VoiceEngine
from assistant.speaking.plausible import Rendering, judged

SHORT: Final = "One."
LONG: Final = "One, two, three, four, five, six, seven."
PACED: Final = "One, two, three, four."
PLAIN: Final = (
    "Let your feet find the floor.",
    "Press down, gently. And ease off.",
    "I'm here. I'm a program.",
)
ODD: Final = ("...", "3 a.m. -- really?", "na\u00efve caf\u00e9 \u201cquoted\u201d", "a" * 500)
LINES: Final = (SHORT, LONG, PACED, *PLAIN, *ODD)
"""Everything an engine is asked here, for one that speaks only what it is allowed to."""


def check_voice_engine(build: Callable[[], VoiceEngine]) -> None:
    """Raises AssertionError where a promise of `VoiceEngine` is not kept."""
    engine = build()
    name, voice = engine.name, engine.voice
    assert name and voice
    short, long = engine.render(SHORT, 125), engine.render(LONG, 125)
    assert 8_000 <= short.rate == long.rate <= 192_000, "one rate"
    assert short.seconds < long.seconds < 15.0, "more words take longer"
    assert np.max(np.abs(long.samples)) <= 1.0 and np.sqrt(np.mean(long.samples**2)) > 0.005, "it can be heard"
    again = engine.render(LONG, 125)
    assert abs(again.seconds - long.seconds) < 0.15 * long.seconds, "the same words last the same"
    for line in (*PLAIN, SHORT, LONG):
        assert judged(engine.render(line, 125), line, 125) is Rendering.FINE, "it passes for speech of its length"
    for _ in range(8):
        slow, quick = engine.render(PACED, 90), engine.render(PACED, 160)
        assert slow.seconds > 1.2 * quick.seconds, "at the pace that is asked for, and not at the last one's"
    for odd in ODD:
        assert np.all(np.isfinite(engine.render(odd, 125).samples)), "whatever it is asked"
    assert (engine.name, engine.voice) == (name, voice), "what was rendered before is found again"
    engine.close()
    engine.close()
    twin = build()
    assert (twin.name, twin.voice) == (name, voice), "and by another one of it"
    twin.close()
