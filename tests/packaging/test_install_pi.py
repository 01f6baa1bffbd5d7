"""The script that installs it, on machines that are made up: what does not fit is told before anything is changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="a script for Debian and Raspberry Pi OS")
SCRIPT = Path(__file__).parent.parent.parent / "packaging" / "install-pi.sh"
FITTING = {
    "uname": "echo aarch64",
    "getconf": 'case "$1" in LONG_BIT) echo 64 ;; _PHYS_PAGES) echo 250000 ;; PAGE_SIZE) echo 4096 ;; esac',
    "python3": "echo 3.11",
    "df": "echo header; echo /dev/root 9 9 8000000 9% /",
    "apt-get": "echo apt-get was called >&2; exit 1",
}
"""A Raspberry Pi 4 with 1 GB, and Bookworm."""


def run(place: Path, *options: str, **programs: str) -> subprocess.CompletedProcess[str]:
    """The script on such a machine. What board it is stands in the file `board`; none: it is no Raspberry Pi."""
    shelf = place / "bin"
    shelf.mkdir(exist_ok=True)
    for name, does in {**FITTING, **programs}.items():
        (shelf / name).write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
        (shelf / name).chmod(0o755)
    environment = {
        "HOME": str(place / "home"),
        "PATH": f"{shelf}:{os.environ['PATH']}",
        "GROUNDING_BOARD": str(place / "board"),
    }
    (place / "home").mkdir(exist_ok=True)
    return subprocess.run(
        ["sh", str(SCRIPT), *options], env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def left(place: Path) -> list[Path]:
    return sorted((place / "home").rglob("*"))


def test_a_dry_run_tells_every_step_and_does_none(tmp_path: Path) -> None:
    result = run(tmp_path, "--dry-run")
    assert result.returncode == 0 and result.stderr == "" and left(tmp_path) == []
    for told in (
        "system-packages run",
        "-m venv",
        "pip install",
        "grounding check",
        "setup --defaults",
        "service install",
    ):
        assert told in result.stdout, told
    assert "aarch64, 976 MB of memory, 7812 MB free" in result.stdout


@pytest.mark.parametrize(
    ("board", "python", "told"),
    [
        ("Raspberry Pi 5 Model B Rev 1.0\0", "3.11", "[aec,pi]"),
        ("Raspberry Pi 4 Model B\0", "3.13", "system-packages pins"),
        ("Some other board\0", "3.13", "[aec]"),
    ],
)
def test_on_a_raspberry_pi_it_can_speak_to_the_pins(tmp_path: Path, board: str, python: str, told: str) -> None:
    """From Trixie's Python on with the system's own package, as there is no wheel: only there that is seen."""
    (tmp_path / "board").write_text(board)
    result = run(tmp_path, "--dry-run", python3=f"echo {python}")
    assert result.returncode == 0 and result.stderr == "" and told in result.stdout
    assert ("--system-site-packages" in result.stdout) == ("pins" in told)


@pytest.mark.parametrize(
    ("programs", "told"),
    [
        ({"uname": "echo armv7l"}, "64-bit one is needed"),
        ({"uname": "echo i686"}, "64-bit one is needed"),
        ({"getconf": "echo 32"}, "This system is 32-bit, though its kernel is not"),
        ({"python3": "echo 3.9"}, "this is 3.9"),
        ({"python3": "echo 3.14"}, "this is 3.14"),
        ({"python3": "echo 3.12"}, "On Arm the recogniser comes for Python 3.11 and 3.13 only"),
        ({"getconf": FITTING["getconf"].replace("250000", "60000")}, "234 MB of memory; 400 are needed"),
        ({"df": "echo header; echo /dev/root 9 9 900000 9% /"}, "878 MB free; 1500 are needed"),
    ],
)
def test_what_does_not_fit_is_told_before_anything_is_changed(
    tmp_path: Path, programs: dict[str, str], told: str
) -> None:
    result = run(tmp_path, "--yes", **programs)
    assert result.returncode == 1 and left(tmp_path) == []
    assert told in result.stderr and result.stderr.endswith("Nothing was changed.\n")


@pytest.mark.parametrize(
    ("options", "code"),
    [(("--wheel", "nowhere.whl"), 1), (("--answers", "nowhere.yaml"), 1), (("--wheel",), 2), (("--frobnicate",), 2)],
)
def test_bad_options_change_nothing(tmp_path: Path, options: tuple[str, ...], code: int) -> None:
    result = run(tmp_path, "--yes", *options)
    assert result.returncode == code and left(tmp_path) == []


def installed(place: Path) -> dict[str, Path]:
    """A home as the script leaves it, with somebody's data."""
    home = place / "home"
    program = home / ".local" / "opt" / "grounding-assistant"
    there = {
        "program": program / "2026-01-01-000000" / "bin" / "grounding",
        "mine": program / "notes of mine.txt",
        "settings": home / ".config" / "grounding-assistant" / "config.yaml",
        "memory": home / ".local" / "share" / "grounding-assistant" / "memory" / "memory.sqlite3",
        "cache": home / ".cache" / "grounding-assistant" / "speech" / "a.wav",
    }
    for path in there.values():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("kept", encoding="utf-8")
    (program / "current").symlink_to(program / "2026-01-01-000000")
    (home / ".local" / "bin").mkdir(parents=True)
    (home / ".local" / "bin" / "grounding").symlink_to(program / "current" / "bin" / "grounding")
    return there


def test_uninstalled_it_leaves_what_is_the_persons(tmp_path: Path) -> None:
    there = installed(tmp_path)
    assert run(tmp_path, "--uninstall").returncode == 0
    assert [name for name, path in there.items() if path.exists()] == ["mine", "settings", "memory"]
    assert not (tmp_path / "home" / ".local" / "bin" / "grounding").is_symlink()
    assert run(tmp_path, "--uninstall", "--purge").returncode == 0
    assert [name for name, path in there.items() if path.exists()] == ["mine"]


def test_an_upgrade_that_fails_leaves_the_old_program_and_a_backup(tmp_path: Path) -> None:
    """Here a venv cannot even be made."""
    there = installed(tmp_path)
    found = {"dpkg-query": "echo install ok installed", "python3": 'case "$1" in -m) exit 1 ;; *) echo 3.11 ;; esac'}
    result = run(tmp_path, "--yes", **found)
    assert result.returncode != 0 and all(path.exists() for path in there.values())
    (backup,) = (tmp_path / "home" / "grounding-backups").iterdir()
    assert backup.stat().st_mode & 0o777 == 0o600
    listed = subprocess.run(["tar", "-tPf", str(backup)], capture_output=True, text=True, check=True).stdout
    assert "config.yaml" in listed and "memory.sqlite3" in listed


def test_shellcheck_finds_nothing() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("apt-get install shellcheck")
    scripts = [str(path) for path in (SCRIPT, SCRIPT.with_name("system-packages"))]
    result = subprocess.run(["shellcheck", *scripts], capture_output=True, text=True)
    assert result.returncode == 0, result.stdout
