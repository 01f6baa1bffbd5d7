"""Memory that is not needed, kept from being held: glibc holds on to what was freed, for every thread apart."""

from __future__ import annotations

import ctypes
import gc
import sys
from typing import Any

ARENAS, ONE_ARENA = -8, 1
TRIM, MMAP, BYTES = -1, -3, 1_048_576
"""Of glibc's mallopt(3): what threads free goes into one pool; blocks from 1 MiB on, and what is free at its end, go
back to the system at once. Reading aloud for half an hour held 250 MB without (docs/hearing.md). From 64 KiB on, each
comparison of an echo with what was played would be a block of its own, and hearing over the voice cost a fifth more."""


def hold_little_memory() -> None:
    """From now on; to be called before there are threads. Elsewhere than with glibc it does nothing."""
    setting = getattr(_c_library(), "mallopt", None)
    if setting is not None:
        for name, value in ((ARENAS, ONE_ARENA), (TRIM, BYTES), (MMAP, BYTES)):
            setting(name, value)


def give_back_memory() -> None:
    """What starting took and running does not need, to the system. What is left stays to the end and is collected no
    more: a collection of it all takes 40 ms, in which the speaker gets no sound.
    """
    gc.collect()
    gc.freeze()
    trim = getattr(_c_library(), "malloc_trim", None)  # musl has none
    if trim is not None:
        trim(0)


def _c_library() -> Any:
    return ctypes.CDLL(None) if sys.platform == "linux" else None
