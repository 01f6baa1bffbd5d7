"""Memory that starting took and running does not need."""

from __future__ import annotations

import ctypes
import gc
import sys


def give_back_memory() -> None:
    """To the system. glibc keeps what was freed; elsewhere it is given back by itself."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
        if trim is not None:
            trim(0)
