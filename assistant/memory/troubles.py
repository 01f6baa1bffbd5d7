"""What can go wrong with a file of one's own, each with its sentence. What was in the file is never told (law 9)."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.errors import StoreError

DAMAGED = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_SENTENCES = {
    sqlite3.SQLITE_FULL: ("memory-full", "The disk is full, so {path} cannot take more; make room, then try again."),
    sqlite3.SQLITE_BUSY: ("memory-locked", "Another program holds {path}; close it, then try again."),
    sqlite3.SQLITE_LOCKED: ("memory-locked", "Another program holds {path}; close it, then try again."),
    sqlite3.SQLITE_READONLY: ("memory-read-only", "{path} cannot be written; make the file and its folder writable."),
    sqlite3.SQLITE_CANTOPEN: ("memory-read-only", "{path} cannot be written; make the file and its folder writable."),
    sqlite3.SQLITE_CORRUPT: ("memory-damaged", "{path} is damaged; the next start sets it aside and begins a new one."),
    sqlite3.SQLITE_NOTADB: ("memory-damaged", "{path} is damaged; the next start sets it aside and begins a new one."),
}
_ERRORS = {
    errno.ENOSPC: sqlite3.SQLITE_FULL,
    errno.EDQUOT: sqlite3.SQLITE_FULL,
    errno.EACCES: sqlite3.SQLITE_READONLY,
    errno.EPERM: sqlite3.SQLITE_READONLY,
    errno.EROFS: sqlite3.SQLITE_READONLY,
}
"""What the disk itself says, as SQLite says it."""
_OTHERWISE = ("memory-unusable", "{path} cannot be used; look whether its disk and its folder are there and writable.")


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's result code without its details; SQLITE_ERROR for what Python itself found."""
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Turns what SQLite and the disk raise about `path` into a StoreError with its sentence."""
    try:
        yield
    except sqlite3.Error as error:
        code, sentence = _SENTENCES.get(primary_code(error), _OTHERWISE)
        raise StoreError(code, sentence.format(path=path)) from None
    except UnicodeDecodeError:
        code, sentence = _SENTENCES[sqlite3.SQLITE_CORRUPT]
        raise StoreError(code, sentence.format(path=path)) from None
    except OSError as error:
        code, sentence = _SENTENCES.get(_ERRORS.get(error.errno or 0, sqlite3.SQLITE_ERROR), _OTHERWISE)
        raise StoreError(code, sentence.format(path=path)) from None
