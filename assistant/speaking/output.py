"""The speaker: one output stream kept open for the session, at the device's own rate; and a WAV file in its place."""

from __future__ import annotations

import math
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

from assistant.devices import Device, find_device, start_again, started_stream
from assistant.errors import DeviceError
from assistant.sound import to_int16, wav_header

BLOCK = 512
"""Frames a callback. Blocks that are no power of two crackle on PipeWire (agbplay#93)."""
PIECE = BLOCK // 2
"""Frames made at a time; no shorter than a fade. What a resampler does not ask for early can still be stopped. Numpy
lets go of the interpreter's lock for more than 500 samples, after which a callback waits for whatever has it then
(`python -m benchmarks.callback_waits`)."""
FRONT = 2
"""Channels that get the voice; a surround card has it in front."""
WORKS_SECONDS = 0.25
"""Of sound asked for; more than any buffer that `latency_seconds` asks for."""
MOST_LOST_SECONDS = 2.0
"""A device that was silent for longer is the watchdog's."""
AGREED_SECONDS = 0.001
"""Two calls in a row whose clocks say the same to this are steady; they are to 0.2 ms on PulseAudio."""
BLOCK_SECONDS = 0.01
"""A silent clock, and a file, ask for blocks of this size."""


@dataclass(frozen=True, slots=True)
class OutputChoice:
    """A device as PortAudio knows it now (its index is valid until devices are looked up again), and the rate in Hz of
    the sound that it will be given.
    """

    device: Device
    rate: int


def choose_output(wanted: str) -> OutputChoice:
    """`default`, an index, or part of a name. Raises DeviceError: `speaker-missing` or `speaker-unknown`."""
    device = find_device(wanted, "output")
    return OutputChoice(device, round(device.rate))


class SpeakerStream:
    """PortAudio asks, `fill` answers. `last_block` says when it last asked, for the watchdog.

    Opened at the rate of the sound if the device takes it, and resampled otherwise: a session keeps its rate when it
    goes on at another device. `lost`: told of every stretch of silence, in seconds, that the device put in because it
    ran dry.
    """

    def __init__(
        self,
        choice: OutputChoice,
        fill: Callable[[NDArray[float32]], None],
        latency_seconds: float,
        lost: Callable[[float], None] = lambda seconds: None,
    ) -> None:
        self._choice = choice
        self._source = fill
        self._lost = lost
        self._fill: Callable[[NDArray[float32]], None] | None = None
        self._waiting = False
        self._latency = latency_seconds
        self._rate = choice.rate
        self._stream: Any = None
        self._mono = np.zeros(PIECE, dtype=float32)
        self._block = np.zeros((BLOCK, 1), dtype=float32)
        self._bytes = self._block.data.cast("B")
        self.last_block = 0.0
        self._ahead = math.inf
        """When a sample is heard, on the stream's clock, less what was written before it."""
        self._steady = math.inf
        """The same, before it ran dry."""
        self._dry = False
        """It ran dry, and what its clock says is not steady yet."""
        self.asked = 0
        """Frames, since it was opened."""
        self.resting = False
        """It asks for nothing until it is woken."""

    def open(self, *, waiting: bool = False) -> None:
        """`waiting`: silent until `begin`, so that it can be seen to work first. Raises DeviceError `speaker-busy`."""
        self.last_block = time.monotonic()
        self._waiting = waiting
        self._stream = started_stream(
            "output", self._choice.device, (self._choice.rate,), lambda rate: BLOCK, self._latency, self._callback,
            self._prepare,
        )  # fmt: skip

    def begin(self) -> None:
        """Play what `fill` gives, from the next block on."""
        self._waiting = False

    def works(self) -> bool:
        """Whether it goes on asking; ALSA fills a buffer first, even of a device that takes nothing."""
        return self.asked > WORKS_SECONDS * self._rate

    def rest(self) -> None:
        """Ask for nothing, with the device still open: to be asked for silence 94 times a second costs a third of what
        the whole program does while nobody speaks (`python -m benchmarks.idle`).
        """
        stream = self._stream
        if stream is not None:
            self.resting = True
            stream.stop(ignore_errors=True)

    def wake(self) -> None:
        """Ask again: within 15 ms on PulseAudio. A device that is gone meanwhile beats no more. What was written falls
        behind what the microphone hears, by the rest: `EchoReference.follow` looks for the echo anew then.
        """
        stream = self._stream
        if stream is not None:
            self.last_block = time.monotonic()
            self._ahead = self._steady = math.inf  # that it was silent meanwhile is no running dry
            start_again(stream)
            self.resting = False

    def beat(self) -> float:
        """When it last asked, on `time.monotonic`'s clock; now, where it rests; never, when its stream is closed or has
        broken off.
        """
        if self.resting:
            return time.monotonic()
        stream = self._stream
        return self.last_block if stream is not None and stream.active else -math.inf

    def close(self) -> None:
        """At once. May be called twice."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.abort(ignore_errors=True)
            stream.close(ignore_errors=True)

    def _prepare(self, rate: int, channels: int) -> None:
        self._rate = rate
        self._block = np.zeros((BLOCK, channels), dtype=float32)
        self._bytes = self._block.data.cast("B")
        as_it_is = rate == self._choice.rate
        self._fill = self._source if as_it_is else Resampler(self._source, self._choice.rate, rate).fill

    def _callback(self, out: Any, frames: int, moment: Any, status: Any) -> None:
        self._count_silence(moment.outputBufferDacTime - self.asked / self._rate, dry=bool(status))
        for at in range(0, BLOCK, PIECE):
            self._make(self._block[at : at + PIECE])
        out[:] = self._bytes
        self.asked += frames
        self.last_block = time.monotonic()

    def _make(self, block: NDArray[float32]) -> None:
        if self._waiting or self._fill is None:
            self._mono[:] = 0.0
        else:
            self._fill(self._mono)
        for channel in block.T[:FRONT]:
            channel[:] = self._mono

    def _count_silence(self, ahead: float, *, dry: bool) -> None:
        """`ahead` jumps by as much silence as was put in. In the call that tells of it, and while it runs dry again
        and again, it is wrong by up to 30 ms; what two calls agree on was right to 2 ms
        (`python -m benchmarks.running_dry`).
        """
        agreed = not dry and abs(ahead - self._ahead) < AGREED_SECONDS
        self._ahead = ahead
        self._dry |= dry
        if self._dry and not agreed:
            return
        if self._dry and 0.0 < ahead - self._steady < MOST_LOST_SECONDS:
            self._lost(ahead - self._steady)
        self._dry, self._steady = False, ahead


class Resampler:
    """`fill` at one rate out of a `fill` at another.

    In the audio callback: soxr waits for nothing, and takes 20 µs a block. A stop is heard up to 20 ms later for it.
    """

    def __init__(self, fill: Callable[[NDArray[float32]], None], rate: int, to: int) -> None:
        import soxr

        self._fill = fill
        self._stream = soxr.ResampleStream(rate, to, 1, dtype="float32", quality="HQ")
        self._in = np.zeros(PIECE, dtype=float32)
        self._rest = np.zeros(0, dtype=float32)

    def fill(self, out: NDArray[float32]) -> None:
        """The next block."""
        while len(self._rest) < len(out):
            self._fill(self._in)
            self._rest = np.concatenate([self._rest, self._stream.resample_chunk(self._in)])
        out[:] = self._rest[: len(out)]
        self._rest = self._rest[len(out) :]


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
    """Writes a WAV file in real time, for `--realtime`. `failed`: told once when it can no longer be written; then the
    clock goes on without it.
    """

    def __init__(
        self,
        path: Path,
        rate: int,
        fill: Callable[[NDArray[float32]], None],
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self._file = WavSpeaker(path, rate)
        self._clock = SilentSpeaker(rate, self._write)
        self._fill = fill
        self._failed = failed
        self._broken = False

    def open(self) -> None:
        """Begin."""
        self._clock.open()

    def close(self) -> None:
        """Write the true length. Raises DeviceError where that, or what was to be written before, cannot be."""
        self._clock.close()
        self._file.close()

    def _write(self, block: NDArray[float32]) -> None:
        self._fill(block)
        if self._broken:
            return
        try:
            self._file.write(block)
        except DeviceError:
            self._broken = True
            self._failed()
