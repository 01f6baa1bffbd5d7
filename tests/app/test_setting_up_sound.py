"""Microphone and speaker are chosen by what was heard, not by a name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from assistant.app import setting_up_sound
from assistant.app.asking import PutOff
from assistant.app.loopback import Loopback
from assistant.app.setting_up_sound import ask_microphone, ask_speaker
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.devices import Device
from assistant.errors import DeviceError
from assistant.settings import Settings

DEVICES = [
    Device(0, "Built-in", 48_000.0, 2, 2, True),
    Device(3, "USB", 48_000.0, 1, 1),
    Device(4, "USB", 48_000.0, 1, 1),
]


def shipped() -> Settings:
    return load_settings([content_root() / "config.yaml"])


@pytest.fixture
def room(monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """Peaks by device, in dBFS."""
    peaks: dict[str, float] = {}

    def watch(settings: Settings, seconds: float, show: object) -> dict[str, object]:
        device = str(settings.microphone.device)
        if device not in peaks:
            raise DeviceError("microphone-busy", f"{device} is busy.")
        return {
            "muted": peaks[device] < -100, "peak_db": peaks[device], "level_db": -30.0, "noise_db": -50.0,
            "speech_probability": 0.9,
        }  # fmt: skip

    def find(wanted: str, direction: str) -> Device:
        found = [device for device in DEVICES if device.name == wanted or wanted == "default"]
        if len(found) != 1 and wanted != "default":
            raise DeviceError("microphone-unknown", "more than one")
        return found[0]

    monkeypatch.setattr(setting_up_sound, "watch", watch)
    monkeypatch.setattr(setting_up_sound, "find_device", find)
    monkeypatch.setattr(setting_up_sound, "all_devices", lambda direction: DEVICES)
    monkeypatch.setattr(setting_up_sound, "loopback", lambda settings: Loopback(-12.0, 0.06, -60.0, muted=False))
    return peaks


def typing(monkeypatch: pytest.MonkeyPatch, *lines: str) -> Iterator[str]:
    typed = iter(lines)
    monkeypatch.setattr("builtins.input", lambda prompt: next(typed))
    return typed


def test_a_microphone_that_is_heard_is_kept_by_name(monkeypatch: pytest.MonkeyPatch, room: dict[str, float]) -> None:
    room["Built-in"] = -20.0
    left = typing(monkeypatch, "9", "0", "one", "1")
    assert ask_microphone(shipped()) == {"microphone.device": "Built-in"} and list(left) == []


def test_two_of_one_name_are_told_apart_by_number(monkeypatch: pytest.MonkeyPatch, room: dict[str, float]) -> None:
    room["4"] = -20.0
    typing(monkeypatch, "3")
    assert ask_microphone(shipped()) == {"microphone.device": "4"}


def test_one_that_is_silent_muted_or_busy_is_tried_again_or_kept(
    monkeypatch: pytest.MonkeyPatch, room: dict[str, float], capsys: pytest.CaptureFixture[str]
) -> None:
    room |= {"default": -120.0, "Built-in": -60.0}
    typing(monkeypatch, "", "perhaps", "y", "1", "", "2", "n")
    assert ask_microphone(shipped()) == {"microphone.device": "3"}
    told = capsys.readouterr().out
    assert told.count("next to nothing") == 2 and "3 is busy" in told and "Type y for yes or n for no" in told


def test_a_speaker_is_kept_when_its_chime_was_heard(
    monkeypatch: pytest.MonkeyPatch, room: dict[str, float], capsys: pytest.CaptureFixture[str]
) -> None:
    typing(monkeypatch, "", "n", "1", "")
    assert ask_speaker(shipped()) == {"speaker.device": "Built-in"}
    assert "60 ms from speaker to microphone" in capsys.readouterr().out


def test_no_device_and_a_later_leave_it_open(monkeypatch: pytest.MonkeyPatch, room: dict[str, float]) -> None:
    typing(monkeypatch, "later")
    with pytest.raises(PutOff):
        ask_speaker(shipped())

    def none(wanted: str, direction: str) -> Device:
        raise DeviceError("speaker-missing", "none")

    monkeypatch.setattr(setting_up_sound, "find_device", none)
    with pytest.raises(DeviceError):
        ask_speaker(shipped())
