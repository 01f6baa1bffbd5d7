"""Whether words that nobody said are believed: `python -m benchmarks.ghosts [MODEL_DIR] [--every N]`, ten minutes.

Sounds without speech (silence, noise, hum, clicks, bursts like a cough) go through the Whisper engine and what judges
its words. Real Whisper weights cannot be had where this is developed, so it runs with models rigged to "hear", surely,
each phrase of assistant/hearing/ghosts.txt whatever the sound is: the worst case, in which nothing but the list and the
voice in the sound speaks against the words. The same phrases are then truly spoken, where espeak-ng is installed, to
see what the caution costs. With MODEL_DIR, a real CTranslate2 model hears the sounds without speech too.

Prints how many turns came back EMPTY, DOUBTFUL and TRUSTED; ends with 1 if words without speech were trusted.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

import numpy as np
from numpy import float32
from numpy.typing import NDArray
from tqdm import tqdm

from assistant.hearing.faster_whisper_engine import FasterWhisper
from assistant.hearing.recogniser import RATE
from assistant.hearing.trust import GHOST_VOICE_SECONDS, VOICE_SECONDS, Ghost, ghosts, voice_in
from assistant.hearing.voice_activity import Silero
from assistant.safety.transcript import Trust
from assistant.sound import read_wav, resampled
from assistant.testing.tiny_whisper import build_rigged

Sound = NDArray[float32]

SECONDS: Final = 2.5
LEVELS_DB: Final = (-60, -50, -40, -30, -20, -10)
RANDOM_BURSTS: Final = 300
LONGEST: Final = 60
"""Bytes that a rigged model can hear."""
SAID: Final = ("i'm panicking", "i can't breathe", "i want to die", "stop", "seven")
"""What is not on the list: in sound without speech it must not be trusted either."""
SPOKEN_DB: Final = (0, -20, -30)
PEAK, MICROPHONE_NOISE, BEFORE, AFTER = 0.4, 3e-4, 0.5, 0.2
"""As in benchmarks/must_catch_aloud.py."""


def main() -> None:
    """Make sounds, hear, count."""
    parser = argparse.ArgumentParser()
    parser.add_argument("model", nargs="?", type=Path, help="a CTranslate2 Whisper model, to hear with as well")
    parser.add_argument("--every", type=int, default=1, help="only every Nth phrase")
    given = parser.parse_args()
    sounds = without_speech()
    _print_voice(sounds)
    heard: dict[str, Counter[Trust]] = {}
    listed = [(" ".join(words), f"rigged, on the list: {kind.value}") for words, kind in ghosts().items()]
    short = [(text, group) for text, group in listed if len(text) < LONGEST][:: given.every]
    print(f"{len(short)} of {len(listed)} listed phrases, {len(SAID)} others, {len(sounds)} sounds")
    with tempfile.TemporaryDirectory() as folder:
        for text, group in tqdm([*short, *((text, "rigged, not on the list") for text in SAID)], unit="phrase"):
            recogniser = FasterWhisper(build_rigged(Path(folder) / "model", text), "en", 1)
            counts = heard.setdefault(group, Counter())
            counts.update(recogniser.transcribe(sound).trust for sound in sounds.values())
            if shutil.which("espeak-ng") and not group.endswith(Ghost.NEVER.value):
                said = _spoken(text, Path(folder) / "said.wav")
                for level in SPOKEN_DB:
                    turn = said * float32(10 ** (level / 20)) + _white(len(said)) * float32(MICROPHONE_NOISE)
                    spoken = heard.setdefault(f"{group}, truly spoken, {level} dB", Counter())
                    spoken[recogniser.transcribe(turn).trust] += 1
            recogniser.close()
    if given.model is not None:
        recogniser = FasterWhisper(given.model, "en", 2)
        heard[str(given.model)] = Counter(recogniser.transcribe(sound).trust for sound in sounds.values())
    for group in sorted(heard):
        print(f"{group}: " + ", ".join(f"{trust.name} {heard[group][trust]}" for trust in Trust))
    if believed := sum(counts[Trust.TRUSTED] for group, counts in heard.items() if "spoken" not in group):
        sys.exit(f"{believed} were believed that nobody said")


def without_speech() -> dict[str, Sound]:
    """Turns in which nobody speaks, at `RATE`, by name; the same on every run."""
    length = round(SECONDS * RATE)
    seconds = np.arange(length) / RATE
    hum = sum(np.sin(2 * np.pi * 50 * k * seconds) / k for k in (1, 2, 3, 5, 7))
    shapes: dict[str, NDArray[np.floating]] = {
        "white noise": _white(length),
        "pink noise": _pink(length),
        "mains hum": np.asarray(hum),
        "clicks": _bursts(length, every=0.35, fade=0.002),
        "knocks": _bursts(length, every=0.5, fade=0.03, low=80.0, high=400.0),
        "coughs": _bursts(length, every=0.8, fade=0.12, low=300.0, high=2500.0),
        "breaths": _bursts(length, every=1.2, fade=0.4, low=500.0, high=4000.0),
    }
    found: dict[str, Sound] = {"silence": np.zeros(length, dtype=float32)}
    for name, shape in shapes.items():
        even = shape / np.sqrt(np.mean(shape**2))
        for level in LEVELS_DB:
            found[f"{name}, {level} dB"] = np.clip(even * 10 ** (level / 20), -1.0, 1.0).astype(float32)
    return found


def _white(length: int, seed: int = 0) -> Sound:
    noise: Sound = np.random.default_rng(seed).standard_normal(length, dtype=float32)
    return noise


def _pink(length: int) -> NDArray[np.floating]:
    spectrum = np.fft.rfft(_white(length))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    return np.fft.irfft(spectrum, length)


def _bursts(
    length: int, *, every: float, fade: float, low: float = 0.0, high: float = RATE / 2, seed: int = 0
) -> NDArray[np.floating]:
    """Noise between two frequencies that starts at once and dies away, over and over. Times in seconds."""
    spectrum = np.fft.rfft(_white(length, seed))
    frequencies = np.fft.rfftfreq(length, 1 / RATE)
    spectrum[(frequencies < low) | (frequencies > high)] = 0.0
    since = (np.arange(length) / RATE) % every
    return np.fft.irfft(spectrum, length) * np.exp(-since / fade)


def _spoken(words: str, path: Path) -> Sound:
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "150", "-w", str(path), words], check=True)
    said = resampled(read_wav(path), RATE)
    quiet = [np.zeros(round(seconds * RATE), dtype=float32) for seconds in (BEFORE, AFTER)]
    return np.concatenate([quiet[0], said * float32(PEAK / np.max(np.abs(said))), quiet[1]])


def _print_voice(sounds: dict[str, Sound]) -> None:
    activity = Silero()
    found = {name: voice_in(sound, activity) for name, sound in sounds.items()}
    heard = [f"{name} {voice.faint:.2f} s ({voice.clear:.2f} clear)" for name, voice in found.items() if voice.faint]
    print(f"voice in {SECONDS} s without speech: {', '.join(heard) or 'none'}")
    clear = [voice_in(_random_bursts(seed), activity).clear for seed in range(RANDOM_BURSTS)]
    for least in (VOICE_SECONDS, GHOST_VOICE_SECONDS):
        fooled = sum(seconds >= least for seconds in clear)
        print(f"random bursts that Silero takes for {least} s of clear voice: {fooled} of {RANDOM_BURSTS}")


def _random_bursts(seed: int) -> Sound:
    """What nobody chose: bursts of any colour, length and level, over the noise of a microphone."""
    random = np.random.default_rng(seed)
    low = random.uniform(50.0, 600.0)
    length = round(SECONDS * RATE)
    burst = _bursts(
        length,
        every=random.uniform(0.3, 1.5),
        fade=10 ** random.uniform(-2.5, -0.2),
        low=low,
        high=low + random.uniform(300.0, 5000.0),
        seed=seed,
    )
    loud = burst / np.sqrt(np.mean(burst**2)) * 10 ** (random.uniform(-60.0, -10.0) / 20)
    sound: Sound = (np.clip(loud, -1.0, 1.0) + _white(length) * MICROPHONE_NOISE).astype(float32)
    return sound


if __name__ == "__main__":
    main()
