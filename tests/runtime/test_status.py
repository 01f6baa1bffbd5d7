"""The row at the foot of the screen: the breath in time with its tones, what is left, the microphone, how to stop."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.app.parts import load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.commands import HideScreen, Rest, Speak, Unduck
from assistant.core.events import (
    Event,
    MicrophoneLost,
    MicrophoneReturned,
    PlaybackFinished,
    PlaybackProgressed,
    StopRequested,
    TranscriptReady,
    UserStartedSpeaking,
    UserStoppedSpeaking,
)
from assistant.core.ids import AudioId, UtteranceId
from assistant.core.timeline import Pause, Segment, Speech, Timeline, Tone, ToneName
from assistant.runtime.status import Microphone, Status
from assistant.safety.transcript import Transcript, Trust

PHRASES = load_library(load_settings([content_root() / "config.yaml"])).repertoire.phrases
IN, OUT = Tone(ToneName.BREATHE_IN, 4.0), Tone(ToneName.BREATHE_OUT, 6.0)
BREATHS: tuple[Segment, ...] = (Speech("A small breath in."), IN, Speech("And out."), OUT, Pause(1.0), IN, OUT)
ONE = UtteranceId(1)


def breathing(left: float | None = 50.0, *, blocks: bool = False) -> Status:
    """A row that shows a breath exercise, from time 0 on, without Unicode."""
    status = Status(PHRASES, stop_label="row_stop", blocks=blocks)
    status.microphone(Microphone.LISTENING)
    status.command(Speak(ONE, Timeline(BREATHS), exercise_left=left), 0.0, "exercise:breath")
    return status


def filled(row: str) -> float:
    """The share of the bar that is filled."""
    return row.count("#") / (row.count("#") + row.count("-"))


def test_in_fills_the_bar_out_empties_it_and_at_rest_it_is_empty() -> None:
    status = breathing()
    for segment, word, shares in (
        (1, "in", (0.0, 0.5, 1.0)),
        (3, "out", (1.0, 0.5, 0.0)),
        (4, "rest", (0.0, 0.0, 0.0)),
    ):
        began = segment * 10.0
        status.event(PlaybackProgressed(ONE, segment), began)
        lasts = BREATHS[segment].seconds  # type: ignore[union-attr]
        for part, share in zip((0.0, 0.5, 1.0), shares, strict=True):
            row = status.row(began + part * lasts, 80)
            assert row.startswith(word) and filled(row) == pytest.approx(share, abs=0.03)
            assert row.isascii()


def test_the_bar_waits_where_it_is_while_words_announce_the_next_breath() -> None:
    status = breathing()
    status.event(PlaybackProgressed(ONE, 0), 0.0)
    assert filled(status.row(1.5, 80)) == 0.0, "in has not begun"
    status.event(PlaybackProgressed(ONE, 2), 6.0)
    assert filled(status.row(7.0, 80)) == 1.0, "nor has out"


def test_a_voice_that_waits_for_somebody_holds_the_breath_where_it_is() -> None:
    status = breathing()
    status.event(PlaybackProgressed(ONE, 1), 10.0)
    status.command(Rest(), 12.0, "exercise:breath")
    assert status.row(12.0, 80) == status.row(15.0, 80)
    status.command(Unduck(), 15.0, "exercise:breath")
    assert filled(status.row(16.0, 80)) == pytest.approx(0.75, abs=0.03)


@pytest.mark.parametrize("event", [StopRequested("key"), PlaybackFinished(ONE, 1, interrupted=True)])
def test_a_stop_takes_the_bar_off_at_once(event: Event) -> None:
    status = breathing()
    status.event(PlaybackProgressed(ONE, 1), 10.0)
    status.event(event, 11.0)
    assert "#" not in status.row(11.0, 80) and "any key: stop" in status.row(11.0, 80)


def test_the_time_that_is_left_is_told_in_minutes_and_forgotten_with_the_exercise() -> None:
    status = breathing(left=130.0)
    assert "about 3 minutes left" in status.row(0.0, 80)
    status.event(PlaybackProgressed(ONE, 6), 1.0)
    assert "about 2 minutes left" in status.row(1.0, 80), "what is heard says where it stands"
    assert "about a minute left" in status.row(60.0, 80)
    assert "less than a minute left" in status.row(100.0, 80)
    status.command(Speak(UtteranceId(2), Timeline((Speech("Why?"),))), 100.0, "exercise:breath")
    assert "minute" in status.row(100.0, 80), "what is said in between does not end it"
    status.command(Speak(UtteranceId(3), Timeline((Speech("Goodbye."),))), 101.0, "closing")
    assert "minute" not in status.row(101.0, 80)


def test_the_microphone_is_told_plainly() -> None:
    status = breathing()
    heard = Transcript("seven", Trust.TRUSTED, 0.9, "test")
    steps: tuple[tuple[Event, str], ...] = (
        (UserStartedSpeaking(), "hearing you"),
        (UserStoppedSpeaking(AudioId(1)), "heard you"),
        (TranscriptReady(AudioId(1), heard), "listening"),
        (UserStartedSpeaking(), "hearing you"),
        (UserStoppedSpeaking(None), "listening"),
        (MicrophoneLost(), "microphone off"),
        (UserStartedSpeaking(), "microphone off"),
        (MicrophoneReturned(), "listening"),
    )
    for event, shown in steps:
        status.event(event, 0.0)
        assert shown in status.row(0.0, 80)
    assert "seven" not in status.row(0.0, 80)


def test_a_microphone_that_a_key_opens_is_off_until_then_and_when_it_comes_back() -> None:
    status = breathing()
    status.microphone(Microphone.OFF)
    for event in (UserStartedSpeaking(), MicrophoneLost(), MicrophoneReturned()):
        status.event(event, 0.0)
        assert "microphone off" in status.row(0.0, 80)
    status.microphone(Microphone.LISTENING)
    assert "listening" in status.row(0.0, 80)


def test_where_nothing_is_heard_no_microphone_is_shown() -> None:
    status = Status(PHRASES, stop_label="row_leave")
    status.event(MicrophoneReturned(), 0.0)
    assert status.row(0.0, 80) == "Ctrl-C: stop"


def test_after_hide_the_row_is_gone() -> None:
    status = breathing()
    status.command(HideScreen(), 1.0, "interrupt")
    assert status.row(1.0, 80) == ""


@given(columns=st.integers(2, 200), segment=st.integers(0, 6), passed=st.floats(0.0, 20.0), left=st.floats(0.0, 400.0))
def test_no_terminal_ever_breaks_the_row(columns: int, segment: int, passed: float, left: float) -> None:
    status = breathing(left, blocks=True)
    status.event(PlaybackProgressed(ONE, segment), 0.0)
    row = status.row(passed, columns)
    assert len(row) < columns and "\n" not in row
    if columns >= 80:
        assert "any key: stop" in row and "listening" in row and "minute" in row
