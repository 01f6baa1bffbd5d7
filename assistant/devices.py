"""The sound devices of this machine: found by index or by name (indices shift when something is plugged in), and
opened at a rate and with a channel count that they take.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import re
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from assistant.errors import DeviceError
from assistant.unheard import libraries_unheard

Direction = Literal["input", "output"]
_SPOKEN = {"input": "microphone", "output": "speaker"}
COMMON_RATES = (48_000, 44_100, 32_000, 16_000, 96_000, 192_000, 22_050, 8_000)
"""Hz, tried in this order when a device refuses the rate it names: what hardware has, and then what headsets have."""
INVALID_RATE, INVALID_CHANNELS = -9997, -9998
"""paInvalidSampleRate and paInvalidChannelCount of portaudio.h."""
SWITCH_SECONDS = 0.0005
"""How long one thread of Python keeps another waiting; Python's own is 5 ms. A callback waits several times: numpy lets
go of the interpreter's lock for whatever has more than 500 samples. So while the built-in recogniser decoded, a block
took up to 30 ms, a speaker that is played to 20 ms ahead ran dry at every cough, and the echo slipped. With this it was
5 ms at most, and decoding takes no longer than before (`python -m benchmarks.callback_waits`)."""
_ALSA_NAME = re.compile(r"\((hw:\d+,\d+)\)$")
"""What PortAudio adds to the name of a card."""
_NONBLOCK = 1
"""SND_PCM_NONBLOCK."""
_NOBODY_THERE = frozenset({errno.ECONNREFUSED, errno.ENODEV, errno.EIO, errno.EPIPE, errno.ECONNRESET})


@dataclass(frozen=True, slots=True)
class Device:
    """As PortAudio knows it now."""

    index: int
    name: str
    rate: float
    inputs: int
    outputs: int
    default: bool = False

    def channels(self, direction: Direction) -> int:
        """How many it has at most."""
        return self.inputs if direction == "input" else self.outputs


def _portaudio() -> Any:
    try:
        import sounddevice
    except OSError:
        raise DeviceError(
            "portaudio-missing",
            "PortAudio is not installed, so there is no sound. On Debian, Ubuntu or Raspberry Pi OS: "
            "sudo apt install libportaudio2.",
        ) from None
    _quiet_alsa()
    return sounddevice


@functools.cache
def _alsa() -> Any:
    """Linux's sound library, which PortAudio uses; None elsewhere."""
    try:
        return ctypes.CDLL("libasound.so.2")
    except OSError:
        return None


@functools.cache
def _quiet_alsa() -> None:
    """ALSA writes to standard error whatever befalls it, from threads of its own, into the middle of the captions."""
    if (alsa := _alsa()) is not None:
        # Any function of C's that ignores what it is called with: one of Python's would make the sound wait for Python.
        alsa.snd_lib_error_set_handler(ctypes.cast(ctypes.CDLL(None).getpid, ctypes.c_void_p))


def all_devices(direction: Direction) -> list[Device]:
    """Every device that can do `direction`. Raises DeviceError `portaudio-missing`."""
    portaudio = _portaudio()
    default = portaudio.default.device[0 if direction == "input" else 1]
    devices = [
        Device(
            index, str(row["name"]), float(row["default_samplerate"]), int(row["max_input_channels"]),
            int(row["max_output_channels"]), index == default,
        )
        for index, row in enumerate(portaudio.query_devices())
    ]  # fmt: skip
    return [device for device in devices if device.channels(direction) > 0]


def find_device(wanted: str, direction: Direction) -> Device:
    """`default`, an index, or part of a name that only one device has.

    Raises DeviceError: `microphone-missing`, `microphone-unknown`, and the same for `speaker`.
    """
    what = _SPOKEN[direction]
    devices = all_devices(direction)
    if not devices:
        hint = f"This machine has no {what} that can be used; plug one in."
        if wanted != "default":
            hint = f"No {what} matches {wanted!r}: this machine has none that can be used."
        raise DeviceError(f"{what}-missing", hint)
    if wanted == "default":
        return next((device for device in devices if device.default), devices[0])
    if wanted.isdecimal():
        matching = [device for device in devices if device.index == int(wanted)]
    else:
        exact = [device for device in devices if device.name.lower() == wanted.lower()]
        matching = exact or [device for device in devices if wanted.lower() in device.name.lower()]
    if len(matching) == 1:
        return matching[0]
    known = "; ".join(f"{device.index}: {device.name}" for device in devices)
    how_many = "No" if not matching else "More than one"
    raise DeviceError(f"{what}-unknown", f"{how_many} {what} matches {wanted!r}. There are: {known}")


def refresh_devices() -> None:
    """Look again at what is plugged in: PortAudio freezes its list (PortAudio/portaudio#447). Closes every stream."""
    portaudio = _portaudio()
    with libraries_unheard:
        portaudio._terminate()
        portaudio._initialize()


def started_stream(
    direction: Direction,
    device: Device,
    rates: Iterable[float],
    blocksize: Callable[[int], int],
    latency: float,
    callback: Callable[..., None],
    prepare: Callable[[int, int], None],
) -> Any:
    """A raw stream of float32 that runs: at the first of `rates`, then of the device's own and the common ones.

    Two channels are asked for, or the one that there is; then all of them, one, two. `prepare` is told the rate and the
    channel count before the first callback. `latency` in seconds, `blocksize` in frames at a rate. The threads of this
    process take turns sooner from now on. Raises DeviceError `microphone-busy` or `speaker-busy`.
    """
    portaudio = _portaudio()
    kind = portaudio.RawInputStream if direction == "input" else portaudio.RawOutputStream
    what = _SPOKEN[direction]
    sys.setswitchinterval(SWITCH_SECONDS)
    if not _alsa_lets_in(device, direction):
        raise DeviceError(f"{what}-busy", f"The {what} {device.name!r} is not there yet; it is tried again.")
    try:
        with libraries_unheard:
            stream = _accepted(kind, device, direction, rates, blocksize, latency=latency, callback=callback)
            prepare(round(stream.samplerate), stream.channels)
            try:
                stream.start()
            except portaudio.PortAudioError:
                stream.close(ignore_errors=True)
                raise
    except portaudio.PortAudioError as error:
        raise DeviceError(
            f"{what}-busy",
            f"The {what} {device.name!r} cannot be opened ({error.args[0]}); close what else uses it.",
        ) from None
    return stream


def start_again(stream: Any) -> None:
    """A stream that was stopped. One that fails is not active afterwards."""
    portaudio = _portaudio()
    with libraries_unheard, suppress(portaudio.PortAudioError):
        stream.start()


def _alsa_lets_in(device: Device, direction: Direction) -> bool:
    """Whether ALSA opens it, as far as that can be asked beforehand. PortAudio ends the whole process when a device has
    nothing to wait for (an assertion of PaAlsaStream_Initialize), as one of a sound server that is just starting has:
    once in some thirty returns.
    """
    alsa = _alsa()
    if alsa is None:
        return True
    name = _ALSA_NAME.search(device.name)
    pcm = ctypes.c_void_p()
    opened = alsa.snd_pcm_open(
        ctypes.byref(pcm), (name[1] if name else device.name).encode(), int(direction == "input"), _NONBLOCK
    )
    if opened < 0:
        return -opened not in _NOBODY_THERE  # of anything else PortAudio tells by itself
    waits: int = alsa.snd_pcm_poll_descriptors_count(pcm)
    alsa.snd_pcm_close(pcm)
    return waits > 0


def _accepted(
    kind: Callable[..., Any],
    device: Device,
    direction: Direction,
    rates: Iterable[float],
    blocksize: Callable[[int], int],
    **options: object,
) -> Any:
    """The first rate and channel count that are not refused; any other refusal is final."""
    import sounddevice

    most = device.channels(direction)
    refusal: Exception = sounddevice.PortAudioError("no rate fits", INVALID_RATE)
    for channels in dict.fromkeys((min(most, 2), most, 1, 2)):
        for rate in dict.fromkeys(round(rate) for rate in (*rates, device.rate, *COMMON_RATES) if rate > 0):
            try:
                return kind(
                    samplerate=rate, blocksize=blocksize(rate), device=device.index, channels=channels,
                    dtype="float32", **options,
                )  # fmt: skip
            except sounddevice.PortAudioError as error:
                refusal = error
                code = error.args[1] if len(error.args) > 1 else None
                if code == INVALID_CHANNELS:
                    break
                if code != INVALID_RATE:
                    raise
    raise refusal
