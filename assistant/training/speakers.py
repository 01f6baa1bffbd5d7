"""The voices the detector learns from, of four engines. Of those that `assistant/testing/voices.py` measures with, two
of flite's teach it too; all others are held out.

Debian packages espeak-ng, festival, flite, festvox-kallpc16k, festvox-kdlpc16k, festvox-us-slt-hts, libttspico-utils.
"""

from __future__ import annotations

import random
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.errors import AssistantError
from assistant.hearing.recogniser import RATE
from assistant.sound import read_wav, resampled

ACCENTS: Final = (
    "en-us", "en-gb-x-rp", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029", "en-us-nyc",
)  # fmt: skip
HELD_OUT: Final = frozenset({"f2", "f3", "f4", "m3", "m7", "whisper", "whisperf"})
"""Variants of espeak-ng that measurements use, and those that are no voice."""
PICO: Final = ("en-US", "en-GB")
FLITE: Final = ("awb", "kal16")
FESTIVAL: Final = ("kal_diphone", "ked_diphone", "cmu_us_slt_arctic_hts")
EDGE: Final = 0.018
"""Of the peak, -35 dB: what is quieter before and after belongs to the engine."""
SHORTEST, LONGEST = 0.1, 4.0
"""Seconds; what is shorter or longer went wrong."""

Clip = NDArray[float32]


def espeak(sayings: Sequence[str], draw: random.Random) -> Iterator[tuple[str, Clip]]:
    """Each by another accent, voice, speed and pitch."""
    listed = subprocess.run(["espeak-ng", "--voices=variant"], capture_output=True, text=True, check=True).stdout
    files = {row.split()[4].removeprefix("!v/") for row in listed.splitlines()[1:]}
    variants = sorted(files - HELD_OUT)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        for saying in sayings:
            voice = f"{draw.choice(ACCENTS)}+{draw.choice(variants)}"
            manner = ["-s", str(draw.randint(110, 220)), "-p", str(draw.randint(20, 80))]
            subprocess.run(["espeak-ng", "-v", voice, *manner, "-w", str(file), "--", saying], capture_output=True)
            yield from _read(saying, file)


def pico(sayings: Sequence[str], draw: random.Random) -> Iterator[tuple[str, Clip]]:
    """SVOX Pico's two English voices."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        for saying in sayings:
            manner = f"<speed level='{draw.randint(75, 140)}'><pitch level='{draw.randint(80, 130)}'>"
            text = f"{manner}{saying}</pitch></speed>"
            subprocess.run(["pico2wave", "-l", draw.choice(PICO), "-w", str(file), text], capture_output=True)
            yield from _read(saying, file)


def festival(sayings: Sequence[str], draw: random.Random) -> Iterator[tuple[str, Clip]]:
    """One process for each of its voices."""
    for number, voice in enumerate(FESTIVAL):
        some = sayings[number :: len(FESTIVAL)]
        with tempfile.TemporaryDirectory() as folder:
            files = [Path(folder) / f"{index}.wav" for index in range(len(some))]
            lines = [f"(voice_{voice})"]
            for saying, file in zip(some, files, strict=True):
                lines.append(f"(Parameter.set 'Duration_Stretch {draw.uniform(0.75, 1.4):.2f})")
                lines.append(f'(utt.save.wave (utt.synth (Utterance Text "{saying}")) "{file}")')
            script = Path(folder) / "say.scm"
            script.write_text("\n".join(lines), encoding="utf-8")
            subprocess.run(["festival", "-b", str(script)], capture_output=True)
            for saying, file in zip(some, files, strict=True):
                yield from _read(saying, file)


def flite(sayings: Sequence[str], draw: random.Random) -> Iterator[tuple[str, Clip]]:
    """Two of its voices, each at another speed and pitch."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "said.wav"
        for saying in sayings:
            manner = [
                "--setf", f"duration_stretch={draw.uniform(0.75, 1.4):.2f}",
                "--setf", f"int_f0_target_mean={draw.uniform(80, 230):.0f}",
            ]  # fmt: skip
            command = ["flite", "-voice", draw.choice(FLITE), *manner, "-t", saying, "-o", str(file)]
            subprocess.run(command, capture_output=True)
            yield from _read(saying, file)


def _trimmed(clip: Clip) -> Clip:
    """Without the silence before and after."""
    loud = np.flatnonzero(np.abs(clip) > EDGE * np.max(np.abs(clip), initial=1e-9))
    return clip[loud[0] : loud[-1]] if len(loud) else clip[:0]


def _read(saying: str, file: Path) -> Iterator[tuple[str, Clip]]:
    """Nothing, where the engine made nothing of it: there are enough others."""
    try:
        clip = _trimmed(resampled(read_wav(file), RATE))
    except AssistantError:
        return
    finally:
        file.unlink(missing_ok=True)
    if SHORTEST * RATE <= len(clip) <= LONGEST * RATE:
        yield saying, (clip / np.max(np.abs(clip)) * 0.5).astype(float32)
