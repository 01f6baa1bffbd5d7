"""Hands for it: button, keys and light as the settings name them. What cannot be used is told, and the rest goes on."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from platformdirs import user_state_path

from assistant.app.findings import Finding, finding
from assistant.app.places import NAME
from assistant.core.events import Event
from assistant.core.waking import Wake
from assistant.errors import AssistantError, DeviceError
from assistant.hands.input_events import InputKeys, key_code, readable
from assistant.hearing.wake_word import MicroWakeWord, WakeWord
from assistant.runtime.hand import Hand
from assistant.runtime.light import Light
from assistant.runtime.mute import MuteSwitch
from assistant.runtime.status import Status
from assistant.settings import Button, RunOptions, Settings

Tell = Callable[[str], None]
LABELS = {Wake.PHRASE: "waiting_by_name", Wake.WORD: "waiting_by_word", Wake.BUTTON: "waiting_by_button"}
"""What the screen says while it waits; by default that a greeting is enough."""


def mute_switch(options: RunOptions, post: Callable[[Event], None]) -> MuteSwitch:
    """One that outlasts a restart where it waits for years; a single sitting begins with an open microphone."""
    lasting = options.wait and not options.guest
    return MuteSwitch(user_state_path(NAME, appauthor=False) / "muted" if lasting else None, post)


def wake_of(settings: Settings, tell: Tell) -> tuple[Wake, WakeWord | None]:
    """How it is woken here and now: where the wake word cannot be heard, speech wakes it."""
    if settings.wake.by is not Wake.WORD:
        return settings.wake.by, None
    try:
        return Wake.WORD, MicroWakeWord(settings.wake.word)
    except AssistantError as error:
        tell(error.hint)
        return Wake.SPEECH, None


def take_hands(stack: ExitStack, settings: Settings, hand: Hand, tell: Tell) -> None:
    """Button and keys, until the stack closes."""
    button = settings.button
    for pin, down, up in ((button.pin, hand.down, hand.up), (button.mute_pin, hand.mute, _nothing)):
        if pin is None:
            continue
        try:
            from assistant.hands.gpio import PinButton

            stack.callback(PinButton(pin, down, up).close)
        except DeviceError as error:
            tell(error.hint)
    if button.keys or button.mute_keys:
        try:
            keys = _keys(button, hand)
        except AssistantError as error:
            tell(error.hint)
            return
        stack.callback(keys.close)
        keys.start()


def take_light(
    stack: ExitStack, settings: Settings, status: Status, clock: Callable[[], float], tell: Tell
) -> list[Light]:
    """The LED, until the stack closes; none where there is none."""
    if settings.led.pin is None:
        return []
    try:
        from assistant.hands.gpio import PinLamp

        light = Light(status, PinLamp(settings.led.pin), clock)
    except DeviceError as error:
        tell(error.hint)
        return []
    stack.callback(light.close)
    light.start()
    return [light]


def _nothing() -> None:
    """Of a button that acts when it goes down."""


def _keys(button: Button, hand: Hand) -> InputKeys:
    """Raises UsageError for a key that is none, and DeviceError where the system has no input events."""
    if sys.platform != "linux":
        raise DeviceError(
            "keys-not-here", "button.keys is for Linux: other systems keep keys to the window that is in front."
        )
    wanted = {key_code(name): (hand.down, hand.up) for name in button.keys}
    return InputKeys(wanted | {key_code(name): (hand.mute, _nothing) for name in button.mute_keys})


def hands_findings(settings: Settings) -> list[Finding]:
    """For `doctor`: what there is, and what the settings name and cannot be had."""
    button, found = settings.button, list[Finding]()
    chips = sorted(Path("/dev").glob("gpiochip*"))
    pins = {"button": button.pin, "mute button": button.mute_pin, "led": settings.led.pin}
    if any(pin is not None for pin in pins.values()):
        found.append(_pins_finding({name: pin for name, pin in pins.items() if pin is not None}))
    elif chips:
        mend = "to use them: button.pin and led.pin in config.yaml; wiring: docs/at-home.md"
        found.append(finding("pins", "ok", f"this machine has them ({chips[0].name}); none is used", mend))
    if button.keys or button.mute_keys:
        found.append(_keys_finding((*button.keys, *button.mute_keys)))
    return found


def _pins_finding(pins: dict[str, int]) -> Finding:
    from assistant.hands.gpio import PinButton, PinLamp

    names = ", ".join(f"{name} at {pin}" for name, pin in pins.items())
    try:
        for name, pin in pins.items():
            (PinLamp(pin) if name == "led" else PinButton(pin)).close()
    except DeviceError as error:
        return finding("pins", "degraded", names, error.hint)
    return finding("pins", "ok", names)


def _keys_finding(names: tuple[str, ...]) -> Finding:
    detail = ", ".join(names)
    try:
        for name in names:
            key_code(name)
    except AssistantError as error:
        return finding("keys", "degraded", detail, error.hint)
    there, mine = readable()
    if sys.platform != "linux" or not there:
        return finding("keys", "degraded", detail, "no keyboard or button is here that could be read")
    if not mine:
        mend = "let yourself read them, and log in anew: sudo usermod -aG input $USER"
        return finding("keys", "degraded", f"{detail}; {there} devices, none of which you may read", mend)
    return finding("keys", "ok", f"{detail}; {mine} of {there} devices can be read")
