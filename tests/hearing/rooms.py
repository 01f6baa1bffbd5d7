"""Rooms with a loudspeaker: what is played, written ahead of time, and what a microphone hears of it; and whoever
speaks there, as sound.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.core.timeline import ToneName
from assistant.hearing.recogniser import RATE
from assistant.hearing.voice_activity import FRAME
from assistant.sound import resampled
from assistant.sound_ring import SoundRing
from assistant.speaking.tones import breath_tone
from assistant.testing.voices import Engine, Voice, say

PLAYED_RATE = 48_000
NOISE_DB = -75.0
"""Of the microphone, dBFS."""
RATIO = PLAYED_RATE // RATE
ASSISTANT = Voice(Engine.ESPEAK, "en-us")
PERSON = Voice(Engine.ESPEAK, "en-us+f3")
SENTENCES = (
    "Let your feet find the floor, or your back find the chair, or the bed.",
    "Look for five things that you can see, and name each one, out loud or inside.",
    "Press down, gently, and ease off. Press again, and notice the floor pressing back.",
    "Now your hands. Rest them on something near, and notice if it is warm or cool.",
)


def speech(seconds: float, voice: Voice = ASSISTANT, level_db: float = -26.0) -> NDArray[float32]:
    """So many seconds of sentences, with half a second between them, at `PLAYED_RATE`."""
    if shutil.which(voice.engine) is None:
        pytest.skip(f"{voice.engine} is not installed")
    pieces: list[NDArray[float32]] = []
    while sum(map(len, pieces)) < seconds * PLAYED_RATE:
        words = SENTENCES[len(pieces) // 2 % len(SENTENCES)]
        pieces += [say(voice, words, level_db=level_db).samples, np.zeros(PLAYED_RATE // 2, dtype=float32)]
    return np.concatenate(pieces)[: round(seconds * PLAYED_RATE)]


def noise(seconds: float, level_db: float = -26.0) -> NDArray[float32]:
    """White, at `PLAYED_RATE`."""
    samples = np.random.default_rng(3).standard_normal(round(seconds * PLAYED_RATE))
    return (samples * 10 ** (level_db / 20)).astype(float32)


def person(words: str, level_db: float = -26.0, voice: Voice = PERSON) -> NDArray[float32]:
    """Somebody who says this, at the rate of the microphone."""
    if shutil.which(voice.engine) is None:
        pytest.skip(f"{voice.engine} is not installed")
    return resampled(say(voice, words, level_db=level_db), RATE)


def breathing() -> NDArray[float32]:
    """A breath in and out, as the tones that pace it, at `PLAYED_RATE`."""
    tones = [breath_tone(name, seconds, PLAYED_RATE) for name, seconds in zip(ToneName, (4.0, 6.0), strict=True)]
    return np.concatenate(tones)


class LoudRoom:
    """A speaker that is heard `distance` seconds after its sound was written, `echo_db` louder at the microphone; None:
    headphones. `jitter`: the sound is written unevenly, up to so many seconds more ahead. `dry`: silence in what is
    played, from and to so many seconds, that the device put in and nobody wrote. `bare`: the
    walls give back so many times what comes straight, for longer; 0: a furnished room.
    """

    def __init__(
        self,
        distance: float,
        echo_db: float | None = 0.0,
        *,
        jitter: float = 0.0,
        dry: tuple[float, float] | None = None,
        told: bool = True,
        bare: float = 0.0,
    ) -> None:
        self._dry = None if dry is None else (round(dry[0] * PLAYED_RATE), round(dry[1] * PLAYED_RATE))
        self._told = told
        self.played = SoundRing(PLAYED_RATE, 4.0)
        self._distance = round(distance * RATE)
        self._gain = 0.0 if echo_db is None else 10 ** (echo_db / 20)
        self._jitter = round(jitter * PLAYED_RATE)
        self._random = np.random.default_rng(7)
        # A direct path, and what the walls give back of it: most within 60 ms, or in a bare room 0.3 s.
        length, fading, share = (RATE // 3, 700, bare) if bare else (960, 150, 0.5)
        tail = self._random.standard_normal(length) * np.exp(-np.arange(length) / fading)
        walls = np.concatenate([[1.0], tail / np.sqrt(np.sum(tail**2)) * share])
        self._walls = walls / np.sqrt(np.sum(walls**2)) if bare else walls

    def hears(self, playing: NDArray[float32], speaking: NDArray[float32] | None = None) -> Iterator[NDArray[float32]]:
        """The microphone, frame by frame, while this is written."""
        if self._dry is not None:
            playing = playing.copy()
            playing[slice(*self._dry)] = 0.0
        heard = np.convolve(resampled_once(playing), self._walls)[: len(playing) // RATIO] * self._gain
        heard = np.concatenate([np.zeros(self._distance), heard])[: len(heard)]
        heard += self._random.standard_normal(len(heard)) * 10 ** (NOISE_DB / 20)
        if speaking is not None:
            heard[: len(speaking)] += speaking[: len(heard)]
        written = 0
        for start in range(0, len(heard) - FRAME + 1, FRAME):
            ahead = (start + FRAME) * RATIO + int(self._random.integers(0, self._jitter + 1))
            if ahead > written:
                self._write(playing, written, min(ahead, len(playing)))
                written = min(ahead, len(playing))
            yield heard[start : start + FRAME].astype(float32)

    def _write(self, playing: NDArray[float32], start: int, end: int) -> None:
        """Of what was put in at once, nothing is known until it has been heard."""
        dry_start, dry_end = self._dry or (len(playing), len(playing))
        self.played.write(playing[start : min(end, dry_start)])
        if self._told and start < dry_end <= end:
            self.played.lose(dry_end - dry_start)
        self.played.write(playing[max(start, dry_end) : end])


def slipping(
    frames: Iterator[NDArray[float32]], moments: Sequence[float], milliseconds: float
) -> Iterator[NDArray[float32]]:
    """What a microphone hears whose device puts silence in at these moments, and tells nobody."""
    due = sorted(moments)
    rest = np.zeros(0, dtype=float32)
    for number, frame in enumerate(frames):
        if due and number * FRAME >= due[0] * RATE:
            del due[0]
            rest = np.concatenate([rest, np.zeros(round(milliseconds * RATE / 1000), dtype=float32)])
        rest = np.concatenate([rest, frame])
        while len(rest) >= FRAME:
            yield rest[:FRAME]
            rest = rest[FRAME:]


def resampled_once(playing: NDArray[float32]) -> NDArray[float32]:
    """At the rate of the microphone."""
    import soxr

    sound: NDArray[float32] = soxr.resample(playing, PLAYED_RATE, RATE).astype(float32)
    return sound


def level_db(samples: NDArray[float32]) -> float:
    """RMS, dBFS."""
    return float(10 * np.log10(np.mean(np.square(samples.astype(np.float64))) + 1e-12))
