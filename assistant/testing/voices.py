"""Test voices as data: people who are not there, spoken by espeak-ng (made from formants) and flite (from recordings).

The sound begins and ends with the words, to within 10 ms, so that an onset at the microphone is an onset of speech.
Needs the Debian packages espeak-ng and flite.
"""

from __future__ import annotations

import functools
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.errors import EngineError
from assistant.sound import Sound, read_wav, resampled

RATE: Final = 48_000
"""Hz of every sound made here: the virtual sound card's own, so that nothing is resampled on the way."""
LEVEL_DB: Final = -26.0
"""RMS of what sounds, dBFS: active speech level of telephone test signals (ITU-T P.56 levels in P.862 and P.501)."""
RATE_WPM: Final = 160
"""Ordinary speech of English speakers."""
_FLITE_WPM: Final = 170.0
"""What flite's voices speak at a stretch of 1, about."""
_EDGE_DB: Final = -35.0
"""Below the loudest 10 ms; quieter edges belong to the engine, not to the words."""
_SOUNDING_DB: Final = -25.0
"""Below the loudest 10 ms; quieter windows are the pauses between words."""
_WINDOW_SECONDS: Final = 0.01


class Engine(StrEnum):
    """The program that speaks; its name on the PATH."""

    ESPEAK = "espeak-ng"
    FLITE = "flite"


@dataclass(frozen=True, slots=True)
class Voice:
    """One voice of one engine, by the engine's own name for it. Both speak with a default where they do not know it."""

    engine: Engine
    name: str

    def __str__(self) -> str:
        return f"{self.engine} {self.name}"


ESPEAK_VOICES: Final = tuple(
    Voice(Engine.ESPEAK, name)
    for name in ("en-us", "en-us+f3", "en-us+m7", "en-gb", "en-us+f2", "en-us+m3", "en-gb-scotland", "en-gb-x-rp+f4")
)
"""espeak-ng 1.51 takes `en-gb+f2`, and speaks as plain `en-gb`: variants are of the other accents."""
FLITE_VOICES: Final = tuple(Voice(Engine.FLITE, name) for name in ("slt", "awb", "rms", "kal16"))
VOICES: Final = tuple(
    voice for pair in zip(ESPEAK_VOICES, FLITE_VOICES * 2, strict=True) for voice in dict.fromkeys(pair)
)
"""The two engines in turn, so that a few trials meet both; the voices of flite come twice."""
WHISPERED: Final = (Voice(Engine.ESPEAK, "en-us+whisper"), Voice(Engine.ESPEAK, "en-us+whisperf"))
"""Breath without voice: the sound of somebody who must not be overheard."""


def missing_engines() -> tuple[str, ...]:
    """Programs that the test voices need and this machine lacks."""
    return tuple(engine for engine in Engine if shutil.which(engine) is None)


def say(voice: Voice, words: str, rate_wpm: int = RATE_WPM, level_db: float = LEVEL_DB) -> Sound:
    """`words` at `rate_wpm` words a minute and `level_db` dBFS (RMS of what sounds). Raises EngineError."""
    spoken = _spoken(voice, words, rate_wpm)
    return Sound(at_level(spoken.samples, spoken.rate, level_db), spoken.rate)


def say_with_pauses(
    voice: Voice, parts: Sequence[str], pause_seconds: float, level_db: float = LEVEL_DB
) -> tuple[Sound, tuple[tuple[float, float], ...]]:
    """One sentence in several breaths, and where its pauses are: (start, end) in seconds. Raises EngineError."""
    pieces: list[NDArray[float32]] = []
    pauses: list[tuple[float, float]] = []
    length = 0
    for part in parts:
        if pieces:
            pieces.append(np.zeros(round(pause_seconds * RATE), float32))
            pauses.append((length / RATE, length / RATE + pause_seconds))
            length += len(pieces[-1])
        pieces.append(say(voice, part, level_db=level_db).samples)
        length += len(pieces[-1])
    return Sound(np.concatenate(pieces), RATE), tuple(pauses)


def at_level(samples: NDArray[float32], rate: int, level_db: float) -> NDArray[float32]:
    """The samples so loud that the RMS of their sounding 10 ms windows is `level_db` dBFS; peaks are kept below 1."""
    powers = _powers(samples, rate)
    loudest = float(np.max(powers, initial=0.0))
    if loudest == 0.0:
        return samples
    sounding = powers[powers > loudest * 10 ** (_SOUNDING_DB / 10)]
    gain = 10 ** (level_db / 20) / float(np.sqrt(np.mean(sounding)))
    return (samples * min(gain, 0.99 / float(np.max(np.abs(samples))))).astype(float32)


def trimmed(samples: NDArray[float32], rate: int) -> NDArray[float32]:
    """Without the silence before and after, to 10 ms."""
    powers = _powers(samples, rate)
    loud = np.flatnonzero(powers > np.max(powers, initial=0.0) * 10 ** (_EDGE_DB / 10))
    width = int(_WINDOW_SECONDS * rate)
    return samples[loud[0] * width : (loud[-1] + 1) * width] if len(loud) else samples[:0]


def _powers(samples: NDArray[float32], rate: int) -> NDArray[float32]:
    width = int(_WINDOW_SECONDS * rate)
    windows = samples[: len(samples) // width * width].reshape(-1, width)
    powers: NDArray[float32] = np.mean(np.square(windows), axis=1, dtype=float32)
    return powers


@functools.lru_cache(maxsize=256)
def _spoken(voice: Voice, words: str, rate_wpm: int) -> Sound:
    if shutil.which(voice.engine) is None:
        raise EngineError(
            "test-voice-missing", f"The test voice {voice} needs {voice.engine}; install it: apt install {voice.engine}"
        )
    with tempfile.TemporaryDirectory(prefix="grounding-voice-") as folder:
        file = Path(folder) / "spoken.wav"
        done = subprocess.run(_command(voice, words, rate_wpm, file), capture_output=True)
        if done.returncode != 0 or not file.is_file():
            raise EngineError("test-voice-failed", f"{voice.engine} cannot speak with the voice {voice.name}.")
        sound = read_wav(file)
    samples = trimmed(resampled(sound, RATE), RATE)
    if not len(samples):
        raise EngineError("test-voice-failed", f"{voice.engine} made no sound with the voice {voice.name}.")
    return Sound(samples, RATE)


def _command(voice: Voice, words: str, rate_wpm: int, file: Path) -> list[str]:
    if voice.engine is Engine.ESPEAK:
        return ["espeak-ng", "-v", voice.name, "-s", str(rate_wpm), "-w", str(file), "--", words]
    stretch = f"duration_stretch={_FLITE_WPM / rate_wpm:.3f}"
    return ["flite", "-voice", voice.name, "--setf", stretch, "-t", words, "-o", str(file)]
