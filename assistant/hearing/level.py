"""How loud a sound is."""

from __future__ import annotations

import math


def to_db(rms: float) -> float:
    """An RMS of samples (-1 to 1) in dBFS; silence is -120."""
    return 20.0 * math.log10(max(rms, 1e-6))
