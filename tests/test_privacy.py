"""Nothing leaves the machine, and nothing of the person stays on it unasked."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]
PLEA = CHECKOUT / "audio" / "demo-panic-short.wav"
LOADED = "from assistant.hearing.voice_activity import Silero; Silero()"


def test_the_model_runtime_keeps_no_identity_of_the_machine(tmp_path: Path) -> None:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("ORT_", "XDG_"))}
    quiet_about_ci = {key: value for key, value in inherited.items() if key not in ("CI", "GITHUB_ACTIONS")}
    subprocess.run([sys.executable, "-c", LOADED], env={**quiet_about_ci, "HOME": str(tmp_path)}, check=True)
    assert list(tmp_path.rglob("*")) == []


SPIES = """
import os, sys
def _note(event, arguments):
    if event == "socket.__new__" and int(arguments[1]) != 1 or event in ("socket.getaddrinfo", "socket.connect"):
        with open(os.environ["SOCKETS"], "a") as file:
            file.write(event + " " + repr(arguments[1:]) + "\\n")
sys.addaudithook(_note)
"""
"""In every Python process that is started: whatever socket is made but those between processes of one machine."""

MARKED = "zanzibar"
LINES = (
    f"i'm panicking about the {MARKED} exam", "eight", f"it's about {MARKED}", "five",
    "note for my therapist", f"the {MARKED} thing", "yes", "what do you remember", "tell me their number",
    "send a message", "yes", MARKED, "stop",
    f"i want to kill myself {MARKED}",
)  # fmt: skip
UNTANGLED = f"the {MARKED} exam\nit is {MARKED}\n{MARKED}\nread {MARKED}\nyes\n{{kept}}\n"
"""A worry, a fact, a guess and a step, which are read back."""
SITTING = "".join(f"{line}\n" for line in LINES)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after an exercise, a note, an interrupt, a check-in, and every command that looks back."""
    home = tmp_path_factory.mktemp("home")
    (home / "sitecustomize.py").write_text(SPIES)
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "GROUNDING_"))}
    environment = inherited | {"HOME": str(home), "PYTHONPATH": f"{home}:{CHECKOUT}", "SOCKETS": str(home / "sockets")}

    def grounding(*arguments: str, typed: str = "") -> None:
        ran = subprocess.run(
            [sys.executable, "-m", "assistant", *arguments], input=typed, env=environment, cwd=home,
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
        assert ran.returncode == 0, ran.stderr
        assert MARKED not in ran.stderr

    grounding("run", "--mic", "none", "--speaker", "none", "--events", "events.jsonl", typed=SITTING)
    grounding("checkin", "evening", "--mic", "none", "--speaker", "none", typed=f"four\n{MARKED}\n{MARKED}\n")
    grounding("run", "--mic", str(PLEA), "--speaker", "out.wav", "--country", "GB")
    for kept in ("keep it", "no", "show"):
        typed = UNTANGLED.format(kept=kept)
        grounding("flow", "untangle", "--mic", "none", "--speaker", "flow.wav", "--events", "events.jsonl", typed=typed)
    grounding("note", "add", typed=f"about {MARKED}\n")
    grounding("report", "page.html")
    grounding("export", "memory.json")
    grounding("history", "--json")
    grounding("note", "list")
    grounding("forget", "that", "--yes")
    return home


def test_no_socket_is_made_in_a_whole_sitting_or_by_what_looks_at_it(lived: Path) -> None:
    assert (lived / "page.html").exists()
    sockets = lived / "sockets"
    assert not sockets.exists(), sockets.read_text()


def test_no_word_of_the_person_is_in_any_file(lived: Path) -> None:
    files = [path for path in lived.rglob("*") if path.is_file()]
    assert {"events.jsonl", "memory.sqlite3", "page.html"} <= {path.name for path in files}
    assert [path.name for path in files if MARKED.encode() in path.read_bytes().lower()] == []


def test_what_is_remembered_is_readable_by_nobody_else(lived: Path) -> None:
    folder = lived / ".local" / "share" / "grounding-assistant" / "memory"
    assert (folder / "notes.key").exists(), "a note by voice, and one by command"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = [*folder.iterdir(), *(lived / name for name in ("page.html", "memory.json", "events.jsonl"))]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
