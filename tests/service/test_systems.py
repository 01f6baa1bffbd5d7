"""What is asked of each system, what it may answer, and that every refusal is one clear line."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from assistant.app import serving
from assistant.cli.main import main
from assistant.errors import ServiceError, UsageError
from assistant.service.plan import Plan
from assistant.service.systems import Answer, Launchd, Systemd, TaskScheduler, ask

PLAN = Plan(("/usr/bin/python3", "-P", "-m", "assistant", "run", "--service"), (Path("/tmp/state"),))


@dataclass
class Machine:
    """Answers for the system: the first of `answers` whose key is in the command, else success."""

    answers: dict[str, Answer] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def __call__(self, command: Sequence[str]) -> Answer:
        line = " ".join(command)
        self.asked.append(line)
        return next((answer for key, answer in self.answers.items() if key in line), Answer(0, ""))


LINGERS = {"show-user": Answer(0, "Linger=yes\n"), "--version": Answer(0, "systemd 257 (257.9)\n")}


def test_installing_writes_the_unit_and_starts_it_now_and_with_the_machine(tmp_path: Path) -> None:
    machine = Machine(dict(LINGERS))
    systemd = Systemd(tmp_path, "ada", machine)
    assert systemd.install(PLAN) == []
    assert "RestartSteps=" in systemd.file.read_text(encoding="utf-8"), "this systemd knows how to back off"
    done = [line for line in machine.asked if line.startswith("systemctl --user") and "show-" not in line]
    assert [line.split()[2] for line in done] == ["daemon-reload", "enable", "restart"]


def test_without_lingering_the_person_is_told_the_one_command_it_takes(tmp_path: Path) -> None:
    machine = Machine({"show-user": Answer(0, "Linger=no\n"), "enable-linger": Answer(1, "Access denied\n")})
    (told,) = Systemd(tmp_path, "ada", machine).install(PLAN)
    assert "sudo loginctl enable-linger ada" in told and "when you log in" in told


def test_lingering_that_can_be_had_is_had_without_a_word(tmp_path: Path) -> None:
    machine = Machine()
    machine.answers["enable-linger"] = Answer(0, "")
    machine.answers["show-user"] = Answer(0, "Linger=yes\n")
    assert Systemd(tmp_path, "ada", machine).install(PLAN) == []


@pytest.mark.parametrize("verb", ["install", "uninstall", "start", "state"])
def test_without_a_systemd_of_ones_own_there_is_one_line_and_nothing_is_written(tmp_path: Path, verb: str) -> None:
    machine = Machine({"show-environment": Answer(1, "Failed to connect to bus: No medium found\n")})
    systemd = Systemd(tmp_path, "ada", machine)
    calls: dict[str, Callable[[], object]] = {
        "install": lambda: systemd.install(PLAN), "uninstall": systemd.uninstall, "state": systemd.state,
        "start": lambda: systemd.act("start"),
    }  # fmt: skip
    with pytest.raises(ServiceError) as told:
        calls[verb]()
    assert told.value.code == "service-no-systemd" and "grounding run --wait" in told.value.hint
    assert "No medium found" in told.value.hint and not systemd.file.exists()


def test_a_machine_without_the_tool_says_what_to_do_instead() -> None:
    with pytest.raises(ServiceError) as told:
        ask(["no-such-service-manager", "--user"])
    assert told.value.code == "service-tool-missing" and "grounding run --wait" in told.value.hint


def test_a_refusal_is_told_in_the_systems_last_words(tmp_path: Path) -> None:
    machine = Machine({"restart": Answer(1, "Job failed.\n\nSee journalctl.\n"), **LINGERS})
    with pytest.raises(ServiceError) as told:
        Systemd(tmp_path, "ada", machine).install(PLAN)
    assert "See journalctl." in told.value.hint and "grounding service logs" in told.value.hint


def test_how_it_is_comes_from_the_program_itself_where_it_tells(tmp_path: Path) -> None:
    shown = "ActiveState=active\nSubState=running\nStatusText=waiting to be spoken to\nNRestarts=2\n"
    systemd = Systemd(tmp_path, "ada", Machine({"show grounding": Answer(0, shown), **LINGERS}))
    state = systemd.state()
    assert state.running and not state.installed
    assert state.detail == "active, waiting to be spoken to, restarted 2 times"


def test_uninstalling_takes_the_file_away_and_leaves_lingering(tmp_path: Path) -> None:
    machine = Machine(dict(LINGERS))
    systemd = Systemd(tmp_path, "ada", machine)
    systemd.install(PLAN)
    systemd.uninstall()
    assert not systemd.file.exists() and not any("disable-linger" in line for line in machine.asked)


def test_the_mac_is_asked_through_launchctl(tmp_path: Path) -> None:
    machine = Machine({"print": Answer(0, "org = {\n\tstate = running\n}\n")})
    launchd = Launchd(tmp_path, 501, machine)
    launchd.install(PLAN)
    assert machine.asked == [
        "launchctl bootout gui/501/org.grounding-assistant", f"launchctl bootstrap gui/501 {launchd.file}",
    ]  # fmt: skip
    assert launchd.state().running and launchd.logs(5) == ""
    launchd.uninstall()
    assert not launchd.file.exists()


def queried(status: str, result: int) -> Answer:
    """What `schtasks /Query /V /FO CSV /NH` prints: a row a trigger, its words in the language of that Windows; quotes
    in the command are not doubled.
    """
    row = (
        f'"HOME","\\grounding-assistant","N/A","{status}","Interactive only","28.11.2026 09:15:02","{result}",'
        '"HOME\\Ada",""C:\\Program Files\\Python, 3\\python.exe" -m assistant run","N/A","","Enabled","Disabled"\r\n'
    )
    return Answer(0, f"\r\n{row}{row}")


@pytest.mark.parametrize(
    ("status", "result", "running"),
    [
        ("Running", 267009, True), ("Wird ausgef\ufffdhrt", 267009, True), ("En cours d'ex\ufffdcution", 267009, True),
        ("Ready", 0, False), ("Bereit", 267014, False), ("Bereit", 267011, False), ("Bereit", -1073741510, False),
    ],
)  # fmt: skip
def test_whether_it_runs_is_known_on_a_windows_of_any_language(
    tmp_path: Path, status: str, result: int, running: bool
) -> None:
    state = TaskScheduler(tmp_path, "HOME\\Ada", Machine({"/Query": queried(status, result)})).state()
    assert (state.running, state.detail) == (running, status)


@pytest.mark.parametrize(
    "answer", [Answer(1, "ERROR: no such file.\r\n"), Answer(0, ""), Answer(0, '"HOME","N/A"\r\n')]
)
def test_a_task_that_is_not_there_does_not_run(tmp_path: Path, answer: Answer) -> None:
    state = TaskScheduler(tmp_path, "HOME\\Ada", Machine({"/Query": answer})).state()
    assert (state.running, state.detail) == (False, "no such task")


def test_windows_is_asked_through_schtasks_and_keeps_a_log(tmp_path: Path) -> None:
    machine = Machine({"/Query": queried("Running", 267009)})
    tasks = TaskScheduler(tmp_path, "HOME\\Ada", machine)
    tasks.install(PLAN)
    assert "--log" in tasks.file.read_text(encoding="utf-16") and tasks.state().running
    tasks.log.write_text("one\ntwo\nthree\n", encoding="utf-8")
    assert tasks.logs(2) == "two\nthree\n"
    tasks.uninstall()
    assert not tasks.log.exists()


def test_root_is_told_that_the_service_is_a_persons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    with pytest.raises(UsageError) as told:
        serving.this_system()
    assert told.value.code == "service-as-root" and "without sudo" in told.value.hint


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Machine:
    machine = Machine(dict(LINGERS))
    monkeypatch.setattr(serving, "this_system", lambda: Systemd(tmp_path / "config", "ada", machine))
    for name in ("DATA", "STATE", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name))
    monkeypatch.delenv("GROUNDING_MEMORY", raising=False)
    return machine


def test_the_command_installs_tells_and_uninstalls(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["service", "install"]) == 0
    assert "Installed and started" in capsys.readouterr().out
    assert main(["service", "install"]) == 0
    assert "installed before" in capsys.readouterr().out
    machine.answers["show grounding"] = Answer(0, "ActiveState=active\nStatusText=waiting to be spoken to\n")
    assert main(["service", "status"]) == 0
    assert capsys.readouterr().out == "running: active, waiting to be spoken to\n"
    machine.answers["journalctl"] = Answer(0, "2026-01-01 Ready: waiting to be spoken to.\n")
    assert main(["service", "logs", "--lines", "5"]) == 0
    assert "--lines=5" in machine.asked[-1] and "Ready" in capsys.readouterr().out
    assert main(["service", "stop"]) == 0
    assert main(["service", "uninstall"]) == 0
    machine.answers["show grounding"] = Answer(0, "ActiveState=inactive\n")
    assert main(["service", "status"]) == 1, "what does not run is a failure to a script"
    assert "not installed" in capsys.readouterr().out


@pytest.mark.parametrize("verb", ["start", "stop", "uninstall"])
def test_what_is_not_installed_cannot_be_started_or_taken_away(
    machine: Machine, verb: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["service", verb]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_the_unit_writes_to_folders_of_its_own_and_they_are_there(machine: Machine, tmp_path: Path) -> None:
    main(["service", "install"])
    text = (tmp_path / "config" / "systemd" / "user" / "grounding-assistant.service").read_text(encoding="utf-8")
    for name in ("DATA", "STATE", "CACHE"):
        folder = tmp_path / name / "grounding-assistant"
        assert folder.is_dir() and f"-{folder}" in text
    assert str(tmp_path / "CONFIG") not in text
