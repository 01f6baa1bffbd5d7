"""The player: lays an utterance out sample by sample and alone knows what was really heard.

`fill` is called by the audio callback, or by a virtual clock. It takes no lock, writes no log, and reads only what
other threads hand in whole: what was asked for, the count of stops, the gain wanted. PortAudio's law, as told in
sounddevice's documentation: nothing in a callback may block.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event, PlaybackFinished, PlaybackProgressed, PlaybackStarted
from assistant.core.ids import UtteranceId

FADE_SECONDS: Final = 0.005
"""A hard cut pops (pipecat#4364); 5 ms does not, and is no delay anyone hears."""
DUCKED: Final = 10 ** (-14.0 / 20.0)
DUCK_SECONDS: Final = 0.05
SWELL_SECONDS: Final = 0.15


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of segment number `segment`: samples, or so many samples of silence."""

    segment: int
    samples: NDArray[float32] | int

    @property
    def length(self) -> int:
        """In samples."""
        return self.samples if isinstance(self.samples, int) else len(self.samples)


class Playout:
    """One utterance as it is laid out: the voice worker appends, the player takes.

    `deque.append` and `popleft` are atomic; `complete` is set once, after the last append.
    """

    def __init__(self, utterance: UtteranceId, stops_seen: int) -> None:
        self.utterance = utterance
        self.stops_seen = stops_seen
        self.parts: deque[Part] = deque()
        self.complete = False
        self.over = False
        """Set by the player: nothing more is needed."""

    def append(self, part: Part) -> None:
        """The next piece."""
        self.parts.append(part)

    def finish(self) -> None:
        """Nothing follows."""
        self.complete = True


class Player:
    """Plays the newest utterance. `rate` in Hz; events go to `post`, which must not block."""

    def __init__(self, rate: int, post: Callable[[Event], None]) -> None:
        self.rate = rate
        self._stops: list[None] = []
        # A list, because append and len are atomic: two threads that stop at once must count as two.
        self.level = 0.0
        """RMS of the last block; what a microphone beside the speaker would hear of it."""
        self.late_blocks = 0
        """Blocks that had to wait for the voice engine."""
        self.frames = 0
        """Samples written since the beginning, silence too: the player's own clock."""
        self._post = post
        self._asked: deque[Playout | None] = deque()
        # Not one slot for the newest: what another thread asks for while `fill` clears a slot would be lost.
        self._current: Playout | None = None
        self._part: Part | None = None
        self._offset = 0
        self._segment = 0
        self._started = False
        self._announced = -1
        self._gain = 1.0
        self._gain_wanted = 1.0
        self._fade_out = np.linspace(1.0, 0.0, max(int(FADE_SECONDS * rate), 1), dtype=float32)

    # From other threads -----------------------------------------------------------------------------------------------

    def on_event(self, post: Callable[[Event], None]) -> None:
        """Report to somebody else from now on."""
        self._post = post

    def play(self, utterance: UtteranceId, stops_seen: int) -> Playout:
        """Open an utterance. It replaces what plays. One decided before the latest stop was seen is never heard."""
        playout = Playout(utterance, stops_seen)
        self._gain_wanted = 1.0
        self._asked.append(playout)
        return playout

    @property
    def stops(self) -> int:
        """How often the stop switch was tripped."""
        return len(self._stops)

    def mute(self) -> None:
        """The stop switch: silence from the next block on, until something decided after this stop is played."""
        self._stops.append(None)

    def stop(self) -> None:
        """End what plays, at the next block, with a fade."""
        self._asked.append(None)

    def duck(self) -> None:
        """Lower the voice: someone may be speaking."""
        self._gain_wanted = DUCKED

    def unduck(self) -> None:
        """Let it swell back."""
        self._gain_wanted = 1.0

    # From the audio callback ------------------------------------------------------------------------------------------

    def fill(self, out: NDArray[float32]) -> None:
        """Write the next block, mono."""
        out[:] = 0.0
        self.frames += len(out)
        if self._current is None and not self._asked:
            self.level = 0.0
            return
        wanted = self._newest()
        if self._current is not wanted:
            self._leave(out)
            self._enter(wanted)
        elif wanted is not None:
            self._take(wanted, out, 0)
            self._apply_gain(out)
        self.level = float(np.sqrt(np.dot(out, out) / len(out))) if len(out) else 0.0

    def _newest(self) -> Playout | None:
        """What is to be heard in this block; what was overtaken before it began is refused."""
        wanted = self._current
        while self._asked:
            newer = self._asked.popleft()
            if wanted is not None and wanted is not self._current:
                self._refuse(wanted)
            wanted = newer
        if wanted is None or wanted.stops_seen >= self.stops:
            return wanted
        if wanted is not self._current:
            self._refuse(wanted)
        return None

    def _refuse(self, playout: Playout) -> None:
        """Reported as cut, so that nobody waits for it."""
        playout.over = True
        self._post(PlaybackFinished(playout.utterance, 0, interrupted=True))

    def _leave(self, out: NDArray[float32]) -> None:
        """Fade the current utterance into the start of this block and report where it was cut."""
        playout = self._current
        if playout is None:
            return
        self._current = None
        fade_out = self._fade_out
        if len(out) < len(fade_out):
            # A block shorter than the fade is the last of this voice all the same.
            fade_out = np.linspace(1.0, 0.0, len(out) + 1, dtype=float32)[1:]
        fade = out[: len(fade_out)]
        self._take(playout, fade, 0, quietly=True)
        fade *= fade_out * self._gain
        playout.over = True
        self._post(PlaybackFinished(playout.utterance, self._segment, interrupted=True))

    def _enter(self, playout: Playout | None) -> None:
        """The new utterance begins with the next block: the fade has this one."""
        self._current = playout
        self._part, self._offset, self._segment = None, 0, 0
        self._started, self._announced = False, -1
        self._gain = self._gain_wanted

    def _take(self, playout: Playout, out: NDArray[float32], at: int, *, quietly: bool = False) -> None:
        """Copy samples from the parts into `out`, announcing segments as they begin."""
        while at < len(out):
            if self._part is None:
                # Read before the deque: `complete` is set after the last append, so a part cannot slip between.
                complete = playout.complete
                if not playout.parts:
                    if complete and not quietly:
                        self._complete(playout)
                    elif not quietly and self._started:
                        self.late_blocks += 1
                    return
                self._part, self._offset = playout.parts.popleft(), 0
                if not quietly:
                    self._announce(playout, self._part.segment)
            part = self._part
            count = min(part.length - self._offset, len(out) - at)
            if not isinstance(part.samples, int):
                out[at : at + count] = part.samples[self._offset : self._offset + count]
            self._offset += count
            at += count
            if self._offset >= part.length:
                self._part = None

    def _announce(self, playout: Playout, segment: int) -> None:
        if not self._started:
            self._started = True
            self._post(PlaybackStarted(playout.utterance))
        if segment != self._announced:
            self._announced = self._segment = segment
            self._post(PlaybackProgressed(playout.utterance, segment))

    def _complete(self, playout: Playout) -> None:
        self._current = None
        playout.over = True
        self._post(PlaybackFinished(playout.utterance, self._segment, interrupted=False))

    def _apply_gain(self, out: NDArray[float32]) -> None:
        if self._gain == 1.0 and self._gain_wanted == 1.0:
            return
        seconds = DUCK_SECONDS if self._gain_wanted < self._gain else SWELL_SECONDS
        step = (1.0 - DUCKED) * len(out) / (seconds * self.rate)
        target = max(min(self._gain_wanted, self._gain + step), self._gain - step)
        out *= np.linspace(self._gain, target, len(out), dtype=float32)
        self._gain = target
