"""The voice engine's child process: whatever becomes of it, an answer comes, the next call works, nothing is left."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.errors import EngineError
from assistant.speaking.pyttsx3_child import Renderer
from assistant.speaking.pyttsx3_voice import Pyttsx3Voice

HEADER = b"RIFF" + (36).to_bytes(4, "little") + bytes(36)
SOUND = b"RIFF" + (1036).to_bytes(4, "little") + bytes(1036)


def child(deeds: str) -> tuple[str, ...]:
    """A stand-in for the child process that says it is ready, and then does `deeds`."""
    start = "import json, os, sys\nprint(json.dumps({'ready': True}), flush=True)\n"
    return sys.executable, "-c", start + textwrap.dedent(deeds)


def failure(voice: Pyttsx3Voice) -> str:
    with pytest.raises(EngineError) as raised:
        voice.render("the person's own words", 120)
    assert "own words" not in raised.value.hint
    return raised.value.code


@pytest.mark.parametrize(
    "deeds",
    [
        pytest.param("sys.stdin.readline()", id="it dies"),
        pytest.param("sys.stdin.readline(); print('Speaking...', flush=True); sys.stdin.read()", id="it prints"),
        pytest.param("sys.stdin.readline(); print('[1]', flush=True); sys.stdin.read()", id="it answers another thing"),
        pytest.param("for row in sys.stdin: print('{\"path\": null}', flush=True)", id="no sound"),
        pytest.param('for row in sys.stdin: print(\'{"path": "/no/file"}\', flush=True)', id="lost"),
    ],
)
def test_a_child_that_breaks_is_a_failure_and_no_time_out(deeds: str) -> None:
    voice = Pyttsx3Voice(command=child(deeds), render_seconds=30.0)
    try:
        assert failure(voice) == "voice-engine-failed"
        assert failure(voice) == "voice-engine-failed", "the next call meets a new child, not the old one's answer"
    finally:
        voice.close()


def test_a_child_that_hangs_once_is_replaced_and_the_next_call_is_heard(tmp_path: Path) -> None:
    hung = tmp_path / "hung"
    first = f"""if True:
        import os, sys
        if os.path.exists({str(hung)!r}):
            os.execv(sys.executable, [sys.executable, "-m", "assistant.speaking.pyttsx3_child", "en"])
        open({str(hung)!r}, "w").close()
        print("{{}}", flush=True)
        sys.stdin.read()
    """
    voice = Pyttsx3Voice(command=(sys.executable, "-c", first), render_seconds=2.0)
    try:
        assert failure(voice) == "voice-engine-timeout"
        assert voice.render("Press both feet into the floor.", 120).seconds > 1.0
    finally:
        voice.close()


@pytest.mark.timeout(10)
def test_closing_does_not_wait_for_what_the_child_has_left_running() -> None:
    grandchild = "import subprocess; subprocess.Popen(['sleep', '30']); sys.stdin.readline()"
    voice = Pyttsx3Voice(command=child(grandchild), render_seconds=0.1)
    assert failure(voice) == "voice-engine-timeout"
    voice.close()
    assert failure(voice) == "voice-engine-timeout", "and a new one is there"
    voice.close()


def test_no_sound_of_the_persons_words_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    voice = Pyttsx3Voice("en")
    assert voice.render("Hello there.", 120).seconds > 0.5
    assert list(tmp_path.glob("grounding-voice-*/*")) == []
    voice.close()
    assert list(tmp_path.glob("grounding-voice-*")) == [], "nor the folder it was in"


def test_a_child_that_was_killed_between_two_words_leaves_no_folder_when_the_next_one_starts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    voice = Pyttsx3Voice("en")
    try:
        voice.start()
        (lost,) = tmp_path.glob("grounding-voice-*")
        child = voice._process
        assert child is not None
        child.kill()
        child.wait()
        voice.start()
        (folder,) = tmp_path.glob("grounding-voice-*")
        assert folder != lost
    finally:
        voice.close()


def test_the_child_ends_when_its_parent_is_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    command = (sys.executable, "-m", "assistant.speaking.pyttsx3_child", "en")
    alone = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60)
    assert alone.returncode == 0 and alone.stdout.count(b"\n") == 1
    assert list(tmp_path.glob("grounding-voice-*")) == []


def test_the_child_imports_nothing_heavy() -> None:
    listing = (sys.executable, "-X", "importtime", "-c", "import assistant.speaking.pyttsx3_child")
    imported = subprocess.run(listing, capture_output=True, text=True, check=True).stderr
    assert "numpy" not in imported and "assistant.core" not in imported


def test_nothing_to_say_is_no_sound_and_no_failure() -> None:
    voice = Pyttsx3Voice("en")
    try:
        assert voice.render("", 120).seconds == 0.0
        assert voice.render("...", 120).seconds == 0.0
        assert voice.render("Hello.", 120).seconds > 0.3
    finally:
        voice.close()


class ForgetfulEngine:
    """Writes a header without sound so many times, as espeak does when its rate was set just before."""

    def __init__(self, forgets: int) -> None:
        self.forgets = forgets
        self.rates: list[int] = []
        self.asked = 0
        self._path = ""
        self._finished: Callable[[], None] = lambda: None

    def connect(self, topic: str, callback: Callable[[], None]) -> None:
        assert topic == "finished-utterance"
        self._finished = callback

    def setProperty(self, name: str, value: int) -> None:  # noqa: N802 - pyttsx3's own name
        assert name == "rate"
        self.rates.append(value)

    def save_to_file(self, text: str, path: str) -> None:
        self._path = path

    def runAndWait(self) -> None:  # noqa: N802 - pyttsx3's own name
        self.asked += 1
        Path(self._path).write_bytes(HEADER if self.asked <= self.forgets else SOUND)
        self._finished()


def test_the_rate_is_set_only_when_it_changes_and_then_so_that_it_holds(tmp_path: Path) -> None:
    engine = ForgetfulEngine(0)
    renderer = Renderer(engine, str(tmp_path))
    for rate in (125, 125, 112, 112, 125):
        renderer.render("Feet on the floor.", rate)
    assert engine.rates == [125] * 3 + [112] * 3 + [125] * 3


def test_a_file_without_sound_is_asked_for_again(tmp_path: Path) -> None:
    engine = ForgetfulEngine(2)
    assert Renderer(engine, str(tmp_path)).render("Feet on the floor.", 125) is not None
    assert engine.asked == 3


def test_an_engine_that_never_gives_sound_is_not_asked_for_ever(tmp_path: Path) -> None:
    engine = ForgetfulEngine(1000)
    assert Renderer(engine, str(tmp_path)).render("Feet on the floor.", 125) is None
    assert engine.asked < 10


def test_every_line_of_a_long_session_gets_its_sound() -> None:
    """A hundred lines at changing rates: one in sixty came back empty when the rate was set before each."""
    voice = Pyttsx3Voice("en")
    try:
        for number in range(100):
            assert voice.render("River.", 115 + 10 * (number % 2)).seconds > 0.2
    finally:
        voice.close()
