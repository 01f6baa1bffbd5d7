"""The questions of `setup` about sound: found by listening and by playing, not by believing a name."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import replace

from assistant.app.asking import Ask, Question, ask, chosen, yes
from assistant.app.examining import echo_finding, heard_finding
from assistant.app.levels import Level, watch
from assistant.app.loopback import loopback
from assistant.devices import Device, Direction, all_devices, find_device
from assistant.errors import AssistantError
from assistant.settings import Settings

LISTEN_SECONDS = 3.0
BAR_DB, BAR_CELLS = 60.0, 30
"""From -60 dBFS, a quiet room, to full scale."""
QUIET_DB = -45.0
"""A voice at arm's length peaks above this; below it the microphone is turned down, or far away."""


def ask_microphone(settings: Settings, ask: Ask = ask) -> Mapping[str, object]:
    """Which one, until one was heard or the person is content."""
    while True:
        name = _which("microphone", "input", str(settings.microphone.device), ask)
        trial = replace(settings, microphone=replace(settings.microphone, device=name))
        print(f"Say a few words now; I listen for {LISTEN_SECONDS:.0f} seconds, and keep nothing.")
        try:
            heard = watch(trial, LISTEN_SECONDS, _show)
        except AssistantError as error:
            print(error.hint)
        else:
            print(f"\n{heard_finding(heard)}")
            if not heard["muted"] and float(str(heard["peak_db"])) > QUIET_DB:
                return {"microphone.device": name}
            print("I heard next to nothing: it may be muted, turned down, or another one.")
        if not ask(Question("Shall we try again? y or n; no keeps this one.", usual=True, shown="yes", read=yes)):
            return {"microphone.device": name}


def ask_speaker(settings: Settings, ask: Ask = ask) -> Mapping[str, object]:
    """Which one, until its chime was heard; how loud and how late it comes back is measured on the way."""
    while True:
        name = _which("speaker", "output", str(settings.speaker.device), ask)
        trial = replace(settings, speaker=replace(settings.speaker, device=name))
        print("Two quiet seconds, please, and then a chime.")
        try:
            print(echo_finding(loopback(trial)))
        except AssistantError as error:
            print(error.hint)
        if ask(
            Question("Did you hear the chime? y or n; no lets you choose another.", usual=True, shown="yes", read=yes)
        ):
            return {"speaker.device": name}


def _which(what: str, direction: Direction, usual: str, ask: Ask) -> str:
    """Its name, which outlives a plug in another socket. Raises DeviceError where there is none."""
    find_device("default", direction)
    devices = all_devices(direction)
    if len(devices) == 1:
        print(f"\nThe {what} is {devices[0].name}.")
        return usual
    rows = "\n".join(f"  {number:>2}  {device.name}" for number, device in enumerate(devices, 1))
    text = f"Which {what}? A number.\n{rows}"
    return ask(Question(text, usual, usual, lambda typed: _lasting(chosen(typed, devices, what), direction)))


def _lasting(device: Device, direction: Direction) -> str:
    """By name; by number where two have the same."""
    try:
        find_device(device.name, direction)
    except AssistantError:
        return str(device.index)
    return device.name


def _show(level: Level) -> None:
    if not sys.stdout.isatty():
        return
    cells = round(BAR_CELLS * min(max((level.level_db + BAR_DB) / BAR_DB, 0.0), 1.0))
    print(f"\r  [{'#' * cells:<{BAR_CELLS}}] {level.level_db:>6.1f} dBFS", end="", flush=True)
