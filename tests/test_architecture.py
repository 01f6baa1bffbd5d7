"""The laws of the house that a machine can check."""

from __future__ import annotations

import ast
import os
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "assistant").rglob("*.py"))
LIMIT, MEDIAN = 400, 130


def test_a_module_over_400_lines_is_a_bug_and_the_median_stays_small() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert [str(path) for path, length in lengths.items() if length > LIMIT] == []
    assert statistics.median(length for length in lengths.values() if length) <= MEDIAN


def test_imports_point_down_and_the_core_is_pure() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    result = subprocess.run([str(linter)], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout[-2000:]


def test_the_core_knows_dates_and_never_asks_for_today() -> None:
    for folder in ("core", "safety"):
        for path in (ROOT / "assistant" / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute):
                    assert node.attr not in ("now", "today", "utcnow", "fromtimestamp") or _is_field(node), path


def _is_field(node: ast.Attribute) -> bool:
    """Of a settled value, not of `datetime` or `date`."""
    return not (isinstance(node.value, ast.Name) and node.value.id in ("datetime", "date", "dt"))


def test_no_test_sleeps() -> None:
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                assert not (isinstance(node.func, ast.Attribute) and node.func.attr == "sleep"), path


def test_importing_the_package_and_the_command_line_costs_nothing_heavy() -> None:
    heavy = (
        "{'numpy', 'pydantic', 'onnxruntime', 'faster_whisper', 'sounddevice', 'pocketsphinx', 'pyttsx3', "
        "'cryptography', 'fpdf', 'sqlite3'}"
    )
    code = f"import sys, assistant, assistant.cli.main; print(sorted(set(sys.modules) & {heavy}))"
    result = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"


def test_the_persons_words_are_never_logged_or_raised() -> None:
    """Law 9: nothing imports logging, and no exception is made from a transcript's text."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert "logging" not in [name.name for name in node.names], path
            if isinstance(node, ast.Raise) and node.exc is not None:
                for part in ast.walk(node.exc):
                    if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name):
                        assert part.value.id not in ("transcript", "screened", "words"), path


def test_nothing_that_hears_can_write_a_file() -> None:
    for path in (ROOT / "assistant" / "hearing").rglob("*.py"):
        tree = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        names = {node.attr for node in tree if isinstance(node, ast.Attribute)}
        assert not names & {"write_bytes", "write_text", "tofile", "save", "savez"}, path


def test_no_setting_can_switch_the_screen_off() -> None:
    keys = (ROOT / "config.yaml").read_text(encoding="utf-8").lower()
    settings = [row.split("#")[0] for row in keys.splitlines()]
    assert not any(word in row for row in settings for word in ("screen", "safety", "interrupt"))


@pytest.mark.slow
def test_the_built_wheel_stands_on_its_own(tmp_path: Path) -> None:
    """Built, unpacked elsewhere, and checked from there: its content came with it."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT, check=True, capture_output=True,
    )  # fmt: skip
    (wheel,) = tmp_path.glob("*.whl")
    place = tmp_path / "place"
    subprocess.run([sys.executable, "-m", "zipfile", "-e", str(wheel), str(place)], check=True)
    result = subprocess.run(
        [sys.executable, "-m", "assistant", "check"],
        cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(place)}, capture_output=True, text=True,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    assert str(place) in result.stdout


def test_openai_is_imported_in_two_places_and_only_the_guard_makes_what_a_model_may_say() -> None:
    importing, making = set(), set()
    for path in MODULES:
        name = path.relative_to(ROOT / "assistant").as_posix()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "openai" for alias in node.names):
                importing.add(name)
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "openai":
                importing.add(name)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "GuardedSentence":
                making.add(name)
    assert importing == {"asking.py", "speaking/openai_child.py"}
    assert making == {"core/guard.py"}
