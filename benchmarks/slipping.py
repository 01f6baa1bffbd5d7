"""Hearing while a sound stream slips: `python -m benchmarks.slipping [--minutes 3 --trials 30]`.

A machine that is asked for more than it has loses pieces of what its microphone hears, or puts silence in, and nobody
is told: the echo is somewhere else from one moment to the next. For slips of three sizes, and for every echo level and
reverberation time of `benchmarks.over_the_voice`: how often the voice alone is taken for somebody, while its stream
slips two to five times within some seconds, rests for eight, and does it again; and how many words over the voice are
noticed, with rests of two seconds.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import UserStartedSpeaking
from assistant.hearing.recogniser import RATE
from assistant.sound import resampled
from assistant.testing.measures import percentile
from assistant.testing.voices import VOICES, say
from benchmarks.over_the_voice import SAID_DB, STOPS, heard, in_the_room, reading

LEVELS_DB = (-20.0, -12.0, -6.0, 0.0)
REVERBERATIONS = (0.0, 0.3)
FIRST_SECONDS = 6.0
"""The room is known by then."""
SLIPS_AT_ONCE, APART_SECONDS = (2, 6), (0.2, 0.8)
"""How many, and how far from each other."""
SIZES_MS = ((1, 12), (12, 100), (100, 250))
"""The last is a driver's whole buffer."""
PUT_IN = 0.75
"""Of the slips are silence that was put in; the others lose sound."""
WITHIN_SECONDS = (-0.1, 0.3)
"""All slips together: an echo comes after its sound, and `echo_reference.LATEST_SECONDS` after it at most."""
SECONDS_EACH = 4.5
NOTICED_SECONDS = 0.9


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=3.0, help="of reading alone in each room (default 3)")
    parser.add_argument("--trials", type=int, default=30, help="words in each room (default 30)")
    given = parser.parse_args()
    if given.minutes < 1.0 or given.trials < 1:
        parser.error("at least one minute and one trial")
    print("| slips of | echo | reverberation | slips | false | noticed | median | p95 |")
    print("|---|---|---|---|---|---|---|---|")
    rooms = [Room(*made_of) for made_of in product(SIZES_MS, LEVELS_DB, REVERBERATIONS)]
    with ProcessPoolExecutor() as pool:
        alone = [pool.submit(false_starts, given.minutes, room) for room in rooms]
        spoken = [pool.submit(delays, given.trials, room) for room in rooms]
        for room, one, other in zip(rooms, alone, spoken, strict=True):
            slips, false = one.result()
            noticed = [delay for delay in other.result() if delay is not None]
            spread = [f"{percentile(noticed, share):.2f} s" if noticed else "-" for share in (50, 95)]
            row = (
                "{} to {} ms".format(*room.size_ms),
                f"{room.echo_db:.0f} dB",
                f"{room.reverberation} s",
                slips,
                false,
                f"{len(noticed)} of {given.trials}",
                *spread,
            )
            print(f"| {' | '.join(map(str, row))} |", flush=True)


@dataclass(frozen=True)
class Room:
    """A room in which streams slip by so much."""

    size_ms: tuple[int, int]
    echo_db: float
    reverberation: float

    def hears(
        self, played: NDArray[float32], rest_seconds: float, rng: np.random.Generator
    ) -> tuple[NDArray[float32], int]:
        """What a microphone hears of it, and how often it slipped."""
        microphone = in_the_room(played, self.echo_db, self.reverberation)
        parts: list[NDArray[float32]] = []
        moment, done, slips, late = FIRST_SECONDS, 0, 0, 0
        while True:
            for _ in range(rng.integers(*SLIPS_AT_ONCE)):
                at = round(moment * RATE)
                size = int(rng.integers(*self.size_ms) * RATE / 1000 + rng.integers(RATE // 1000))
                put_in = rng.random() < PUT_IN
                if not WITHIN_SECONDS[0] * RATE < late + (size if put_in else -size) < WITHIN_SECONDS[1] * RATE:
                    put_in = not put_in
                if at + size >= len(microphone):
                    return np.concatenate([*parts, microphone[done:]]), slips
                parts += [microphone[done:at], np.zeros(size if put_in else 0, dtype=float32)]
                done = at if put_in else at + size
                late += size if put_in else -size
                slips += 1
                moment += rng.uniform(*APART_SECONDS)
            moment += rest_seconds * rng.uniform(0.5, 1.5)


def false_starts(minutes: float, room: Room) -> tuple[int, int]:
    """Slips, and how often nobody was taken for somebody."""
    rng = np.random.default_rng(100)
    played = reading(60.0 * minutes, rng)
    microphone, slips = room.hears(played, 8.0, rng)
    return slips, len(starts(played, microphone))


def delays(trials: int, room: Room) -> Sequence[float | None]:
    """For each word, how many seconds after its onset it was noticed; None: not."""
    rng = np.random.default_rng(200)
    played = reading(FIRST_SECONDS + trials * SECONDS_EACH + 3.0, rng)
    microphone, _ = room.hears(played, 2.0, rng)
    onsets: list[float] = []
    moment = FIRST_SECONDS
    for number, words in enumerate(rng.choice(STOPS, trials)):
        samples = resampled(say(VOICES[number % len(VOICES)], words, level_db=SAID_DB), RATE)
        at = round(moment * RATE)
        microphone[at : at + len(samples)] += samples[: len(microphone) - at]
        onsets.append(moment)
        moment += SECONDS_EACH - 0.5 + rng.uniform(0, 0.5)
    found = starts(played, microphone)
    return [next((at - onset for at in found if 0 < at - onset < NOTICED_SECONDS), None) for onset in onsets]


def starts(played: NDArray[float32], microphone: NDArray[float32]) -> list[float]:
    """When somebody was noticed."""
    return [at for at, event in heard(played, microphone) if isinstance(event, UserStartedSpeaking)]


if __name__ == "__main__":
    main()
