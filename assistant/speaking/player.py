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
from assistant.sound_ring import SoundRing
from assistant.speaking.bed import Bed

FADE_SECONDS: Final = 0.005
"""A hard cut pops (pipecat#4364); 5 ms does not, and is no delay anyone hears."""
DUCKED: Final = 10 ** (-24.0 / 20.0)
"""Low enough that whoever speaks hears that they were heard, and that a recogniser hears them."""
DUCK_SECONDS: Final = 0.03
SWELL_SECONDS: Final = 0.15
REWOUND_SECONDS: Final = 0.6
"""How far back a voice that rested may go to begin at a word: most words are shorter."""
REST_BETWEEN_WORDS: Final = 0.05
"""Of the loudest moment nearby: quieter is the gap between two words, or the closure in a "p"."""
GAP_SECONDS: Final = 0.02
REMEMBERED_SECONDS: Final = 4.0
"""Of what was written: longer than an echo can be late and hearing can be behind."""
REMEMBERED_PARTS: Final = 24
"""Two seconds of speech at 48 kHz, as `layout.BLOCK` cuts it: longer than the voice is ever taken back."""


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

    def __init__(self, utterance: UtteranceId, stops_seen: int, bed: bool = False) -> None:
        self.utterance = utterance
        self.stops_seen = stops_seen
        self.bed = bed
        """Whether the soft bed may lie under it."""
        self.parts: deque[Part] = deque()
        self.complete = False
        self.over = False
        """Set by the player: nothing more is needed."""
        self.cut = False
        """Set with it: this was not its end."""

    def append(self, part: Part) -> None:
        """The next piece."""
        self.parts.append(part)

    def finish(self) -> None:
        """Nothing follows."""
        self.complete = True


def _word_before(samples: NDArray[float32], rate: int) -> int:
    """Where the word begins that is being said at the end of `samples`."""
    width = max(int(GAP_SECONDS / 2 * rate), 1)
    first = max(len(samples) - int(REWOUND_SECONDS * rate), 0)
    peaks = [float(np.max(np.abs(samples[at : at + width]))) for at in range(first, len(samples) - width + 1, width)]
    quiet = REST_BETWEEN_WORDS * max(peaks, default=0.0)
    for number in range(len(peaks) - 1, 0, -1):
        if peaks[number] <= quiet and peaks[number - 1] <= quiet:
            return first + number * width
    return first


class Player:
    """Plays the newest utterance. `rate` in Hz; events go to `post`, which must not block. `bed`: if one is wanted."""

    def __init__(self, rate: int, post: Callable[[Event], None], bed: Bed | None = None) -> None:
        self.rate = rate
        self._bed = bed
        self._stops_laid = 0
        self._stops: list[None] = []
        # A list, because append and len are atomic: two threads that stop at once must count as two.
        self.level = 0.0
        """RMS of the voice and the tones in the last block; what a microphone beside the speaker would hear of it."""
        self.late_blocks = 0
        """Blocks that had to wait for the voice engine."""
        self.written = SoundRing(rate, REMEMBERED_SECONDS)
        """What was handed to the speaker, silence too: the player's own clock, and what an echo is an echo of."""
        self.said = self.written if bed is None else SoundRing(rate, REMEMBERED_SECONDS)
        """The same without the bed: whether the voice sounds."""
        self._post = post
        self._wanted: Callable[[], None] = lambda: None
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
        self._rest_wanted = False
        self._resting = False
        self._taken: deque[Part] = deque(maxlen=REMEMBERED_PARTS)
        self._since_duck = 0
        self._fade_out = np.linspace(1.0, 0.0, max(int(FADE_SECONDS * rate), 1), dtype=float32)

    # From other threads -----------------------------------------------------------------------------------------------

    def on_event(self, post: Callable[[Event], None]) -> None:
        """Report to somebody else from now on."""
        self._post = post

    def on_wanted(self, wanted: Callable[[], None]) -> None:
        """Tell somebody when something is to be played: a speaker may rest. `wanted` must not block."""
        self._wanted = wanted

    @property
    def busy(self) -> bool:
        """Whether anything is played, or is to be."""
        return self._current is not None or bool(self._asked)

    def play(self, utterance: UtteranceId, stops_seen: int, *, bed: bool = False) -> Playout:
        """Open an utterance. It replaces what plays. One decided before the latest stop was seen is never heard."""
        playout = Playout(utterance, stops_seen, bed)
        self._rest_wanted = False
        self._gain_wanted = 1.0
        self._asked.append(playout)
        self._wanted()
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

    def rest(self) -> None:
        """Hold it where it is, in silence."""
        self._rest_wanted = True

    def unduck(self) -> None:
        """Let it swell back; after a rest, from the word that was lowered."""
        self._rest_wanted = False
        self._gain_wanted = 1.0

    # From the audio callback ------------------------------------------------------------------------------------------

    def fill(self, out: NDArray[float32]) -> None:
        """Write the next block, mono."""
        out[:] = 0.0
        before = self._current
        if before is not None or self._asked:
            self._play(out)
            self.level = float(np.sqrt(np.dot(out, out) / len(out))) if len(out) else 0.0
        else:
            self.level = 0.0
        if self._bed is not None:
            self.said.write(out)
            self._lay(self._bed, out, cut=before is not None and before.cut)
        self.written.write(out)

    def lost(self, seconds: float) -> None:
        """The device was silent in between: its clock went on, and what is written is heard so much later."""
        self.written.lose(round(seconds * self.rate))
        if self.said is not self.written:
            self.said.lose(round(seconds * self.rate))

    def _lay(self, bed: Bed, out: NDArray[float32], *, cut: bool) -> None:
        """The bed goes with a voice that was cut, and at a stop that found none; after a voice's end, slowly."""
        wanted = self._current is not None and self._current.bed
        stops = self.stops
        if (cut or stops > self._stops_laid) and not wanted:
            bed.cut(out)
        else:
            bed.lay(out, self._gain, wanted=wanted)
        self._stops_laid = stops

    def _play(self, out: NDArray[float32]) -> None:
        wanted = self._newest()
        if self._current is not wanted:
            self._leave(out)
            self._enter(wanted)
        elif wanted is not None and not (self._resting and self._rest_wanted):
            if self._resting:
                self._go_back(wanted)
            self._take(wanted, out, 0)
            self._apply_gain(out)

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
        playout.over = playout.cut = True
        self._post(PlaybackFinished(playout.utterance, self._segment, interrupted=True))

    def _enter(self, playout: Playout | None) -> None:
        """The new utterance begins with the next block: the fade has this one."""
        self._current = playout
        self._part, self._offset, self._segment = None, 0, 0
        self._started, self._announced = False, -1
        self._gain = self._gain_wanted
        self._resting = False
        self._taken.clear()

    def _go_back(self, playout: Playout) -> None:
        """To the beginning of the word in which the voice was lowered, within its segment."""
        self._resting = False
        part = self._part or (self._taken[-1] if self._taken else None)
        if part is None or isinstance(part.samples, int):
            return  # In a pause no word was lost.
        chain = [part for part in self._taken if part.segment == self._segment and not isinstance(part.samples, int)]
        left = 0
        if self._part is not None:
            chain.append(self._part)
            left = self._part.length - self._offset
        samples = np.concatenate([part.samples for part in chain if not isinstance(part.samples, int)])
        lowered = max(len(samples) - left - self._since_duck, 0)
        self._since_duck = 0
        self._taken.clear()
        self._part, self._offset = None, _word_before(samples[:lowered], self.rate)
        for part in reversed(chain):
            playout.parts.appendleft(part)
        while self._offset >= playout.parts[0].length:
            self._offset -= playout.parts[0].length
            self._taken.append(playout.parts.popleft())
        self._part = playout.parts.popleft()

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
                self._taken.append(part)
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
        if self._rest_wanted:
            out *= np.linspace(self._gain, 0.0, len(out), dtype=float32)
            self._gain, self._resting = 0.0, True
            return
        if self._gain == 1.0 and self._gain_wanted == 1.0:
            self._since_duck = 0
            return
        self._since_duck += len(out)
        seconds = DUCK_SECONDS if self._gain_wanted < self._gain else SWELL_SECONDS
        step = (1.0 - DUCKED) * len(out) / (seconds * self.rate)
        target = max(min(self._gain_wanted, self._gain + step), self._gain - step)
        out *= np.linspace(self._gain, target, len(out), dtype=float32)
        self._gain = target
