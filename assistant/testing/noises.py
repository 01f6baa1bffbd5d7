"""Sounds that are no speech, made from numbers: the same seed, the same samples.

Crude, on purpose and by necessity: they have the spectra and the timing that voice activity goes by (bursts of breath
noise, voiced bursts four to five times a second, broadband clicks, mains hum), not the timbre of a person. A program
that fails on these fails on real ones; one that passes has still to be tried with real ones.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy import float32, float64
from numpy.random import Generator
from numpy.typing import NDArray

from assistant.sound import Sound
from assistant.testing.voices import LEVEL_DB, RATE, at_level

Samples = NDArray[float64]


def cough(rng: Generator, level_db: float = LEVEL_DB) -> Sound:
    """Two bursts of breath, 0.15 to 0.35 s each, through the resonances of an open throat."""
    bursts = []
    for _ in range(2):
        seconds = rng.uniform(0.15, 0.35)
        burst = _resonant(_noise(rng, seconds), [(rng.uniform(450, 650), 150), (1400, 250), (2700, 400)])
        bursts += [burst * _decay(len(burst), attack=0.008, halves=4.0), _rest(rng.uniform(0.08, 0.2))]
    return _sound(np.concatenate(bursts[:-1]), level_db)


def sob(rng: Generator, level_db: float = LEVEL_DB) -> Sound:
    """Three catches of breath, drawn in, each with a short falling moan after it."""
    parts = []
    for _ in range(3):
        gasp = _resonant(_noise(rng, rng.uniform(0.08, 0.14)), [(900, 400), (2200, 600)])
        pitch = rng.uniform(260, 330)
        moan = _voiced(rng, rng.uniform(0.25, 0.4), pitch, pitch * 0.75, [(500, 120), (1300, 200)])
        parts += [
            0.5 * gasp / _rms(gasp) * np.linspace(0.2, 1.0, len(gasp)),
            _rest(0.03),
            moan / _rms(moan) * _decay(len(moan), attack=0.03, halves=2.0),
            _rest(rng.uniform(0.12, 0.25)),
        ]
    return _sound(np.concatenate(parts[:-1]), level_db)


def laugh(rng: Generator, level_db: float = LEVEL_DB) -> Sound:
    """Four to six voiced bursts, 4 to 5 a second, each fading and the next a little lower."""
    pitch = rng.uniform(170, 260)
    spacing = 1.0 / rng.uniform(4.0, 5.0)
    parts = []
    for index in range(int(rng.integers(4, 7))):
        seconds = spacing * rng.uniform(0.5, 0.65)
        breath = _resonant(_noise(rng, 0.04), [(1500, 800)])
        burst = _voiced(rng, seconds, pitch, pitch * 0.85, [(700, 130), (1200, 180), (2500, 300)])
        burst = burst / _rms(burst) * _decay(len(burst), attack=0.01, halves=2.5)
        parts += [0.2 * breath / _rms(breath), burst * 0.9**index, _rest(spacing - seconds - 0.04)]
        pitch *= rng.uniform(0.92, 0.99)
    return _sound(np.concatenate(parts[:-1]), level_db)


def door_slam(rng: Generator, level_db: float = LEVEL_DB + 10.0) -> Sound:
    """A broadband crack, and a panel that rings on at 70 to 180 Hz for half a second."""
    seconds = 0.6
    at = _times(seconds)
    crack = _noise(rng, seconds) * np.exp(-at / 0.006)
    panel = sum(
        np.sin(2 * np.pi * frequency * at + rng.uniform(0, 2 * np.pi)) * np.exp(-at / rng.uniform(0.08, 0.15))
        for frequency in rng.uniform(70, 180, size=4)
    )
    return _sound(3.0 * crack + panel + 0.1 * _noise(rng, seconds) * np.exp(-at / 0.05), level_db)


def hum(rng: Generator, level_db: float = LEVEL_DB) -> Sound:
    """Two seconds of mains hum: 50, 100 and 150 Hz."""
    at = _times(2.0)
    tones = [
        strength * np.sin(2 * np.pi * frequency * at + rng.uniform(0, 2 * np.pi))
        for frequency, strength in ((50, 0.6), (100, 1.0), (150, 0.5))
    ]
    return _sound(np.sum(tones, axis=0) * _fades(len(at), 0.02), level_db)


def mm_hmm(rng: Generator, level_db: float = LEVEL_DB) -> Sound:
    """Two nasal tones, 120 to 160 Hz, the second higher: somebody who listens and does not interrupt."""
    low, high = rng.uniform(120, 135), rng.uniform(145, 160)
    first = _voiced(rng, rng.uniform(0.18, 0.26), low, low * 0.95, [(250, 60), (1000, 300)])
    second = _voiced(rng, rng.uniform(0.25, 0.38), high, high * 0.9, [(250, 60), (1000, 300)])
    parts = [_low_passed(part, 1_000) * _fades(len(part), 0.03) for part in (first, second)]
    return _sound(np.concatenate([parts[0], _rest(0.06), parts[1]]), level_db)


def click(rng: Generator, level_db: float = LEVEL_DB) -> Sound:
    """One click of a switch: 15 ms of decaying broadband noise."""
    at = _times(0.03)
    return _sound(_noise(rng, 0.03) * np.exp(-at / 0.004), level_db)


def keyboard(rng: Generator, level_db: float = LEVEL_DB - 8.0) -> Sound:
    """Two seconds of typing: 6 to 9 small clicks a second, unevenly."""
    samples = np.zeros(2 * RATE)
    at = 0.0
    while at < 1.9:
        struck = _noise(rng, 0.03) * np.exp(-_times(0.03) / 0.005) * rng.uniform(0.4, 1.0)
        start = int(at * RATE)
        samples[start : start + len(struck)] += struck
        at += rng.uniform(0.08, 0.2)
    return _sound(_resonant(samples, [(2500, 1500), (5000, 2500)]), level_db)


def room_noise(seconds: float, level_db: float, rng: Generator) -> Sound:
    """Pink noise, as in a room where nobody speaks; RMS `level_db` dBFS."""
    return _sound(_shaped(_noise(rng, seconds), lambda hertz: 1.0 / np.sqrt(np.maximum(hertz, 20.0))), level_db)


NOISES: Final[dict[str, Callable[[Generator], Sound]]] = {
    "cough": cough,
    "sob": sob,
    "laugh": laugh,
    "door slam": door_slam,
    "hum": hum,
    "mm-hmm": mm_hmm,
    "click": click,
    "keyboard": keyboard,
}
"""At their ordinary levels, by name."""


def _sound(samples: Samples, level_db: float) -> Sound:
    return Sound(at_level(samples.astype(float32), RATE, level_db), RATE)


def _times(seconds: float) -> Samples:
    return np.arange(round(seconds * RATE)) / RATE


def _rest(seconds: float) -> Samples:
    return np.zeros(max(round(seconds * RATE), 0))


def _noise(rng: Generator, seconds: float) -> Samples:
    return rng.standard_normal(round(seconds * RATE))


def _rms(samples: Samples) -> float:
    return float(np.sqrt(np.mean(np.square(samples))))


def _fades(count: int, seconds: float) -> Samples:
    edge = np.minimum(np.arange(count), np.arange(count)[::-1]) / (seconds * RATE)
    return np.minimum(edge, 1.0)


def _decay(count: int, attack: float, halves: float) -> Samples:
    """Up in `attack` seconds, then halved `halves` times to the end, which is faded."""
    at = np.arange(count) / count
    return np.minimum(np.arange(count) / (attack * RATE), 1.0) * 0.5 ** (halves * at) * _fades(count, 0.005)


def _voiced(
    rng: Generator, seconds: float, pitch: float, last_pitch: float, formants: list[tuple[float, float]]
) -> Samples:
    """Harmonics of a gliding, slightly unsteady pitch, falling 12 dB an octave as a larynx's do, through formants."""
    count = round(seconds * RATE)
    unsteady = np.interp(np.arange(count), np.linspace(0, count, 12), rng.normal(1.0, 0.01, 12))
    phase = 2 * np.pi * np.cumsum(np.linspace(pitch, last_pitch, count) * unsteady) / RATE
    harmonics = [np.sin(number * phase) / number**2 for number in range(1, int(4_000 / pitch) + 1)]
    return _resonant(np.sum(harmonics, axis=0), formants)


def _resonant(samples: Samples, formants: list[tuple[float, float]]) -> Samples:
    """Through parallel resonances: (centre, width) in Hz."""

    def gain(hertz: Samples) -> Samples:
        bumps = [1.0 / (1.0 + ((hertz - centre) / (width / 2)) ** 2) for centre, width in formants]
        return np.asarray(0.02 + np.sum(bumps, axis=0))

    return _shaped(samples, gain)


def _low_passed(samples: Samples, cutoff: float) -> Samples:
    return _shaped(samples, lambda hertz: 1.0 / (1.0 + (hertz / cutoff) ** 4))


def _shaped(samples: Samples, gain: Callable[[Samples], Samples]) -> Samples:
    """Weigh the spectrum, without moving anything in time."""
    spectrum = np.fft.rfft(samples)
    hertz = np.fft.rfftfreq(len(samples), 1 / RATE).astype(float64)
    return np.fft.irfft(spectrum * gain(hertz), len(samples)).astype(float64)
