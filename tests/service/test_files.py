"""The three files of a service, letter by letter, and what the systems that read them say of them."""

from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
from pathlib import Path, PurePosixPath, PureWindowsPath
from xml.etree import ElementTree

import pytest

from assistant.runtime.heartbeat import SHARE
from assistant.service.launchd import agent
from assistant.service.plan import Plan
from assistant.service.systemd import WATCHDOG_SECONDS, unit
from assistant.service.tasks import task

GOLDEN = Path(__file__).parent / "golden"
RUN = ("-P", "-m", "assistant", "run", "--service")
HOME = PurePosixPath("/home/ada")
PLAIN = Plan(
    ("/home/ada/.local/share/pipx/venvs/grounding-assistant/bin/python", *RUN),
    (HOME / ".local/share/grounding-assistant", HOME / ".local/state/grounding-assistant"),
    systemd=252,
)
ODD = Plan(
    ("/home/ada/my programs/100% $HOME/bin/python", *RUN),
    (HOME / 'a "quoted" folder', HOME / "50%"),
    (("GROUNDING_MEMORY", "/media/my stick/100%"),),
    network=True,
    systemd=257,
)
WINDOWS = Plan((r"C:\Users\Ada & Co\venv\Scripts\pythonw.exe", *RUN, "--log", r"C:\Users\Ada & Co\service.log"), ())


def golden(name: str, made: bytes) -> None:
    """`GROUNDING_GOLDEN=1` writes them anew; read what changed before you keep it."""
    if os.environ.get("GROUNDING_GOLDEN"):
        (GOLDEN / name).write_bytes(made)
    assert made == (GOLDEN / name).read_bytes()


def test_the_files_are_what_they_were_read_to_be() -> None:
    golden("plain.service", unit(PLAIN).encode())
    golden("odd.service", unit(ODD).encode())
    golden("agent.plist", agent(PLAIN, PurePosixPath("/Users/ada/Library/Logs/grounding-assistant.log")))
    golden("task.xml", task(WINDOWS, r"HOME\Ada & Co").encode())


@pytest.mark.parametrize("plan", [PLAIN, ODD])
def test_systemd_itself_finds_no_fault_in_the_unit(tmp_path: Path, plan: Plan) -> None:
    if shutil.which("systemd-analyze") is None:
        if os.environ.get("CI"):
            pytest.fail("systemd-analyze is missing; install the package systemd")
        pytest.skip("systemd-analyze is missing")
    real = Plan((shutil.which("python3") or "/bin/sh", *RUN), plan.writable, plan.environment, plan.network, 252)
    path = tmp_path / "grounding-assistant.service"
    path.write_text(unit(real), encoding="utf-8")
    analysed = subprocess.run(
        ["systemd-analyze", "--user", "verify", str(path)], capture_output=True, text=True,
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path), "HOME": str(tmp_path)},
    )  # fmt: skip
    assert (analysed.returncode, analysed.stderr) == (0, "")


def test_it_has_a_network_only_where_the_settings_name_an_address() -> None:
    def families(plan: Plan) -> str:
        return next(row for row in unit(plan).splitlines() if row.startswith("RestrictAddressFamilies="))

    assert families(PLAIN) == "RestrictAddressFamilies=AF_UNIX" and "AF_INET" in families(ODD)


def test_nothing_of_the_persons_can_end_in_a_dump_or_in_swap() -> None:
    rows = unit(PLAIN).splitlines()
    assert {"LimitCORE=0", "WatchdogSignal=SIGKILL", "MemorySwapMax=0", "ProtectSystem=strict"} <= set(rows)


def test_it_waits_longer_after_each_failure_where_systemd_knows_how() -> None:
    assert "RestartSteps=" in unit(ODD) and "RestartSteps=" not in unit(PLAIN)


def test_a_beat_may_be_lost_before_systemd_acts() -> None:
    assert SHARE >= 3 and f"WatchdogSec={WATCHDOG_SECONDS}" in unit(PLAIN)


def test_the_mac_starts_it_again_and_the_windows_task_says_the_same_path_back() -> None:
    told = plistlib.loads(agent(PLAIN, PurePosixPath("/tmp/log")))
    assert told["KeepAlive"] is True and told["ProgramArguments"] == list(PLAIN.command)
    namespace = "{http://schemas.microsoft.com/windows/2004/02/mit/task}"
    tree = ElementTree.fromstring(task(WINDOWS, "HOME\\Ada").replace('encoding="UTF-16"', ""))
    command = tree.find(f".//{namespace}Command")
    assert command is not None and PureWindowsPath(command.text or "") == PureWindowsPath(WINDOWS.command[0])
    assert tree.find(f".//{namespace}RestartOnFailure") is not None
