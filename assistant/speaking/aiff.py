"""A small reader of AIFF and AIFF-C, which macOS voices write; the standard library's went in Python 3.13."""

from __future__ import annotations

import math
import struct

import numpy as np

from assistant.errors import DeviceError
from assistant.sound import Sound


def parse_aiff(data: bytes) -> Sound:
    """16-bit sound, big-endian, or little-endian as AIFF-C `sowt`. Raises DeviceError."""
    if data[:4] != b"FORM" or data[8:12] not in (b"AIFF", b"AIFC"):
        raise DeviceError("sound-file-format", "This is not an AIFF file.")
    channels, bits, rate, order = 1, 16, 22_050, ">"
    at = 12
    while at + 8 <= len(data):
        chunk, size = data[at : at + 4], struct.unpack_from(">I", data, at + 4)[0]
        body = data[at + 8 : at + 8 + size]
        if chunk == b"COMM" and len(body) >= 18:
            channels, _, bits = struct.unpack_from(">hIh", body)
            rate = _rate(body[8:18])
            order = "<" if body[18:22] == b"sowt" else ">"
        elif chunk == b"SSND" and bits == 16 and channels > 0 and rate > 0:
            offset = struct.unpack_from(">I", body)[0] if len(body) >= 8 else 0
            frames = body[8 + offset :]
            frames = frames[: len(frames) // (2 * channels) * 2 * channels]
            samples = np.frombuffer(frames, dtype=f"{order}i2").astype(np.float32) / 32768.0
            return Sound(samples.reshape(-1, channels).mean(axis=1, dtype=np.float32), rate)
        at += 8 + size + size % 2
    raise DeviceError("sound-file-format", "This AIFF file holds no 16-bit sound.")


def _rate(data: bytes) -> int:
    """AIFF writes its rate as an 80-bit number. 0: no rate of any sound."""
    exponent, mantissa = struct.unpack(">HQ", data)
    exponent -= 16383 + 63
    return round(math.ldexp(mantissa, exponent)) if -63 < exponent < 0 else 0
