"""A button and a light on the pins of a Raspberry Pi, through gpiozero; the extra `pi`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.errors import DeviceError

BOUNCE_SECONDS = 0.02
"""Contacts of small buttons settle within 10 ms."""


class PinButton:
    """Between a pin (its BCM number) and ground; the pin's own resistor pulls it up. Raises DeviceError."""

    def __init__(
        self, pin: int, down: Callable[[], None] = lambda: None, up: Callable[[], None] = lambda: None
    ) -> None:
        from_pins = _made("button", pin, lambda gpiozero: gpiozero.Button(pin, bounce_time=BOUNCE_SECONDS))
        from_pins.when_pressed = down
        from_pins.when_released = up
        self._button = from_pins

    def close(self) -> None:
        """The pin is free again."""
        self._button.close()


class PinLamp:
    """An LED with its resistor between a pin and ground, dimmed by pulses. Raises DeviceError."""

    def __init__(self, pin: int) -> None:
        self._led = _made("led", pin, lambda gpiozero: gpiozero.PWMLED(pin))

    def shine(self, power: float) -> None:
        """From 0 to 1."""
        self._led.value = power

    def close(self) -> None:
        """Dark, and the pin is free again."""
        self._led.off()
        self._led.close()


def _made(what: str, pin: int, make: Callable[[Any], Any]) -> Any:
    try:
        import gpiozero
    except ImportError:
        raise DeviceError(
            "pins-package-missing",
            f"{what}.pin is {pin}, and what speaks to pins is not here; everything else works. "
            "Install it with: pip install 'grounding-assistant[pi]'",
        ) from None
    try:
        return make(gpiozero)
    except (gpiozero.GPIOZeroError, OSError, RuntimeError, ImportError) as error:
        raise DeviceError(
            "pins-unusable",
            f"{what}.pin is {pin}, which cannot be used ({type(error).__name__}); everything else works. It is the BCM "
            "number of a free pin, on a Raspberry Pi, for somebody in the group gpio.",
        ) from None
