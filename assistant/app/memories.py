"""The commands that look at what is remembered, carry it elsewhere, and forget it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.app.places import memory_folder
from assistant.core.commands import Forgetting
from assistant.core.past import Past
from assistant.memory.forgetting import forget as forgotten
from assistant.memory.forgetting import set_aside
from assistant.memory.history import since
from assistant.memory.store import FILE, Store
from assistant.memory.transfer import read_entries, unseen

if TYPE_CHECKING:
    from assistant.config import Settings


def here_and_now() -> datetime:
    """The time of day, with its zone."""
    return datetime.now().astimezone()


def past(days: int | None, tell: Callable[[str], None]) -> Past:
    """What is remembered; of so many days up to the newest entry, or all. Makes no file where there is none."""
    if not (memory_folder() / FILE).exists():
        return ()
    with _open(tell) as store:
        found = store.past()
    return found if days is None else since(found, days)


def report(days: int | None, as_pdf: bool, settings: Settings, tell: Callable[[str], None]) -> bytes:
    """The page of the last so many days, as HTML or PDF. Exercises have their titles where they are still known."""
    from assistant.app.parts import load_library
    from assistant.memory.report import USUAL_DAYS, sheet, to_html

    titles = {name: script.title for name, script in load_library(settings).repertoire.scripts.items()}
    page = sheet(past(None, tell), here_and_now().date(), days or USUAL_DAYS, titles)
    if not as_pdf:
        return to_html(page).encode()
    from assistant.memory.report_pdf import to_pdf

    return to_pdf(page)


def forget(what: str) -> tuple[str, list[Path]]:
    """What is gone, as a sentence, and damaged files that may hold it still."""
    asked = Forgetting(what)
    gone = forgotten(memory_folder(), asked, here_and_now())
    if not gone:
        return "There was nothing to forget.", set_aside(memory_folder())
    if asked is Forgetting.EVERYTHING:
        return "Everything is forgotten.", []
    return f"{gone} entr{'y is' if gone == 1 else 'ies are'} forgotten.", set_aside(memory_folder())


def remember(text: str, tell: Callable[[str], None]) -> tuple[int, int]:
    """How many exported entries are new, and how many were known."""
    entries = read_entries(text)
    with _open(tell) as store:
        new = unseen(entries, store.past())
        store.add(new)
    return len(new), len(entries) - len(new)


def _open(tell: Callable[[str], None]) -> Store:
    """For a command; `tell` shows what was found damaged."""
    store = Store.open(memory_folder(), here_and_now())
    if store.set_aside is not None:
        tell(damage_told(store))
    return store


def damage_told(store: Store) -> str:
    """What became of a damaged file."""
    assert store.set_aside is not None
    return f"{store.path} was damaged. It is kept as {store.set_aside.name} beside it, and a new one begins."
