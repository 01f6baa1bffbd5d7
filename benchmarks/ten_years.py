"""Ten years of daily use, made up: how big the memory is, and how long each command takes that answers at once.

python -m benchmarks.ten_years
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median

from assistant.core.past import PastExercise
from assistant.core.understanding import State
from assistant.memory.notes import NoteKind, add_notes
from assistant.memory.store import FILE, Store

DAYS, TRIALS = 3653, 15
EXERCISES = ("feet-on-floor", "breath-four-six", "name-objects", "senses-54321", "muscle-release", "calm-place")


def ten_years(now: datetime) -> Iterator[PastExercise]:
    """One to four times a day, most with numbers."""
    chance = random.Random(1)  # noqa: S311 - made-up numbers
    for day in range(DAYS):
        for _ in range(chance.choice((1, 2, 2, 3, 4))):
            before = chance.randint(2, 10)
            after = max(0, min(10, before + chance.choice((-4, -3, -2, -1, -1, 0, 0, 1))))
            ended = (now - timedelta(days=DAYS - day, hours=chance.random() * 20)).replace(microsecond=0)
            numbers = (before if chance.random() < 0.8 else None, after if chance.random() < 0.7 else None)
            yield PastExercise(
                ended,
                chance.choice(EXERCISES),
                chance.choice(list(State)),
                *numbers,
                after > before,
                chance.random() < 0.1,
            )


def notes(now: datetime) -> Iterator[tuple[datetime, NoteKind, str]]:
    """One a week, of a paragraph."""
    for week in range(DAYS // 7):
        yield now - timedelta(days=DAYS - 7 * week), NoteKind.BOOKMARK, f"{week}: " + "a sentence to talk about. " * 12


@dataclass(frozen=True)
class Took:
    """Seconds from the start of a process to its end: by the clock, best and median, and of the processor."""

    best: float
    median: float
    processor: float


def took(folder: Path, *command: str) -> Took:
    """Over TRIALS runs, after one that leaves Python's compiled modules behind, as an installed program has them."""
    environment = os.environ | {
        "GROUNDING_MEMORY": str(folder / "memory"), "PYTHONPYCACHEPREFIX": str(folder / "compiled"),
    }  # fmt: skip
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    run = partial(subprocess.run, [sys.executable, *command], env=environment, check=True, capture_output=True)
    run()
    wall, processor = [], []
    for _ in range(TRIALS):
        began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        run()
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall.append(time.perf_counter() - began)
        processor.append(now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime)
    return Took(min(wall), median(wall), min(processor))


COMMANDS = (
    "--version", "history", "history --json", "export {}/all.json", "export --csv {}/all.csv",
    "export --notes {}/notes.json", "import {}/all.json", "import {}/notes.json", "note list", "forget that --yes",
    "report {}/month.html", "report {}/month.pdf", f"report {{}}/all.html --days {DAYS}",
    f"report {{}}/all.pdf --days {DAYS}", "resources GB", "checkin --list", "scripts", "learn",
    "learn what is a panic attack",
)  # fmt: skip


def main() -> None:
    """Print it. The key of the notes is a file: nothing is put into the keyring of whoever runs this."""
    os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        now = datetime.now().astimezone()
        with Store.open(folder / "memory", now) as store:
            count = store.add(ten_years(now))
            add_notes(store, some := list(notes(now)))
        size = (folder / "memory" / FILE).stat().st_size
        print(f"{count} entries and {len(some)} notes, {size / 1e6:.2f} MB; {TRIALS} runs of each")
        print(f"load: {os.getloadavg()[0]:.1f} (with other work the clock shows that work too)")
        nothing = took(folder, "-c", "pass")
        print("| command | best | median | of the processor | times `python -c pass` |\n|---|---|---|---|---|")
        for command in ("python -c pass", *COMMANDS):
            python = command == "python -c pass"
            took_now = nothing if python else took(folder, "-m", "assistant", *command.format(folder).split())
            cells = (f"{seconds * 1000:.0f} ms" for seconds in (took_now.best, took_now.median, took_now.processor))
            print(f"| `{command.replace('{}/', '')}` | {' | '.join(cells)} | {took_now.best / nothing.best:.1f} |")


if __name__ == "__main__":
    main()
