"""Buttons and lights: pins by gpiozero's own mock, keys by a pipe for a device, as there is no uinput here."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.app.reach import hands_findings
from assistant.config import load_settings, settings_faults
from assistant.content.root import content_root
from assistant.errors import DeviceError, UsageError
from assistant.hands.input_events import EV_KEY, EVENT, InputKeys, key_code
from assistant.settings import Settings

gpiozero = pytest.importorskip("gpiozero") if not os.environ.get("CI") else __import__("gpiozero")


@pytest.fixture
def pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[object]:
    from gpiozero.pins.mock import MockFactory, MockPWMPin

    factory = MockFactory(pin_class=MockPWMPin)
    monkeypatch.setattr(gpiozero.Device, "pin_factory", factory)
    yield factory
    factory.reset()


def test_a_pin_that_is_pulled_down_is_a_press(pins: object) -> None:
    from assistant.hands.gpio import PinButton

    happened: list[str] = []
    button = PinButton(17, lambda: happened.append("down"), lambda: happened.append("up"))
    pin = pins.pin(17)  # type: ignore[attr-defined]
    pin.drive_low()
    pin.drive_high()
    assert happened == ["down", "up"]
    button.close()
    PinButton(17, lambda: None, lambda: None).close()


def test_a_lamp_is_dimmed_and_dark_at_the_end(pins: object) -> None:
    from assistant.hands.gpio import PinLamp

    lamp, pin = PinLamp(18), pins.pin(18)  # type: ignore[attr-defined]
    lamp.shine(0.5)
    assert pin.state == 0.5
    lamp.close()
    assert pin.state == 0


def test_a_pin_that_is_taken_and_a_machine_without_pins_are_one_line(
    pins: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    from assistant.hands.gpio import PinButton, PinLamp

    lamp = PinLamp(18)
    with pytest.raises(DeviceError, match="18, which cannot be used"):
        PinButton(18, lambda: None, lambda: None)
    lamp.close()
    monkeypatch.setitem(sys.modules, "gpiozero", None)
    with pytest.raises(DeviceError, match=r"grounding-assistant\[pi\]"):
        PinLamp(18)


def test_without_a_raspberry_pi_the_light_is_told_and_nothing_ends(tmp_path: Path) -> None:
    """The real pin factory of this machine, in a process of its own: it prints warnings of its own."""
    if list(Path("/dev").glob("gpiochip*")):
        pytest.skip("this machine has pins")
    code = "from assistant.hands.gpio import PinLamp\ntry: PinLamp(18)\nexcept Exception as e: print(e.code)"
    ran = subprocess.run([sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True, cwd=tmp_path,
                         env=os.environ | {"PYTHONPATH": str(content_root())})  # fmt: skip
    assert ran.stdout.strip() == "pins-unusable", ran.stderr


# Keys -----------------------------------------------------------------------------------------------------------------

PLAY, LETTER = key_code("KEY_PLAYPAUSE"), 30


class Keyboard:
    """A device of the kernel's, of which a pipe stands for the open file."""

    def __init__(self, folder: Path, *, has: bool = True) -> None:
        self.path = folder / "event0"
        os.mkfifo(self.path)
        self.happened: list[str] = []
        keys = {PLAY: (lambda: self.happened.append("down"), lambda: self.happened.append("up"))}
        self.keys = InputKeys(keys, folder, lambda device, code: has)
        self.opened = self.keys.look()
        self.out = os.open(self.path, os.O_WRONLY | os.O_NONBLOCK) if has else -1

    def sends(self, *events: tuple[int, int, int]) -> list[str]:
        os.write(self.out, b"".join(EVENT.pack(1, 2, *event) for event in events))
        self.keys.read(self.path)
        return self.happened


def test_only_the_chosen_key_does_anything_and_its_repeats_do_not(tmp_path: Path) -> None:
    keyboard = Keyboard(tmp_path)
    assert keyboard.opened == [keyboard.path]
    sent = [(EV_KEY, LETTER, 1), (EV_KEY, PLAY, 1), (0, 0, 0), (EV_KEY, PLAY, 2), (EV_KEY, PLAY, 2), (EV_KEY, PLAY, 0)]
    assert keyboard.sends(*sent) == ["down", "up"]


def test_a_keyboard_without_the_chosen_key_is_closed_unread(tmp_path: Path) -> None:
    keyboard = Keyboard(tmp_path, has=False)
    assert keyboard.opened == [] and keyboard.keys.look() == []
    with pytest.raises(OSError, match=r".*"):
        os.open(keyboard.path, os.O_WRONLY | os.O_NONBLOCK)  # ENXIO: nobody reads


def test_a_button_pulled_out_while_it_is_pressed_is_let_go_and_found_again(tmp_path: Path) -> None:
    keyboard = Keyboard(tmp_path)
    keyboard.sends((EV_KEY, PLAY, 1))
    os.close(keyboard.out)
    keyboard.keys.read(keyboard.path)
    assert keyboard.happened == ["down", "up"]
    assert keyboard.keys.look() == [keyboard.path]


def test_the_thread_reads_and_ends(tmp_path: Path) -> None:
    from threading import Event as Flag

    pressed = Flag()
    os.mkfifo(tmp_path / "event3")
    keys = InputKeys({PLAY: (pressed.set, lambda: None)}, tmp_path, lambda device, code: True)
    keys.look()
    out = os.open(tmp_path / "event3", os.O_WRONLY)
    keys.start()
    os.write(out, EVENT.pack(0, 0, EV_KEY, PLAY, 1))
    assert pressed.wait(10.0)
    keys.close()
    assert not keys._thread.is_alive()
    os.close(out)


@pytest.mark.parametrize(("name", "code"), [("KEY_PLAYPAUSE", 164), ("key_f13", 183), ("304", 304)])
def test_keys_go_by_the_kernels_names_or_numbers(name: str, code: int) -> None:
    assert key_code(name) == code


@pytest.mark.parametrize("name", ["KEY_PLAYPAUS", "0", "768", "", "-1"])
def test_a_key_that_is_none_is_told(name: str) -> None:
    with pytest.raises(UsageError):
        key_code(name)


# Settings and doctor --------------------------------------------------------------------------------------------------


def settings(tmp_path: Path, own: str) -> Settings:
    path = tmp_path / "config.yaml"
    path.write_text(own, encoding="utf-8")
    return load_settings([content_root() / "config.yaml", path])


@pytest.mark.parametrize(
    "own", ["button: {pin: 28}", "button: {pin: -1}", "led: {pin: seventeen}", "button: {keys: [KEY PLAY]}",
            "wake: {by: telepathy}", "wake: {word: ''}", "button: {long: 3}"],
)  # fmt: skip
def test_hands_that_cannot_be_are_told_with_their_line(tmp_path: Path, own: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(own, encoding="utf-8")
    faults = settings_faults([content_root() / "config.yaml", path])
    assert len(faults) == 1 and faults[0].path == path


def test_the_doctor_tells_what_the_hands_lack(tmp_path: Path, pins: object) -> None:
    found = {one["name"]: one for one in hands_findings(settings(tmp_path, "button: {pin: 17, keys: [KEY_NONE]}"))}
    assert found["pins"]["state"] == "ok" and "button at 17" in str(found["pins"]["detail"])
    assert found["keys"]["state"] == "degraded" and "no key" in str(found["keys"]["mend"])
    found = {one["name"]: one for one in hands_findings(settings(tmp_path, "button: {keys: [KEY_F13]}"))}
    if not Path("/dev/input").is_dir():
        assert found["keys"]["state"] == "degraded" and "no keyboard" in str(found["keys"]["mend"])


def test_without_hands_the_doctor_has_nothing_to_complain_of(tmp_path: Path) -> None:
    assert all(finding["state"] == "ok" for finding in hands_findings(settings(tmp_path, "{}")))
