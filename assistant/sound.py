"""Sound as samples, and WAV files of every common kind. The standard library's `wave` knows only whole-number PCM."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.errors import DeviceError

INAUDIBLE = 1e-4
"""-80 dBFS."""
_PCM, _FLOAT, _EXTENSIBLE = 1, 3, 0xFFFE


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """Mono samples, -1 to 1, at `rate` Hz."""

    samples: NDArray[float32]
    rate: int

    @property
    def seconds(self) -> float:
        """How long it lasts."""
        return len(self.samples) / self.rate


def read_wav(path: Path) -> Sound:
    """Any rate, width and channel count, mixed to mono. A truncated file gives what is there. Raises DeviceError."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise DeviceError("sound-file-missing", f"There is no file {path}; check the name.") from None
    except IsADirectoryError:
        raise DeviceError("sound-file-not-wav", f"{path} is a folder; name a WAV file in it.") from None
    except OSError as error:
        raise DeviceError("sound-file-unreadable", f"{path} cannot be read ({error.strerror}).") from None
    if not data:
        raise DeviceError("sound-file-empty", f"{path} is empty; record it again.")
    return parse_wav(data, str(path))


def parse_wav(data: bytes, name: str) -> Sound:
    """The bytes of a WAV file; `name` is for the error's sentence. Raises DeviceError."""
    if len(data) < 12 or data[:4] not in (b"RIFF", b"RF64") or data[8:12] != b"WAVE":
        raise DeviceError("sound-file-not-wav", f"{name} is not a WAV file; convert it, for example: sox IN out.wav")
    layout: tuple[int, int, int, int] | None = None
    at = 12
    while at + 8 <= len(data):
        chunk, size = data[at : at + 4], struct.unpack_from("<I", data, at + 4)[0]
        body = data[at + 8 : at + 8 + size]
        if chunk == b"fmt " and len(body) >= 16:
            kind, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", body)
            if kind == _EXTENSIBLE and len(body) >= 26:
                kind = struct.unpack_from("<H", body, 24)[0]
            layout = kind, channels, rate, bits
        elif chunk == b"data" and layout is not None:
            return _decode(body, layout, name)
        at += 8 + size + size % 2
    raise DeviceError("sound-file-empty", f"{name} holds no sound; it may have been cut off. Record it again.")


def _decode(body: bytes, layout: tuple[int, int, int, int], name: str) -> Sound:
    kind, channels, rate, bits = layout
    width = bits // 8
    if (kind, bits) not in {(_PCM, 8), (_PCM, 16), (_PCM, 24), (_PCM, 32), (_FLOAT, 32), (_FLOAT, 64)}:
        raise DeviceError(
            "sound-file-format", f"{name} is WAV of a kind that cannot be read (format {kind}, {bits} bit); use 16 bit."
        )
    if not channels or not 1_000 <= rate <= 768_000:
        raise DeviceError("sound-file-format", f"{name} says {channels} channels at {rate} Hz; that cannot be right.")
    body = body[: len(body) // (width * channels) * width * channels]
    if not body:
        raise DeviceError("sound-file-empty", f"{name} holds no sound; record it again.")
    if kind == _FLOAT:
        samples = np.nan_to_num(np.frombuffer(body, dtype=f"<f{width}").astype(float32))
    elif bits == 8:
        samples = (np.frombuffer(body, dtype=np.uint8).astype(float32) - 128.0) / 128.0
    elif bits == 24:
        bytes_ = np.frombuffer(body, dtype=np.uint8).reshape(-1, 3)
        padded = np.zeros((len(bytes_), 4), dtype=np.uint8)
        padded[:, 1:] = bytes_
        samples = padded.view("<i4").ravel().astype(float32) / 2147483648.0
    else:
        samples = np.frombuffer(body, dtype=f"<i{width}").astype(float32) / float(1 << (bits - 1))
    mono = samples.reshape(-1, channels).mean(axis=1, dtype=float32)
    return Sound(np.clip(mono, -1.0, 1.0), rate)


def to_int16(samples: NDArray[float32]) -> bytes:
    """16-bit little-endian PCM."""
    return (np.clip(samples, -1.0, 1.0) * 32767.0).astype("<i2").tobytes()


def wav_header(rate: int, sample_count: int) -> bytes:
    """The 44 bytes before 16-bit mono samples."""
    size = sample_count * 2
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size, b"WAVE", b"fmt ", 16, _PCM, 1, rate, rate * 2, 2, 16, b"data", size
    )


class Writable(Protocol):
    """An open binary file."""

    def write(self, data: bytes, /) -> object:
        """Raises OSError."""
        ...


def write_wav(file: Writable, sound: Sound) -> None:
    """16-bit mono. Raises OSError."""
    file.write(wav_header(sound.rate, len(sound.samples)) + to_int16(sound.samples))


def resampled(sound: Sound, rate: int) -> NDArray[float32]:
    """The samples at another rate."""
    if sound.rate == rate:
        return sound.samples
    import soxr

    out: NDArray[float32] = soxr.resample(sound.samples, sound.rate, rate).astype(float32)
    return out
