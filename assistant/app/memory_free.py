"""What this machine can give: memory, and processor cores."""

from __future__ import annotations

import os
from pathlib import Path

PLENTY_MB = 4096
"""Assumed of a system that does not say."""


def free_memory_mb(told: Path = Path("/proc/meminfo")) -> int:
    """What a program can have without swapping: on Linux the kernel's own estimate."""
    try:
        rows = told.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return PLENTY_MB
    amounts = [row.split()[1] for row in rows if row.startswith("MemAvailable:")]
    return int(amounts[0]) // 1024 if amounts else PLENTY_MB


def cores() -> int:
    """Those this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
