"""What is remembered, in forms that other programs read, and back. Bad input gets one line and loses nothing."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from assistant.core.past import Past, PastExercise
from assistant.core.states import State
from assistant.errors import StoreError

if TYPE_CHECKING:
    from assistant.memory.notes import Note

FORMAT = "grounding-memory"
EDITION = 1
COLUMNS = ("ended", "exercise", "state", "before", "after", "worse", "stopped")
"""In JSON and in CSV alike. `ended` is ISO 8601 with its zone; an absent number is null, or an empty cell."""
LONGEST_NAME = 100
"""Characters of an exercise's id; ours have at most twenty."""
FIRST, LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(9000, 12, 31, tzinfo=UTC)
"""Moments that any zone can show."""
NOTE_KINDS = ("reflection", "bookmark")
LONGEST_NOTE = 10_000
"""As in `notes.py`, which is not loaded for this: it needs the key."""
_FLAGS = {"true": True, "false": False}
_NAMES = frozenset(COLUMNS)
_NOTE_FIELDS = ("written", "kind", "text")
_STATES = {state.value: state for state in State}


@dataclass(frozen=True, slots=True)
class Written:
    """A note as it is carried. Its words are in no repr."""

    written: datetime
    kind: str
    text: str = field(repr=False)


def fields(entry: PastExercise) -> dict[str, object]:
    """One entry by column."""
    return {
        "ended": entry.ended.isoformat(),
        "exercise": entry.exercise,
        "state": entry.state.value,
        "before": entry.before,
        "after": entry.after,
        "worse": entry.worse,
        "stopped": entry.stopped,
    }


def to_json(past: Past, notes: Iterable[Note] | None = None) -> str:
    """One object that says what it is. `notes`: their words, readable by whoever reads this; None: they stay out."""
    parts = {"format": json.dumps(FORMAT), "edition": json.dumps(EDITION), "entries": listed(map(fields, past), "  ")}
    if notes is not None:
        carried = ({"written": note.written.isoformat(), "kind": note.kind.value, "text": note.text} for note in notes)
        parts["notes"] = listed(carried, "  ")
    return "{\n" + ",\n".join(f'  "{name}": {value}' for name, value in parts.items()) + "\n}\n"


def listed(rows: Iterable[Mapping[str, object]], indent: str = "") -> str:
    """A JSON list with a row on each line: a third of the time that an indented one takes, and no longer."""
    encode = json.JSONEncoder(ensure_ascii=False).encode
    lines = ",\n".join(f"{indent}  {encode(row)}" for row in rows)
    return f"[\n{lines}\n{indent}]" if lines else "[]"


def to_csv(past: Past) -> str:
    """A head, and a line for each entry."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for entry in past:
        row = fields(entry)
        writer.writerow(row | {flag: str(row[flag]).lower() for flag in ("worse", "stopped")})
    return out.getvalue()


def read(text: str) -> tuple[Past, list[Written]]:
    """Entries and notes from either form; only JSON has notes. Raises StoreError, with where and what, for what
    `to_json` and `to_csv` do not write.
    """
    text = text.removeprefix("\ufeff")
    if text.lstrip()[:1] not in ("{", "["):
        return tuple(_from_csv(text)), []
    value = _object(text)
    rows = value.get("notes", [])
    if not isinstance(rows, list):
        raise _bad("its notes are no list")
    return tuple(_from_json(value)), [_note(row, f"note {number}") for number, row in enumerate(rows, 1)]


def _note(row: object, where: str) -> Written:
    if not isinstance(row, dict) or set(row) != set(_NOTE_FIELDS):
        raise _bad(_misfit(row, where, _NOTE_FIELDS))
    if row["kind"] not in NOTE_KINDS:
        raise _bad(f"{where}: its kind has to be {' or '.join(NOTE_KINDS)}")
    if not isinstance(row["text"], str) or not 0 < len(row["text"].strip()) <= LONGEST_NOTE:
        raise _bad(f"{where}: its text is empty or too long")
    return Written(_moment(row["written"], where), row["kind"], row["text"].strip())


def _misfit(row: object, where: str, fields: tuple[str, ...]) -> str:
    """Without what is too much in it: that may be somebody's words."""
    missing = [field for field in fields if not isinstance(row, dict) or field not in row]
    if missing:
        return f"{where} lacks the field{'s' * (len(missing) > 1)} {', '.join(missing)}"
    return f"{where} has more fields than {', '.join(fields)}"


def unseen(entries: Iterable[PastExercise], known: Past) -> list[PastExercise]:
    """Those that are not remembered yet, so that the same file may be read twice. The same moment is the same in any
    zone, and two that are alike are two.
    """
    seen = Counter(known)
    new: list[PastExercise] = []
    for entry in entries:
        if seen[entry]:
            seen[entry] -= 1
        else:
            new.append(entry)
    return new


def _from_json(value: dict[str, Any]) -> Iterator[PastExercise]:
    for number, row in enumerate(value["entries"], 1):
        where = f"entry {number}"
        if not isinstance(row, dict) or row.keys() != _NAMES:
            raise _bad(_misfit(row, where, COLUMNS))
        yield _entry(row, where)


def _object(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise _bad("it is not whole as JSON; export it once more") from None
    if not isinstance(value, dict) or value.get("format") != FORMAT or not isinstance(value.get("entries"), list):
        raise _bad("it was not made by 'grounding export'")
    if value.get("edition") != EDITION:
        raise _bad("a newer version of this program made it; install that one")
    return value


def _from_csv(text: str) -> Iterator[PastExercise]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        head = next(reader, [])
        if tuple(head) != COLUMNS:
            raise _bad(f"it is neither JSON nor CSV that begins with {','.join(COLUMNS)}")
        for row in reader:
            where = f"line {reader.line_num}"
            if len(row) != len(COLUMNS):
                raise _bad(f"{where} has {len(row)} cells and not {len(COLUMNS)}")
            cells: dict[str, Any] = dict(zip(COLUMNS, row, strict=True))
            for flag in ("worse", "stopped"):
                cells[flag] = _FLAGS.get(cells[flag])
            for number in ("before", "after"):
                cells[number] = _cell(cells[number])
            yield _entry(cells, where)
    except csv.Error:
        raise _bad(f"line {reader.line_num} is not whole as CSV") from None


def _cell(text: str) -> float | str | None:
    try:
        return float(text) if text else None
    except ValueError:
        return text


def _entry(row: Mapping[str, Any], where: str) -> PastExercise:
    name = row["exercise"]
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise _bad(f"{where}: exercise has to be a name")
    state = _STATES.get(row["state"]) if isinstance(row["state"], str) else None
    if state is None:
        raise _bad(f"{where}: there is no such state")
    for number in ("before", "after"):
        value = row[number]
        if value is not None and (
            isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 10
        ):
            raise _bad(f"{where}: {number} has to be from 0 to 10, or nothing")
    for flag in ("worse", "stopped"):
        if not isinstance(row[flag], bool):
            raise _bad(f"{where}: {flag} has to be true or false")
    before, after = (None if row[number] is None else float(row[number]) for number in ("before", "after"))
    ended = _moment(row["ended"], where)
    return PastExercise(ended, name, state, before, after, row["worse"], row["stopped"])


def _moment(text: object, where: str) -> datetime:
    """To the second, as they are kept."""
    try:
        moment = datetime.fromisoformat(text) if isinstance(text, str) else None
        if moment is not None and moment.tzinfo is not None and FIRST <= moment <= LAST:
            return moment.replace(microsecond=0)
    except (ValueError, OverflowError):
        pass
    raise _bad(f"{where}: ended has to be a time with its zone, such as 2026-11-26T20:15:00+01:00")


def _bad(what: str) -> StoreError:
    """The file's own words are not repeated."""
    return StoreError("import-misfit", f"The file cannot be imported, and nothing was changed: {what}.")
