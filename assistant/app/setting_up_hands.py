"""The questions of `setup` about a button and a light; not asked where there can be none."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from assistant.app.asking import Aloud, Ask, Question, ask, yes
from assistant.core.spoken_answers import Form
from assistant.errors import AssistantError
from assistant.hands.gpio import PinButton, PinLamp
from assistant.hands.input_events import key_name, pressed_key, readable
from assistant.settings import Settings

BOARD = Path("/proc/device-tree/model")
"""What the kernel calls the board."""
LAST_PIN = 27
"""The BCM numbers of a Raspberry Pi's header end here."""
PRESS_SECONDS = 10.0
NONE = "none"


def pins_here(settings: Settings) -> bool:
    """Whether this is a Raspberry Pi, and what speaks to its pins is installed."""
    try:
        board = BOARD.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return "Raspberry Pi" in board and find_spec("gpiozero") is not None


def keys_here(settings: Settings) -> bool:
    """Whether there is a keyboard or a button that this person may read without a terminal."""
    return sys.platform == "linux" and readable()[1] > 0


def ask_button_pin(settings: Settings, ask: Ask = ask) -> dict[str, object]:
    """One that can be used, or none."""
    return {"button.pin": _pin("button", settings.button.pin, settings.led.pin, PinButton, ask)}


def ask_led_pin(settings: Settings, ask: Ask = ask) -> dict[str, object]:
    """One that can be used, or none."""
    return {"led.pin": _pin("light", settings.led.pin, settings.button.pin, PinLamp, ask)}


def ask_button_key(settings: Settings, ask: Ask = ask) -> dict[str, object]:
    """Found by pressing it."""
    text = "Shall a key, or a USB button, stop my voice and begin to talk? After a y you press it. y or n."
    usual = list(settings.button.keys)
    shown = f"no, it stays as it is ({', '.join(usual) or NONE})"
    while ask(Question(text, usual=False, shown=shown, read=yes, aloud=Aloud("button_key", Form.YES_NO))):
        print(f"Press it now, please; I wait for {PRESS_SECONDS:.0f} seconds.")
        code = pressed_key(PRESS_SECONDS)
        if code is not None:
            print(f"That is {key_name(code)}.")
            return {"button.keys": [key_name(code)]}
        print("No key came that I may read.")
    return {"button.keys": usual}


def _pin(
    what: str, usual: int | None, taken: int | None, make: Callable[[int], PinButton | PinLamp], ask: Ask
) -> object:
    def read(typed: str) -> int | None:
        if typed.lower() == NONE:
            return None
        pin = int(typed) if typed.isdecimal() and typed.isascii() else -1
        if not 0 <= pin <= LAST_PIN:
            raise AssistantError("answer-misfit", f"Type the BCM number of the pin, from 0 to {LAST_PIN}, or {NONE}.")
        if pin == taken:
            raise AssistantError("answer-misfit", f"Something else is on pin {pin}; type another, or {NONE}.")
        make(pin).close()
        return pin

    text = f"Is there a {what} on a pin? Its BCM number; docs/at-home.md shows the wiring. Or {NONE}."
    name = "button_pin" if what == "button" else "led_pin"
    return ask(Question(text, usual, NONE if usual is None else str(usual), read, aloud=Aloud(name, Form.NUMBER)))
