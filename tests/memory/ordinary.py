"""A person whom a mode of 0500 stops: whoever runs these tests may be root, whom it does not."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager

VERSION_3 = 0x20080522
BEYOND_MODES = 0b1110
"""CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH and CAP_FOWNER, by their bits (linux/capability.h)."""


@contextmanager
def ordinary() -> Iterator[None]:
    """For this thread and those it starts; elsewhere than on Linux nobody runs tests as root."""
    if not sys.platform.startswith("linux"):
        yield
        return
    libc, header = ctypes.CDLL(None, use_errno=True), (ctypes.c_uint32 * 2)(VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)()
    libc.capget(header, sets)
    effective, sets[0] = sets[0], sets[0] & ~BEYOND_MODES
    libc.capset(header, sets)
    try:
        yield
    finally:
        sets[0] = effective
        libc.capset(header, sets)
