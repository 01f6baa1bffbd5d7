"""The tables, and how an older file becomes a newer one: a backup first, then all of a step or nothing of it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path

APPLICATION = 0x67726E64
"""SQLite's application_id: "grnd"."""

MIGRATIONS: tuple[Sequence[str], ...] = (
    (
        """CREATE TABLE exercises (
            id INTEGER PRIMARY KEY,
            ended INTEGER NOT NULL,       -- seconds since 1970, UTC
            utc_offset INTEGER NOT NULL,  -- seconds east of it, where the person was
            exercise TEXT NOT NULL,       -- id of an exercise or of a check-in format
            state TEXT NOT NULL,
            before REAL CHECK (before BETWEEN 0 AND 10),
            after REAL CHECK (after BETWEEN 0 AND 10),
            worse INTEGER NOT NULL CHECK (worse IN (0, 1)),
            stopped INTEGER NOT NULL CHECK (stopped IN (0, 1))
        )""",
        "CREATE INDEX exercises_in_time ON exercises (ended, id)",
    ),
    (
        """CREATE TABLE notes (
            id INTEGER PRIMARY KEY,
            written INTEGER NOT NULL,     -- as `ended`
            utc_offset INTEGER NOT NULL,
            kind TEXT NOT NULL,
            sealed BLOB NOT NULL          -- encrypted
        )""",
    ),
    (
        # The order of writing, over both tables, whatever the clock said; what is older has none, and comes before.
        "ALTER TABLE exercises ADD COLUMN sequence INTEGER",
        "ALTER TABLE notes ADD COLUMN sequence INTEGER",
    ),
)
"""Step n leads from version n to version n + 1. A released step is never changed."""
VERSION = len(MIGRATIONS)

MISFIT = """
    SELECT 1 FROM exercises
        WHERE typeof(ended) <> 'integer' OR ended NOT BETWEEN 0 AND 253402214400
        OR typeof(utc_offset) <> 'integer' OR abs(utc_offset) >= 86400
        OR typeof(exercise) <> 'text' OR typeof(state) <> 'text'
    UNION ALL SELECT 1 FROM notes
        WHERE typeof(written) <> 'integer' OR written NOT BETWEEN 0 AND 253402214400
        OR typeof(utc_offset) <> 'integer' OR abs(utc_offset) >= 86400
        OR typeof(kind) <> 'text' OR typeof(sealed) <> 'blob'
    LIMIT 1"""
"""Finds what no program of ours has written: the integrity check looks at pages and constraints, and not at what a
flipped bit has made of a value. Times are from 1970 to the year 9999, so that any zone can show them."""


def version_of(database: sqlite3.Connection) -> int:
    """0: nothing was ever made here."""
    number: int = database.execute("PRAGMA user_version").fetchone()[0]
    return number


def backup_path(path: Path, version: int) -> Path:
    """Where a file is kept as it was before it left `version`."""
    return path.with_name(f"before-version-{version + 1}.sqlite3")


def migrate(database: sqlite3.Connection, path: Path, to: int = VERSION) -> None:
    """From whatever version the file has to version `to`, each step behind a backup of its own."""
    begun_here = version_of(database) == 0
    while (version := version_of(database)) < to:
        if not begun_here:
            _back_up(database, backup_path(path, version))
        database.execute("BEGIN IMMEDIATE")
        try:
            if version_of(database) == version:  # nobody else was quicker
                for statement in MIGRATIONS[version]:
                    database.execute(statement)
                database.execute(f"PRAGMA user_version = {version + 1}")
                database.execute(f"PRAGMA application_id = {APPLICATION}")
            database.execute("COMMIT")
        except sqlite3.Error:
            with suppress(sqlite3.Error):  # a full disk has ended it already
                database.execute("ROLLBACK")
            raise


def _back_up(database: sqlite3.Connection, path: Path) -> None:
    path.unlink(missing_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    with closing(sqlite3.connect(path)) as copy:
        database.backup(copy)
