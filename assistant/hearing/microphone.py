"""The microphone: PortAudio at the device's own rate, resampled to 16 kHz mono; or a sound file in its place."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from queue import Empty, Full, Queue
from threading import Event as Flag
from typing import Any

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event, InputEnded
from assistant.devices import Device, started_stream
from assistant.hearing.recogniser import RATE
from assistant.sound import Sound, resampled

QUEUED_BLOCKS = 1000
"""Kept when hearing is late, ten seconds of them; then the oldest is dropped and counted."""
BLOCK_SECONDS = 0.032
"""One frame of the voice activity model."""
MOST_LOST_SECONDS = 2.0
"""A device that was silent for longer is the watchdog's."""
CALLBACK_FRAMES = 512
"""A power of two, as at the speaker. With three times as many, and twice the latency, sound came 20 ms later."""
LATENCY_SECONDS = 0.032
WORKS_SECONDS = 0.25
"""Of sound delivered; more than any buffer that `LATENCY_SECONDS` asks for."""


class Microphone:
    """One input stream. Its callback copies a block and does nothing else."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._rate = round(device.rate)
        self._channels = 1
        self._blocks: Queue[bytes | None] = Queue(maxsize=QUEUED_BLOCKS)
        self._stream: Any = None
        self.last_block = 0.0
        self.dropped = 0
        self._delivered = 0
        self._behind = 0.0

    def open(self) -> None:
        """At a rate and with a channel count that it takes. Raises DeviceError `microphone-busy`."""
        self.last_block = time.monotonic()
        self._stream = started_stream(
            "input", self._device, (), lambda rate: CALLBACK_FRAMES, LATENCY_SECONDS, self._callback,
            self._prepare,
        )  # fmt: skip

    def beat(self) -> float:
        """When it last delivered, on `time.monotonic`'s clock; never, when its stream is closed or has broken off."""
        stream = self._stream
        return self.last_block if stream is not None and stream.active else -math.inf

    def works(self) -> bool:
        """Whether it goes on delivering; a suspended one may hand over what was left in a buffer."""
        return self._delivered > WORKS_SECONDS * self._rate

    def blocks(self) -> Iterator[NDArray[float32]]:
        """16 kHz mono, all that has come since the last, until `close`."""
        import soxr

        stream = soxr.ResampleStream(self._rate, RATE, 1, dtype="float32", quality="HQ")
        mixer = Mixer(self._channels)
        while (block := self._blocks.get()) is not None:
            with suppress(Empty):
                while (more := self._blocks.get_nowait()) is not None:
                    block += more
                self._put(None)
            mono = mixer.mono(np.frombuffer(block, dtype=float32))
            yield stream.resample_chunk(mono) if self._rate != RATE else mono

    def close(self) -> None:
        """At once; `blocks` ends. May be called twice."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)
        self._put(None)

    def _prepare(self, rate: int, channels: int) -> None:
        self._rate, self._channels = rate, channels

    def _callback(self, block: Any, frames: int, moment: Any, status: Any) -> None:
        self.last_block = time.monotonic()
        behind = moment.inputBufferAdcTime - self._delivered / self._rate
        if status and 0.0 < behind - self._behind < MOST_LOST_SECONDS:
            # What was lost is silence, so that samples go on counting time: an echo is found by them.
            lost = round((behind - self._behind) * self._rate)
            self._delivered += lost
            self._put(bytes(lost * self._channels * 4))
            behind = self._behind
        self._behind = behind
        self._delivered += frames
        self._put(bytes(block))

    def _put(self, block: bytes | None) -> None:
        while True:
            try:
                return self._blocks.put_nowait(block)
            except Full:
                self.dropped += 1
                try:
                    self._blocks.get_nowait()
                except Empty:
                    continue


class Mixer:
    """Channels to one: the mean of those that ever carried a sample.

    A headset on a stereo jack, or a card with eight inputs, has channels of nothing but zeros; counted in, they would
    take 6 or 18 dB from the voice.
    """

    def __init__(self, channels: int) -> None:
        self._channels = channels
        self._used = np.zeros(channels, dtype=bool)
        self._weights = np.full(channels, 1.0 / channels, dtype=float32)

    def mono(self, samples: NDArray[float32]) -> NDArray[float32]:
        """From interleaved samples."""
        if self._channels == 1:
            return samples
        frames = samples.reshape(-1, self._channels)
        if not self._used.all():
            self._used |= frames.any(axis=0)
            if count := np.count_nonzero(self._used):
                self._weights = (self._used / count).astype(float32)
        mixed: NDArray[float32] = frames @ self._weights
        return mixed


class SoundFileMicrophone:
    """A recording heard as if it were spoken now."""

    def __init__(self, sound: Sound) -> None:
        self._samples = resampled(sound, RATE)
        self._at = 0

    @property
    def ended(self) -> bool:
        """Whether all of it was heard."""
        return self._at >= len(self._samples)

    def take(self, count: int) -> NDArray[float32]:
        """The next samples at 16 kHz; silence when it has ended."""
        block = self._samples[self._at : self._at + count]
        self._at += count
        return np.pad(block, (0, count - len(block))).astype(float32)


class FileBlocks:
    """A recording played into the program in real time, for `--realtime` and with a real speaker."""

    def __init__(self, file: SoundFileMicrophone, post: Callable[[Event], None]) -> None:
        self._file = file
        self._post = post
        self._closed = Flag()

    def open(self) -> None:
        """Nothing needs opening."""

    def blocks(self) -> Iterator[NDArray[float32]]:
        """16 kHz mono, in time; silence after its end."""
        due, told = time.monotonic(), False
        while not self._closed.wait(max(due - time.monotonic(), 0.0)):
            blocks = 1 + max(int((time.monotonic() - due) / BLOCK_SECONDS), 0)
            due += blocks * BLOCK_SECONDS
            yield self._file.take(blocks * round(BLOCK_SECONDS * RATE))
            if self._file.ended and not told:
                told = True
                self._post(InputEnded())

    def close(self) -> None:
        """`blocks` ends."""
        self._closed.set()
