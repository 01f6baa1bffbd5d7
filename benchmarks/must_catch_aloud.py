"""Whether a plain cry for help is heard: `python -m benchmarks.must_catch_aloud [--every N]`, a quarter of an hour.

Every must-catch sentence of scripts/en/safety.yaml, spoken by each voice, clean, quiet and in noise, through the
built-in recogniser, or another, and the rules. Needs espeak-ng and flite (Debian packages). Prints the tables of
docs/evaluation.md.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from numpy import float32
from numpy.typing import NDArray
from tqdm import tqdm

from assistant.app.parts import build_recogniser, load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.hearing.recogniser import RATE
from assistant.safety.screen import Screen
from assistant.safety.transcript import Transcript
from assistant.safety.verdict import Level
from assistant.settings_files import settings_files
from assistant.sound import read_wav, resampled
from assistant.wilson import share

Sound = NDArray[float32]

VOICES: Final = {
    "slt (US woman)": ("flite", "-voice", "slt", "-o", "{file}", "-t", "{words}"),
    "awb (Scottish man)": ("flite", "-voice", "awb", "-o", "{file}", "-t", "{words}"),
    "rms (US man)": ("flite", "-voice", "rms", "-o", "{file}", "-t", "{words}"),
    "espeak en-us": ("espeak-ng", "-v", "en-us", "-s", "145", "-w", "{file}", "{words}"),
    "espeak en-gb, woman": ("espeak-ng", "-v", "en-gb+f3", "-s", "155", "-w", "{file}", "{words}"),
}
"""The first three were made from recordings of people, the others from formants."""
PEAK: Final = 0.4
BEFORE, AFTER = 0.4, 0.2
"""Seconds of quiet that a turn brings with it: the pre-roll, and the pause in which it is decoded."""
QUIET_DB: Final = -30.0
MICROPHONE_NOISE: Final = 3e-4
"""Of a cheap microphone, full scale 1: what a quiet voice has to be heard over."""


def main() -> None:
    """Speak, hear, judge, count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--every", type=int, default=1, help="only every Nth sentence")
    parser.add_argument("--stt", default="pocketsphinx", help="faster-whisper, where its model is, to compare")
    given = parser.parse_args()
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    library = load_library(settings)
    sentences = library.rules.must_catch[:: given.every]
    recogniser = build_recogniser(library, settings, given.stt)
    screen = Screen(library.rules)
    conditions: dict[str, Callable[[Sound], Sound]] = {
        "clean": lambda said: said,
        "quiet": lambda said: said * float32(10 ** (QUIET_DB / 20)),
        "noise, 10 dB": lambda said: said + pink_noise(said, 10.0),
        "noise, 5 dB": lambda said: said + pink_noise(said, 5.0),
    }
    found: dict[tuple[str, str], Counter[str]] = {}
    with tempfile.TemporaryDirectory() as folder, tqdm(total=len(VOICES) * len(sentences), unit="sentence") as bar:
        for voice, command in VOICES.items():
            for words in sentences:
                said = _spoken(command, words, Path(folder) / "said.wav")
                for condition, changed in conditions.items():
                    heard = recogniser.transcribe(_through_microphone(changed(said)))
                    found.setdefault((voice, condition), Counter())[_outcome(words, heard, screen)] += 1
                bar.update()
    _print_shares(found, list(conditions))
    _print_causes(found, list(conditions))


def _outcome(words: str, heard: Transcript, screen: Screen) -> str:
    level = screen.screen(heard).verdict.level
    if level is Level.HARD:
        return "support at once"
    if level is Level.SOFT:
        return "a question: heard, and not surely"
    return "missed: taken for a harmless phrase" if heard.text else "missed: taken for other speech or noise"


def _print_shares(found: dict[tuple[str, str], Counter[str]], conditions: list[str]) -> None:
    print("| heard: support, or a question | " + " | ".join(conditions) + " |\n|---|" + "---|" * len(conditions))
    for voice in VOICES:
        cells = [found[voice, condition] for condition in conditions]
        noticed = [sum(count for what, count in cell.items() if not what.startswith("missed")) for cell in cells]
        row = [
            str(share(count, cell.total())).rsplit("(", 1)[0].strip()
            for count, cell in zip(noticed, cells, strict=True)
        ]
        print(f"| {voice} | " + " | ".join(row) + " |")


def _print_causes(found: dict[tuple[str, str], Counter[str]], conditions: list[str]) -> None:
    together = {
        condition: sum((found[voice, condition] for voice in VOICES), Counter[str]()) for condition in conditions
    }
    print("\n| what became of it | " + " | ".join(conditions) + " |\n|---|" + "---|" * len(conditions))
    for what in sorted({what for counts in together.values() for what in counts}, reverse=True):
        print(
            f"| {what} | " + " | ".join(f"{counts[what] / counts.total():.1%}" for counts in together.values()) + " |"
        )


def _spoken(command: tuple[str, ...], words: str, path: Path) -> Sound:
    subprocess.run([part.format(file=path, words=words) for part in command], check=True)
    said = resampled(read_wav(path), RATE)
    before, after = (np.zeros(int(seconds * RATE), dtype=float32) for seconds in (BEFORE, AFTER))
    return np.concatenate([before, said * float32(PEAK / float(np.max(np.abs(said)))), after])


def _through_microphone(turn: Sound) -> Sound:
    return (turn + np.random.default_rng(1).standard_normal(len(turn)) * MICROPHONE_NOISE).astype(float32)


def pink_noise(said: Sound, decibels_below: float) -> Sound:
    """Pink, `decibels_below` the sounding part of the speech."""
    spectrum = np.fft.rfft(np.random.default_rng(0).standard_normal(len(said)))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    noise = np.fft.irfft(spectrum, len(said))
    speech = said[np.abs(said) > 0.01]
    gain = np.sqrt(np.mean(speech**2) / np.mean(noise**2)) * 10 ** (-decibels_below / 20)
    added: Sound = (noise * gain).astype(float32)
    return added


if __name__ == "__main__":
    main()
