"""A button and a light are asked about where there can be one, and tried first; elsewhere nobody is asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest

from assistant.app import setting_up, setting_up_hands
from assistant.app.asking import Ask
from assistant.app.setting_up import STEPS, ask_all
from assistant.app.setting_up_hands import ask_button_key, ask_button_pin, ask_led_pin, keys_here, pins_here
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.hands.input_events import EV_KEY, EVENT, key_code, key_name, pressed_key
from assistant.settings import Settings

gpiozero = pytest.importorskip("gpiozero") if not os.environ.get("CI") else __import__("gpiozero")
PLAY = key_code("KEY_PLAYPAUSE")


def shipped(**own: object) -> Settings:
    return load_settings([content_root() / "config.yaml"], own)


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    from gpiozero.pins.mock import MockFactory, MockPWMPin

    factory = MockFactory(pin_class=MockPWMPin)
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    yield factory
    factory.reset()


def typing(monkeypatch: pytest.MonkeyPatch, *lines: str) -> Iterator[str]:
    typed = iter(lines)
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    return typed


def test_a_pin_is_tried_before_it_counts_and_is_free_again(
    monkeypatch: pytest.MonkeyPatch, pins: object, capsys: pytest.CaptureFixture[str]
) -> None:
    taken = gpiozero.LED(5)
    left = typing(monkeypatch, "5", "28", "-1", "seventeen", "17")
    assert ask_button_pin(shipped()) == {"button.pin": 17} and list(left) == []
    assert "which cannot be used" in capsys.readouterr().out
    taken.close()
    gpiozero.Button(17).close()


def test_button_and_light_do_not_share_a_pin(monkeypatch: pytest.MonkeyPatch, pins: object) -> None:
    typing(monkeypatch, "17", "18")
    assert ask_led_pin(shipped(**{"button.pin": 17})) == {"led.pin": 18}
    typing(monkeypatch, "none")
    assert ask_led_pin(shipped(**{"led.pin": 18})) == {"led.pin": None}
    typing(monkeypatch, "")
    assert ask_button_pin(shipped(**{"button.pin": 4})) == {"button.pin": 4}


def test_a_key_is_found_by_pressing_it(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    pressed = iter([None, PLAY])
    monkeypatch.setattr(setting_up_hands, "pressed_key", lambda seconds: next(pressed))
    typing(monkeypatch, "perhaps", "y", "y")
    assert ask_button_key(shipped()) == {"button.keys": ["KEY_PLAYPAUSE"]}
    told = capsys.readouterr().out
    assert told.count("Press it now") == 2 and "No key came" in told and "That is KEY_PLAYPAUSE" in told
    typing(monkeypatch, "")
    assert ask_button_key(shipped(**{"button.keys": ["KEY_F13"]})) == {"button.keys": ["KEY_F13"]}


def test_where_there_is_none_nothing_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setting_up_hands, "BOARD", tmp_path / "model")
    monkeypatch.setattr(setting_up_hands, "readable", lambda: (3, 0))
    assert not pins_here(shipped()) and not keys_here(shipped())
    hands = [step for step in STEPS if step.key.startswith(("button.", "led."))]
    monkeypatch.setattr(setting_up, "STEPS", tuple(hands))
    ask_all(shipped(), None, alone=False)
    assert "pin" not in capsys.readouterr().out.splitlines()[-1]
    (tmp_path / "model").write_text("Some Other Board\0")
    assert not pins_here(shipped())
    (tmp_path / "model").write_text("Raspberry Pi 4 Model B Rev 1.4\0")
    monkeypatch.setattr(setting_up_hands, "readable", lambda: (3, 1))
    assert pins_here(shipped()) and keys_here(shipped()) is (sys.platform == "linux")
    monkeypatch.setattr(setting_up_hands, "find_spec", lambda name: None)
    assert not pins_here(shipped())


def test_with_nobody_there_none_of_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(settings: Settings, ask: Ask) -> dict[str, object]:
        raise AssertionError("nobody is there to answer")

    monkeypatch.setattr(setting_up, "STEPS", tuple(setting_up.Step(step.key, asked) for step in STEPS))
    ask_all(shipped(), None, alone=True)


def reading(folder: Path) -> tuple[Thread, list[int | None]]:
    found: list[int | None] = []
    reader = Thread(target=lambda: found.append(pressed_key(20.0, folder)))
    reader.start()
    return reader, found


def test_the_first_key_of_any_device_is_read_and_nothing_behind_it(tmp_path: Path) -> None:
    for name in ("event0", "event1"):
        os.mkfifo(tmp_path / name)
    reader, found = reading(tmp_path)
    silent, device = (os.open(tmp_path / name, os.O_WRONLY) for name in ("event0", "event1"))
    events = [(EV_KEY, 28, 0), (EV_KEY, 28, 2), (4, 4, 458_756), (EV_KEY, PLAY, 1), (EV_KEY, 30, 1)]
    os.write(device, b"".join(EVENT.pack(1, 2, *event) for event in events))
    reader.join(20.0)
    os.close(silent)
    os.close(device)
    assert found == [PLAY] and [key_name(code) for code in (PLAY, 30)] == ["KEY_PLAYPAUSE", "30"]


def test_without_a_device_and_with_one_that_is_pulled_out_there_is_no_key(tmp_path: Path) -> None:
    assert pressed_key(20.0, tmp_path) is None
    os.mkfifo(tmp_path / "event0")
    reader, found = reading(tmp_path)
    os.close(os.open(tmp_path / "event0", os.O_WRONLY))
    reader.join(5.0)
    assert found == [None]
