"""Hearing a person over the assistant's own voice: two echo paths, and what each is believed.

The first, WebRTC's canceller, never hears the assistant and takes part of the person away; the second, a linear filter,
keeps the person and needs seconds to learn the room. Somebody speaks when the second hears a voice and the first has
something left, or when the sound, or what the second leaves of it, hisses more than an echo can. What a recogniser is
given comes from the second. A stream may have slipped: so whoever seems to speak is first compared with the echo at
every other distance, and while the second takes nothing away, the first must hear a voice as well. Figures:
`docs/hearing.md`.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.hearing import slipped_echo
from assistant.hearing.echo_canceller import EchoCanceller
from assistant.hearing.echo_filter import MEMORY, EchoFilter
from assistant.hearing.echo_reference import LEAD, EchoReference
from assistant.hearing.hiss import ROUND, Hiss
from assistant.hearing.level import db_above, to_db
from assistant.hearing.recogniser import RATE
from assistant.hearing.slipped_echo import Echo
from assistant.hearing.voice_activity import FRAME, VoiceActivity
from assistant.sound_ring import SoundRing

LEFT_DB = -52.0
"""What the canceller leaves of an echo is quieter than this (dBFS) once the room is known, also at 0 dB."""
VOICE_AT_FIRST = 0.3
"""The probability of a voice in what the canceller leaves, before the room is known. A room's own echo came to 0.3 at
most in 12 minutes at four levels."""
UNLIKE_FRAMES = 4
"""Before the distance of the echo is known, so many frames must not have followed what was played."""
LOUD_DB = -44.0
"""What is left of any sound, though no voice yet, is somebody from this level on: "stop" begins with a hiss that no
detector of voices hears, a seventh of a second before its vowel."""
ABOVE_HUM = 250 * FRAME // RATE
"""The band from which on it must be so loud. Mains hum is nobody: it ends with its third harmonic, 150 or 180 Hz."""
SOMEBODY = 0.5
"""The probability such a sound counts as. A turn takes two frames of it: a click is over by then."""
LOUD_AT_FIRST_DB = -26.0
"""What is left of a voice is somebody's from this level on, before the room is known: echoes had -35 at most."""
SOMEBODY_FRAMES = 10
"""0.3 s: longer than a pause inside a word."""
ADDED_DB, TAKEN_DB = 2.0, 6.0
"""A filter that makes what was heard louder by so much is laid beside another echo: no person does that to it. One that
takes away so much knows where it is."""
LOST_FROM_DB = -50.0
"""Of sounds from this level on."""
OVER_NOISE_DB = 12.0
"""And so much louder than the noise of the room."""
NOISE_RISES_DB = 0.25
"""A frame: 8 dB a second. It falls at once."""
LOUDER_DB = 9.0
"""Without the canceller: so much louder than the loudest echo a person must be."""
LOOKED_AT = 4096
"""Samples looked at for an echo at another distance: a quarter of a second."""
MEMORY_FRAMES = 12
"""Frames in which what was played may still arrive (0.4 s)."""


class OverVoice:
    """One call a frame of the microphone while the voice sounds, and shortly after.

    `activity` makes a voice activity detector for a path of its own, `new_canceller` the first path's canceller; None
    where there is none.
    """

    def __init__(
        self,
        played: SoundRing,
        activity: Callable[[], VoiceActivity],
        new_canceller: Callable[[], EchoCanceller | None],
    ) -> None:
        self.reference = EchoReference(played)
        self._new_canceller = new_canceller
        self._canceller = new_canceller()
        self._filter = EchoFilter(0.0)
        self._found = False
        self._after_canceller = activity()
        self._after_filter = activity()
        self._left = SoundRing(RATE, 1.0)
        self._played_db: deque[float] = deque(maxlen=MEMORY_FRAMES)
        self._noise_db = -120.0
        self._unlike = 0
        self._lost = False
        """Whether the filter has lost the echo: a stream has slipped, and it has not found its way yet."""
        self._hiss = Hiss()
        self._hiss_left = Hiss()
        """In what the filter leaves: where the echo is as loud as the person, it is heard only there."""
        self._somebody = 0
        """Frames for which whoever was noticed is still somebody."""

    def skip(self, count: int) -> None:
        """So many samples of the microphone were heard while nothing played."""
        self.reference.skip(count)

    def process(self, frame: NDArray[float32]) -> tuple[NDArray[float32], float]:
        """What the person may have said in this frame, and the probability that they speak, 0 to 1."""
        reference = self.reference
        reference.follow(frame)
        aligned = reference.aligned(FRAME)
        if aligned is not None and not self._found:
            # Anew: a canceller that has to find another distance by itself leaves echoes for seconds. When the distance
            # changes later, the reference moves, and what both have learned of the room stays true.
            self._canceller = self._new_canceller()
            self._filter = EchoFilter(reference.coupling_db)
            self._lost = False
        self._found = aligned is not None
        played = reference.early(FRAME) if aligned is None else aligned
        first = self._canceller.process(frame, played) if self._canceller is not None else frame
        second = self._filter.process(frame, aligned) if aligned is not None else frame
        self._left.write(second)
        self._played_db.append(_level(played))
        voice = self._after_filter.probability(second)
        if self._canceller is None:
            probability = voice if self._louder(frame) else 0.0
        else:
            self._notice_lost(_level(frame), _level(first), _level(second))
            left = frame if reference.no_echo else first
            probability = self._believed(left, voice, self._after_canceller.probability(first))
        around = reference.round_echo(FRAME, ROUND)
        hisses = around is not None and self._hisses(frame, second, around, alone=probability < SOMEBODY)
        noticed = self._somebody > 0
        if (hisses or (probability >= VOICE_AT_FIRST and not noticed)) and self._is_slipped_echo():
            hisses = False
            # Whoever was noticed goes on being somebody, though a loud echo is among what they say.
            probability = probability if noticed else 0.0
        if probability >= VOICE_AT_FIRST and reference.stale(last(self._left, LOOKED_AT)):
            probability = 0.0
        if hisses:
            probability = max(probability, SOMEBODY)
        self._somebody = SOMEBODY_FRAMES if probability >= SOMEBODY else max(self._somebody - 1, 0)
        return second, probability

    def _believed(self, left: NDArray[float32], voice: float, voice_left: float) -> float:
        reference, left_db, sound_db = self.reference, _level(left), db_above(left, ABOVE_HUM)
        loud = sound_db >= max(LOUD_DB, self._noise_db + OVER_NOISE_DB)
        self._noise_db = min(sound_db, self._noise_db + NOISE_RISES_DB)
        if left_db <= LEFT_DB:
            return 0.0
        if reference.settled and self._lost:
            return voice if voice_left >= VOICE_AT_FIRST else 0.0
        if reference.settled or reference.no_echo:
            return max(voice, SOMEBODY if loud else 0.0)
        if reference.shift is None:
            self._unlike = 0 if reference.alike else self._unlike + 1
            return 1.0 if voice_left >= VOICE_AT_FIRST and self._unlike >= UNLIKE_FRAMES else 0.0
        return voice if voice_left >= VOICE_AT_FIRST or left_db > LOUD_AT_FIRST_DB else 0.0

    def _notice_lost(self, heard_db: float, left_db: float, filtered_db: float) -> None:
        if heard_db < LOST_FROM_DB:
            return
        if filtered_db > heard_db + ADDED_DB:
            self._lost = True
        elif left_db <= LEFT_DB and filtered_db < heard_db - TAKEN_DB:
            self._lost = False

    def _hisses(
        self, frame: NDArray[float32], left: NDArray[float32], around: NDArray[float32], *, alone: bool
    ) -> bool:
        heard = self._hiss.is_somebodys(frame, around, alone=alone)
        if not self.reference.settled:
            return heard
        return self._hiss_left.is_somebodys(left, around, alone=alone) or heard

    def _louder(self, frame: NDArray[float32]) -> bool:
        if self.reference.no_echo:
            return True
        return _level(frame) > max(self._played_db) + self.reference.coupling_db + LOUDER_DB

    def _is_slipped_echo(self) -> bool:
        """Whether what the filter left of this frame is the voice, heard sooner or later than it should be."""
        reference = self.reference
        place = reference.place
        if place is None:
            return False
        size = slipped_echo.LOOKED_AT
        played = reference.within_reach(size + MEMORY)
        # As it was played, too: a filter that has lost its way for long knows no room any more.
        echoes = [Echo(played[MEMORY:], place), Echo(self._filter.echo(played)[MEMORY:], place + LEAD)]
        slip = slipped_echo.slip(last(self._left, size), echoes)
        if slip is None:
            return False
        if reference.slipped(slip):
            self._lost = True
        return True


def last(ring: SoundRing, count: int) -> NDArray[float32]:
    """The last `count` samples written."""
    return ring.read(ring.count - count, count)


def _level(samples: NDArray[float32]) -> float:
    return to_db(math.sqrt(float(np.dot(samples, samples)) / len(samples)))
