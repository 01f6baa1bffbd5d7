"""What a language model was used for today: requests, tokens and the last error, in a small file without a word in it.

The cap is for the person's purse. It is kept over restarts, and where the file cannot be written no model is asked.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

CHARACTERS_A_TOKEN = 4
"""Of English, about; for answers that were broken off before the server told how many they were."""


@dataclass(frozen=True, slots=True)
class Day:
    """`day`: ISO. `error`: the code of the last failure, or empty."""

    day: str
    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    error: str = ""

    @property
    def tokens(self) -> int:
        """Both ways."""
        return self.tokens_in + self.tokens_out


class Usage:
    """Used from one thread. `lasting`: False for a guest, of whom nothing is written."""

    def __init__(self, path: Path, cap: int, today: Callable[[], date] = date.today, *, lasting: bool = True) -> None:
        self._path = path
        self._cap = cap
        self._today = today
        self._lasting = lasting
        self._unwritable = False
        self._known: Day | None = None

    @property
    def day(self) -> Day:
        """Today's; what is of another day, or cannot be read, counts as nothing."""
        today = self._today().isoformat()
        known = self._known or self._read()
        return known if known.day == today else Day(today, error=known.error)

    @property
    def spent(self) -> bool:
        """Whether no more is asked today."""
        return self._unwritable or self.day.tokens >= self._cap

    def add(self, tokens_in: int, tokens_out: int) -> None:
        """One request, as far as it came."""
        day = self.day
        self._keep(
            replace(
                day,
                requests=day.requests + 1,
                tokens_in=day.tokens_in + tokens_in,
                tokens_out=day.tokens_out + tokens_out,
            )
        )

    def failed(self, code: str) -> None:
        """The last error, for `grounding doctor`."""
        self._keep(replace(self.day, error=code))

    def _keep(self, day: Day) -> None:
        self._known = day
        if not self._lasting:
            return
        part = self._path.with_suffix(".part")
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.write_text(json.dumps(asdict(day)), encoding="utf-8")
            os.replace(part, self._path)  # noqa: PTH105 - atomic: a half-written file would forget the cap
        except OSError:
            self._unwritable = True

    def _read(self) -> Day:
        try:
            row: Any = json.loads(self._path.read_text(encoding="utf-8"))
            requests, into, out = (max(int(row[name]), 0) for name in ("requests", "tokens_in", "tokens_out"))
            return Day(str(row["day"]), requests, into, out, str(row["error"]))
        except (OSError, ValueError, TypeError, KeyError):
            return Day("")


def estimated(text: str) -> int:
    """Tokens of a text, about."""
    return len(text) // CHARACTERS_A_TOKEN + 1
