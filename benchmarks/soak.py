"""Whether it goes on for hours as it began: `python -m benchmarks.soak [--hours 8] [--minutes 30] [--load]`.

First the virtual room: somebody comes back every few minutes for so many simulated hours, is guided, coughs, stops it,
says nothing. What the conversation itself holds in memory is told by the hour.

Then the real program on the virtual sound card, reading for so many real minutes. Once a minute: its memory, threads
and open files, and how far its report of a line (which captions follow) lies from the line's first sound, against the
first minute; at the end, how often it was late and the card had to put in silence. `--load`: one core works at full
load on something else meanwhile. Needs the Debian packages that `benchmarks.side_by_side` names.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import signal
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.app.parts import build_conversation, load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.waking import Wake
from assistant.settings_files import settings_files
from assistant.testing.bench import wait_until
from assistant.testing.measures import silences
from assistant.testing.program import Program, Run, running
from assistant.testing.room import Room
from assistant.testing.sound_card import RATE, SoundCard
from benchmarks.side_by_side import copy_of, reading_tree

HOUR = 3600.0
VISIT_SECONDS = 240.0
"""From one thing that is said to the next: an exercise, and a rest."""
VISITS = (
    "i feel really anxious right now", "seven", "stop", "my heart is racing and i cannot calm down", "", "breathing",
    "check in with me", "five", "what is this", "i can't", "everything is too much today", "no", "are you sure",
)  # fmt: skip
LINE_GAP_SECONDS = 0.12
"""Less than the rest between two lines that are read (0.2 s), more than any inside a word."""
NEAR_SECONDS = 0.2
"""A line's report and its sound are the same line's within this."""
WINDOW_SECONDS = 60.0
TIMES_A_MINUTE = 2
"""The text that is read takes 55 s."""


@dataclass(frozen=True)
class Minute:
    """What was seen of the process: megabytes, and counts."""

    megabytes: float
    threads: int
    files: int


def main() -> None:
    """Both, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=int, default=8, help="in the virtual room; 0: none (default 8)")
    parser.add_argument("--minutes", type=int, default=30, help="on the virtual sound card; 0: none (default 30)")
    parser.add_argument("--echo", type=float, default=-20.0, help="of the card, in dB (default -20)")
    parser.add_argument("--load", action="store_true", help="with one core at full load")
    given = parser.parse_args()
    if given.hours:
        in_the_room(given.hours)
    if given.minutes:
        with busy() if given.load else nullcontext():
            on_the_card(given.minutes, given.echo)


def in_the_room(hours: int) -> None:
    """Print what the conversation holds in memory after each hour, in kilobytes."""
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    library = load_library(settings)
    ours = [tracemalloc.Filter(True, f"*/assistant/{part}/*") for part in ("core", "safety")]
    print("virtual room: hour, sittings so far, kilobytes that the conversation holds", flush=True)
    tracemalloc.start()
    seconds, sittings, told = 0.0, 0, 0
    while seconds < hours * HOUR:
        room = Room(build_conversation(library, settings, typed=False, wake=Wake.SPEECH))
        seconds += one_sitting(room, VISITS[sittings % len(VISITS)], VISIT_SECONDS * (1 + sittings % 3))
        sittings += 1
        del room
        if seconds >= (told + 1) * HOUR:
            told = int(seconds / HOUR)
            gc.collect()
            held = sum(one.size for one in tracemalloc.take_snapshot().filter_traces(ours).statistics("filename"))
            print(f"  {told:2d}  {sittings:4d}  {held / 1024:8.0f}", flush=True)
    tracemalloc.stop()


def one_sitting(room: Room, words: str, after: float) -> float:
    """It waits; other people talk and cough; somebody speaks to it and answers now and then. How long that took."""
    for at in np.arange(20.0, after, 30.0):
        room.coughs(at=at)
    room.says("did you see the game on sunday", at=after / 2)
    room.says(words or "hello", at=after)
    room.answers("seven", "number", after=1.0)
    room.coughs(at=after + 25.0)
    room.presses_stop(at=after + 120.0)
    room.says("goodbye", at=after + 140.0)
    room.run(until=HOUR)
    return max((heard.end or heard.start for heard in room.heard), default=after)


def on_the_card(minutes: int, echo_db: float) -> None:
    """Print a line a minute, and how late it was in all."""
    with tempfile.TemporaryDirectory(prefix="grounding-soak-") as folder, SoundCard(echo_db=echo_db) as card:
        plain, reading = Path(folder) / "plain", Path(folder) / "reading"
        copy_of(content_root(), plain)
        reading_tree(plain, reading, times=TIMES_A_MINUTE * (minutes + 2))
        command = (sys.executable, "-m", "assistant", "run", "--country", "GB", "--events", "{events}")
        with running(card, Program("grounding", command, {"PYTHONPATH": ""}, reading)) as run:
            wait_until(lambda: speaks(run), "the reading", 60.0)
            print("virtual sound card: minute, megabytes, threads, files; caption to sound, against the first minute")
            first: float | None = None
            last: float | None = None
            for minute in range(1, minutes + 1):
                apart = caption_to_sound(card, run, near=last)
                last = apart
                first = apart if first is None else first
                seen = inside(run.process.pid)
                print(f"  {minute:3d}  {seen.megabytes:6.1f}  {seen.threads:3d}  {seen.files:3d}  "
                      f"{1000 * (apart - first):+6.1f} ms", flush=True)  # fmt: skip
            run.process.send_signal(signal.SIGTERM)
            run.process.wait(timeout=10.0)
            late = [event["times"] for event in run.events() if event["type"] == "ran_dry"]
            interrupted = sum(event["type"] in ("duck", "stop_requested") for event in run.events()) - 1
            print(
                f"  the card ran dry {late[0] if late else '?'} times; it took itself for somebody {interrupted} times"
            )


def speaks(run: Run) -> bool:
    """Whether it reads by now."""
    run.check_running()
    return sum(event["type"] == "playback_progressed" for event in run.events()) >= 6


def caption_to_sound(card: SoundCard, run: Run, near: float | None) -> float:
    """For a minute: seconds from a line's report to its first sound. The two clocks stay as far apart."""
    told = len(run.events())
    with card.listening() as recording:
        time.sleep(WINDOW_SECONDS)
    run.check_running()
    reports = np.array(
        [float(str(event["t"])) for event in run.events()[told:] if event["type"] == "playback_progressed"]
    )
    onsets = np.array([end for _, end in silences(recording.samples, RATE, at_least=LINE_GAP_SECONDS)])
    return matched(reports, onsets + recording.origin, near)


def matched(reports: NDArray[np.float64], onsets: NDArray[np.float64], near: float | None) -> float:
    """The distance at which most of them lie together, to a millisecond: their median there. `near`: the one a minute
    ago, as a rest is reported too, and lies as far from the next sound each time.
    """
    apart = (onsets[:, None] - reports[None, :]).ravel()
    if near is not None:
        apart = apart[np.abs(apart - near) < NEAR_SECONDS / 2]
    counts = [int(np.sum(np.abs(apart - here) < NEAR_SECONDS / 10)) for here in apart]
    likeliest = apart[int(np.argmax(counts))]
    return float(np.median(apart[np.abs(apart - likeliest) < NEAR_SECONDS / 10]))


def inside(pid: int) -> Minute:
    """Of a process, without its children: the voice engine's comes and goes."""
    home = Path("/proc") / str(pid)
    pages = int((home / "statm").read_text().split()[1])
    megabytes = pages * os.sysconf("SC_PAGE_SIZE") / 1e6
    return Minute(megabytes, len(list((home / "task").iterdir())), len(list((home / "fd").iterdir())))


@contextmanager
def busy() -> Iterator[None]:
    """One core at full load, of the last there is."""
    other = multiprocessing.Process(target=_spin, daemon=True)
    other.start()
    try:
        yield
    finally:
        other.kill()


def _spin() -> None:
    with suppress(AttributeError):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    while True:
        pass


if __name__ == "__main__":
    main()
