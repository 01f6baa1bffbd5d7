"""From the speaker through the room to the microphone: a short chime is played and heard again, in memory only.

The delay counts from the moment the program hands a sample to the speaker to the moment it gets it back, so the buffers
of both devices are in it, and the air, and Bluetooth's radio: that is how late a Bluetooth speaker is.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.app.levels import blocks_of, gives_nothing
from assistant.content.root import content_root
from assistant.devices import find_device
from assistant.errors import DeviceError
from assistant.hearing.level import to_db
from assistant.hearing.microphone import Microphone
from assistant.hearing.recogniser import RATE
from assistant.settings import Settings
from assistant.sound import Sound, read_wav, resampled
from assistant.speaking.output import SpeakerStream, choose_output

CHIME = "start.wav"
QUIET_SECONDS = 2.5
"""Of the room, heard before the chime begins: what it is told apart from."""
LATEST_SECONDS = 1.5
"""The chime is waited for so long. The slowest Bluetooth speakers take half a second."""
LIMIT_SECONDS = 15.0
"""For all of it, with devices that begin slowly."""
ABOVE_THE_ROOM = 3.0
"""So many times what the room alone gives, a chime was heard. Steady noise gave 2.6 at most in 200 trials."""
LIKE_THE_CHIME = 0.15
"""And so well it fits what is heard, 0 to 1. Coughs, laughs, doors and keys after a start in silence gave 0.09 at most
in 320 trials; a chime in a room with 0.4 s of echoes, at -20 dB and in noise of -45 dBFS, 0.28 at least."""


@dataclass(frozen=True, slots=True)
class Loopback:
    """`echo_db`: how loud the speaker arrives at the microphone, against what was played, and `delay_seconds`: how
    late; both None where it does not. `noise_db`: the room, dBFS.
    """

    echo_db: float | None
    delay_seconds: float | None
    noise_db: float
    muted: bool
    """Whether the microphone gave nothing but digital silence."""


class _Chime:
    """Silence, then the chime once, then silence; for the audio callback."""

    def __init__(self, samples: NDArray[float32], rate: int) -> None:
        self._samples = samples
        self._rate = rate
        self._at: int | None = None
        self.began = math.inf
        """When its first sample was handed over, on `time.monotonic`'s clock."""

    def begin(self) -> None:
        """With the next block."""
        self._at = 0

    def fill(self, out: NDArray[float32]) -> None:
        """The next block."""
        out[:] = 0.0
        at = self._at
        if at is None or at >= len(self._samples):
            return
        if at == 0:
            self.began = time.monotonic()
        piece = self._samples[at : at + len(out)]
        out[: len(piece)] = piece
        self._at = at + len(out)


def loopback(settings: Settings) -> Loopback:
    """Play, hear and compare. Raises DeviceError."""
    output = choose_output(str(settings.speaker.device))
    microphone = Microphone(find_device(str(settings.microphone.device), "input"))
    sound = read_wav(content_root() / "audio" / CHIME)
    gain = min(10 ** (settings.speaker.volume_db / 20), 1.0 / max(float(np.abs(sound.samples).max()), 1e-6))
    sound = Sound(sound.samples * float32(gain), sound.rate)
    chime = _Chime(resampled(sound, output.rate), output.rate)
    speaker = SpeakerStream(output, chime.fill, settings.speaker.latency_seconds)
    try:
        with blocks_of(microphone, LIMIT_SECONDS) as blocks:
            speaker.open()
            heard, origin = _recorded(blocks, chime, sound.seconds)
    finally:
        speaker.close()
    if not len(heard):
        raise gives_nothing(str(settings.microphone.device))
    if math.isinf(chime.began):
        raise DeviceError("speaker-silent", "The speaker takes no sound; plug it in again, or choose another.")
    return compared(resampled(sound, RATE), heard, round((chime.began - origin) * RATE))


def _recorded(
    blocks: Iterator[NDArray[float32]], chime: _Chime, chime_seconds: float
) -> tuple[NDArray[float32], float]:
    """What was heard, and the earliest moment, on `time.monotonic`'s clock, at which its first sample can have been.

    Blocks are stamped when they come; the earliest stamp is the one that waited least.
    """
    kept: list[NDArray[float32]] = []
    count, origin, asked = 0, math.inf, False
    for block in blocks:
        kept.append(block)
        count += len(block)
        origin = min(origin, time.monotonic() - count / RATE)
        if not asked and count >= QUIET_SECONDS * RATE:
            asked = True
            chime.begin()
        if time.monotonic() > chime.began + chime_seconds + LATEST_SECONDS:
            break
    return np.concatenate(kept) if kept else np.zeros(0, dtype=float32), origin


def compared(played: NDArray[float32], heard: NDArray[float32], began: int) -> Loopback:
    """Find `played` in `heard`; both at 16 kHz. It was handed over at sample `began` of `heard`.

    Where their correlation peaks; that must stand out of what the room alone gave before, and be like the chime.
    """
    size = 1 << (len(played) + len(heard)).bit_length()
    energy = float(played.dot(played))
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(played, size))
    likeness = np.abs(np.fft.irfft(spectrum, size)[: len(heard)]) / energy
    quiet = heard[:began]
    noise = _power(quiet)
    room = float(likeness[: max(began - len(played), 1)].max())
    muted = not len(heard) or to_db(float(np.abs(heard).max())) < -100.0
    after = likeness[began : began + round(LATEST_SECONDS * RATE)]
    at = int(np.argmax(after)) if len(after) else 0
    there = heard[began + at : began + at + len(played)]
    likely = float(after[at]) * math.sqrt(energy / max(float(there.dot(there)), 1e-12)) if len(after) else 0.0
    if likely < LIKE_THE_CHIME or float(after[at]) < ABOVE_THE_ROOM * room:
        return Loopback(None, None, to_db(math.sqrt(noise)), muted)
    direct = float(after[at]) ** 2  # where the noise is louder than the echo, what is like the chime counts
    echo = max((_power(there) - noise) / (energy / len(played)), direct)
    return Loopback(10.0 * math.log10(echo), at / RATE, to_db(math.sqrt(noise)), muted)


def _power(samples: NDArray[float32]) -> float:
    return float(samples.dot(samples)) / len(samples) if len(samples) else 0.0
