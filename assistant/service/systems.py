"""The three systems that look after a service, behind one protocol; each is asked through its own command-line tool.

`Ask` is how: it runs a command and gives its exit code and what it printed, so that a test can answer for the system.
"""

from __future__ import annotations

import csv
import os
import re
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple, Protocol

from assistant.errors import ServiceError, StoreError
from assistant.service.launchd import agent
from assistant.service.plan import LABEL, NAME, Plan
from assistant.service.systemd import unit
from assistant.service.tasks import task

PATIENCE_SECONDS = 30.0
STATUS, RESULT = 3, 6
"""Columns of `schtasks /Query /V /FO CSV`."""
RUNS = str(0x41301)
"""SCHED_S_TASK_RUNNING, of Microsoft's "Task Scheduler error and success constants"."""


class Answer(NamedTuple):
    """What a tool printed, both streams, and its exit code."""

    code: int
    text: str


Ask = Callable[[Sequence[str]], Answer]


def ask(command: Sequence[str]) -> Answer:
    """Raises ServiceError where the tool is missing or does not answer."""
    try:
        ran = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
            stdin=subprocess.DEVNULL, timeout=PATIENCE_SECONDS,
        )  # fmt: skip
    except FileNotFoundError:
        raise ServiceError(
            "service-tool-missing",
            f"This machine has no {command[0]}, so nothing here could look after the program; "
            "start it yourself when you want it, with: grounding run --wait",
        ) from None
    except subprocess.TimeoutExpired:
        raise ServiceError("service-tool-hangs", f"{command[0]} does not answer; try again in a minute.") from None
    return Answer(ran.returncode, ran.stdout)


@dataclass(frozen=True, slots=True)
class State:
    """`installed`: its file is there. `detail`: in the system's words, or ours."""

    installed: bool
    running: bool
    detail: str


class ServiceSystem(Protocol):
    """What looks after services on this system. Every call raises ServiceError with one line."""

    @property
    def file(self) -> Path:
        """The one file that `install` writes and `uninstall` takes away."""
        ...

    def install(self, plan: Plan) -> list[str]:
        """Write it, and start it now and at every start of the machine. What the person should know, a line each."""
        ...

    def uninstall(self) -> None:
        """Stop it and take its file away; nothing else."""
        ...

    def act(self, verb: str) -> None:
        """`start` or `stop`."""
        ...

    def state(self) -> State:
        """How it is."""
        ...

    def logs(self, lines: int) -> str:
        """The last of what it printed."""
        ...


def _wrote(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        raise StoreError("service-unwritable", f"{file} cannot be written ({error.strerror}).") from None


def _gone(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError("service-unwritable", f"{file} cannot be removed ({error.strerror}).") from None


class Systemd:
    """A unit of the person's own systemd, on Linux."""

    def __init__(self, config: Path, user: str, ask: Ask = ask) -> None:
        """`config`: ~/.config. `user`: the name that `loginctl` knows."""
        self.file = config / "systemd" / "user" / f"{NAME}.service"
        self._user = user
        self._ask = ask

    def install(self, plan: Plan) -> list[str]:
        """`daemon-reload`, `enable`, `restart`, and lingering, without which it starts only with a log-in."""
        version = re.search(r"\bsystemd (\d+)", self._ask(["systemctl", "--version"]).text)
        self._reach()
        _wrote(self.file, unit(replace(plan, systemd=int(version[1]) if version else 0)).encode())
        self._do("daemon-reload")
        self._do("enable", NAME)
        self._do("restart", NAME)
        if self._lingers() or (self._ask(["loginctl", "enable-linger", self._user]).code == 0 and self._lingers()):
            return []
        allow = f"sudo loginctl enable-linger {self._user}"
        return [f"It starts when you log in. To have it start with the machine, allow lingering once: {allow}"]

    def uninstall(self) -> None:
        """Lingering is left as it is: other services may need it."""
        self._reach()
        self._ask(["systemctl", "--user", "disable", "--now", NAME])
        _gone(self.file)
        self._do("daemon-reload")

    def act(self, verb: str) -> None:
        """`start` or `stop`."""
        self._reach()
        self._do(verb, NAME)

    def state(self) -> State:
        """The program's own STATUS= line is in it."""
        self._reach()
        asked = "ActiveState,SubState,StatusText,NRestarts,UnitFileState"
        rows = self._ask(["systemctl", "--user", "show", NAME, f"--property={asked}"]).text.splitlines()
        told = dict(row.split("=", 1) for row in rows if "=" in row)
        between = told.get("SubState") == "auto-restart"
        running = told.get("ActiveState") in ("active", "activating", "reloading") and not between
        detail = [told.get("ActiveState", "unknown"), told.get("StatusText", "")]
        if between:
            detail.append("it fails and is started again; why: grounding service logs")
        if told.get("NRestarts", "0") != "0":
            detail.append(f"restarted {told['NRestarts']} times")
        if self.file.is_file() and not self._lingers():
            detail.append(f"starts when you log in; with the machine after: sudo loginctl enable-linger {self._user}")
        return State(self.file.is_file(), running, ", ".join(part for part in detail if part))

    def logs(self, lines: int) -> str:
        """From the journal."""
        shown = self._ask(["journalctl", "--user-unit", NAME, "--no-pager", "--output=short-iso", f"--lines={lines}"])
        if shown.code:
            raise ServiceError("service-logs", f"journalctl says: {_last(shown.text)}")
        return shown.text

    def _lingers(self) -> bool:
        try:
            shown = self._ask(["loginctl", "show-user", self._user, "--property=Linger"])
        except ServiceError:
            return False
        return "Linger=yes" in shown.text

    def _reach(self) -> None:
        """Raises ServiceError where no systemd of this person runs, as in a container, or behind `su`."""
        reached = self._ask(["systemctl", "--user", "show-environment"])
        if reached.code:
            raise ServiceError(
                "service-no-systemd",
                "No systemd of yours can be reached, as in a container or after `su`; log in as yourself, or start the "
                f"program with: grounding run --wait. systemctl says: {_last(reached.text)}",
            )

    def _do(self, *verb: str) -> None:
        done = self._ask(["systemctl", "--user", *verb])
        if done.code:
            raise ServiceError(
                "service-refused",
                f"systemd did not {verb[0]} it: {_last(done.text)} More: grounding service logs",
            )


class Launchd:
    """An agent of the person's own launchd, on macOS."""

    def __init__(self, home: Path, uid: int, ask: Ask = ask) -> None:
        self.file = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        self._log = home / "Library" / "Logs" / f"{NAME}.log"
        self._domain = f"gui/{uid}"
        self._ask = ask

    def install(self, plan: Plan) -> list[str]:
        """An older one is taken out first."""
        _wrote(self.file, agent(plan, self._log))
        self._ask(["launchctl", "bootout", f"{self._domain}/{LABEL}"])
        self._do("bootstrap", self._domain, str(self.file))
        return ["It starts when you log in. macOS asks once whether it may use the microphone."]

    def uninstall(self) -> None:
        """Its log goes too."""
        self._ask(["launchctl", "bootout", f"{self._domain}/{LABEL}"])
        _gone(self.file)
        _gone(self._log)

    def act(self, verb: str) -> None:
        """`start` or `stop`: in and out of launchd, as it would start again what was only ended."""
        if verb == "start":
            self._do("bootstrap", self._domain, str(self.file))
        else:
            self._do("bootout", f"{self._domain}/{LABEL}")

    def state(self) -> State:
        """As `launchctl print` has it."""
        shown = self._ask(["launchctl", "print", f"{self._domain}/{LABEL}"])
        state = re.search(r"^\s*state = (.+)$", shown.text, re.MULTILINE)
        detail = state[1] if state and shown.code == 0 else "not loaded"
        return State(self.file.is_file(), detail == "running", detail)

    def logs(self, lines: int) -> str:
        """From its log file."""
        return _tail(self._log, lines)

    def _do(self, *verb: str) -> None:
        done = self._ask(["launchctl", *verb])
        if done.code:
            raise ServiceError("service-refused", f"launchd did not {verb[0]} it: {_last(done.text)}")


class TaskScheduler:
    """A task of Windows' scheduler."""

    def __init__(self, data: Path, user: str, ask: Ask = ask) -> None:
        """`data`: where its XML and its log are kept."""
        self.file = data / "service.xml"
        self.log = data / "service.log"
        self._user = user
        self._ask = ask

    def install(self, plan: Plan) -> list[str]:
        """It has no log of its own, so the program writes one."""
        logging = replace(plan, command=(*plan.command, "--log", str(self.log)))
        _wrote(self.file, task(logging, self._user).encode("utf-16"))
        self._do("/Create", "/XML", str(self.file), "/F")
        self._do("/Run")
        return ["It starts when you log in, and a minute after it was ended."]

    def uninstall(self) -> None:
        """Its log goes too."""
        self._ask(["schtasks", "/End", "/TN", NAME])
        self._ask(["schtasks", "/Delete", "/TN", NAME, "/F"])
        _gone(self.file)
        _gone(self.log)

    def act(self, verb: str) -> None:
        """`start` or `stop`."""
        self._do("/Run" if verb == "start" else "/End")

    def state(self) -> State:
        """As `schtasks /Query` has it: its words are in the language of that Windows, the number of its last result and
        the order of its columns are not.
        """
        shown = self._ask(["schtasks", "/Query", "/TN", NAME, "/V", "/FO", "CSV", "/NH"])
        rows = [row for row in csv.reader(shown.text.splitlines()) if len(row) > RESULT]
        if shown.code or not rows:
            return State(self.file.is_file(), running=False, detail="no such task")
        return State(self.file.is_file(), rows[0][RESULT] == RUNS, rows[0][STATUS])

    def logs(self, lines: int) -> str:
        """From its log file."""
        return _tail(self.log, lines)

    def _do(self, verb: str, *more: str) -> None:
        done = self._ask(["schtasks", verb, "/TN", NAME, *more])
        if done.code:
            raise ServiceError("service-refused", f"the task scheduler refused {verb}: {_last(done.text)}")


def _last(text: str) -> str:
    rows = [row.strip() for row in text.splitlines() if row.strip()]
    return rows[-1] if rows else "nothing."


def _tail(file: Path, lines: int) -> str:
    try:
        with file.open("rb") as log:
            log.seek(max(os.fstat(log.fileno()).st_size - 256 * lines, 0))
            rows = log.read().decode(errors="replace").splitlines()
    except OSError:
        return ""
    return "".join(f"{row}\n" for row in rows[-lines:])
