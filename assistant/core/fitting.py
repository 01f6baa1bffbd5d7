"""What this machine can run in time: measured numbers in, a choice out, by a table that can be read.

The figures of memory are the whole program's while it listens, with the voice's process (`grounding bench`: 200 MB with
the built-in recogniser, 288 MB with a Whisper of `base` shape); Piper's process is `ps`'s. Nothing here weakens the
screen: its rules always listen, and where the larger model of it has no room a smaller one does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

LISTENING_MB, WHISPER_MB, PIPER_MB = 200, 90, 190
ENCODER_MB = 40
"""Of the screen's encoder over its n-grams: 92 MB against 56 resident, most of it mapped from the file."""
SPARE_MB = 100
"""Left to the system: a Raspberry Pi that swaps onto its card answers nobody in time."""
TURN_SECONDS = 4.0
"""Of speech, by which a recogniser is timed: somebody says in a few words what is happening."""
IN_TIME_SECONDS = 1.5
"""A turn is understood in at most so much work: with the pause that ends it, an answer begins within three seconds."""
KEEPS_UP = 0.7
"""Of real time: a voice that takes longer to make a line than this share of its length would stutter under load."""
BUSY_CORES, MOST_THREADS = 2, 4
"""Cores that are left to sound and speech where there are more than two; threads beyond four gain a short turn little.
"""


class Hearing(StrEnum):
    """What becomes of the larger recogniser."""

    FITS = "fits"
    ABSENT = "absent"
    TOO_SLOW = "too_slow"
    NO_ROOM = "no_room"


class Speaking(StrEnum):
    """What becomes of the neural voice."""

    FITS = "fits"
    ABSENT = "absent"
    TOO_SLOW = "too_slow"
    NO_ROOM = "no_room"


@dataclass(frozen=True, slots=True)
class Machine:
    """As measured. `free_mb`: what can be had without swapping. `whisper_seconds`: of work for a turn of
    `TURN_SECONDS`, and `piper_factor`: of work for a second of speech; None where there is none.
    """

    cores: int
    free_mb: int
    whisper_seconds: float | None
    piper_factor: float | None


@dataclass(frozen=True, slots=True)
class Fit:
    """`threads`: for the recogniser. `encoder`: whether the screen's larger model has room. `workers`: how many lines
    are rendered at a time.
    """

    hearing: Hearing
    speaking: Speaking
    threads: int
    encoder: bool
    workers: int


def fit(machine: Machine) -> Fit:
    """The table. What helps to notice danger is given room first, then hearing, then a pleasant voice."""
    room = machine.free_mb - SPARE_MB - (LISTENING_MB - ENCODER_MB)
    encoder = room >= ENCODER_MB
    room -= ENCODER_MB if encoder else 0
    hearing, speaking = Hearing.ABSENT, Speaking.ABSENT
    if machine.whisper_seconds is not None:
        hearing = Hearing.TOO_SLOW if too_slow(machine.whisper_seconds) else Hearing.FITS
        if room < WHISPER_MB:
            hearing = Hearing.NO_ROOM
        room -= WHISPER_MB if hearing is Hearing.FITS else 0
    if machine.piper_factor is not None:
        speaking = Speaking.TOO_SLOW if machine.piper_factor > KEEPS_UP else Speaking.FITS
        if room < PIPER_MB:
            speaking = Speaking.NO_ROOM
    threads = machine.cores if machine.cores <= BUSY_CORES else min(machine.cores - BUSY_CORES, MOST_THREADS)
    workers = max(1, min(machine.cores, max(room, 0) // PIPER_MB, MOST_THREADS))
    return Fit(hearing, speaking, max(threads, 1), encoder, workers)


def too_slow(seconds: float) -> bool:
    """Whether so much work for a turn of `TURN_SECONDS` is more than a person should wait."""
    return seconds > IN_TIME_SECONDS


def encoder_fits(free_mb: int) -> bool:
    """Whether the screen's larger model has room beside everything else."""
    return fit(Machine(1, free_mb, None, None)).encoder
