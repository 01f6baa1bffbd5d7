"""From sound to turns: the first syllable is kept, who was cut off keeps both halves, and every frame counts."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event, UserStartedSpeaking, UserStoppedSpeaking
from assistant.core.ids import AudioId
from assistant.hearing.listener import ECHO_SECONDS, KEPT_TURNS, PREROLL_SECONDS, Listener, Speculation
from assistant.hearing.recogniser import RATE
from assistant.hearing.voice_activity import FRAME, Silero
from assistant.sound import read_wav, resampled

from .sounds import ByLevel, OverVoiceByLevel, blocks, quiet, voice

Found = list[Event | Speculation]


@pytest.fixture
def listener() -> Listener:
    return Listener(ByLevel())


def fed(listener: Listener, *sounds: NDArray[float32], playing: bool = False, size: int = FRAME) -> Found:
    return [item for block in blocks(*sounds, size=size) for item in listener.feed(block, playing=playing)]


def turns(found: Found) -> list[AudioId]:
    return [item.audio_id for item in found if isinstance(item, UserStoppedSpeaking) and item.audio_id is not None]


def seconds_at(listener: Listener, audio_id: int, level: float) -> float:
    """How much of a turn is at this level."""
    return float(np.count_nonzero(np.isclose(listener.audio(AudioId(audio_id)), level))) / RATE


# One turn -------------------------------------------------------------------------------------------------------------


def test_a_turn_keeps_its_first_syllable_and_is_guessed_at_in_the_pause(tmp_path: Path) -> None:
    if shutil.which("espeak-ng") is None:
        pytest.skip("espeak-ng is not installed")
    subprocess.run(["espeak-ng", "-v", "en-us", "-s", "135", "-w", str(tmp_path / "stop.wav"), "stop"], check=True)
    speech = resampled(read_wav(tmp_path / "stop.wav"), RATE) * float32(0.4)
    listener = Listener(Silero())
    found = fed(listener, quiet(1.0), speech, quiet(2.0), size=777)
    assert [type(item) for item in found] == [UserStartedSpeaking, Speculation, UserStoppedSpeaking]
    heard = listener.audio(AudioId(1))
    assert len(heard) > len(speech), "from before it began"
    assert float(np.max(np.abs(heard[: RATE // 10]))) < 0.05, "with a little silence before it"


@pytest.mark.parametrize("size", [100, FRAME, 777, 8000])
def test_a_turn_is_the_same_in_blocks_of_any_size(listener: Listener, size: int) -> None:
    found = fed(listener, quiet(1.0), voice(1.0), quiet(2.0), size=size)
    assert [type(item) for item in found] == [UserStartedSpeaking, Speculation, UserStoppedSpeaking]
    assert seconds_at(listener, 1, 0.2) == 1.0


def test_what_is_guessed_at_is_the_turn_so_far(listener: Listener) -> None:
    found = fed(listener, quiet(1.0), voice(0.8), quiet(0.5), voice(0.6, 0.3), quiet(2.0))
    guesses = [item for item in found if isinstance(item, Speculation)]
    assert [guess.audio_id for guess in guesses] == [1, 1]
    assert [bool(np.any(np.isclose(guess.samples, 0.3))) for guess in guesses] == [False, True]
    assert not any(guess.over_voice for guess in guesses)


def test_a_cough_holds_no_turn_and_takes_no_number(listener: Listener) -> None:
    found = fed(listener, quiet(1.0), voice(0.15), quiet(2.5))
    assert found[0] == UserStartedSpeaking() and found[-1] == UserStoppedSpeaking(None)
    assert turns(fed(listener, voice(0.8), quiet(2.0))) == [1]


def test_only_the_last_turns_are_kept(listener: Listener) -> None:
    for _ in range(KEPT_TURNS + 2):
        fed(listener, quiet(1.5), voice(0.5), quiet(2.5))
    kept = [number for number in range(1, KEPT_TURNS + 3) if len(listener.audio(AudioId(number)))]
    assert kept == [KEPT_TURNS + 1, KEPT_TURNS + 2]


# Two halves -----------------------------------------------------------------------------------------------------------


def test_who_was_cut_off_is_heard_from_the_beginning_of_their_sentence(listener: Listener) -> None:
    first = fed(listener, quiet(1.0), voice(0.8, 0.2), quiet(1.5))
    assert turns(first) == [1]
    second = fed(listener, voice(0.7, 0.3), quiet(2.0))
    assert second[0] == UserStartedSpeaking(joined=True)
    assert turns(second) == [2]
    assert seconds_at(listener, 2, 0.2) == pytest.approx(0.8, abs=1e-3)
    assert seconds_at(listener, 2, 0.3) == pytest.approx(0.7, abs=1e-3)


def test_three_parts_of_a_sentence_are_one_and_no_part_is_there_twice(listener: Listener) -> None:
    fed(listener, quiet(1.0), voice(0.8, 0.2), quiet(1.6), voice(0.7, 0.3), quiet(2.4))
    found = fed(listener, voice(0.6, 0.4), quiet(2.5))
    assert found[0] == UserStartedSpeaking(joined=True)
    last = turns(found)[-1]
    assert [seconds_at(listener, last, level) for level in (0.2, 0.3, 0.4)] == pytest.approx([0.8, 0.7, 0.6], abs=1e-3)


def test_who_speaks_later_is_heard_alone(listener: Listener) -> None:
    fed(listener, quiet(1.0), voice(0.8, 0.2), quiet(4.0))
    found = fed(listener, voice(0.7, 0.3), quiet(2.0))
    assert found[0] == UserStartedSpeaking(joined=False)
    assert seconds_at(listener, 2, 0.2) == 0.0 and seconds_at(listener, 2, 0.3) > 0.6


# What others say of a turn --------------------------------------------------------------------------------------------


def test_a_whole_answer_ends_soon(listener: Listener) -> None:
    assert turns(fed(listener, quiet(1.0), voice(0.6), quiet(0.3))) == []
    listener.end_soon(AudioId(1))
    assert turns(fed(listener, quiet(0.2))) == [1]


@pytest.mark.parametrize("stale", [0, 1, 3, 99])
def test_what_was_understood_of_another_turn_ends_nothing(listener: Listener, stale: int) -> None:
    fed(listener, quiet(1.0), voice(0.6), quiet(4.0))
    fed(listener, voice(0.6), quiet(0.3))
    listener.end_soon(AudioId(stale))
    assert listener.in_turn and fed(listener, quiet(0.6)) == [], "the second turn is as open as before"
    assert turns(fed(listener, quiet(1.0))) == [2]


def test_a_turn_that_was_a_stop_is_over_and_leaves_nothing(listener: Listener) -> None:
    fed(listener, quiet(1.0), voice(0.6), quiet(0.3))
    assert listener.drop_turn() == [UserStoppedSpeaking(None)]
    assert not listener.in_turn and len(listener.audio(AudioId(1))) == 0
    assert fed(listener, quiet(3.0)) == [], "nothing more is told of it"
    assert listener.drop_turn() == [], "there is none to drop"


def test_nothing_is_joined_to_a_turn_that_was_a_stop(listener: Listener) -> None:
    fed(listener, quiet(1.0), voice(0.6, 0.2), quiet(0.3))
    listener.drop_turn()
    found = fed(listener, quiet(0.4), voice(0.6, 0.3), quiet(2.0))
    assert found[0] == UserStartedSpeaking(joined=False)
    assert seconds_at(listener, 1, 0.2) == 0.0


# Over the voice -------------------------------------------------------------------------------------------------------


def test_over_the_voice_it_is_known_that_it_was_over_the_voice() -> None:
    listener = Listener(ByLevel(), over_voice=OverVoiceByLevel())
    found = fed(listener, quiet(1.0), voice(0.6), quiet(0.3), playing=True)
    [guess] = [item for item in found if isinstance(item, Speculation)]
    assert guess.over_voice
    assert len(guess.samples) < (0.6 + 0.16 + 0.35) * RATE, "with less of the voice from before"


def test_it_is_busy_while_somebody_speaks_and_until_the_echo_of_the_voice_is_gone() -> None:
    listener = Listener(ByLevel(), over_voice=OverVoiceByLevel())
    fed(listener, quiet(0.5))
    assert not listener.busy
    fed(listener, quiet(0.5), playing=True)
    assert listener.busy and not listener.in_turn
    fed(listener, quiet(ECHO_SECONDS - 0.1))
    assert listener.busy
    fed(listener, quiet(0.2))
    assert not listener.busy
    fed(listener, voice(0.5))
    assert listener.busy and listener.in_turn


@given(
    st.lists(st.tuples(st.integers(1, 3000), st.booleans(), st.booleans()), min_size=1, max_size=40),
)
def test_every_frame_is_heard_once_by_one_of_two(stretches: list[tuple[int, bool, bool]]) -> None:
    """An echo is found by counting samples, so none may be left out, whatever plays and whoever speaks."""
    over_voice = OverVoiceByLevel()
    listener = Listener(ByLevel(), over_voice=over_voice)
    fed_in = 0
    for size, playing, speaks in stretches:
        block = voice(size / RATE) if speaks else quiet(size / RATE)
        listener.feed(block, playing=playing)
        fed_in += len(block)
    assert over_voice.processed + over_voice.skipped == fed_in // FRAME * FRAME


def test_a_microphone_without_a_speaker_needs_no_second_path() -> None:
    listener = Listener(ByLevel())
    found = fed(listener, quiet(1.0), voice(0.6), quiet(2.0), playing=True)
    assert [type(item) for item in found] == [UserStartedSpeaking, Speculation, UserStoppedSpeaking]


def test_devices_opened_anew_are_heard_with_what_was_built_for_them() -> None:
    before, after = OverVoiceByLevel(), OverVoiceByLevel()
    listener = Listener(ByLevel(), over_voice=before)
    fed(listener, quiet(0.5), playing=True)
    listener.hear_over(after)
    count = before.processed
    fed(listener, quiet(0.5), playing=True)
    assert before.processed == count and after.processed > 0


def test_the_pre_roll_is_no_longer_than_it_should_be(listener: Listener) -> None:
    fed(listener, quiet(3.0), voice(0.6), quiet(2.0))
    before = int(np.flatnonzero(np.isclose(listener.audio(AudioId(1)), 0.2))[0])
    assert before / RATE == pytest.approx(PREROLL_SECONDS - 0.1, abs=0.1)
