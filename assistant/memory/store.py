"""What is remembered: one SQLite file in the user's data directory, readable by nobody else."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache, partial
from pathlib import Path
from types import TracebackType
from typing import Self

from assistant.core.past import Past, PastExercise
from assistant.core.states import State
from assistant.errors import StoreError
from assistant.memory.schema import MISFIT, VERSION, migrate, version_of
from assistant.memory.shredding import shred
from assistant.memory.troubles import DAMAGED, primary_code, told

FILE = "memory.sqlite3"
WAIT_SECONDS = 2.0
"""How long another program's write is waited for. One of ours takes a few milliseconds."""
_COMPANIONS = ("", "-wal", "-shm")
"""SQLite's log and its index stand beside a file, and belong to it."""
COPY, ASIDE = r"before-version-\d+", r"damaged-[\d-]+"
"""What `backup_path` and `_put_aside` call a file."""
OURS = f"memory|{COPY}|{ASIDE}"


@dataclass(frozen=True, slots=True)
class Last:
    """What was written last. `exercise`: its id; None: it is a note."""

    moment: datetime
    exercise: str | None


class Store:
    """An open file. Raises StoreError, with a sentence, from every call."""

    def __init__(self, database: sqlite3.Connection, path: Path, set_aside: Path | None) -> None:
        self.path = path
        self.set_aside = set_aside
        """Where a damaged file was put when this one was begun in its place."""
        self._database = database

    @classmethod
    def open(cls, folder: Path, now: datetime, wait: float = WAIT_SECONDS) -> Store:
        """Made where there is none, brought to this program's version, and checked. A damaged file is set aside, under
        a name with the date, and a new one begun. `wait`: seconds that another program's lock is waited for.
        """
        path = folder / FILE
        with told(path):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                return cls(_opened(path, wait), path, None)
            except sqlite3.DatabaseError as error:
                if primary_code(error) not in DAMAGED:
                    raise
            aside = _put_aside(path, now)
            return cls(_opened(path, wait), path, aside)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """SQLite takes its log into the file."""
        with suppress(sqlite3.Error):
            self._database.close()

    def add(self, entries: Iterable[PastExercise]) -> int:
        """All of them or none; how many. Whoever sees this return finds them after any crash."""
        with self._all_or_none() as sequence:
            rows = [(*_row(entry), sequence + number) for number, entry in enumerate(entries)]
            self._database.executemany(f"INSERT INTO exercises ({_COLUMNS}, sequence) VALUES (?,?,?,?,?,?,?,?,?)", rows)  # noqa: S608 - our own words
        return len(rows)

    @contextmanager
    def _all_or_none(self) -> Iterator[int]:
        """One transaction; the number in the order of writing that comes next."""
        with told(self.path):
            self._database.execute("BEGIN IMMEDIATE")
            try:
                ((last,),) = self._database.execute(
                    "SELECT max(sequence) FROM (SELECT sequence FROM exercises UNION ALL SELECT sequence FROM notes)"
                ).fetchall()
                yield (last or 0) + 1
                self._database.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # a full disk has ended it already
                    self._database.execute("ROLLBACK")
                raise

    def past(self, newest: int | None = None) -> Past:
        """Everything, or so many of the newest entries; oldest first."""
        with told(self.path):
            found = self._database.execute(
                f"SELECT {_COLUMNS} FROM exercises ORDER BY ended DESC, id DESC LIMIT ?",  # noqa: S608 - our own words
                (-1 if newest is None else newest,),
            ).fetchall()
        return tuple(_entry(row) for row in reversed(found))

    def add_sealed(self, notes: Iterable[tuple[datetime, str, bytes]]) -> int:
        """Moment, kind and words, which are encrypted already; all of them or none. The number of the last."""
        with self._all_or_none() as sequence:
            for place, (written, kind, sealed) in enumerate(notes):
                number = self._database.execute(
                    "INSERT INTO notes (written, utc_offset, kind, sealed, sequence) VALUES (?,?,?,?,?)",
                    (*_moment(written), kind, sealed, sequence + place),
                ).lastrowid
        return number or 0

    def sealed(self) -> list[tuple[int, datetime, str, bytes]]:
        """Number, moment, kind and encrypted words of every note, in the order they were written."""
        with told(self.path):
            rows = self._database.execute(
                "SELECT id, written, utc_offset, kind, sealed FROM notes ORDER BY id"
            ).fetchall()
        return [(number, _zoned(written, offset), kind, sealed) for number, written, offset, kind, sealed in rows]

    def last(self) -> Last | None:
        """The entry or the note that was written last; None: there is neither."""
        newest = self._newest()
        return None if newest is None else Last(_zoned(newest[1], newest[2]), newest[3])

    def forget_last(self) -> int:
        """The entry or the note that was written last. How many are gone: one, or none."""
        newest = self._newest()
        if newest is None:
            return 0
        table = "notes" if newest[3] is None else "exercises"
        return self._forget((f"DELETE FROM {table} WHERE id = ?", newest[0]))  # noqa: S608 - our own words

    def _newest(self) -> tuple[int, int, int, str | None] | None:
        """Number, moment, offset and exercise of what was written last; a note has no exercise."""
        with told(self.path):
            found: tuple[int, int, int, str | None] | None = self._database.execute(
                "SELECT id, moment, utc_offset, exercise FROM ("
                "SELECT sequence, ended AS moment, id, utc_offset, exercise FROM exercises UNION ALL "
                "SELECT sequence, written, id, utc_offset, NULL FROM notes"
                ") ORDER BY sequence DESC, moment DESC, id DESC LIMIT 1"
            ).fetchone()
        return found

    def forget_note(self, number: int) -> int:
        """One note. How many are gone: one, or none."""
        return self._forget(("DELETE FROM notes WHERE id = ?", number))

    def forget_from(self, day: date) -> int:
        """Everything of `day` and later, each by the clock where the person was then. How many are gone."""
        midnight = (day - date(1970, 1, 1)) / timedelta(seconds=1)
        return self._forget(
            ("DELETE FROM exercises WHERE ended + utc_offset >= ?", midnight),
            ("DELETE FROM notes WHERE written + utc_offset >= ?", midnight),
        )

    def _forget(self, *deletions: tuple[str, float]) -> int:
        """Gone from the file, from its log and from the copies made before migrations, or a StoreError."""
        with told(self.path):
            gone = sum(self._database.execute(deletion, (value,)).rowcount for deletion, value in deletions)
            # Deleted cells are zeroed (secure_delete), the file is written anew, and its log is emptied.
            self._database.execute("VACUUM")
            busy, _, _ = self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            for copy in made_here(self.path.parent, COPY):
                shred(copy)
        if busy:
            raise StoreError("memory-locked", f"Another program holds {self.path}; close it, then forget once more.")
        return gone


def made_here(folder: Path, names: str, *, whole: bool = False) -> list[Path]:
    """Files of ours with such names, with what SQLite puts beside them unless it is `whole` ones that are asked for.
    Whatever else is there is the person's: `GROUNDING_MEMORY` may name any folder.
    """
    ours = re.compile(rf"({names})\.sqlite3{'' if whole else '(-wal|-shm|-journal)?'}")
    found = (path for path in folder.glob("*") if ours.fullmatch(path.name))
    return sorted(path for path in found if path.is_file() or path.is_symlink())


def _opened(path: Path, wait: float) -> sqlite3.Connection:
    """Raises sqlite3.Error and OSError; StoreError for a file that a newer program made."""
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    if path.stat().st_mode & 0o077:
        path.chmod(0o600)
    database = sqlite3.connect(path, timeout=wait, isolation_level=None)
    try:
        version = version_of(database)
        if version > VERSION:
            raise StoreError(
                "memory-newer", f"{path} was made by a newer version of this program; install that one to use it."
            )
        strange = version == 0 and database.execute("SELECT 1 FROM sqlite_master").fetchone()
        if strange or database.execute("PRAGMA integrity_check(1)").fetchone() != ("ok",):
            raise _damaged()
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "temp_store = MEMORY"):
            database.execute(f"PRAGMA {pragma}")
        migrate(database, path)
        if _misfits(database):
            raise _damaged()
        database.text_factory = partial(str, encoding="utf-8", errors="replace")  # a spoiled letter spoils one name
    except UnicodeDecodeError:  # the name of a spoiled table, in SQLite's own report
        database.close()
        raise _damaged() from None
    except BaseException:
        database.close()
        raise
    return database


def _misfits(database: sqlite3.Connection) -> bool:
    """Whether a value, or a name in the tables themselves, is not as we write it."""
    try:
        return database.execute(MISFIT).fetchone() is not None
    except sqlite3.OperationalError as error:
        if primary_code(error) == sqlite3.SQLITE_ERROR:  # no such table, or column
            return True
        raise


def _damaged() -> sqlite3.DatabaseError:
    error = sqlite3.DatabaseError()
    error.sqlite_errorcode = sqlite3.SQLITE_CORRUPT
    return error


def _put_aside(path: Path, now: datetime) -> Path:
    """Kept, with the log that belongs to it, under a name that nothing has yet."""
    stem, count = f"damaged-{now:%Y-%m-%d-%H%M%S}", 1
    aside = path.with_name(f"{stem}.sqlite3")
    while aside.exists():
        count += 1
        aside = path.with_name(f"{stem}-{count}.sqlite3")
    for companion in _COMPANIONS:
        beside = path.with_name(path.name + companion)
        if beside.exists():
            beside.rename(aside.with_name(aside.name + companion))
    return aside


_COLUMNS = "ended, utc_offset, exercise, state, before, after, worse, stopped"


def _row(entry: PastExercise) -> tuple[object, ...]:
    return (
        *_moment(entry.ended), entry.exercise, entry.state.value, entry.before, entry.after, entry.worse, entry.stopped,
    )  # fmt: skip


def _moment(moment: datetime) -> tuple[int, int]:
    """Seconds since 1970, and seconds east of Greenwich."""
    offset = moment.utcoffset() or timedelta()
    return int(moment.timestamp() // 1), round(offset.total_seconds())


def _zoned(seconds: int, offset: int) -> datetime:
    return datetime.fromtimestamp(seconds, _zone(offset))


@cache
def _zone(offset: int) -> timezone:
    return timezone(timedelta(seconds=offset)) if offset else UTC


def _entry(row: tuple[int, int, str, str, float | None, float | None, int, int]) -> PastExercise:
    ended, offset, exercise, state, before, after, worse, stopped = row
    known = _STATES.get(state, State.UNSURE)
    return PastExercise(_zoned(ended, offset), exercise, known, before, after, bool(worse), bool(stopped))


_STATES = {state.value: state for state in State}
