"""`grounding setup` in a terminal of its own: bad answers, every way of leaving it, and nothing asked twice."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest

from assistant.app import setting_up
from assistant.app.asking import Question
from assistant.app.own_settings import answered, save
from assistant.app.setting_up import SOUND, STEPS, Step, ask_all, ask_language, known_step
from assistant.cli.main import main
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.errors import DeviceError
from assistant.settings import Settings
from assistant.settings_files import own_settings_file

pytestmark = [
    pytest.mark.real_clock,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals"),
]
T = TypeVar("T")
ROOT = Path(__file__).parent.parent.parent
QUESTIONS = {
    "language": "Which language", "country": "Which country",
    "microphone.device": "Which microphone", "speaker.device": "Which speaker",
    "trusted_person.name": "Whom do you trust",
    "trusted_person.number": "telephone number?", "trusted_person.message": "What shall a message to them say",
    "cautions": "Is any of this so for you", "turn.patient": "Shall I wait longer",
    "button.pin": "Is there a button on a pin", "led.pin": "Is there a light on a pin",
    "button.keys": "Shall a key, or a USB button", "voice.engine": "Shall I fetch it",
}  # fmt: skip
"""In order, on a machine that has everything."""
ASIDE = {
    "Shall we try again": "n", "hear the chime": "y", "Shall I read the other": "n", "Where does a message go": "",
}  # fmt: skip
"""Questions that belong to the one before, and the answer that goes on. The last one needs the extra `message`."""
MEASURING = "Now I measure"
FURNISHED = {"GPIOZERO_PIN_FACTORY": "mock", "GPIOZERO_MOCK_PIN_CLASS": "mockpwmpin"}


class Terminal:
    """The real program, in a terminal, on a machine that has everything (`furnished`)."""

    def __init__(self, *arguments: str) -> None:
        self.ours, theirs = os.openpty()
        self.folder = tempfile.TemporaryDirectory()
        self.program = subprocess.Popen(
            [sys.executable, "-m", "tests.cli.furnished", self.folder.name, "setup", *arguments],
            cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=lambda: _controls(0),  # noqa: PLW1509 - without it Ctrl-C is no signal; no other thread is here
            env={**os.environ, "LANG": "en_NZ.UTF-8", "LC_ALL": "", "TERM": "dumb", **FURNISHED},
        )  # fmt: skip
        os.close(theirs)
        self.shown = ""

    def until(self, *texts: str, seconds: float = 60.0) -> str:
        """What is shown until one of `texts` is there, or the program waits for an answer."""
        begun, limit = len(self.shown), time.monotonic() + seconds
        while time.monotonic() < limit:
            new = self.shown[begun:]
            if any(text in new for text in texts) or new.endswith("\n> "):
                return new
            if select.select([self.ours], [], [], 0.2)[0]:
                try:
                    self.shown += os.read(self.ours, 65536).decode(errors="replace").replace("\r\n", "\n")
                except OSError:  # Linux's word for the end of a terminal
                    return self.shown[begun:]
        raise AssertionError(self.shown[-2000:])

    def type(self, text: str) -> None:
        os.write(self.ours, f"{text}\n".encode())

    def end(self) -> int:
        self.program.wait(timeout=30)
        with suppress(OSError):  # it may be closed already
            os.close(self.ours)
        self.folder.cleanup()
        return self.program.returncode

    def leave(self, way: str) -> int:
        if way == "Ctrl-C":
            os.write(self.ours, b"\x03")
        elif way == "end of input":
            os.write(self.ours, b"\x04")
        elif way == "closed terminal":
            os.close(self.ours)
        else:
            self.program.send_signal(signal.SIGKILL if way == "kill" else signal.SIGTERM)
        if way not in ("kill", "closed terminal"):
            self.until("left, as you asked")
        return self.end()


def _controls(terminal: int) -> None:
    """Make it the terminal of the session, so that Ctrl-C is a signal."""
    import fcntl
    import termios

    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)


def asked(shown: str) -> str | None:
    """Which question, or question beside it, is on the screen last."""
    texts = {**{text: key for key, text in QUESTIONS.items()}, **{text: text for text in ASIDE}}
    found = {shown.rfind(text): key for text, key in texts.items() if text in shown}
    return found[max(found)] if found else None


def answer_all(terminal: Terminal, answers: Mapping[str, str]) -> list[str]:
    """Answer until it measures; which questions came, those beside others left out."""
    came = []
    while MEASURING not in (shown := terminal.until(MEASURING)):
        key = asked(shown)
        assert key is not None, shown
        if key not in ASIDE:
            came.append(key)
        terminal.type(ASIDE[key] if key in ASIDE else answers[key])
    return came


ANSWERS = {
    "language": "en", "country": "uk", "microphone.device": "2", "speaker.device": "1",
    "trusted_person.name": "Zoë Ann",
    "trusted_person.number": "07700 900123", "trusted_person.message": "Ring me.",
    "cautions": "3, 5", "turn.patient": "y", "button.pin": "17", "led.pin": "18", "button.keys": "y",
    "voice.engine": "n",
}  # fmt: skip


def kept() -> dict[str, object]:
    settings = load_settings([content_root() / "config.yaml", own_settings_file()])
    return {
        "language": settings.language, "country": settings.country,
        "microphone.device": settings.microphone.device, "speaker.device": settings.speaker.device,
        "trusted_person.name": settings.trusted_person.name, "trusted_person.number": settings.trusted_person.number,
        "trusted_person.message": settings.trusted_person.message,
        "cautions": settings.cautions, "turn.patient": settings.turn.patient,
        "button.pin": settings.button.pin, "led.pin": settings.led.pin, "button.keys": settings.button.keys,
        "voice.engine": settings.voice.engine,
    }  # fmt: skip


GOOD = {
    "language": "en", "country": "GB", "microphone.device": "USB", "speaker.device": "Built-in",
    "trusted_person.name": "Zoë Ann",
    "trusted_person.number": "07700 900123", "trusted_person.message": "Ring me.",
    "cautions": ("asthma_flare", "cardiac"),
    "turn.patient": True, "button.pin": 17, "led.pin": 18, "button.keys": ("KEY_PLAYPAUSE",), "voice.engine": "auto",
}  # fmt: skip


def test_every_question_is_answered_once_and_a_second_setup_asks_none_of_them() -> None:
    first = Terminal()
    assert answer_all(first, ANSWERS) == list(QUESTIONS) and "emergency number is 999" in first.shown
    first.until("The voice:")
    first.leave("Ctrl-C")
    assert kept() == GOOD and oct(own_settings_file().stat().st_mode & 0o777) == "0o600"
    second = Terminal()
    second.until("The voice:")
    second.leave("kill")
    assert asked(second.shown) is None and MEASURING not in second.shown


BAD = {
    "language": ("xx", "\x01", "e n"), "country": ("Narnia", "1", "zz9"),
    "microphone.device": ("0", "3", "USB", "-1"), "speaker.device": ("0", "3", "Built-in", "two"),
    "trusted_person.name": ("99", "x" * 70, "\x02"),
    "trusted_person.number": ("ring the bell", "1"), "trusted_person.message": ("?", "\x02"),
    "cautions": ("0", "14", "asthma", "-1", "³"), "turn.patient": ("maybe", "1", "yy"),
    "button.pin": ("28", "-1", "GPIO 17", "¹"), "led.pin": ("17", "28", "yes"), "button.keys": ("KEY_PLAYPAUSE", "1"),
    "voice.engine": ("perhaps",),
    "Shall we try again": ("perhaps", "2"), "hear the chime": ("what?", "1"), "Shall I read the other": ("aloud", "0"),
    "Where does a message go": ("a pigeon",),
}  # fmt: skip


def test_a_bad_answer_to_any_question_gives_one_line_and_the_question_stays() -> None:
    terminal = Terminal()
    met = []
    while MEASURING not in (shown := terminal.until(MEASURING)):
        key = asked(shown)
        assert key is not None, shown
        met.append(key)
        for bad in BAD[key]:
            terminal.type(bad)
            told = [row for row in terminal.until().split("\n")[1:] if row.strip("> ")]
            assert len(told) == 1 and "Traceback" not in told[0], (bad, told)
        terminal.type(ASIDE[key] if key in ASIDE else ANSWERS[key])
    terminal.leave("Ctrl-C")
    assert kept() == GOOD and {*QUESTIONS, *ASIDE} - set(met) <= {"Where does a message go"}


@pytest.mark.slow
@pytest.mark.parametrize("way", ["Ctrl-C", "end of input", "SIGTERM", "closed terminal", "kill"])
def test_left_at_any_question_it_goes_on_there_and_asks_nothing_again(way: str) -> None:
    """At those beside another question too: they come again with the one they belong to."""
    left = list[str]()
    while True:
        done, came = answered(), list[str]()
        terminal = Terminal()
        while MEASURING not in (shown := terminal.until(MEASURING)):
            key = asked(shown)
            assert key is not None and key not in done, (key, shown)
            came.append(key)
            if key not in left:
                left.append(key)
                break
            terminal.type(ASIDE[key] if key in ASIDE else ANSWERS[key])
        else:
            break
        code = terminal.leave(way)
        assert len([key for key in came if key in QUESTIONS]) <= 2 and "Traceback" not in terminal.shown
        assert code == {"kill": -signal.SIGKILL, "closed terminal": code}.get(way, 130)
        assert way in ("kill", "closed terminal") or "To go on from here: grounding setup" in terminal.shown
    terminal.leave("kill")
    assert kept() == GOOD and set(QUESTIONS) <= set(left)


@pytest.mark.parametrize("way", ["Ctrl-C", "SIGTERM"])
def test_left_while_it_measures_it_measures_again_and_asks_nothing(way: str) -> None:
    terminal = Terminal()
    answer_all(terminal, ANSWERS)
    assert terminal.leave(way) == 130 and "Traceback" not in terminal.shown and kept() == GOOD
    again = Terminal()
    assert MEASURING in again.until(MEASURING) and asked(again.shown) is None
    again.leave("kill")


def test_later_leaves_a_question_open_and_again_asks_only_that_one() -> None:
    terminal = Terminal()
    answer_all(terminal, dict.fromkeys(QUESTIONS, "later"))
    terminal.leave("kill")
    assert not own_settings_file().is_file()
    again = Terminal("--again", "country")
    assert asked(again.until()) == "country" and "NZ, as this machine is set" in again.shown
    again.type("")
    again.until("emergency number")
    assert again.end() == 0 and kept()["country"] == "NZ"


def grounding(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", "setup", *arguments], cwd=ROOT, capture_output=True, text=True,
        stdin=subprocess.DEVNULL,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "written", "code", "told"),
    [
        (("--again", "contry"), "", 2, "country"),
        (("--again", "country", "--defaults"), "", 2, "leave one out"),
        (("--aloud", "--defaults"), "", 2, "leave one out"),
        (("--aloud",), "", 2, "there is none here"),
        (("--answers", "nowhere.yaml"), None, 3, "there is no such file: "),
        (("--answers", "."), None, 3, "this is a folder, name a file"),
        (("--answers", "answers.yaml"), "country: [", 3, "answers.yaml:"),
        (("--answers", "answers.yaml"), "contry: GB\nturn: {patient: perhaps}", 3, "did you mean 'country'"),
        (("--answers", "answers.yaml"), "country: QQ", 2, "QQ"),
        (("--answers", "answers.yaml"), "", 3, "no answers"),
    ],
)
def test_what_cannot_be_is_told_in_a_line_and_nothing_is_written(
    tmp_path: Path, arguments: tuple[str, ...], written: str | None, code: int, told: str
) -> None:
    if written is not None:
        (tmp_path / "answers.yaml").write_text(written, encoding="utf-8")
    given = [str(tmp_path / name) if name.endswith(".yaml") else name for name in arguments]
    result = grounding(*given)
    assert result.returncode == code and told in result.stderr and "Traceback" not in result.stderr
    assert not own_settings_file().is_file()


@pytest.mark.parametrize(
    ("arguments", "written", "stands"),
    [
        (("--defaults",), None, "GB"), (("--defaults",), "NO", "GB"), (("--answers",), "NO", "GB"),
        ((), "NO", "GB"), ((), None, None),
    ],
)  # fmt: skip
def test_a_country_given_as_an_option_is_kept_where_no_question_about_it_comes(
    arguments: tuple[str, ...], written: str | None, stands: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    came: list[Settings] = []

    def leave(settings: Settings, again: str | None, **_: bool) -> Settings:
        came.append(settings)
        raise KeyboardInterrupt

    monkeypatch.setattr("assistant.app.setting_up.ask_all", leave)
    monkeypatch.setattr("assistant.app.preparing.somebody_there", lambda: True)
    if written is not None:
        save({"country": written})
    answers = tmp_path / "answers.yaml"
    answers.write_text("country: SE", encoding="utf-8")
    assert main(["setup", "--country", "gb", *arguments, *[str(answers)] * ("--answers" in arguments)]) == 130
    assert came[0].country == "GB", "where it is asked about, it is the usual answer"
    own = own_settings_file()
    assert (load_settings([content_root() / "config.yaml", own]).country if own.is_file() else None) == stands


@pytest.mark.parametrize(
    ("said", "key"),
    [
        ("country", "country"), ("patient", "turn.patient"), ("turn.patient", "turn.patient"),
        ("voice", "voice.engine"), ("button", "button.pin"), ("led", "led.pin"), ("key", "button.keys"),
        ("microphone", "microphone.device"), ("speaker", "speaker.device"), ("recogniser", "speech_to_text.threads"),
        ("trusted_person", "trusted_person.name"), ("speech_to_text", "speech_to_text.threads"),
    ],
)  # fmt: skip
def test_a_question_is_found_by_its_key_or_what_people_call_it(said: str, key: str) -> None:
    assert known_step(said) == key


def test_every_step_has_a_key_of_its_own() -> None:
    assert len({step.key for step in STEPS}) == len(STEPS) and set(QUESTIONS) <= {step.key for step in STEPS}


@pytest.mark.parametrize(
    ("again", "told"),
    [
        ("button", "no pins here"), ("led", "no pins here"), ("key", "no keyboard or button here"),
        ("trusted_person.number", "Nobody is named yet"),
    ],
)  # fmt: skip
def test_a_question_asked_for_that_cannot_be_asked_here_says_why(
    again: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It ended without a word, as if it were answered."""
    monkeypatch.setattr("assistant.app.setting_up_hands.BOARD", tmp_path / "none")
    monkeypatch.setattr("assistant.app.setting_up_hands.readable", lambda: (0, 0))
    assert ask_all(shipped(), again, alone=False) == shipped()
    assert told in (shown := capsys.readouterr().out) and "Every question" not in shown


@pytest.mark.parametrize("typed", ["English", "english", "EN", "en"])
def test_a_language_is_known_by_its_name_too(typed: str) -> None:
    def answer(question: Question[T]) -> T:
        return question.meant(typed)

    assert ask_language(shipped(), answer) == {"language": "en"}


def test_nothing_is_offered_to_be_read_aloud_where_no_sound_was_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing(what: str) -> DeviceError:
        return DeviceError(f"{what}-missing", f"This machine has no {what} that can be used; plug one in.")

    def asked_for(settings: Settings, ask: object) -> dict[str, object]:
        raise missing("speaker")

    def found(settings: Settings, ask: object) -> dict[str, object]:
        return dict.fromkeys(SOUND, "USB")

    def offer(settings: Settings, ask: object) -> bool:
        offered.append(True)
        return False

    offered: list[bool] = []
    monkeypatch.setattr(setting_up, "may_read_aloud", offer)
    for sound, times in ((asked_for, 0), (found, 1)):
        monkeypatch.setattr(setting_up, "STEPS", (*(Step(key, sound) for key in SOUND), Step("cautions", asked_for)))
        ask_all(shipped(), None, alone=False)
        assert "no speaker" in capsys.readouterr().out and len(offered) == times


def shipped() -> Settings:
    return load_settings([content_root() / "config.yaml"])
