"""Ten years of daily use, made up: how big the memory is, and how long each command that reads it takes.

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
from datetime import datetime, timedelta
from pathlib import Path

from assistant.core.past import PastExercise
from assistant.core.understanding import State
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


def took(folder: Path, *arguments: str) -> str:
    """The best of TRIALS runs, from the start of the process to its end: by the clock, and of the processor."""
    environment = os.environ | {"GROUNDING_MEMORY": str(folder / "memory")}
    wall, processor = [], []
    for _ in range(TRIALS):
        began, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [sys.executable, "-m", "assistant", *arguments], env=environment, check=True, stdout=subprocess.DEVNULL
        )
        now = resource.getrusage(resource.RUSAGE_CHILDREN)
        wall.append(time.perf_counter() - began)
        processor.append(now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime)
    return f"{min(wall) * 1000:6.0f} ms {min(processor) * 1000:6.0f} ms"


def main() -> None:
    """Print it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        now = datetime.now().astimezone()
        with Store.open(folder / "memory", now) as store:
            count = store.add(ten_years(now))
        size = (folder / "memory" / FILE).stat().st_size
        print(f"{count} entries, {size / 1e6:.2f} MB")
        print(f"load: {os.getloadavg()[0]:.1f} (with other work the clock shows that work too)")
        print(f"{'clock':>9} {'processor':>9}")
        print(f"{took(folder, '--version')}  grounding --version (starts, and reads nothing)")
        for line in (
            "history", "history --json", f"export --json {folder}/all.json", f"import {folder}/all.json",
            "forget that --yes", "note list", f"report {folder}/month.html", f"report {folder}/month.pdf",
            f"report {folder}/all.html --days {DAYS}", f"report {folder}/all.pdf --days {DAYS}",
        ):  # fmt: skip
            print(f"{took(folder, *line.split())}  grounding {line.replace(str(folder) + '/', '')}")


if __name__ == "__main__":
    main()
