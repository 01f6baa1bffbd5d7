"""What the service costs while nobody speaks: `python -m benchmarks.idle [--minutes 60]`.

The real program, as its unit starts it, waiting to be spoken to on a virtual sound card that is silent. Every few
minutes, since the beginning: its share of one core and what it had written to the disk, its voice's process with it;
and its memory, threads and open files. Needs pulseaudio, pulseaudio-utils and libasound2-plugins (Debian packages).
"""

from __future__ import annotations

import argparse
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from assistant.testing.bench import cpu_seconds, wait_until
from assistant.testing.sound_card import SoundCard
from benchmarks.killing import Inside, Program, children

READY_SECONDS = 60.0
SETTLE_SECONDS = 30.0
"""Past what it renders and loads at its start."""
LOOKS = 12
CARD_MS = 40
"""How far ahead a card that people have is played to."""


@dataclass(frozen=True)
class Spent:
    """By the program and its children so far."""

    cpu_seconds: float
    bytes_written: int

    @classmethod
    def by(cls, pid: int) -> Spent:
        """Of those that run now."""
        family = [pid, *children(pid)]
        return cls(sum(map(cpu_seconds, family)), sum(map(_written, family)))


def main() -> None:
    """A row each time, and the shares at the end."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="grounding-idle-") as name, SoundCard(latency_ms=CARD_MS) as card:
        folder = Path(name)
        (folder / "state").mkdir()
        program = Program(card, folder, folder / "state")
        with program.supervisor as supervisor:
            wait_until(lambda: supervisor.ready_at is not None, "the program", READY_SECONDS)
            time.sleep(SETTLE_SECONDS)
            before, began = Spent.by(supervisor.pid), time.monotonic()
            print("minutes, share of one core, kilobytes written, megabytes, threads, files")
            for look in range(1, LOOKS + 1):
                time.sleep(max(began + look * given.minutes * 60 / LOOKS - time.monotonic(), 0.0))
                now, seconds = Spent.by(supervisor.pid), time.monotonic() - began
                inside = Inside.of(supervisor.pid)
                print(
                    f"{seconds / 60:7.1f}  {(now.cpu_seconds - before.cpu_seconds) / seconds:6.2%}  "
                    f"{(now.bytes_written - before.bytes_written) / 1000:8.0f}  "
                    f"{inside.megabytes:6.1f}  {inside.threads:3d}  {inside.files:3d}",
                    flush=True,
                )
            woken = program.count("user_started_speaking", "called")
            print(f"started {supervisor.starts} times, hung {supervisor.hung}; took silence for a voice {woken} times")


def _written(pid: int) -> int:
    rows = dict(row.split(": ") for row in (Path("/proc") / str(pid) / "io").read_text(encoding="ascii").splitlines())
    return int(rows["write_bytes"])


if __name__ == "__main__":
    main()
