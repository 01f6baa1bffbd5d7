"""Hearing over the voice in a simulated room, without a sound card: `python -m benchmarks.over_the_voice`.

For every echo level (dB against what is played) and every reverberation time, as tables: how often the voice alone is
taken for somebody in a few minutes of reading, how long after its onset a word over the voice is noticed, and what the
detector of the stop word makes of stops, of other short words and of sounds; and what hearing takes of a processor. The
room is linear and the distance of the echo unknown to the program, as on a real machine; voices are synthetic.
`benchmarks.side_by_side` measures the whole program on a virtual sound card.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.app.parts import build_over_voice
from assistant.core.events import UserStartedSpeaking
from assistant.hearing.listener import Listener, Speculation
from assistant.hearing.recogniser import RATE
from assistant.hearing.stop_word import SpottedStop
from assistant.hearing.voice_activity import FRAME, Silero
from assistant.sound import Sound, resampled
from assistant.sound_ring import SoundRing
from assistant.testing.measures import percentile
from assistant.testing.noises import NOISES
from assistant.testing.voices import VOICES, say

PLAYER_RATE = 48_000
AHEAD_SECONDS, JITTER_SECONDS = 0.15, 0.03
"""How far what is written lies ahead of what is heard, and how unevenly drivers ask for it."""
NOISE_DB = -70.0
READ_DB, SAID_DB = -20.0, -26.0
APART = 2.6
"""Seconds: 1.2 end a turn, and what comes within another goes on with it (`EndpointPolicy`)."""
FEWEST_MINUTES = 1.0
"""Of reading alone: with less there is nothing to count."""
REST_AFTER, REST_FOR = 0.33, 1.0
"""The voice is lowered for whoever speaks over it: so much later, and for so long."""
STOPS = ("stop", "stop", "enough", "quiet", "help", "please stop", "stop it", "that's enough")
OTHERS = ("no", "yes", "okay", "yeah", "seven", "mm", "a lamp", "oh god", "right", "i can see a chair", "what", "wait")
LINES = (
    "Let your feet find the floor.", "Or your back find the chair, or the bed.", "Press down, gently.", "And ease off.",
    "Press again. Notice the floor pressing back.", "Say stop at any time.", "Look for five things you can see.",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One thing over the voice; `noticed`: seconds after its onset, None: never; `sounds`: what a detector was given of
    it, at each pause.
    """

    what: str
    noticed: float | None
    sounds: tuple[NDArray[float32], ...]


def reading(seconds: float, rng: np.random.Generator) -> NDArray[float32]:
    """The assistant's voice at the player's rate."""
    lines = [resampled(say(VOICES[0], line, 125, READ_DB), PLAYER_RATE) for line in LINES]
    parts: list[NDArray[float32]] = []
    while sum(map(len, parts)) < seconds * PLAYER_RATE:
        parts += [lines[rng.integers(len(lines))], np.zeros(int(rng.uniform(0.2, 0.7) * PLAYER_RATE), float32)]
    return np.concatenate(parts)


def in_the_room(played: NDArray[float32], echo_db: float | None, reverberation: float) -> NDArray[float32]:
    """What a microphone hears of it, at 16 kHz."""
    rng = np.random.default_rng(1)
    sound = resampled(Sound(played, PLAYER_RATE), RATE)
    noise = rng.standard_normal(len(sound)).astype(float32) * float32(10 ** (NOISE_DB / 20))
    if echo_db is None:
        return noise
    length = RATE // 4
    answer = np.zeros(length)
    answer[0] = 1.0
    if reverberation:
        answer += rng.standard_normal(length) * np.exp(-6.9 * np.arange(length) / (reverberation * RATE)) * 0.12
        answer /= np.sqrt(np.sum(answer**2))
    size = len(sound) + length
    echo = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(answer, size), size)[: len(sound)]
    return (echo * 10 ** (echo_db / 20) + noise).astype(float32)


def heard(played: NDArray[float32], microphone: NDArray[float32]) -> Iterator[tuple[float, object]]:
    """Every event, with its moment, of a listener that hears `microphone` while `played` is written."""
    rng = np.random.default_rng(2)
    ring = SoundRing(PLAYER_RATE, 4.0)
    listener = Listener(Silero(), over_voice=build_over_voice(ring))
    written = 0
    for at in range(0, len(microphone) - FRAME + 1, FRAME):
        until = ((at + FRAME) / RATE + AHEAD_SECONDS + rng.uniform(0, JITTER_SECONDS)) * PLAYER_RATE
        while written + 512 <= min(len(played), until):
            ring.write(played[written : written + 512])
            written += 512
        for found in listener.feed(microphone[at : at + FRAME], playing=True):
            yield (at + FRAME) / RATE, found


def over_the_voice(things: Sequence[tuple[str, Sound]], echo_db: float | None, reverberation: float) -> list[Said]:
    """One after another from the fifth second on, each a turn of its own; the voice rests for each."""
    rng = np.random.default_rng(3)
    played = reading(5.0 + sum(sound.seconds + APART + 0.5 for _, sound in things) + 3.0, rng)
    person = np.zeros(len(played) * RATE // PLAYER_RATE + RATE, float32)
    moments: list[tuple[str, float, float]] = []
    moment = 5.0
    for what, sound in things:
        samples = resampled(sound, RATE)
        person[int(moment * RATE) : int(moment * RATE) + len(samples)] += samples
        seconds = len(samples) / RATE
        rest = int((moment + REST_AFTER) * PLAYER_RATE), int((moment + max(seconds, 0.4) + REST_FOR) * PLAYER_RATE)
        played[rest[0] : rest[1]] = 0.0
        moments.append((what, moment, seconds))
        moment += seconds + APART + rng.uniform(0, 0.5)
    microphone = in_the_room(played, echo_db, reverberation)
    microphone += person[: len(microphone)]
    found = list(heard(played, microphone))
    said: list[Said] = []
    for what, onset, seconds in moments:
        near = [(at - onset, event) for at, event in found if 0 < at - onset < seconds + 0.7]
        noticed = next((at for at, event in near if isinstance(event, UserStartedSpeaking)), None)
        sounds = tuple(event.samples for _, event in near if isinstance(event, Speculation))
        said.append(Said(what, noticed, sounds))
    return said


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--trials", type=int, default=60, help="stops, other words and sounds, in each room (default 60)"
    )
    parser.add_argument("--minutes", type=float, default=5.0, help="of reading alone in each room (default 5)")
    given = parser.parse_args()
    if given.trials < 1 or given.minutes < FEWEST_MINUTES:
        parser.error(f"at least one trial and {FEWEST_MINUTES:g} minute of reading")
    spotter = SpottedStop(Silero())
    spotter.warm_up()
    print("Taken for a stop: ways to say stop, `stop` alone among them, other words, and sounds.\n")
    false = f"false in {given.minutes:g} min"
    print(f"| echo | reverberation | {false} | noticed | median | p95 | stops | `stop` | words | sounds |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    rng = np.random.default_rng(4)
    alone = reading(60.0 * given.minutes, rng)
    costs: list[float] = []
    for echo_db in (None, -20.0, -12.0, -6.0, 0.0):
        for reverberation in (0.0, 0.3):
            microphone, before = in_the_room(alone, echo_db, reverberation), time.process_time()
            began = sum(isinstance(event, UserStartedSpeaking) for _, event in heard(alone, microphone))
            costs.append((time.process_time() - before) / (60.0 * given.minutes))
            stops, others = (
                over_the_voice(
                    [(w, say(VOICES[i % len(VOICES)], w, level_db=SAID_DB)) for i, w in
                     enumerate(rng.choice(words, given.trials))], echo_db, reverberation,
                )
                for words in (STOPS, OTHERS)
            )  # fmt: skip
            of_each = max(given.trials // len(NOISES), 1)
            noises = [(name, NOISES[name](np.random.default_rng(i))) for name in NOISES for i in range(of_each)]
            sounds = over_the_voice(noises, echo_db, reverberation)

            def taken(said: Sequence[Said]) -> str:
                meant = [any(spotter.heard(sound) is not None for sound in one.sounds) for one in said]
                return f"{sum(meant)} of {len(said)}"

            late = [one.noticed for one in stops if one.noticed is not None]
            alone_stops = [one for one in stops if one.what == "stop"]
            print(
                f"| {'none' if echo_db is None else f'{echo_db:.0f} dB'} | {reverberation} s | {began} | "
                f"{len(late)} of {len(stops)} | {percentile(late, 50):.2f} s | {percentile(late, 95):.2f} s | "
                f"{taken(stops)} | {taken(alone_stops)} | {taken(others)} | {taken(sounds)} |",
                flush=True,
            )
    print(f"\nA second of sound takes {1000 * min(costs):.0f} to {1000 * max(costs):.0f} ms of one core.")


if __name__ == "__main__":
    main()
