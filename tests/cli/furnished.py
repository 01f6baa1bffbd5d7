"""`grounding setup` on a machine that has everything: two microphones, two speakers, pins, and a USB button.

Run by tests in a terminal of its own; what it finds is made up, and all else is the real program.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from assistant.app import setting_up_hands, setting_up_sound
from assistant.app.loopback import Loopback
from assistant.cli.main import main
from assistant.devices import Device
from assistant.settings import Settings

DEVICES = [Device(0, "Built-in", 48_000.0, 2, 2, True), Device(1, "USB", 48_000.0, 1, 1)]
PLAY_PAUSE = 164


def _heard(settings: Settings, seconds: float, show: object) -> dict[str, object]:
    """Next to nothing, so that it is asked about."""
    return {"muted": False, "peak_db": -60.0, "level_db": -70.0, "noise_db": -70.0, "speech_probability": 0.0}


def furnish(folder: Path) -> None:
    """`folder`: for what stands for the name of the board."""
    board = folder / "model"
    board.write_text("Raspberry Pi 5 Model B Rev 1.0\0", encoding="utf-8")
    put = pytest.MonkeyPatch().setattr
    put(setting_up_hands, "BOARD", board)
    put(setting_up_hands, "readable", lambda: (1, 1))
    put(setting_up_hands, "pressed_key", lambda seconds: PLAY_PAUSE)
    put(setting_up_sound, "watch", _heard)
    put(setting_up_sound, "find_device", lambda wanted, direction: DEVICES[wanted == "USB"])
    put(setting_up_sound, "all_devices", lambda direction: DEVICES)
    put(setting_up_sound, "loopback", lambda settings: Loopback(-12.0, 0.06, -60.0, muted=False))


if __name__ == "__main__":
    furnish(Path(sys.argv[1]))
    sys.exit(main(sys.argv[2:]))
