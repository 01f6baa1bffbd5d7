"""A timeline performed on virtual time, through the real layout and the real player, and read off its own samples.

Nothing sounds and nothing waits. What the player reports is compared with what would be heard at that moment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy import float32, float64
from numpy.typing import NDArray

from assistant.core.events import Event, PlaybackFinished, PlaybackProgressed
from assistant.core.ids import UtteranceId
from assistant.core.timeline import Pause, Recorded, Segment, Speech, Timeline, Tone
from assistant.speaking.bed import Bed
from assistant.speaking.layout import Layout
from assistant.speaking.player import Player

BLOCK: Final = 512
"""Samples at a time, as from a sound card."""
HEARD: Final = 1e-4
"""-80 dBFS: quieter is the very edge of a fade, or nothing."""
ONSET: Final = 1e-3
"""-60 dBFS: from here on a word is heard."""
SEAM_SECONDS: Final = 0.002
"""Before and after a seam a click would lie in."""
CLICK_HZ: Final = 12_000.0
"""Voices made at 22,050 or 24,000 Hz have nothing above; a jump between two samples has half of itself there."""
CLICK: Final = 5e-4
"""-66 dBFS of sound above `CLICK_HZ` is a click. In forty stops of a voice the player's fade had half of that at most;
without it eleven had more, up to 80 times as much. `python -m benchmarks.performing` measures it."""
_TAPS: Final = 127
TAIL_SECONDS: Final = 0.5
Act = tuple[float, Callable[[Player], None]]
"""At so many seconds, something that somebody does to the player."""


@dataclass(frozen=True, slots=True, eq=False)
class Performance:
    """`starts[i]`: the sample at which segment `i` was laid. `reported[i]`: when it was said to begin, in samples.

    `acts`: samples at which something was done. After an act that holds or ends the voice `starts` no longer holds.
    """

    timeline: Timeline
    samples: NDArray[float32]
    rate: int
    starts: tuple[int, ...]
    reported: dict[int, int]
    acts: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Seam:
    """`at` seconds. `step`: the largest between two samples; `click`: the peak of what is above `CLICK_HZ`."""

    at: float
    step: float
    click: float


def perform(
    layout: Layout, timeline: Timeline, rate: int, acts: Sequence[Act] = (), *, bed: Bed | None = None
) -> Performance:
    """From the first sample to the last, and half a second more. Raises nothing: what fails is silence."""
    events: list[Event] = []
    player = Player(rate, events.append, bed)
    playout = player.play(UtteranceId(1), 0, bed=bed is not None)
    lengths = [0] * len(timeline.segments)
    for part in layout.parts(timeline, lambda code: None):
        lengths[part.segment] += part.length
        playout.append(part)
    playout.finish()
    blocks: list[NDArray[float32]] = []
    reported: dict[int, int] = {}
    done: list[int] = []
    due = sorted(acts, key=lambda act: act[0])
    left = round(TAIL_SECONDS * rate)
    while left > 0:
        at = len(blocks) * BLOCK
        while len(done) < len(due) and due[len(done)][0] * rate <= at:
            due[len(done)][1](player)
            done.append(at)
        block = np.zeros(BLOCK, dtype=float32)
        player.fill(block)
        blocks.append(block)
        for event in events:
            if isinstance(event, PlaybackProgressed):
                reported.setdefault(event.segment, at)
        over = any(isinstance(event, PlaybackFinished) for event in events)
        left -= BLOCK if over or left < round(TAIL_SECONDS * rate) else 0
        events.clear()
    starts = np.concatenate([[0], np.cumsum(lengths)[:-1]]) if lengths else np.zeros(0, int)
    # The player begins with the block after the one in which it was asked.
    starts = starts + BLOCK
    return Performance(timeline, np.concatenate(blocks), rate, tuple(map(int, starts)), reported, tuple(done))


def seams(performance: Performance) -> Iterator[Seam]:
    """At every seam: where a segment begins or ends; in a disturbed performance, where something was done."""
    rate = performance.rate
    steps = np.abs(np.diff(performance.samples))
    clicks = above(performance.samples, rate, CLICK_HZ)
    seam = round(SEAM_SECONDS * rate)
    for at in sorted(set(performance.acts or performance.starts)):
        # A fade begins with the block in which the player learned of an act, and ends in it.
        here = slice(max(at - seam, 0), at + (BLOCK if performance.acts else 0) + seam)
        yield Seam(at / rate, float(np.max(steps[here], initial=0.0)), float(np.max(clicks[here], initial=0.0)))


def above(samples: NDArray[float32], rate: int, hertz: float) -> NDArray[float64]:
    """What of a sound lies above a frequency, rectified: by a filter of 127 taps, symmetric, so that nothing moves."""
    at = np.arange(_TAPS) - _TAPS // 2
    low = 2 * hertz / rate * np.sinc(2 * hertz / rate * at) * np.hamming(_TAPS)
    high = (at == 0) - low / low.sum()
    return np.abs(np.convolve(samples.astype(float64), high, mode="same"))


def pause_errors(performance: Performance) -> Iterator[float]:
    """Seconds of silence heard, less those that were written, for every pause after words."""
    loud = np.flatnonzero(np.abs(performance.samples) > HEARD)
    for at, written in _pauses(performance.timeline.segments):
        middle = performance.starts[at] + round(written / 2 * performance.rate)
        after = int(np.searchsorted(loud, middle))
        if 0 < after < len(loud):
            yield (int(loud[after]) - int(loud[after - 1]) - 1) / performance.rate - written


def cue_errors(performance: Performance) -> Iterator[float]:
    """Seconds from where a breath cue is due, by the words before it and the seconds that are written, to its sound.

    The words take as long as they take; from then on every tone and every rest counts.
    """
    due: float | None = None
    for at, segment in enumerate(performance.timeline.segments):
        start = performance.starts[at] / performance.rate
        if not isinstance(segment, Tone | Pause):
            due = None
            continue
        due = start if due is None else due
        if isinstance(segment, Tone):
            yield _onset(performance, at, HEARD) - due
        due += segment.seconds


def caption_errors(performance: Performance) -> Iterator[float]:
    """Seconds from the moment a line's words begin to be heard to the moment its caption is due; less: it was early."""
    for at, segment in enumerate(performance.timeline.segments):
        if isinstance(segment, Speech | Recorded) and at in performance.reported:
            yield performance.reported[at] / performance.rate - _onset(performance, at, ONSET)


def first_words(performance: Performance) -> float:
    """Seconds to the first word."""
    return float(np.argmax(np.abs(performance.samples) > ONSET)) / performance.rate


def _onset(performance: Performance, segment: int, level: float) -> float:
    start = performance.starts[segment]
    return (start + int(np.argmax(np.abs(performance.samples[start:]) > level))) / performance.rate


def _pauses(segments: Sequence[Segment]) -> Iterator[tuple[int, float]]:
    """Each run of pauses after words: where it begins, and its seconds in all."""
    at = 0
    while at < len(segments):
        end, written = at, 0.0
        while end < len(segments) and isinstance(pause := segments[end], Pause):
            written += pause.seconds
            end += 1
        if 0 < at < end < len(segments) and not isinstance(segments[at - 1], Tone):
            yield at, written
        at = max(end, at + 1)
