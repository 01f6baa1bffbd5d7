"""Keys of any keyboard, remote control or USB button, without a terminal: Linux' own input events.

Read as the kernel hands them over (Documentation/input/input.rst): 24 bytes an event on 64 bits. The package evdev does
the same, and has to be compiled on every machine. A device is read only if it has one of the wanted keys, and every
other key it sends is dropped here, unseen.
"""

from __future__ import annotations

import os
import struct
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from select import select
from threading import Thread

from assistant.errors import UsageError

EVENT = struct.Struct("llHHi")
"""`struct input_event`: seconds, microseconds, type, code, value."""
EV_KEY = 0x01
KEY_MAX = 0x2FF
RELEASED, PRESSED = 0, 1
LOOK_SECONDS = 3.0
"""Between looks for devices that came or went."""
CLOSE_SECONDS = 1.0
FOLDER = Path("/dev/input")
KEYS: Mapping[str, int] = {
    "KEY_ESC": 1, "KEY_ENTER": 28, "KEY_SPACE": 57, "KEY_F1": 59, "KEY_F12": 88, "KEY_KPENTER": 96, "KEY_MUTE": 113,
    "KEY_VOLUMEDOWN": 114, "KEY_VOLUMEUP": 115, "KEY_POWER": 116, "KEY_PAUSE": 119, "KEY_STOP": 128, "KEY_HELP": 138,
    "KEY_NEXTSONG": 163, "KEY_PLAYPAUSE": 164, "KEY_PREVIOUSSONG": 165, "KEY_STOPCD": 166, "KEY_F13": 183,
    "KEY_F14": 184, "KEY_F15": 185,
    "KEY_F24": 194, "KEY_PLAYCD": 200, "KEY_PAUSECD": 201, "KEY_PLAY": 207, "KEY_MEDIA": 226,
    "KEY_MICMUTE": 248, "KEY_VOICECOMMAND": 582, "BTN_0": 256, "BTN_1": 257, "BTN_LEFT": 272, "BTN_TRIGGER": 288,
    "BTN_A": 304,
}  # fmt: skip
"""The likely ones, from linux/input-event-codes.h; any other by its number."""


def key_code(name: str) -> int:
    """Raises UsageError for a name that is none."""
    code = int(name) if name.isdecimal() else KEYS.get(name.upper(), -1)
    if not 0 < code <= KEY_MAX:
        raise UsageError(
            "key-unknown", f"{name!r} is no key; write one of {', '.join(KEYS)}, or its number as `evtest` shows it."
        )
    return code


def key_name(code: int) -> str:
    """Its name where it has one here, else its number; `key_code` takes both."""
    return next((name for name, known in KEYS.items() if known == code), str(code))


def pressed_key(seconds: float, folder: Path = FOLDER) -> int | None:
    """The first key of any device that goes down, within so many seconds; whatever follows is not read."""
    devices = [device for path in sorted(folder.glob("event*")) if (device := _opened(path)) is not None]
    end = time.monotonic() + seconds
    try:
        while devices and (left := end - time.monotonic()) > 0:
            for device in select(devices, [], [], left)[0]:
                try:
                    data = os.read(device, EVENT.size * 64)
                except BlockingIOError:
                    continue
                except OSError:
                    data = b""
                if not data:  # pulled out
                    devices.remove(device)
                    os.close(device)
                for _, _, kind, code, value in EVENT.iter_unpack(data[: len(data) // EVENT.size * EVENT.size]):
                    if kind == EV_KEY and value == PRESSED:
                        return int(code)
        return None
    finally:
        for device in devices:
            os.close(device)


def _opened(path: Path) -> int | None:
    """None: not ours to read."""
    try:
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None


class InputKeys:
    """`keys`: the code of each wanted key, and what it does when it goes down and up."""

    def __init__(
        self, keys: Mapping[int, tuple[Callable[[], None], Callable[[], None]]], folder: Path = FOLDER,
        has_key: Callable[[int, int], bool] | None = None,
    ) -> None:  # fmt: skip
        self._keys = keys
        self._folder = folder
        self._has_key = has_key or _has_key
        self._devices: dict[Path, int] = {}
        self._refused: set[Path] = set()
        self._wake, self._waker = os.pipe()
        self._thread = Thread(target=self._run, name="keys", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._thread.start()

    def close(self) -> None:
        """Bounded."""
        os.close(self._waker)
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)

    def look(self) -> list[Path]:
        """Open what is new, and say what is open."""
        here = set(self._folder.glob("event*")) if self._folder.is_dir() else set()
        self._refused &= here
        for path in sorted(here - self._devices.keys() - self._refused):
            try:
                device = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
            except OSError:
                continue  # not ours to read, or not yet: udev sets the group a moment later
            if any(self._has_key(device, code) for code in self._keys):
                self._devices[path] = device
            else:
                self._refused.add(path)
                os.close(device)
        return sorted(self._devices)

    def read(self, path: Path) -> None:
        """What is there. A device that is gone is forgotten, and its keys are no longer held."""
        try:
            data = os.read(self._devices[path], EVENT.size * 64)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            os.close(self._devices.pop(path))
            for _, up in self._keys.values():
                up()
            return
        for _, _, kind, code, value in EVENT.iter_unpack(data[: len(data) // EVENT.size * EVENT.size]):
            if kind == EV_KEY and code in self._keys and value in (PRESSED, RELEASED):
                down, up = self._keys[code]
                (down if value == PRESSED else up)()

    def _run(self) -> None:
        while True:
            devices = {self._devices[path]: path for path in self.look()}
            ready, _, _ = select([self._wake, *devices], [], [], LOOK_SECONDS)
            if self._wake in ready:
                break
            for device in ready:
                self.read(devices[device])
        for device in self._devices.values():
            os.close(device)
        os.close(self._wake)


def readable(folder: Path = FOLDER) -> tuple[int, int]:
    """How many devices there are, and how many of them may be read."""
    paths = list(folder.glob("event*")) if folder.is_dir() else []
    return len(paths), sum(os.access(path, os.R_OK) for path in paths)


def _has_key(device: int, code: int) -> bool:
    """Asks the kernel: EVIOCGBIT(EV_KEY)."""
    import fcntl

    bits = bytearray(KEY_MAX // 8 + 1)
    request = (2 << 30) | (len(bits) << 16) | (ord("E") << 8) | (0x20 + EV_KEY)
    with suppress(OSError):
        fcntl.ioctl(device, request, bits)
        return bool(bits[code // 8] & (1 << code % 8))
    return False
