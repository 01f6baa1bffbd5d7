"""The speaker: one output stream kept open for the session, at the device's own rate; and a WAV file in its place."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Flag
from threading import Thread, current_thread
from typing import Any

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.errors import DeviceError
from assistant.sound import to_int16, wav_header

BLOCK = 512
"""Frames a callback. Blocks that are no power of two crackle on PipeWire (agbplay#93)."""
BLOCK_SECONDS = 0.01
"""A silent clock, and a file, ask for blocks of this size."""


@dataclass(frozen=True, slots=True)
class OutputChoice:
    """A device as PortAudio knows it now; its index is valid until devices are looked up again."""

    index: int
    name: str
    rate: int
    channels: int


def choose_output(wanted: str) -> OutputChoice:
    """`default`, an index, or part of a name. Raises DeviceError: `speaker-missing` or `speaker-unknown`."""
    from assistant.devices import find_device

    device = find_device(wanted, "output")
    return OutputChoice(device.index, device.name, round(device.rate), min(device.outputs, 2))


class SpeakerStream:
    """PortAudio asks, `fill` answers. `last_block` says when it last asked, for the watchdog."""

    def __init__(self, choice: OutputChoice, fill: Callable[[NDArray[float32]], None], latency_seconds: float) -> None:
        self._choice = choice
        self._fill = fill
        self._latency = latency_seconds
        self._stream: Any = None
        self._mono = np.zeros(BLOCK, dtype=float32)
        self._block = np.zeros((BLOCK, choice.channels), dtype=float32)
        self._bytes = self._block.data.cast("B")
        self.last_block = 0.0
        self.underflows = 0

    def open(self) -> None:
        """Raises DeviceError `speaker-busy`."""
        import sounddevice

        self.last_block = time.monotonic()
        try:
            # Raw, as most blocks of a session are silence, and an array made for each is a third of its cost.
            self._stream = sounddevice.RawOutputStream(
                samplerate=self._choice.rate, blocksize=BLOCK, device=self._choice.index,
                channels=self._choice.channels,
                dtype="float32", latency=self._latency, callback=self._callback,
            )  # fmt: skip
            self._stream.start()
        except sounddevice.PortAudioError as error:
            raise DeviceError(
                "speaker-busy",
                f"The speaker {self._choice.name!r} cannot be opened ({error.args[0]}); close what else uses it.",
            ) from None

    def close(self) -> None:
        """At once. May be called twice."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)

    def _callback(self, out: Any, frames: int, moment: Any, status: Any) -> None:
        self._fill(self._mono)
        self._block[:] = self._mono[:, None]
        out[:] = self._bytes
        self.last_block = time.monotonic()
        if status:
            self.underflows += 1


class SilentSpeaker:
    """A clock in place of a speaker that is not there: captions go on in time, and nothing is heard."""

    def __init__(self, rate: int, fill: Callable[[NDArray[float32]], None]) -> None:
        self._rate = rate
        self._fill = fill
        self._closed = Flag()
        self._thread = Thread(target=self._run, name="silent speaker", daemon=True)

    def open(self) -> None:
        """Begin to ask for blocks."""
        self._thread.start()

    def close(self) -> None:
        """Stop asking. May be called twice."""
        self._closed.set()
        if self._thread.is_alive() and self._thread is not current_thread():
            self._thread.join(1.0)

    def _run(self) -> None:
        block = np.zeros(round(BLOCK_SECONDS * self._rate), dtype=float32)
        due = time.monotonic()
        while not self._closed.wait(max(due - time.monotonic(), 0.0)):
            self._fill(block)
            due += BLOCK_SECONDS


class WavSpeaker:
    """Writes what would be heard into a WAV file, as it comes. Raises DeviceError `sound-file-unwritable`."""

    def __init__(self, path: Path, rate: int) -> None:
        self._path = path
        self._rate = rate
        self._count = 0
        try:
            self._file = path.open("wb")
            self._file.write(wav_header(rate, 0))
        except OSError as error:
            raise self._unwritable(error) from None

    def write(self, samples: NDArray[float32]) -> None:
        """The next block, mono."""
        try:
            self._file.write(to_int16(samples))
        except OSError as error:
            raise self._unwritable(error) from None
        self._count += len(samples)

    def close(self) -> None:
        """Write the true length into the header. May be called twice."""
        if self._file.closed:
            return
        try:
            with self._file:
                self._file.seek(0)
                self._file.write(wav_header(self._rate, self._count))
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> DeviceError:
        return DeviceError(
            "sound-file-unwritable", f"{self._path} cannot be written ({error.strerror}); choose another place."
        )


class WavClock:
    """Writes a WAV file in real time, for `--realtime`."""

    def __init__(self, path: Path, rate: int, fill: Callable[[NDArray[float32]], None]) -> None:
        self._file = WavSpeaker(path, rate)
        self._clock = SilentSpeaker(rate, self._write)
        self._fill = fill

    def open(self) -> None:
        """Begin."""
        self._clock.open()

    def close(self) -> None:
        """Write the true length."""
        self._clock.close()
        self._file.close()

    def _write(self, block: NDArray[float32]) -> None:
        self._fill(block)
        self._file.write(block)
