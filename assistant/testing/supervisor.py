"""What systemd does with a unit of type notify, where no systemd runs: starts it, counts its beats, starts it again.

It reads the unit's own text: ExecStart, Environment, WatchdogSec, RestartSec, Restart, RestartPreventExitStatus and
TimeoutStopSec. It has no sandbox and no memory limit; `systemd-analyze verify` looks at those.
"""

from __future__ import annotations

import os
import shlex
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import Event as Flag
from threading import Thread
from typing import Self

from assistant.errors import EngineError

LOOK_SECONDS = 0.05


def directives(unit: str) -> dict[str, list[str]]:
    """Every value of every key, whatever its section."""
    rows = [row.strip() for row in unit.splitlines() if "=" in row and not row.lstrip().startswith("#")]
    found: dict[str, list[str]] = {}
    for row in rows:
        key, _, value = row.partition("=")
        found.setdefault(key, []).append(value)
    return found


class Supervisor:
    """Use as a context manager. `environment`: what the program meets, beside the unit's own."""

    def __init__(self, unit: str, environment: Mapping[str, str], log: Path | None = None) -> None:
        self._unit = directives(unit)
        self._folder = tempfile.TemporaryDirectory(prefix="grounding-supervisor-")
        address = Path(self._folder.name) / "notify"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(address))
        self._socket.settimeout(LOOK_SECONDS)
        self._watchdog = self._seconds("WatchdogSec")
        own = dict(row.split("=", 1) for value in self._unit.get("Environment", ()) for row in shlex.split(value))
        self._environment = {**environment, **own, "NOTIFY_SOCKET": str(address)}
        self._environment["WATCHDOG_USEC"] = str(round(self._watchdog * 1e6))
        self._log = log
        self._closed = Flag()
        self.process: subprocess.Popen[bytes] | None = None
        self.starts = 0
        self.beats = 0
        self.hung = 0
        """How often it was killed because it gave no beat."""
        self.status = ""
        self.ready_at: float | None = None
        """When it was ready, on `time.monotonic`'s clock; None while it starts."""
        self.ended: list[int] = []
        """Exit codes, oldest first."""
        self._thread = Thread(target=self._run, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closed.set()
        self._thread.join()
        self._socket.close()
        self._folder.cleanup()

    @property
    def pid(self) -> int:
        """Of the program that runs now. Raises EngineError while none does."""
        process = self.process
        if process is None or process.poll() is not None:
            raise EngineError("supervisor-idle", "The program does not run just now.")
        return process.pid

    def _seconds(self, key: str) -> float:
        return float(self._unit.get(key, ["0"])[-1])

    def _run(self) -> None:
        while not self._closed.is_set():
            self._once()
            prevents = self._unit.get("RestartPreventExitStatus", [""])[-1].split()
            if self._unit.get("Restart", ["no"])[-1] != "always" or str(self.ended[-1]) in prevents:
                break
            self._closed.wait(self._seconds("RestartSec"))

    def _once(self) -> None:
        self.ready_at = None
        command = [part.replace("%%", "%").replace("$$", "$") for part in shlex.split(self._unit["ExecStart"][-1])]
        with (self._log or Path(os.devnull)).open("ab") as log:
            self.process = process = subprocess.Popen(
                command, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
        self.starts += 1
        last = time.monotonic()
        while process.poll() is None:
            if self._closed.is_set():
                self._stop(process)
                break
            told = self._told()
            if "READY=1" in told:
                self.ready_at = last = time.monotonic()
            if "WATCHDOG=1" in told:
                self.beats += 1
                last = time.monotonic()
            self.status = next((row.partition("=")[2] for row in told if row.startswith("STATUS=")), self.status)
            if self._watchdog and self.ready_at is not None and time.monotonic() - last > self._watchdog:
                self.hung += 1
                process.kill()
        self.ready_at = None
        self.ended.append(process.wait())

    def _told(self) -> list[str]:
        """One datagram from this very process: NotifyAccess=main."""
        with suppress(TimeoutError):
            return self._socket.recv(4096).decode().splitlines()
        return []

    def _stop(self, process: subprocess.Popen[bytes]) -> None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(self._seconds("TimeoutStopSec") or None)
        except subprocess.TimeoutExpired:
            process.kill()


def left_behind(marker: str) -> list[int]:
    """Processes with this in their environment: those of a program that was started with it, however deep."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal() and int(folder.name) != os.getpid():
            with suppress(OSError):
                if marker.encode() in (folder / "environ").read_bytes() and (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
    return found
