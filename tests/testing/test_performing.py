"""Whole exercises on virtual time, measured on their own samples: no click, and everything when it is written.

The voice is made for this: vowels that begin and end abruptly and have silence around them, as no engine should give.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy import float32

from assistant.app.files import whole
from assistant.app.parts import load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.timeline import Pause, Speech, Timeline, Tone, ToneName
from assistant.sound import Sound
from assistant.speaking.bed import Bed, soft_noise
from assistant.speaking.layout import Layout
from assistant.speaking.player import Player
from assistant.testing.performing import (
    CLICK,
    Performance,
    caption_errors,
    cue_errors,
    first_words,
    pause_errors,
    perform,
    seams,
)

RATE = 48_000
SCRIPTS = load_library(load_settings([content_root() / "config.yaml"])).repertoire.scripts
PAUSE_SECONDS = 0.005
CUE_SECONDS = 0.005
"""A tone swells for 80 ms: 4 ms until it has come to -80 dBFS."""
CAPTION_SECONDS = 0.05


class Vowels:
    """A word is 0.2 s of a vowel; 0.05 s of silence lie between two, and 0.03 s before and after them all."""

    def render(self, text: str, words_per_minute: int) -> Sound:
        rate = 22_050
        at = np.arange(round(0.2 * rate)) / rate
        vowel = sum(np.sin(2 * np.pi * 120 * n * at + n) / n for n in range(1, 40)) * 0.1
        gap, edge = np.zeros(round(0.05 * rate)), np.zeros(round(0.03 * rate))
        words = [piece for _ in text.split() for piece in (gap, vowel)][1:]
        return Sound(np.concatenate([edge, *words, edge]).astype(float32), rate)


class Slabs:
    """Full sound from the first sample to the last, at the player's own rate: the hardest edges there are."""

    def render(self, text: str, words_per_minute: int) -> Sound:
        return Sound(np.full(RATE // 2, 0.5, dtype=float32), RATE)


LAYOUT = Layout(Vowels(), RATE, 125, content_root() / "audio", {})


def shortened(exercise: str, seconds: float = 40.0) -> Timeline:
    """So much of an exercise that a test of many may take."""
    segments = whole(SCRIPTS[exercise])
    lengths = np.cumsum([getattr(segment, "seconds", 2.0) for segment in segments])
    return Timeline(segments[: max(int(np.searchsorted(lengths, seconds)), 3)])


def largest_step(performance: Performance) -> float:
    return float(np.max(np.abs(np.diff(performance.samples))))


@pytest.mark.parametrize("exercise", sorted(SCRIPTS))
def test_every_exercise_keeps_its_times_and_has_no_click(exercise: str) -> None:
    done = perform(LAYOUT, shortened(exercise), RATE)
    assert [error for error in pause_errors(done) if abs(error) > PAUSE_SECONDS] == []
    assert [error for error in cue_errors(done) if abs(error) > CUE_SECONDS] == []
    assert [error for error in caption_errors(done) if abs(error) > CAPTION_SECONDS] == []
    assert [seam for seam in seams(done) if seam.click > CLICK] == []
    assert first_words(done) <= 1.0


def test_a_whole_breath_exercise_keeps_its_times_to_the_end() -> None:
    """Over five minutes rounding must not add up."""
    done = perform(LAYOUT, Timeline(whole(SCRIPTS["breath-four-six"])), RATE)
    errors = list(cue_errors(done))
    assert len(errors) > 30 and max(map(abs, errors)) <= CUE_SECONDS
    assert max(abs(error) for error in caption_errors(done)) <= CAPTION_SECONDS
    assert max(abs(error) for error in pause_errors(done)) <= PAUSE_SECONDS


def test_the_bed_comes_in_under_a_whole_exercise_without_a_click() -> None:
    timeline = Timeline(whole(SCRIPTS["breath-long-out"]))
    assert max(seam.click for seam in seams(perform(LAYOUT, timeline, RATE, bed=Bed(soft_noise(RATE), RATE)))) <= CLICK


ACTS: dict[str, list[tuple[float, Callable[[Player], None]]]] = {
    "stop switch": [(0.0, Player.mute)],
    "stop": [(0.0, Player.stop)],
    "lowered and swelling back": [(0.0, Player.duck), (0.4, Player.unduck)],
    "waiting, and on from the same word": [(0.0, Player.duck), (0.06, Player.rest), (0.8, Player.unduck)],
    "waiting, and stopped": [(0.0, Player.duck), (0.06, Player.rest), (0.5, Player.mute)],
}


@pytest.mark.parametrize("how", sorted(ACTS))
@pytest.mark.parametrize("bed", [False, True])
def test_nothing_done_to_the_voice_makes_a_click(how: str, bed: bool) -> None:
    """At forty moments in vowels, gaps, pauses and tones."""
    timeline = Timeline(
        (Speech("one two three four"), Pause(0.2), Tone(ToneName.BREATHE_IN, 0.5), Speech("five six"), Pause(0.3))
    )
    voice = perform(LAYOUT, timeline, RATE)
    loop = soft_noise(RATE)
    for moment in np.linspace(0.05, 2.2, 40):
        acts = [(moment + after, act) for after, act in ACTS[how]]
        done = perform(LAYOUT, timeline, RATE, acts, bed=Bed(loop, RATE) if bed else None)
        for seam in seams(done):
            assert seam.click <= CLICK, f"{seam} after {moment:.2f} s"
            assert seam.step <= 1.05 * largest_step(voice), f"{seam} after {moment:.2f} s"


def test_whatever_an_engine_gives_begins_and_ends_softly() -> None:
    timeline = Timeline((Speech("one"), Pause(0.5), Speech("two"), Speech("three"), Pause(0.5)))
    done = perform(Layout(Slabs(), RATE, 125, None, {}), timeline, RATE)
    assert max(seam.click for seam in seams(done)) <= CLICK


def test_a_performance_says_when_each_line_was_reported_and_laid() -> None:
    timeline = Timeline((Speech("one two"), Pause(1.0), Speech("three")))
    done = perform(LAYOUT, timeline, RATE)
    assert set(done.reported) == {0, 1, 2}
    assert done.starts[2] - done.starts[1] == RATE
    assert list(pause_errors(done)) == pytest.approx([0.0], abs=0.002)
    (first, second) = caption_errors(done)
    assert -0.02 < first <= 0.001 and -0.02 < second <= 0.001, "at most a block early"
