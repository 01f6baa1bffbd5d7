"""Whole exercises as they sound, with the voice as configured: `python -m benchmarks.performing [ID...]`.

On virtual time, by the real layout and player at 48 kHz: every exercise once undisturbed, and once with somebody who
speaks over it every few seconds and stops it at last. The table tells, at their worst: clicks (the peak above 12 kHz at
every seam), pauses, breath cues and captions against the script; and the seconds to the first word. Below it, of all
fixed lines: how far their loudness differs (ITU-R BS.1770), and the highest true peak.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soxr
from numpy import float32
from numpy.random import Generator

from assistant.app.files import whole
from assistant.app.lines import fixed_lines
from assistant.app.parts import build_layout, load_library
from assistant.app.voices import build_voice
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.timeline import Speech, Timeline
from assistant.settings_files import settings_files
from assistant.sound import Sound, write_wav
from assistant.speaking.layout import Layout
from assistant.speaking.loudness import loudness
from assistant.speaking.player import Player
from assistant.testing.performing import (
    CLICK,
    Act,
    Performance,
    caption_errors,
    cue_errors,
    first_words,
    pause_errors,
    perform,
    seams,
)

RATE: Final = 48_000
PAUSE_SECONDS, CUE_SECONDS, CAPTION_SECONDS, FIRST_SECONDS = 0.005, 0.005, 0.050, 12.0
APART_LU, TRUE_PEAK_DB = 1.0, -3.0
"""What is promised."""
OVERSAMPLED = 4
"""For true peaks, as ITU-R BS.1770 does at 48 kHz."""
SPOKEN_OVER_EVERY: Final = (2.0, 6.0)
"""Seconds, drawn anew each time."""


@dataclass(frozen=True, slots=True)
class Row:
    """One exercise. Seconds, and for clicks the peak above 12 kHz; None: it has none of these."""

    name: str
    seconds: float
    clicks: float
    over_it: float
    pause: float | None
    cue: float | None
    caption: float | None
    first: float

    @property
    def kept(self) -> bool:
        """Whether every promise is."""
        limits = ((self.pause, PAUSE_SECONDS), (self.cue, CUE_SECONDS), (self.caption, CAPTION_SECONDS))
        times = all(value is None or value <= limit for value, limit in limits)
        return times and max(self.clicks, self.over_it) <= CLICK and self.first <= FIRST_SECONDS


def somebody(seconds: float, rng: Generator) -> list[Act]:
    """Who speaks over the voice again and again, as the conversation would answer it, and then stops it."""
    acts: list[Act] = []
    at = 0.0
    while (at := at + rng.uniform(*SPOKEN_OVER_EVERY)) < seconds:
        back = at + rng.uniform(0.3, 1.5)
        acts += [(at, Player.duck), (at + 0.06, Player.rest), (back, Player.unduck)]
        at = back
    return [*acts, (at, Player.mute)]


def worst(errors: Iterator[float]) -> float | None:
    """The largest, whatever its sign."""
    return max(map(abs, errors), default=None)


def measured(name: str, layout: Layout, timeline: Timeline, rng: Generator) -> tuple[Row, Performance]:
    """Undisturbed, and spoken over."""
    alone = perform(layout, timeline, RATE)
    seconds = len(alone.samples) / RATE
    disturbed = perform(layout, timeline, RATE, somebody(seconds, rng))
    row = Row(
        name, seconds,
        max(seam.click for seam in seams(alone)), max(seam.click for seam in seams(disturbed)),
        worst(pause_errors(alone)), worst(cue_errors(alone)), worst(caption_errors(alone)), first_words(alone),
    )  # fmt: skip
    return row, alone


def loudness_of_lines(layout: Layout, lines: Sequence[Speech]) -> tuple[float, float]:
    """Over all of them: the loudest less the softest in LU, and the highest true peak in dBTP."""
    heard, peaks = [], []
    for line in lines:
        parts = layout.parts(Timeline((Speech(line.text, pace=line.pace),)), lambda code: None)
        samples = np.concatenate([part.samples for part in parts if not isinstance(part.samples, int)])
        heard.append(loudness(samples, RATE))
        peaks.append(float(np.max(np.abs(soxr.resample(samples, RATE, OVERSAMPLED * RATE)))))
    return max(heard) - min(heard), 20 * math.log10(max(peaks))


def _shown(value: float | None, factor: float = 1000.0) -> str:
    return "-" if value is None else f"{value * factor:.1f}"


def _decibels(peak: float) -> str:
    return f"{20 * np.log10(max(peak, 1e-6)):.0f}"


def main() -> int:
    """Print the table; 1 when a promise is not kept."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.performing", description=__doc__.splitlines()[0])
    parser.add_argument("exercises", nargs="*", metavar="ID", help="which; without any: all")
    parser.add_argument("--wav", metavar="FOLDER", type=Path, help="write each as FOLDER/ID.wav")
    arguments = parser.parse_args()
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    library = load_library(settings)
    scripts = library.repertoire.scripts
    if unknown := [name for name in arguments.exercises if name not in scripts]:
        parser.error(f"there is no exercise {unknown[0]!r}; grounding scripts lists them")
    failed: list[str] = []
    voice = build_voice(settings, None, lambda event: None)
    layout = build_layout(library, settings, voice, RATE, failed.append)
    rng, rows = np.random.default_rng(1), []
    print("| exercise | s | clicks dBFS | spoken over, dBFS | pauses ms | cues ms | captions ms | first word s | |")
    print("|---|---|---|---|---|---|---|---|---|")
    try:
        for name in arguments.exercises or sorted(scripts):
            row, alone = measured(name, layout, Timeline(whole(scripts[name])), rng)
            rows.append(row)
            clicks = f"{_decibels(row.clicks)} | {_decibels(row.over_it)}"
            times = f"{_shown(row.pause)} | {_shown(row.cue)} | {_shown(row.caption)} | {row.first:.2f}"
            print(f"| {name} | {row.seconds:.0f} | {clicks} | {times} | {'' if row.kept else '**not kept**'} |")
            if arguments.wav is not None:
                arguments.wav.mkdir(parents=True, exist_ok=True)
                with (arguments.wav / f"{name}.wav").open("wb") as file:
                    write_wav(file, Sound(alone.samples.astype(float32), RATE))
        apart, peak = loudness_of_lines(layout, fixed_lines(library))
    finally:
        voice.close()
    print(
        f"limits: clicks {_decibels(CLICK)} dBFS, pauses {PAUSE_SECONDS * 1000:g} ms, cues {CUE_SECONDS * 1000:g} ms, "
        f"captions {CAPTION_SECONDS * 1000:g} ms, first word {FIRST_SECONDS:g} s"
    )
    print(f"all fixed lines: {apart:.2f} LU apart ({APART_LU:g}), true peak {peak:.1f} dBTP ({TRUE_PEAK_DB:g})")
    return 0 if all(row.kept for row in rows) and apart <= APART_LU and peak <= TRUE_PEAK_DB else 1


if __name__ == "__main__":
    sys.exit(main())
