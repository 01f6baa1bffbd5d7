"""The laws of the house that a machine can check."""

from __future__ import annotations

import ast
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "assistant").rglob("*.py"))
LIMIT, MEDIAN = 400, 130
ASKS_THE_DATE = ("now", "today", "utcnow", "fromtimestamp")
WRITES = ("write_wav", "write_bytes", "write_text", "tofile", "save", "savez", "savez_compressed", "savetxt", "fdopen")


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
            assert not asks_the_date(tree_of(path)), path


def asks_the_date(tree: ast.AST) -> bool:
    """`session.now` is a settled value, and is not called; what is called, or is an attribute of `datetime`, asks."""
    asking = [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in ASKS_THE_DATE]
    called = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return any(node in called or last_name(node.value) in ("datetime", "date", "dt") for node in asking)


def last_name(node: ast.expr) -> str:
    """`c` of `a.b.c`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def tree_of(path: Path) -> ast.AST:
    return ast.parse(path.read_text(encoding="utf-8"))


def test_no_test_sleeps() -> None:
    for path in (ROOT / "tests").rglob("*.py"):
        for node in ast.walk(tree_of(path)):
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
        tree = tree_of(path)
        assert "logging" not in imported(tree), path
        assert path.parent.name == "service" or not raises_words(tree), path  # a service manager's words may be told


def imported(tree: ast.AST) -> set[str]:
    """Packages and modules, by the first part of their names."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add((node.module or "").split(".")[0])
    return names


def raises_words(tree: ast.AST) -> bool:
    """`PeopleFirst` is no failure: it takes a cry for help to where it is answered, and tells nothing of it."""
    raised = [node.exc for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc is not None]
    parts = [
        part
        for exception in raised
        if not (isinstance(exception, ast.Call) and last_name(exception.func) == "PeopleFirst")
        for part in ast.walk(exception)
        if isinstance(part, ast.Attribute)
    ]
    return any(part.attr == "text" or last_name(part.value) in ("transcript", "screened", "words") for part in parts)


def test_nothing_that_hears_can_write_a_file() -> None:
    for path in (ROOT / "assistant" / "hearing").rglob("*.py"):
        assert not writes_a_file(tree_of(path)), path


def writes_a_file(tree: ast.AST) -> bool:
    """Or might: a file may be opened to be read, and a WAV file be written into memory."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    into_memory = [call.func for call in calls if last_name(call.func) == "write_wav" and in_memory(call.args[0], tree)]
    written = [
        node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute) and node not in into_memory
    ]
    return (
        any(last_name(node) in WRITES for node in written)
        or any(last_name(call.func) == "open" and not only_reads(call) for call in calls)
        or bool(imported(tree) & {"wave", "tempfile", "soundfile"})
    )


def in_memory(file: ast.expr, tree: ast.AST) -> bool:
    """Whether it is what `BytesIO()` was given this name, and never anything else."""
    made = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and last_name(node.targets[0]) == last_name(file)
    ]
    return bool(made) and all(
        isinstance(one.value, ast.Call) and last_name(one.value.func) == "BytesIO" for one in made
    )


def only_reads(call: ast.Call) -> bool:
    """`open(path, MODE)` or `path.open(MODE)`."""
    by_place = call.args[1:] if isinstance(call.func, ast.Name) else call.args
    modes = [*by_place[:1], *(given.value for given in call.keywords if given.arg == "mode")]
    return all(isinstance(mode, ast.Constant) and mode.value in ("r", "rb") for mode in modes)


@pytest.mark.parametrize(
    ("breaks", "code"),
    [
        (asks_the_date, "datetime.now()"),
        (asks_the_date, "datetime.datetime.now()"),
        (asks_the_date, "moment = field(default_factory=datetime.datetime.now)"),
        (asks_the_date, "Day.today()"),
        (raises_words, "raise ValueError(spoken.text)"),
        (raises_words, "raise ValueError(f'not a number: {event.transcript.text}')"),
        (raises_words, "raise ValueError(self.words.first)"),
        (writes_a_file, "open(path, 'ab')"),
        (writes_a_file, "path.open(mode='wb')"),
        (writes_a_file, "path.open(how)"),
        (writes_a_file, "os.open(path, os.O_WRONLY)"),
        (writes_a_file, "import wave"),
        (writes_a_file, "write_wav(file, sound)"),
        (writes_a_file, "file = path.open()\nwrite_wav(file, sound)"),
        (writes_a_file, "wrote = partial(write_wav, file)"),
        (writes_a_file, "samples.tofile(path)"),
    ],
)
def test_what_breaks_one_of_these_laws_is_noticed(breaks: Callable[[ast.AST], bool], code: str) -> None:
    assert breaks(ast.parse(code))


@pytest.mark.parametrize("code", ["import logging.handlers", "from logging import getLogger", "import logging as log"])
def test_logging_is_noticed_however_it_is_imported(code: str) -> None:
    assert "logging" in imported(ast.parse(code))


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
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.Import) and any(alias.name.split(".")[0] == "openai" for alias in node.names):
                importing.add(name)
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "openai":
                importing.add(name)
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "GuardedSentence":
                making.add(name)
    assert importing == {"asking.py", "speaking/openai_child.py"}
    assert making == {"core/guard.py"}
