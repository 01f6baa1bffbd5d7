"""Whether help goes on when a device is pulled out and put back: `python -m benchmarks.unplugging [--trials N]`.

The real program, in the middle of an exercise, on two virtual cards. Each trial pulls out the microphone, the speaker
or both, at another moment of the voice and for another while, and puts back what it took. 50 trials take a quarter of
an hour. Needs pulseaudio, pulseaudio-utils, libasound2-plugins and espeak-ng (Debian packages).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from assistant.app.parts import load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.errors import EngineError
from assistant.settings_files import settings_files
from assistant.testing.bench import Process, wait_until
from assistant.testing.measures import percentile
from assistant.testing.sound_card import SoundCard, TwoCards

PROMISED_SECONDS = 2.0
"""From the return of a device to the moment it is used again."""
TOGETHER = {"microphone": ("microphone",), "speaker": ("speaker",), "both": ("microphone", "speaker")}
AWAY_SECONDS = (0.0, 0.4, 1.1, 2.3, 4.1)
"""After the loss was noticed; in turn, so that the return falls everywhere between two tries."""
PHASE_SECONDS = 0.37
"""Between the moments of the voice at which trials begin; no divisor of any pause."""
IN_VAIN_SECONDS = 20.0
SETTLE_SECONDS = 1.5
"""After a return, before threads and files are counted and the next trial begins."""


class Watched(Process):
    """The program, with what it writes on the screen. `screen`: its captions, a line each."""

    def __init__(self, card: SoundCard, arguments: Sequence[str]) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="grounding-unplugging-")
        self._events = Path(self._folder.name) / "events.jsonl"
        self._screen = Path(self._folder.name) / "screen.txt"
        self._keyboard, keyboard = os.openpty()
        self.began = time.monotonic()
        with self._screen.open("wb") as screen:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "assistant", "run", "--country", "GB", "--events", self._events, *arguments],
                env=card.environment
                | {"XDG_STATE_HOME": self._folder.name, "GROUNDING_MEMORY": self._folder.name + "/memory"},
                stdin=keyboard, stdout=screen, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
        os.close(keyboard)

    def screen(self) -> list[str]:
        """What a person has read so far."""
        return self._screen.read_text(encoding="utf-8").splitlines()

    def count(self, kind: str) -> int:
        """How often such an event was reported."""
        return sum(event["type"] == kind for event in self.events())

    def exercising(self) -> bool:
        """Whether an exercise is what goes on, and its voice has begun."""
        rows = self.events()
        scenes = [index for index, event in enumerate(rows) if event["type"] == "scene"]
        if not scenes or "exercise" not in rows[scenes[-1]]:
            return False
        return any(event["type"] == "playback_progressed" for event in rows[scenes[-1] :])

    def last_words(self) -> str:
        """What it did last, for a trial that failed: no words of a person's."""
        rows = self.events()[-12:]
        state = "it runs" if self.process.poll() is None else f"it ended with {self.process.returncode}"
        return f"{state}: " + ", ".join(f"{event['t']} {event['type']}" for event in rows)

    def inside(self) -> tuple[int, int]:
        """How many threads it has, and how many open files."""
        home = Path("/proc") / str(self.process.pid)
        return len(list((home / "task").iterdir())), len(list((home / "fd").iterdir()))


@dataclass
class Report:
    """Of one kind of trial."""

    took: list[float] = field(default_factory=list)
    twice: int = 0
    """Sentences."""
    missed: int = 0
    """Returns that were not noticed within `IN_VAIN_SECONDS`, or a program that ended."""

    def row(self, name: str) -> str:
        """For the table."""
        trials = len(self.took) + self.missed
        within = sum(seconds <= PROMISED_SECONDS for seconds in self.took)
        figures = [f"{value:.2f}" for value in (percentile(self.took, 50.0), percentile(self.took, 95.0))]
        return f"| {name} | {trials} | {within} | {' | '.join(figures)} | {max(self.took):.2f} | {self.twice} |"


def said_twice(screen: Sequence[str], failures: frozenset[str]) -> int:
    """Captions that stand there again after nothing but the lines about a device."""
    twice, last, between = 0, "", False
    for line in screen:
        if line in failures:
            between = True
        elif line.strip():
            twice += between and line == last
            last, between = line, False
    return twice


@contextmanager
def watched(card: SoundCard) -> Iterator[Watched]:
    """The program on these devices, in an exercise."""
    process = Watched(card, ["--stt", "pocketsphinx", "--mic", "microphone", "--speaker", "speaker"])
    try:
        try:
            wait_until(process.exercising, "the exercise", 60.0)
        except EngineError:
            print(process.last_words(), file=sys.stderr)
            raise
        yield process
    finally:
        process.close()


def trial(process: Watched, card: TwoCards, names: Sequence[str], away: float) -> float:
    """Pull them out, put them back; seconds from the return of the last to its use. Raises EngineError."""
    cards: dict[str, SoundCard] = {"microphone": card.microphone, "speaker": card}
    lost = {name: process.count(f"{name}_lost") for name in names}
    back = {name: process.count(f"{name}_returned") for name in names}
    for name in names:
        cards[name].unplug()
    wait_until(lambda: all(process.count(f"{name}_lost") > lost[name] for name in names), "the loss")
    time.sleep(away)
    used: dict[str, float] = {}

    def all_used() -> bool:
        for name in names:
            if name not in used and process.count(f"{name}_returned") > back[name]:
                used[name] = time.monotonic()
        return len(used) == len(names)

    with ThreadPoolExecutor() as hands:
        plugging = [hands.submit(cards[name].plug_in) for name in names]
        wait_until(all_used, "the return", IN_VAIN_SECONDS)
        for plugged in plugging:
            plugged.result()
    return max(used[name] - cards[name].plugged_in for name in names)


def main() -> None:
    """The table, and then what was left behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=51)
    parser.add_argument("--kind", choices=TOGETHER, help="only this kind")
    options = parser.parse_args()
    kinds = [options.kind] if options.kind else list(TOGETHER)
    library = load_library(load_settings(settings_files(content_root() / "config.yaml")))
    failures = frozenset(
        " ".join(lines) for key, lines in library.repertoire.phrases.items() if key.startswith("failures.")
    )
    reports = {kind: Report() for kind in kinds}
    left: list[str] = []
    number = 0
    with TwoCards() as card:
        while number < options.trials:
            with watched(card) as process:
                before, first = process.inside(), number
                while number < options.trials and process.process.poll() is None and process.exercising():
                    kind = kinds[number % len(kinds)]
                    known = said_twice(process.screen(), failures)
                    time.sleep(number * PHASE_SECONDS % 3.0)
                    number += 1
                    try:
                        took = trial(process, card, TOGETHER[kind], AWAY_SECONDS[number % len(AWAY_SECONDS)])
                        reports[kind].took.append(took)
                    except EngineError as error:
                        if process.process.poll() == 0:
                            number -= 1  # the exercise had been about to end, and did: no trial
                            break
                        reports[kind].missed += 1
                        print(f"trial {number}, {kind}: {error.hint} {process.last_words()}", file=sys.stderr)
                        break
                    time.sleep(SETTLE_SECONDS)
                    twice = said_twice(process.screen(), failures) - known
                    reports[kind].twice += twice
                    print(f"trial {number}, {kind}: {took:.2f} s, {twice} twice", file=sys.stderr)
                if process.process.poll() is None:
                    after = process.inside()
                    left.append(f"{number - first} | {before[0]} | {after[0]} | {before[1]} | {after[1]}")
    print("| pulled out | trials | back within 2 s | median s | p95 s | max s | sentences said twice |")
    print("|---|---|---|---|---|---|---|")
    for kind, report in reports.items():
        if report.took:
            print(report.row(kind))
    print("\n| trials in one process | threads before | after | open files before | after |\n|---|---|---|---|---|")
    for row in left:
        print(f"| {row} |")


if __name__ == "__main__":
    main()
