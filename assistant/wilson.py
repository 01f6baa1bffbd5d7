"""A share and how sure it is."""

from __future__ import annotations

import math
from dataclasses import dataclass

Z_95 = 1.959963984540054
"""The 97.5 % quantile of the normal distribution: two-sided 95 %."""


@dataclass(frozen=True, slots=True)
class Share:
    """`found` of `of`, with the Wilson 95 % interval (Wilson 1927). All None where there was nothing to count."""

    found: int
    of: int
    rate: float | None
    low: float | None
    high: float | None

    def __str__(self) -> str:
        if self.rate is None or self.low is None or self.high is None:
            return "none to count"
        counted = f"({self.found} of {self.of})"
        return f"{self.rate:6.1%}  [{self.low:.1%}, {self.high:.1%}]  {counted}"


def share(found: int, of: int) -> Share:
    """The share and its interval: unlike the plain one it stays within 0 to 1, and is honest for few cases."""
    if of == 0:
        return Share(0, 0, None, None, None)
    rate = found / of
    spread = Z_95**2 / of
    centre = (rate + spread / 2) / (1 + spread)
    half = Z_95 / (1 + spread) * math.sqrt(rate * (1 - rate) / of + spread / (4 * of))
    return Share(found, of, round(rate, 6), round(max(centre - half, 0.0), 6), round(min(centre + half, 1.0), 6))
