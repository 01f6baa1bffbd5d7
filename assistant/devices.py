"""The sound devices of this machine, found by index or by name: indices shift when something is plugged in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from assistant.errors import DeviceError

Direction = Literal["input", "output"]
_SPOKEN = {"input": "microphone", "output": "speaker"}


@dataclass(frozen=True, slots=True)
class Device:
    """As PortAudio knows it now."""

    index: int
    name: str
    rate: float
    inputs: int
    outputs: int
    default: bool = False


def _portaudio() -> Any:
    try:
        import sounddevice
    except OSError:
        raise DeviceError(
            "portaudio-missing",
            "PortAudio is not installed, so there is no sound. On Debian, Ubuntu or Raspberry Pi OS: "
            "sudo apt install libportaudio2.",
        ) from None
    return sounddevice


def all_devices(direction: Direction) -> list[Device]:
    """Every device that can do `direction`. Raises DeviceError `portaudio-missing`."""
    portaudio = _portaudio()
    default = portaudio.default.device[0 if direction == "input" else 1]
    devices = [
        Device(
            index, str(row["name"]), float(row["default_samplerate"]), int(row["max_input_channels"]),
            int(row["max_output_channels"]), index == default,
        )
        for index, row in enumerate(portaudio.query_devices())
    ]  # fmt: skip
    return [device for device in devices if (device.inputs if direction == "input" else device.outputs) > 0]


def find_device(wanted: str, direction: Direction) -> Device:
    """`default`, an index, or part of a name that only one device has.

    Raises DeviceError: `microphone-missing`, `microphone-unknown`, and the same for `speaker`.
    """
    what = _SPOKEN[direction]
    devices = all_devices(direction)
    if not devices:
        raise DeviceError(f"{what}-missing", f"This machine has no {what} that can be used; plug one in.")
    if wanted == "default":
        return next((device for device in devices if device.default), devices[0])
    if wanted.isdecimal():
        matching = [device for device in devices if device.index == int(wanted)]
    else:
        exact = [device for device in devices if device.name.lower() == wanted.lower()]
        matching = exact or [device for device in devices if wanted.lower() in device.name.lower()]
    if len(matching) == 1:
        return matching[0]
    known = "; ".join(f"{device.index}: {device.name}" for device in devices)
    how_many = "No" if not matching else "More than one"
    raise DeviceError(f"{what}-unknown", f"{how_many} {what} matches {wanted!r}. There are: {known}")


def refresh_devices() -> None:
    """Look again at what is plugged in: PortAudio freezes its list (PortAudio/portaudio#447). Closes every stream."""
    portaudio = _portaudio()
    portaudio._terminate()
    portaudio._initialize()
