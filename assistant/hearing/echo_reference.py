"""What the speaker played, laid beside what the microphone hears: which sample of one is the echo of the other.

Both streams are counted in samples, and between two counts the distance stays the same, whatever the clocks of calls
and drivers say: PulseAudio alone begins 0.19 s ahead and has 0.07 s two seconds later. So the distance is measured, by
correlating the two (generalised cross-correlation, Knapp & Carter 1976), and changes only when the sound says so:
a device was opened again, a buffer ran dry, a clock drifts.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
from numpy import complex64, float32
from numpy.typing import NDArray

from assistant.hearing.level import to_db
from assistant.hearing.recogniser import RATE
from assistant.sound_ring import SoundRing

LATEST_SECONDS = 0.6
"""An echo comes at most so long after its sound was written: the buffers of both devices, and Bluetooth's."""
WINDOW = 8192
"""Samples of the microphone compared at once: half a second."""
LAGS = int(LATEST_SECONDS * RATE)
FFT = 32768
EVERY = RATE // 8
"""Samples between two comparisons: eight a second cost 1.5 % of a core."""
AUDIBLE = 1e-3
"""RMS of what was played (-60 dBFS), below which there is nothing to compare."""
WHITENING = 0.8
"""1 is the phase transform, sharp and easily led by noise; 0 is plain correlation, blurred by the pitch of a voice."""
MEMORY = 0.6
"""Of the comparisons before: two or three of them make one."""
SHARP = 2.2
"""The highest peak against the highest elsewhere. People who speak meanwhile have none:
benchmarks/over_the_voice.py."""
STALE = 2.8
"""The same for what no echo should be left in. A person's voice over the assistant's had 2.7 at most in 60 trials."""
NEAR = 48
"""Samples round a peak that are the peak (3 ms), as a room smears it."""
AGREED = 2
"""So many sharp comparisons in a row must say the same."""
STEADY = 12
"""Or so many of any kind, a second and a half: in a room that rings for longer than the sound comes straight, the peak
is right 99 times in 100 and seldom sharp (0.3 s and 0.5 s, -20 to 0 dB: in place 32 times in a row at least). People
over the voice without an echo had the same peak 7 times in a row at most."""
SLIPPED = 8
"""Samples by which the distance must have changed to be changed: half a millisecond is within the filter's reach."""
LEAD = 32
"""The reference comes 2 ms before its echo, so that nothing of the room's answer is cut off."""
SETTLING_SECONDS = 4.0
"""A linear filter takes three (engines.md section 8)."""
SOONEST_SECONDS = 0.05
"""What is written is not heard sooner than this by any pair of devices, so an echo not yet found is looked for behind
it."""
LIKENED, STEP = 12288, 256
"""Samples of which the loudness is compared while no distance is known (0.77 s), and their grain."""
ALIKE = 0.82
"""The correlation of the two, in dB. Echoes in a room of 0.3 s came to 0.83 at least, people over them to 0.8 at most,
but for the loudest echoes; `python -m benchmarks.over_the_voice` shows what it leaves."""
FAINT_DB = -65.0
COUPLINGS = 80
"""Comparisons remembered: ten seconds of speaking."""
NO_ECHO_DB = -40.0
"""An echo fainter than this, against what was played, is none: headphones, or a microphone far away."""
SURE_OF_SILENCE, RECENT = 4, 24
"""So many comparisons, of the last three seconds, most with hardly a sound at the microphone, mean that there is no
echo. Most, as a person may speak in some."""


class EchoReference:
    """`played`: what the player writes, at its own rate. Call `follow` for every frame of the microphone, in order."""

    def __init__(self, played: SoundRing) -> None:
        self._played = played
        self._at = 0
        """The next sample of the microphone."""
        self._reference = SoundRing(RATE, 4.0)
        self._heard = SoundRing(RATE, 1.0)
        self._pulled = 0
        self._stream: Any = None
        self._base: int | None = None
        self._least = 0
        self._cross = np.zeros(FFT // 2 + 1, dtype=complex64)
        self._since = 0
        self._peaks: deque[int] = deque(maxlen=STEADY)
        """The distance that each of the last comparisons found."""
        self._sharp = 0
        """So many of them, the last in a row, sharply."""
        self.shift: int | None = None
        """Sample n of the microphone is the echo of sample n + shift of what was played; None: no echo was found."""
        self._since_found = 0
        self._slipped_to: int | None = None
        self._couplings: deque[float] = deque(maxlen=COUPLINGS)

    def follow(self, frame: NDArray[float32]) -> None:
        """The microphone's next frame was heard while the voice sounds."""
        self._pull()
        self._heard.write(frame)
        self._at += len(frame)
        self._since_found += len(frame)
        ahead = self._reference.count - self._at
        self._least = min(self._least, ahead)  # more than is written yet cannot be read
        if self._base is None or not -LAGS // 2 < ahead - self._base < LAGS // 2:
            self._start(ahead)
        self._since += len(frame)
        if self._since >= EVERY and self._heard.count >= WINDOW:
            self._since = 0
            self._compare()

    @property
    def coupling_db(self) -> float:
        """How loud the microphone was at most, in half a second of the last ten of speaking, against what was
        played.
        """
        return max(self._couplings, default=0.0)

    @property
    def no_echo(self) -> bool:
        """Whether the speaker is known not to reach the microphone."""
        recent = list(self._couplings)[-RECENT:]
        return self.shift is None and len(recent) >= SURE_OF_SILENCE and float(np.median(recent)) < NO_ECHO_DB

    @property
    def settled(self) -> bool:
        """Whether the distance has been known for so long that a filter had time to learn the room."""
        return self.shift is not None and self._since_found >= SETTLING_SECONDS * RATE

    def stale(self, sound: NDArray[float32]) -> bool:
        """Whether `sound`, in which nothing of the speaker should be left, is an echo at another distance: a stream has
        slipped.
        """
        height, beside, _ = self._peak(self._spectrum(sound)[0])
        return height > STALE * beside

    @property
    def alike(self) -> bool:
        """Whether the microphone rose and fell with what was played some moments before: an echo, though its distance
        is not known yet.
        """
        assert self._base is not None
        heard = self._levels(self._heard.read(self._heard.count - LIKENED, LIKENED))
        lags = LAGS // STEP
        played = self._reference.read(self._at - LIKENED + self._base - lags * STEP, LIKENED + lags * STEP)
        levels = self._levels(played)
        heard, levels = heard - heard.mean(), np.lib.stride_tricks.sliding_window_view(levels, len(heard))
        levels = levels - levels.mean(axis=1, keepdims=True)
        across = np.sqrt((heard @ heard) * np.square(levels).sum(axis=1)) + 1e-9
        return bool(np.max(levels @ heard / across) >= ALIKE)

    def skip(self, count: int) -> None:
        """So many samples of the microphone were not followed, as nothing plays."""
        self._heard.skip(count)
        self._at += count
        self._stream = None

    def early(self, count: int) -> NDArray[float32]:
        """What was played, for the last `count` samples of the microphone, somewhat before its echo: for a canceller
        that finds the distance itself.
        """
        assert self._base is not None
        start = self._least - int(SOONEST_SECONDS * RATE)
        return self._reference.read(self._at - count + start, count)

    def aligned(self, count: int) -> NDArray[float32] | None:
        """The same, `LEAD` samples before its echo; None while no echo was found."""
        if self.shift is None:
            return None
        return self._reference.read(self._at - count + self.shift + LEAD, count)

    def round_echo(self, count: int, slips: int) -> NDArray[float32] | None:
        """What was played for the last `count` samples and `slips` more on both sides; None while no echo was found."""
        if self.shift is None:
            return None
        return self._reference.read(self._at - count + self.shift - slips, count + 2 * slips)

    @property
    def place(self) -> int | None:
        """Where in `within_reach` the echo begins that should be heard now; None while no echo was found."""
        return None if self.shift is None or self._base is None else self.shift - self._base + LAGS

    def within_reach(self, count: int) -> NDArray[float32]:
        """All that the last `count` samples of the microphone can be an echo of: `LAGS` more than that."""
        assert self._base is not None
        return self._reference.read(self._at - count + self._base - LAGS, count + LAGS)

    def slipped(self, late: int) -> bool:
        """An echo came so many samples later than expected. What is said twice is believed: whether it is."""
        place = self.place
        if self.shift is None or place is None or abs(late) <= SLIPPED or not 0 < place - late < LAGS:
            return False
        shift, before = self.shift - late, self._slipped_to
        self._slipped_to = shift
        if before is None or abs(shift - before) > SLIPPED:
            return False
        self._slipped_to = None
        self._cross[:] = 0.0
        self._peaks.clear()
        self._found(shift)
        return True

    def _pull(self) -> None:
        """What was written since the last call, at the microphone's rate. After a rest the count goes on, not the
        sound.
        """
        import soxr

        count = self._played.count
        if self._stream is None:
            self._stream = soxr.ResampleStream(self._played.rate, RATE, 1, dtype="float32", quality="MQ")
            self._pulled = count - int(LATEST_SECONDS * self._played.rate)
            self._reference.skip(round(self._pulled * RATE / self._played.rate) - self._reference.count)
        new = self._played.read(self._pulled, count - self._pulled)
        self._pulled = count
        self._reference.write(self._stream.resample_chunk(new))

    def _start(self, ahead: int) -> None:
        """Compare from here on. A distance that is out of reach is no distance."""
        self._base = self._least = ahead
        self._cross[:] = 0.0
        self._peaks.clear()
        if self.shift is not None and not 0 <= ahead - self.shift <= LAGS:
            self.shift = None

    def _compare(self) -> None:
        """One comparison. Peak LAGS is an echo at once, peak 0 one as late as can be."""
        cross, loudness = self._spectrum(self._heard.read(self._heard.count - WINDOW, WINDOW))
        if loudness is None:
            return
        self._couplings.append(loudness)
        self._cross *= MEMORY
        if self._rested():
            return
        self._cross += cross
        height, beside, peak = self._peak(self._cross)
        if not 0 < peak < LAGS:  # what rises to the edge of the range is no peak
            self._peaks.clear()
            return
        assert self._base is not None
        self._peaks.append(self._base - LAGS + peak)
        self._sharp = self._sharp + 1 if height > SHARP * beside else 0
        if self._agree(STEADY) or (self._sharp >= AGREED and self._agree(AGREED)):
            self._found(self._peaks[-1])

    def _rested(self) -> bool:
        """Whether nothing was played for what the microphone heard last: a person who speaks into that rest is like
        whatever was said before it.
        """
        played = self.aligned(WINDOW // 2)
        return played is not None and float(np.mean(np.square(played))) < AUDIBLE**2

    def _agree(self, count: int) -> bool:
        """Whether the last `count` comparisons found one distance."""
        places = list(self._peaks)[-count:]
        return len(places) == count and max(places) - min(places) <= SLIPPED

    def _spectrum(self, sound: NDArray[float32]) -> tuple[NDArray[complex64], float | None]:
        """Of `sound`, the last of the microphone, against all it can be an echo of; and its loudness against that, in
        dB, or None where nothing was played.
        """
        played = self.within_reach(len(sound))
        level = float(np.sqrt(np.mean(played * played)))
        cross = np.conj(np.fft.rfft(sound, FFT)) * np.fft.rfft(played, FFT)
        power = np.abs(cross)
        cross /= np.maximum(power, 1e-3 * float(np.max(power)) + 1e-12) ** WHITENING
        whitened = (cross / (float(np.linalg.norm(cross)) + 1e-12)).astype(complex64)
        return whitened, to_db(float(np.sqrt(np.mean(sound * sound)))) - to_db(level) if level >= AUDIBLE else None

    @staticmethod
    def _levels(sound: NDArray[float32]) -> NDArray[float32]:
        """In dB, of two grains at a time."""
        power = np.mean(np.square(sound.reshape(-1, STEP)), axis=1)
        levels: NDArray[float32] = 10.0 * np.log10((power[1:] + power[:-1]) / 2.0 + 10 ** (FAINT_DB / 10))
        return levels

    @staticmethod
    def _peak(cross: NDArray[complex64]) -> tuple[float, float, int]:
        """Its height, the highest elsewhere, and where it is."""
        found = np.abs(np.fft.irfft(cross, FFT)[: LAGS + 1])
        peak = int(np.argmax(found))
        height = float(found[peak])
        found[max(peak - NEAR, 0) : peak + NEAR + 1] = 0.0
        return height, float(np.max(found)), peak

    def _found(self, shift: int) -> None:
        if self.shift is None or abs(shift - self.shift) > SLIPPED:
            if self.shift is None:
                self._since_found = 0
            self.shift = shift
