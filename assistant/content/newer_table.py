"""The support list beside a newer table of numbers: what differs, for a person to look into. Nothing is merged."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from assistant.errors import UsageError
from assistant.safety.support import Support

COLUMNS = ("iso", "emergency", "phone")
"""What a table needs; other columns are passed over."""


def differences(path: Path, known: Mapping[str, Support]) -> Iterator[str]:
    """A line a difference. Raises UsageError for a file that is no such table."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file, strict=True))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        hint = f"{path} cannot be read as a table: {error}. Give a CSV file with a row of column names."
        raise UsageError("table-unreadable", hint) from None
    missing = [name for name in COLUMNS if not rows or name not in rows[0]]
    if missing:
        hint = f"{path} has no column {', '.join(missing)}: a table has iso, emergency and phone, one country a row."
        raise UsageError("table-unreadable", hint)
    for row in rows:
        code = (row["iso"] or "").strip().upper()
        support = known.get(code)
        if support is None:
            yield f"{code}: not in the list here"
            continue
        emergency, phones = _numbers(row["emergency"]), _numbers(row["phone"])
        if emergency and _digits(support.emergency) not in emergency:
            yield f"{code}: emergency is {support.emergency} here, and {row['emergency']} there"
        here = {_digits(line.phone) for line in support.lines if line.phone}
        if phones and not here & phones:
            listed = ", ".join(line.phone for line in support.lines if line.phone) or "no number"
            yield f"{code}: the line is {listed} here, and {row['phone']} there"
    for code in sorted(known.keys() - {(row["iso"] or "").strip().upper() for row in rows} - {"ZZ"}):
        yield f"{code}: not in {path.name}"


def _numbers(text: str | None) -> set[str]:
    """Every number a cell may mean: its parts, and all its digits as one."""
    cell = text or ""
    for between in (" or ", " and ", ",", ";", "/", "("):
        cell = cell.replace(between, "|")
    return {_digits(part) for part in cell.split("|") if _digits(part)}


def _digits(text: str) -> str:
    return "".join(character for character in text if character.isdecimal())
