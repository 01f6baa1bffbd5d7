"""What happens to a word on its way to the detector: other throats, walls, microphones, noise, and the voice it is said
over, of which the filter leaves something.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy import float32
from numpy.random import Generator
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len, rfft

from assistant.hearing.log_mel import NOTHING
from assistant.hearing.recogniser import RATE
from assistant.hearing.stop_word import LONGEST_SECONDS, at_speed

Clip = NDArray[float32]
LEVEL: Final = 0.05
"""RMS, -26 dBFS."""
REST_SECONDS: Final = (0.15, 0.5)
"""The voice is lowered so soon after the word began."""


def spoiled(clip: Clip, voices: Sequence[Clip], draw: Generator, *, hard: bool) -> Clip:
    """`clip` as the hearing path may cut it out of a turn; `voices`: what may be said by the assistant meanwhile;
    `hard`: by people who halt, too.
    """
    if draw.random() < 0.8:
        clip = at_speed(clip, draw.uniform(0.8, 1.25))  # another throat
    if hard and draw.random() < 0.4:
        clip = halting(clip, draw)
    clip = at_level(clip)
    if draw.random() < 0.3:  # the canceller is slow to open
        length = int(draw.uniform(0.02, 0.1) * RATE)
        clip[:length] *= 10 ** (-draw.uniform(3, 25) / 20)
    if draw.random() < 0.5:
        clip = in_a_room(clip, draw)
    if draw.random() < 0.7:
        clip = coloured(clip, draw)
    before, after = (int(draw.uniform(0.1, longest) * RATE) for longest in (0.55, 0.45))
    turn = np.pad(clip, (before, after))[-int(LONGEST_SECONDS * RATE) :]
    if draw.random() < 0.65:
        residue = at_level(_piece(voices[int(draw.integers(len(voices)))], len(turn), draw))
        if draw.random() < 0.75:
            residue[before + int(draw.uniform(*REST_SECONDS) * RATE) :] = 0.0
        turn = turn + coloured(residue, draw) * 10 ** (-draw.uniform(0, 30) / 20)
    hiss = noise(len(turn), draw) * LEVEL * 10 ** (-draw.uniform(5, 45) / 20)
    return (turn + hiss).astype(float32)


def no_words(voices: Sequence[Clip], draw: Generator) -> Clip:
    """A sound that is no word: laughter and sobs, breath and knocks, or a piece of the assistant's own speech."""
    kind = draw.random()
    if kind < 0.65:
        return bursts(draw)
    if kind < 0.75:
        sound = noise(int(draw.uniform(0.1, 1.2) * RATE), draw)
        return (sound * np.exp(-np.arange(len(sound)) / RATE * draw.uniform(0, 15))).astype(float32)
    return _piece(voices[int(draw.integers(len(voices)))], int(draw.uniform(0.3, 1.5) * RATE), draw)


def halting(clip: Clip, draw: Generator) -> Clip:
    """With a longer stop inside, as before the vowel of a slow "stop": a rest where it is quietest."""
    width = RATE // 50
    inner = clip[len(clip) // 8 : len(clip) * 7 // 8]
    if len(inner) < 2 * width:
        return clip
    levels = np.square(inner[: len(inner) // width * width]).reshape(-1, width).sum(axis=1)
    at = len(clip) // 8 + int(np.argmin(levels)) * width + width // 2
    rest = draw.standard_normal(int(draw.uniform(0.01, 0.13) * RATE), dtype=float32) * float32(1e-3)
    return np.concatenate([clip[:at], rest, clip[at:]])


def masked(frames: NDArray[float32], draw: Generator) -> NDArray[float32]:
    """Some bands and moments of `log_mel` taken away (SpecAugment, Park et al. 2019): no single cue is enough."""
    frames = frames.copy()
    if draw.random() < 0.5:
        low = int(draw.integers(0, frames.shape[1] - 8))
        frames[:, low : low + int(draw.integers(1, 9))] = NOTHING
    if draw.random() < 0.4:
        first = int(draw.integers(0, len(frames)))
        frames[first : first + int(draw.integers(1, 7))] = NOTHING
    return frames


def in_a_room(clip: Clip, draw: Generator) -> Clip:
    """With walls: 0.1 to 0.6 s of reverberation."""
    length = int(draw.uniform(0.08, 0.6) * RATE)
    walls = draw.standard_normal(length, dtype=float32) * np.exp(-6.9 * np.arange(length) / length).astype(float32)
    walls *= 10 ** (draw.uniform(-18, -2) / 20) / float(np.sqrt(np.sum(walls**2)))
    walls[0] = 1.0
    size = next_fast_len(len(clip) + length, real=True)
    heard: Clip = irfft(rfft(clip, size) * rfft(walls, size), size)[: len(clip) + int(0.15 * RATE)]
    return heard.astype(float32)


def coloured(clip: Clip, draw: Generator) -> Clip:
    """Through a microphone: a tilt, a wave, and sometimes a telephone's limits."""
    size = next_fast_len(len(clip), real=True)
    hz = np.maximum(np.fft.rfftfreq(size, 1 / RATE), 1.0)
    octaves = np.log2(np.maximum(hz, 60.0) / 1000.0)
    wave = np.sin(octaves * draw.uniform(0.5, 3) + draw.uniform(0, 6))
    gain = 10 ** ((draw.uniform(-4, 4) * octaves + draw.uniform(-6, 6) * wave) / 20)
    if draw.random() < 0.2:
        gain = gain * (hz < draw.uniform(3000, 4500)) + 1e-3
    if draw.random() < 0.3:
        gain = gain / (1.0 + (hz / draw.uniform(100, 350)) ** -4)
    return irfft(rfft(clip, size) * gain.astype(float32), size)[: len(clip)].astype(float32)  # type: ignore[no-any-return]


def noise(length: int, draw: Generator) -> Clip:
    """Between white and brown, of RMS 1."""
    size = next_fast_len(length, real=True)
    hz = np.maximum(np.fft.rfftfreq(size, 1 / RATE), 50.0)
    spectrum = rfft(draw.standard_normal(size, dtype=float32)) * ((hz / 50.0) ** (-draw.uniform(0, 2.2) / 2))
    sound: Clip = irfft(spectrum, size)[:length].astype(float32)
    return sound / float32(np.std(sound) + 1e-9)


def bursts(draw: Generator) -> Clip:
    """A pulsing throat with resonances and breath, louder and softer a few times a second: sobs, laughter, and a hum
    behind closed lips. What a larynx makes falls by up to 12 dB an octave.
    """
    length = next_fast_len(int(draw.uniform(0.2, 1.5) * RATE), real=True)
    seconds = np.arange(length) / RATE
    wobble = 1.0 + 0.2 * draw.standard_normal() * np.sin(seconds * draw.uniform(2, 20))
    phase = np.cumsum(draw.uniform(80, 500) * wobble) / RATE
    source = (phase % 1.0 < 0.15) - 0.15 + draw.uniform(0, 0.6) * draw.standard_normal(length)
    hz = np.fft.rfftfreq(length, 1 / RATE)
    throat = sum(
        10 ** (draw.uniform(-20, 0) / 20) / (1.0 + ((hz - draw.uniform(250, 3500)) / draw.uniform(60, 300)) ** 2)
        for _ in range(3)
    )
    throat = throat * (np.maximum(hz, 100.0) / 100.0) ** -draw.uniform(0, 2)
    if draw.random() < 0.3:
        throat = throat / (1.0 + (hz / draw.uniform(500, 1500)) ** 4)
    swell = np.abs(np.sin(np.pi * seconds * draw.uniform(0.7, 6) + draw.uniform(0, 3))) ** draw.uniform(0.3, 3)
    sound: Clip = (irfft(rfft(source) * throat, length) * swell).astype(float32)
    return sound


def at_level(clip: Clip) -> Clip:
    """A copy with the RMS `LEVEL`."""
    return (clip / (float(np.sqrt(np.mean(np.square(clip)))) + 1e-9) * LEVEL).astype(float32)


def _piece(clip: Clip, length: int, draw: Generator) -> Clip:
    clip = np.pad(clip, (0, max(0, length - len(clip))))
    start = int(draw.integers(0, len(clip) - length + 1))
    return clip[start : start + length]
