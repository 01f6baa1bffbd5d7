"""How well quiet, whispered, tearful and breathless speech begins a turn: `python -m benchmarks.quiet_speech`.

Needs espeak-ng and flite. Each utterance follows three seconds of the room's noise and is fed to a listener as samples.
Heard: a turn begins while it lasts, and holds its first syllable. The second table is of hours in which nobody speaks.
Ordinary is -26 dBFS (RMS of what sounds), so that 30 dB under it is -56.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy import float32
from numpy.random import Generator
from numpy.typing import NDArray

from assistant.core.events import UserStartedSpeaking
from assistant.hearing.listener import Listener, Speculation
from assistant.hearing.recogniser import RATE
from assistant.hearing.voice_activity import FRAME, Silero
from assistant.sound import resampled
from assistant.testing.noises import room_noise, sob
from assistant.testing.voices import LEVEL_DB, VOICES, WHISPERED, Voice, at_level, say

LEVELS: Final = (0, -10, -20, -30)
"""Decibels from ordinary speech."""
RATIOS: Final = (30, 20, 10, 5)
"""Decibels of the speech over the room's noise, which is pink."""
PHRASES: Final = (
    "i can't breathe", "stop", "please help me", "i don't feel real", "my hands are shaking", "yes",
    "what is happening to me", "no", "i'm so scared", "everything is too much", "can you help me", "seven",
)  # fmt: skip
BEFORE_SECONDS, AFTER_SECONDS = 3.0, 2.5
ONSET_SECONDS = 0.05
"""A turn that begins so little after the onset still holds the first syllable."""
NOISE_LEVELS: Final = (-70.0, -60.0, -50.0, -40.0)
PART_SECONDS: Final = 60
Samples = NDArray[float32]


class CountedSilero:
    """How often the model is asked."""

    def __init__(self, model: Silero) -> None:
        self._model = model
        self.asked = 0

    def probability(self, frame: Samples) -> float:
        """Of one frame."""
        self.asked += 1
        return self._model.probability(frame)

    def reset(self) -> None:
        """Forget what came before."""
        self._model.reset()


def spoken(voice: Voice, words: str, rng: Generator) -> Samples:
    """As it is."""
    del rng
    return resampled(say(voice, words), RATE).astype(float32)


def breathless(voice: Voice, words: str, rng: Generator) -> Samples:
    """Fast, word by word with gaps of 0.1 to 0.25 s, and breath 4 dB under the voice, as in strongly breathy ones."""
    parts: list[Samples] = []
    for word in words.split():
        said = resampled(say(voice, word, rate_wpm=200), RATE).astype(float32)
        parts += [_with_breath(said, rng, 0.6), np.zeros(int(RATE * rng.uniform(0.1, 0.25)), float32)]
    return at_level(np.concatenate(parts[:-1]), RATE, LEVEL_DB)


def tearful(voice: Voice, words: str, rng: Generator) -> Samples:
    """Slow, with a tremor of 10 dB five times a second and some breath; a sob follows."""
    said = _with_breath(resampled(say(voice, words, rate_wpm=120), RATE).astype(float32), rng, 0.4)
    tremor_db = 5.0 * np.sin(2 * np.pi * rng.uniform(4.0, 6.0) * np.arange(len(said)) / RATE)
    shaken = at_level((said * 10 ** (tremor_db / 20)).astype(float32), RATE, LEVEL_DB)
    return np.concatenate([shaken, np.zeros(RATE // 5, float32), resampled(sob(rng), RATE).astype(float32)])


def _with_breath(said: Samples, rng: Generator, share: float) -> Samples:
    """White noise as loud as the voice is from moment to moment, times `share`."""
    window = np.hanning(RATE // 50)
    envelope = np.sqrt(np.convolve(np.square(said), window / window.sum(), mode="same"))
    return (said + share * envelope * rng.standard_normal(len(said))).astype(float32)


Manner = Callable[[Voice, str, Generator], Samples]
MANNERS: Final[dict[str, tuple[Manner, tuple[Voice, ...]]]] = {
    "spoken": (spoken, VOICES),
    "breathless": (breathless, VOICES),
    "tearful": (tearful, VOICES),
    "whispered": (spoken, WHISPERED),
}


def heard(model: Silero, speech: Samples, room: Samples) -> tuple[bool, bool]:
    """Whether a turn begins while `speech` lasts, and whether it then holds the first syllable.

    `room` begins with `BEFORE_SECONDS` of noise and is long enough.
    """
    onset = int(BEFORE_SECONDS * RATE)
    samples = room[: onset + len(speech) + int(AFTER_SECONDS * RATE)].copy()
    samples[onset : onset + len(speech)] += speech
    model.reset()
    listener, at = Listener(model), 0
    began: int | None = None
    for at in range(FRAME, len(samples) + 1, FRAME):
        for found in listener.feed(samples[at - FRAME : at]):
            if began is None and isinstance(found, UserStartedSpeaking) and onset <= at <= onset + len(speech) + FRAME:
                began = at
            elif began is not None and isinstance(found, Speculation):
                pause = at - len(found.samples)
                return True, pause <= onset + ONSET_SECONDS * RATE
    return began is not None, False


def recall(trials: int) -> None:
    """Print the first table."""
    model, rng = Silero(), np.random.default_rng(4)
    noise = resampled(room_noise(120.0, 0.0, rng), RATE).astype(float32)
    print(f"heard with the first syllable (begun at all), of {trials} utterances; dB from ordinary, dB over the noise")
    print("| manner | level | " + " | ".join(f"noise -{ratio}" for ratio in RATIOS) + " |")
    print("|---|---|" + "---|" * len(RATIOS))
    for name, (manner, voices) in MANNERS.items():
        said = [
            manner(voices[i % len(voices)], PHRASES[(i + i // len(PHRASES)) % len(PHRASES)], rng) for i in range(trials)
        ]
        for level in LEVELS:
            cells = []
            for ratio in RATIOS:
                room_gain = float32(10 ** ((LEVEL_DB + level - ratio) / 20))
                results = [
                    heard(model, speech * float32(10 ** (level / 20)), np.roll(noise, 7919 * i) * room_gain)
                    for i, speech in enumerate(said)
                ]
                begun, whole = (float(np.mean(column)) for column in zip(*results, strict=True))
                cells.append(f"{whole:.0%} ({begun:.0%})")
            print(f"| {name} | {level} dB | " + " | ".join(cells) + " |", flush=True)


def nothing(rng: Generator, seconds: int) -> Samples:
    """Digital silence."""
    del rng
    return np.zeros(seconds * RATE, float32)


def white(rng: Generator, seconds: int) -> Samples:
    """A hissing microphone."""
    return rng.standard_normal(seconds * RATE, dtype=float32)


def pink(rng: Generator, seconds: int) -> Samples:
    """A room."""
    return resampled(room_noise(seconds, -20.0, rng), RATE)[: seconds * RATE].astype(float32)


def hum(rng: Generator, seconds: int) -> Samples:
    """Mains, 20 dB over a little hiss, slowly swelling."""
    at = np.arange(seconds * RATE) / RATE
    tones = sum(part * np.sin(2 * np.pi * hertz * at) for hertz, part in ((50, 0.6), (100, 1.0), (150, 0.5)))
    return (tones * (1.0 + 0.1 * np.sin(at)) + 0.1 * rng.standard_normal(len(at))).astype(float32)


def fan(rng: Generator, seconds: int) -> Samples:
    """Pink noise that wobbles by some decibels, slowly and quickly."""
    at = np.arange(seconds * RATE) / RATE
    return (pink(rng, seconds) * (1.0 + 0.3 * np.sin(2 * np.pi * at / 3.1) + 0.2 * np.sin(7.0 * at))).astype(float32)


def rain(rng: Generator, seconds: int) -> Samples:
    """Hiss, and twenty drops a second of unequal loudness."""
    samples = 0.3 * white(rng, seconds)
    shape = np.exp(-np.arange(200) / 30).astype(float32)
    for at in rng.integers(0, len(samples) - len(shape), 20 * seconds):
        samples[at : at + 200] += shape * float32(rng.exponential(1.5)) * rng.standard_normal(200, dtype=float32)
    return samples


def switched(rng: Generator, seconds: int) -> Samples:
    """A fan that is switched on, 30 dB over the room, and off again, twice a minute."""
    at = np.arange(seconds * RATE) / RATE
    return (pink(rng, seconds) * np.where(at % 30.0 < 15.0, 0.0316, 1.0)).astype(float32)


NOISES: Final[dict[str, tuple[Callable[[Generator, int], Samples], tuple[float, ...]]]] = {
    "digital silence": (nothing, (-120.0,)),
    "white": (white, NOISE_LEVELS),
    "pink": (pink, NOISE_LEVELS),
    "hum": (hum, NOISE_LEVELS),
    "fan": (fan, NOISE_LEVELS),
    "rain": (rain, NOISE_LEVELS),
    "fan switched": (switched, NOISE_LEVELS),
}
"""How each is made, and its levels in dBFS."""


def false_starts(hours: float) -> None:
    """Print the second table."""
    print(f"\nturns begun in {hours:g} hours of each (the levels take equal parts), and what listening costs")
    print("| noise | dBFS | turns | frames the model was asked about | of one core |")
    print("|---|---|---|---|---|")
    for name, (make, levels) in NOISES.items():
        for level in levels:
            model = CountedSilero(Silero())
            listener = Listener(model)
            begun, frames, spent = 0, 0, 0.0
            for block in _minutes(make, level, hours / len(levels)):
                before = time.thread_time()
                begun += sum(isinstance(found, UserStartedSpeaking) for found in listener.feed(block))
                spent += time.thread_time() - before
                frames += len(block) // FRAME
            share, core = model.asked / frames, spent / (frames * FRAME / RATE)
            print(f"| {name} | {level:.0f} | {begun} | {share:.1%} | {core:.2%} |", flush=True)


def _minutes(make: Callable[[Generator, int], Samples], level_db: float, hours: float) -> Iterator[Samples]:
    rng = np.random.default_rng(abs(round(level_db)))
    for _ in range(max(1, round(hours * 3600 / PART_SECONDS))):
        part = make(rng, PART_SECONDS)
        rms = float(np.sqrt(np.mean(np.square(part))))
        yield part if rms == 0.0 else part * float32(10 ** (level_db / 20) / rms)


def main() -> None:
    """Speak, hear, count; then keep quiet for hours."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60, help="utterances a cell")
    parser.add_argument("--hours", type=float, default=2.0, help="of each noise")
    options = parser.parse_args()
    recall(options.trials)
    false_starts(options.hours)


if __name__ == "__main__":
    main()
