"""Whether the service comes back: `python -m benchmarks.killing [--times N]`.

The real program, as its unit starts it, under a small supervisor (`assistant/testing/supervisor.py`) and on a virtual
sound card. Each time at another moment, in turn: SIGKILL, SIGTERM, the sound server gone for a while, one of its two
devices silent, SIGKILL while the disk with its state is full; half of them after a plea was played into its microphone.
Measured: the seconds until it listens again, processes left behind, and files, threads and memory at the first and at
the last look. 100 times take a quarter of an hour. Needs pulseaudio, pulseaudio-utils, libasound2-plugins and espeak-ng
(Debian packages), and root for the full disk, which is a small one of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from assistant.app.serving import plan
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.errors import EngineError
from assistant.service.systemd import unit
from assistant.settings_files import settings_files
from assistant.testing.bench import wait_until
from assistant.testing.measures import percentile
from assistant.testing.sound_card import SoundCard
from assistant.testing.supervisor import Supervisor, left_behind

PROMISED_SECONDS = 5.0
WAYS = ("SIGKILL", "SIGTERM", "sound server", "one device", "full disk")
MARKER = "GROUNDING_KILLING"
AWAY_SECONDS = (0.2, 3.0)
"""The sound server's absence."""
SILENT_SECONDS = (2.0, 5.0)
"""A device's; that it says nothing is noticed after one."""
DISK_MEGABYTES = 8
EARLY, LATE = 0.2, 6.0
"""Seconds after it was ready, between which the moment lies."""
IN_VAIN_SECONDS = 30.0


@dataclass
class Inside:
    """What one look at the program found."""

    files: int
    threads: int
    megabytes: float

    @classmethod
    def of(cls, pid: int) -> Inside:
        """Of it alone, without its voice's process."""
        home = Path("/proc") / str(pid)
        pages = int((home / "statm").read_text().split()[1])
        return cls(len(list((home / "fd").iterdir())), len(list((home / "task").iterdir())), pages * 4096 / 1e6)


@dataclass
class Trials:
    """Of one way."""

    took: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    """Seconds from the signal to its end, where one was sent."""
    missed: int = 0


class Program:
    """The service, its sound card and its events. `disk`: where it keeps its state."""

    def __init__(self, card: SoundCard, folder: Path, disk: Path) -> None:
        self._card = card
        self.events_file = folder / "events.jsonl"
        self.log = folder / "log.txt"
        settings = load_settings(settings_files(content_root() / "config.yaml"))
        text = unit(plan(settings))
        command = next(row for row in text.splitlines() if row.startswith("ExecStart="))
        text = text.replace(command, f"{command} --stt pocketsphinx --events {self.events_file}")
        environment = card.environment | {
            "XDG_STATE_HOME": str(disk), "XDG_DATA_HOME": str(disk), "GROUNDING_MEMORY": str(disk / "memory"),
            "PYTHONPATH": str(content_root()), MARKER: str(os.getpid()),
        }  # fmt: skip
        self.supervisor = Supervisor(text, environment, self.log)

    def count(self, *kinds: str) -> int:
        """How often such events were reported, over all its lives."""
        if not self.events_file.exists():
            return 0
        rows = self.events_file.read_text(encoding="utf-8").splitlines()
        return sum(json.loads(row)["type"] in kinds for row in rows if row.endswith("}"))

    def wake(self) -> None:
        """A call for help, played into its microphone; it answers aloud, or not, before it is killed."""
        self._card.play(content_root() / "audio" / "demo-panic-short.wav")


def end_it(program: Program, number: signal.Signals, trials: Trials) -> None:
    """Kill it, and wait until another one listens."""
    supervisor = program.supervisor
    process, starts = supervisor.process, supervisor.starts
    killed = time.monotonic()
    os.kill(supervisor.pid, number)
    wait_until(lambda: process is not None and process.poll() is not None, "its end", IN_VAIN_SECONDS)
    trials.ended.append(time.monotonic() - killed)
    wait_until(lambda: supervisor.starts > starts and supervisor.ready_at is not None, "its return", IN_VAIN_SECONDS)
    trials.took.append(time.monotonic() - killed)


def take_sound_away(
    program: Program, take: Callable[[], None], give: Callable[[], None], losses: int, away: float, trials: Trials
) -> None:
    """So many devices go for so long, and come back; until each loss was noticed and all works again."""
    lost, back = (
        program.count("microphone_lost", "speaker_lost"),
        program.count("microphone_returned", "speaker_returned"),
    )
    take()
    time.sleep(away)
    give()
    returned = time.monotonic()

    def works() -> bool:
        gone = program.count("microphone_lost", "speaker_lost") - lost
        return gone >= losses and program.count("microphone_returned", "speaker_returned") - back >= gone

    wait_until(works, "the devices", IN_VAIN_SECONDS)
    trials.took.append(time.monotonic() - returned)


@contextmanager
def small_disk(folder: Path) -> Iterator[bool]:
    """A disk that can be filled; False where that is not allowed."""
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(folder)]
    mounted = os.geteuid() == 0 and subprocess.run(command, stderr=subprocess.DEVNULL).returncode == 0
    try:
        yield mounted
    finally:
        if mounted:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """To the last byte."""
    filler = disk / "filler"
    try:
        with suppress(OSError), filler.open("wb", buffering=0) as file:
            while file.write(bytes(4096)):
                pass
        yield
    finally:
        filler.unlink()


def main() -> None:
    """The table, and what was left behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)  # noqa: S311  # moments, not secrets
    reports = {way: Trials() for way in WAYS}
    looks: list[Inside] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="grounding-killing-")))
        can_fill = stack.enter_context(small_disk(folder / "disk"))
        ways = WAYS if can_fill else WAYS[:-1]
        card = stack.enter_context(SoundCard())
        program = Program(card, folder, folder / "disk")
        with program.supervisor as supervisor:
            for number in range(options.times):
                way = ways[number % len(ways)]
                wait_until(lambda: supervisor.ready_at is not None, "the program", IN_VAIN_SECONDS)
                time.sleep(1.0)
                looks.append(Inside.of(supervisor.pid))
                if chance.random() < 0.5:
                    program.wake()
                time.sleep(chance.uniform(EARLY, LATE))
                try:
                    match way:
                        case "sound server":
                            away = chance.uniform(*AWAY_SECONDS)
                            take_sound_away(program, card.unplug, card.plug_in, 2, away, reports[way])
                        case "one device":
                            name, away = chance.choice(("virtmic", "spk")), chance.uniform(*SILENT_SECONDS)
                            wake = partial(card.suspend, name, until_resumed=False)
                            take_sound_away(program, partial(card.suspend, name), wake, 1, away, reports[way])
                        case "full disk":
                            with full(folder / "disk"):
                                end_it(program, signal.SIGKILL, reports[way])
                        case _:
                            end_it(program, signal.Signals[way], reports[way])
                except EngineError as error:
                    reports[way].missed += 1
                    print(f"{number + 1}, {way}: {error.hint}", file=sys.stderr)
                    continue
                print(f"{number + 1}, {way}: {reports[way].took[-1]:.2f} s", file=sys.stderr)
            mine = {supervisor.pid, *children(supervisor.pid)}
            orphans = [pid for pid in left_behind(f"{MARKER}={os.getpid()}") if pid not in mine]
            looks.append(Inside.of(supervisor.pid))
        after = left_behind(f"{MARKER}={os.getpid()}")
    if not can_fill:
        print("full disk: not measured, as only root can have one of its own\n")
    print("| ended by | times | listening again within 5 s | median s | p95 s | max s | slowest end s |")
    print("|---|---|---|---|---|---|---|")
    for way, trials in reports.items():
        if trials.took:
            within = sum(seconds <= PROMISED_SECONDS for seconds in trials.took)
            figures = [percentile(trials.took, 50.0), percentile(trials.took, 95.0), max(trials.took)]
            slowest = f"{max(trials.ended):.2f}" if trials.ended else "-"
            times = len(trials.took) + trials.missed
            print(f"| {way} | {times} | {within} | {' | '.join(f'{one:.2f}' for one in figures)} | {slowest} |")
    print(f"\nprocesses left behind while it ran: {len(orphans)}; after its end: {len(after)}")
    for what in ("files", "threads", "megabytes"):
        values = [getattr(look, what) for look in looks]
        print(f"{what}: {values[0]:.0f} at the first look, {values[-1]:.0f} at the last, {max(values):.0f} at most")


def children(pid: int) -> set[int]:
    """Processes that this one started, and that still run."""
    found = set()
    for task in (Path("/proc") / str(pid) / "task").iterdir():
        found |= {int(child) for child in (task / "children").read_text().split()}
    return found


if __name__ == "__main__":
    main()
