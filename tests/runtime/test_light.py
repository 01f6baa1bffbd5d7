"""Dark means that nobody listens; an exercise's breath is its breath."""

from __future__ import annotations

import pytest

from assistant.core.commands import Speak
from assistant.core.events import (
    Event,
    MicrophoneLost,
    MicrophoneMuted,
    MicrophoneUnmuted,
    PlaybackFinished,
    PlaybackProgressed,
    UserStartedSpeaking,
)
from assistant.core.ids import UtteranceId
from assistant.core.timeline import Pause, Speech, Timeline, Tone, ToneName
from assistant.runtime.light import HEARING, LEAST, LISTENING, MOST, Light, brightness
from assistant.runtime.status import Microphone, Status

BREATH = Timeline((Speech("In."), Tone(ToneName.BREATHE_IN, 4.0), Tone(ToneName.BREATHE_OUT, 6.0), Pause(1.0)))
FIRST = UtteranceId(1)


def listening() -> Status:
    status = Status({})
    status.microphone(Microphone.LISTENING)
    return status


@pytest.mark.parametrize("event", [MicrophoneMuted(), MicrophoneLost()])
def test_it_is_dark_whenever_the_microphone_is_not_open(event: Event) -> None:
    assert brightness(Status({}), 0.0) == 0.0
    status = listening()
    assert brightness(status, 0.0) == LISTENING
    status.event(UserStartedSpeaking(), 0.0)
    assert brightness(status, 0.0) == HEARING
    status.event(event, 0.0)
    assert brightness(status, 0.0) == 0.0


def test_it_is_dark_while_only_a_button_opens_the_microphone() -> None:
    status, closed = listening(), [True]
    status.rests_when(lambda: closed[0])
    assert brightness(status, 0.0) == 0.0 and "microphone_off" in status.row(0.0, 80)
    closed[0] = False
    assert brightness(status, 0.0) == LISTENING and "microphone_listening" in status.row(0.0, 80)


def test_it_is_dark_while_it_is_muted_even_when_an_exercise_breathes() -> None:
    status = breathing()
    assert brightness(status, 2.0) > LEAST
    status.event(MicrophoneMuted(), 2.0)
    assert brightness(status, 2.0) == 0.0
    status.event(MicrophoneUnmuted(), 2.0)
    assert brightness(status, 2.0) > LEAST


def breathing() -> Status:
    status = listening()
    status.command(Speak(FIRST, BREATH, True, 0.0), 0.0, "exercise:breath")
    status.event(PlaybackProgressed(FIRST, 1), 0.0)
    return status


def test_it_rises_with_the_breath_in_falls_with_the_breath_out_and_is_never_dark_between() -> None:
    status = breathing()
    rising = [brightness(status, at / 10) for at in range(41)]
    assert rising == sorted(rising) and rising[0] == LEAST and rising[-1] == pytest.approx(MOST)
    status.event(PlaybackProgressed(FIRST, 2), 4.0)
    falling = [brightness(status, 4.0 + at / 10) for at in range(61)]
    assert falling == sorted(falling, reverse=True) and falling[-1] == pytest.approx(LEAST)
    status.event(PlaybackProgressed(FIRST, 3), 10.0)
    assert brightness(status, 10.5) == LEAST
    status.event(PlaybackFinished(FIRST, 3, interrupted=False), 11.0)
    assert brightness(status, 11.0) == LISTENING


class Bulb:
    def __init__(self) -> None:
        self.powers: list[float] = []
        self.closed = False

    def shine(self, power: float) -> None:
        self.powers.append(power)

    def close(self) -> None:
        self.closed = True


def test_the_lamp_is_told_only_what_is_new_and_is_dark_at_the_end() -> None:
    status, bulb = listening(), Bulb()
    light = Light(status, bulb, lambda: 0.0)
    for _ in range(10):
        light.show()
    assert len(bulb.powers) == 1 and 0.0 < bulb.powers[0] < LISTENING, "an eye sees half the power as more than half"
    light.close()
    assert bulb.closed
