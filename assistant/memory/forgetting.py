"""Forgotten means gone from every file: from the memory, its log, and the copies made before migrations."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import assert_never

from assistant.core.past import Forgetting
from assistant.memory.key import forget_key
from assistant.memory.shredding import shred
from assistant.memory.store import ASIDE, FILE, OURS, Store, made_here
from assistant.memory.troubles import told


def forget(folder: Path, what: Forgetting, now: datetime) -> int:
    """How many entries are gone; for everything, how many files. `now`: the time of day, with its zone.

    Raises StoreError when something may be left.
    """
    match what:
        case Forgetting.EVERYTHING:
            return _every_file(folder)
        case Forgetting.THAT | Forgetting.TODAY if not (folder / FILE).exists():
            return 0
        case Forgetting.THAT:
            with Store.open(folder, now) as store:
                return store.forget_last()
        case Forgetting.TODAY:
            with Store.open(folder, now) as store:
                return store.forget_from(now.date())
        case _:
            assert_never(what)


def set_aside(folder: Path) -> list[Path]:
    """Damaged files that were kept: what is in them can only be forgotten whole."""
    return made_here(folder, ASIDE, whole=True)


def _every_file(folder: Path) -> int:
    """Whatever state or version it is in; then the key of the notes, wherever it is."""
    with told(folder):
        files = made_here(folder, OURS)
        for path in files:
            shred(path)
    return len(files) + forget_key(folder)
