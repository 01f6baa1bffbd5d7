"""The assistant's own voice at the microphone: where it is found, that it is taken away, and that people are not."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.hearing.echo_canceller import STEP, EchoCanceller, WebRtcCanceller
from assistant.hearing.echo_filter import MEMORY, EchoFilter
from assistant.hearing.echo_reference import SLIPPED, EchoReference
from assistant.hearing.over_voice import LOOKED_AT, OverVoice
from assistant.hearing.recogniser import RATE
from assistant.hearing.slipped_echo import LOOKED_AT as LOOKED_AT_ONCE
from assistant.hearing.slipped_echo import Echo, slip
from assistant.hearing.voice_activity import FRAME, Silero
from assistant.sound import resampled
from assistant.testing.noises import NOISES
from assistant.testing.voices import Engine, Voice, say

from .rooms import (
    ASSISTANT,
    PLAYED_RATE,
    LoudRoom,
    breathing,
    level_db,
    noise,
    person,
    resampled_once,
    slipping,
    speech,
)

FRAME_SECONDS = FRAME / RATE
SLIPPED_AT = 3.1
LEVELS = [0.0, -6.0, -20.0]
Sound = Callable[[float], NDArray[float32]]


class Followed:
    """What a reference found in a room. `distances`: each that it settled on, in samples, in order."""

    def __init__(self, room: LoudRoom, playing: NDArray[float32], speaking: NDArray[float32] | None = None) -> None:
        self.reference = EchoReference(room.played)
        self.distances: list[int] = []
        self.heard: list[NDArray[float32]] = []
        self._room, self._playing, self._speaking = room, playing, speaking

    def follow(self, skipped: tuple[float, float] = (0.0, 0.0)) -> Followed:
        """To the end of what is played; `skipped`: from and to these seconds nobody listens."""
        for number, frame in enumerate(self._room.hears(self._playing, self._speaking)):
            self.heard.append(frame)
            if skipped[0] < number * FRAME_SECONDS < skipped[1]:
                self.reference.skip(FRAME)
            else:
                self.reference.follow(frame)
            if (shift := self.reference.shift) is not None and [-shift] != self.distances[-1:]:
                self.distances.append(-shift)
        return self


def followed(room: LoudRoom, playing: NDArray[float32], speaking: NDArray[float32] | None = None) -> Followed:
    return Followed(room, playing, speaking).follow()


def at(*seconds: float) -> object:
    """These distances, and no others in between."""
    return pytest.approx([distance * RATE for distance in seconds], abs=SLIPPED)


def after(seconds: float, sound: NDArray[float32]) -> NDArray[float32]:
    return np.concatenate([np.zeros(round(seconds * RATE), dtype=float32), sound])


# Where the echo is ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sound", [noise, speech])
@pytest.mark.parametrize("echo_db", [0.0, -15.0, -30.0])
@pytest.mark.parametrize(("distance", "jitter"), [(0.08, 0.0), (0.2, 0.04), (0.45, 0.02)])
def test_the_distance_of_an_echo_is_found_and_kept(
    sound: Sound, echo_db: float, distance: float, jitter: float
) -> None:
    found = followed(LoudRoom(distance, echo_db, jitter=jitter), sound(4.0))
    assert found.distances == at(distance), "once, however far ahead it is written"
    assert not found.reference.no_echo


def test_it_is_found_within_a_second() -> None:
    assert followed(LoudRoom(0.2, -20.0), speech(1.0)).distances == at(0.2)


def test_a_person_who_speaks_meanwhile_does_not_mislead() -> None:
    words = person("I cannot do this, there are so many people here")
    assert followed(LoudRoom(0.2, -10.0), speech(5.0), words).distances == at(0.2)


@pytest.mark.parametrize("echo_db", [-6.0, -20.0])
def test_where_the_walls_are_louder_than_the_speaker_it_is_found_by_staying_where_it_is(echo_db: float) -> None:
    assert followed(LoudRoom(0.2, echo_db, bare=3.5), speech(5.0)).distances == at(0.2)


def test_a_person_who_speaks_into_a_rest_of_the_voice_does_not_mislead() -> None:
    playing = speech(9.0)
    playing[round(4.58 * PLAYED_RATE) : round(5.95 * PLAYED_RATE)] = 0.0
    words = person("oh god", voice=Voice(Engine.ESPEAK, "en-us+f2"))
    assert followed(LoudRoom(0.2, -20.0), playing, after(4.25, words)).distances == at(0.2)


def test_a_person_who_speaks_over_the_tones_of_a_breath_does_not_mislead() -> None:
    words = person("I feel anxious", voice=Voice(Engine.FLITE, "slt"))
    playing = np.concatenate([speech(3.0), breathing()])
    assert followed(LoudRoom(0.2, -20.0, jitter=0.03), playing, after(7.8, words)).distances == at(0.2)


def test_silence_that_the_device_put_in_moves_nothing() -> None:
    assert followed(LoudRoom(0.2, -10.0, dry=(2.0, 2.07)), speech(5.0)).distances == at(0.2)


def test_silence_that_nobody_told_of_is_found_by_the_echo() -> None:
    assert followed(LoudRoom(0.2, -10.0, dry=(2.0, 2.07), told=False), speech(6.0)).distances == at(0.2, 0.27)


def test_what_slipped_in_a_rest_of_the_voice_is_found_as_soon_as_it_speaks_on() -> None:
    """Else the voice, which hears itself until then, rests again before it is found, and again."""
    playing = speech(5.85)
    playing[round(4.0 * PLAYED_RATE) : round(5.3 * PLAYED_RATE)] = 0.0
    assert followed(LoudRoom(0.2, -6.0, dry=(4.5, 4.57), told=False), playing).distances == at(0.2, 0.27)


def test_headphones_are_no_echo_and_a_person_does_not_make_one() -> None:
    assert followed(LoudRoom(0.2, None), speech(4.0)).reference.no_echo
    found = followed(LoudRoom(0.2, None), speech(5.0), after(3.0, person("wait a moment")))
    assert found.distances == [] and found.reference.no_echo


def test_with_headphones_a_person_who_speaks_for_long_is_no_echo_either() -> None:
    """Their voice has the same peak with what is played for half a second now and then."""
    words = np.tile(np.append(person("my heart is racing and I cannot calm down at all today"), np.zeros(3000)), 4)
    assert followed(LoudRoom(0.2, None), speech(14.0), after(1.0, words.astype(float32))).distances == []


def test_a_microphone_that_gives_nothing_but_zeros_is_no_echo() -> None:
    room = LoudRoom(0.2, None)
    reference = EchoReference(room.played)
    for _ in room.hears(speech(4.0)):
        reference.follow(np.zeros(FRAME, dtype=float32))
    assert reference.shift is None and reference.no_echo


def test_before_anything_is_known_there_may_be_an_echo() -> None:
    assert not followed(LoudRoom(0.2, None), speech(0.3)).reference.no_echo


def test_it_goes_on_where_it_was_after_a_silence_that_was_not_followed() -> None:
    found = Followed(LoudRoom(0.2, -10.0), speech(10.0)).follow(skipped=(3.0, 7.0))
    assert found.distances == at(0.2)


def test_an_echo_at_another_distance_is_stale_and_a_person_is_not() -> None:
    found = followed(LoudRoom(0.2, -10.0), speech(2.5))
    elsewhere = np.concatenate(found.heard)[-LOOKED_AT - 960 : -960]  # 60 ms sooner than it is now
    assert found.reference.stale(elsewhere)
    words = person("I want something else, please")
    for start in range(0, len(words) - LOOKED_AT, LOOKED_AT):
        assert not found.reference.stale(words[start : start + LOOKED_AT])


# What is taken away ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("sound", [noise, speech])
@pytest.mark.parametrize("echo_db", LEVELS)
def test_the_filter_takes_the_echo_away_and_leaves_the_person(sound: Sound, echo_db: float) -> None:
    room, echo_filter = LoudRoom(0.15, echo_db), EchoFilter(0.0)
    reference = EchoReference(room.played)
    words = person("I would like to do something else now, please")
    speaking = after(6.0, words)
    heard, left = [], []
    for frame in room.hears(sound(9.0), speaking):
        reference.follow(frame)
        aligned = reference.aligned(FRAME)
        heard.append(frame)
        left.append(frame if aligned is None else echo_filter.process(frame, aligned))
    before, after_filter = np.concatenate(heard), np.concatenate(left)
    alone, over = slice(round(4.7 * RATE), 6 * RATE), slice(6 * RATE, 6 * RATE + len(words))
    assert level_db(before[alone]) - level_db(after_filter[alone]) >= 15.0, "after four seconds of it"
    assert abs(level_db(after_filter[over]) - level_db(words)) < 3.0
    wrong = level_db(after_filter[over] - words)
    assert level_db(words) - wrong > 10.0, "and it is still what they said"


def test_the_filter_knows_how_a_sound_would_be_heard_that_is_still_to_come() -> None:
    """By it an echo that came too soon is known for one."""
    rng = np.random.default_rng(1)
    walls = np.concatenate([[0.5], 0.1 * rng.standard_normal(600) * np.exp(-np.arange(600) / 200)])
    played = rng.standard_normal(12 * RATE).astype(float32) * 0.1
    heard = np.convolve(played, walls)[: len(played)].astype(float32)
    echo_filter = EchoFilter(0.0)
    echo_filter.process(heard[: 10 * RATE], played[: 10 * RATE])
    foreseen = echo_filter.echo(played[10 * RATE - MEMORY : 11 * RATE])[MEMORY:]
    assert level_db(foreseen - heard[10 * RATE : 11 * RATE]) < level_db(foreseen) - 15.0


def test_what_slipped_is_told_from_somebody_and_by_how_much() -> None:
    played, words = resampled_once(speech(2.0)), person("I would like to do something else")
    expected = 10_000
    echoes = [Echo(played, expected)]
    in_vain, came = (
        played[expected : expected + LOOKED_AT_ONCE],
        played[expected - 700 : expected - 700 + LOOKED_AT_ONCE],
    )
    assert slip(came - in_vain, echoes) == 700
    assert slip(in_vain, echoes) == 0
    somebody = words[6400 : 6400 + LOOKED_AT_ONCE]
    assert slip(somebody, echoes) is None
    assert slip(somebody + 0.1 * came, echoes) is None, "a faint echo under somebody"


def test_a_distance_that_is_told_twice_is_believed() -> None:
    found = followed(LoudRoom(0.15), speech(3.0)).reference
    assert found.shift is not None
    before = found.shift
    assert [found.slipped(late) for late in (0, 700, 0, 900, 905)] == [False, False, False, False, True]
    assert found.shift == before - 905
    assert not found.slipped(before + 20_000) and not found.slipped(before + 20_000), "no echo comes so soon"


@pytest.mark.parametrize("size", [1, 128, STEP, FRAME, 777])
def test_the_canceller_gives_back_as_much_as_it_is_given(size: int) -> None:
    pytest.importorskip("pywebrtc_audio")
    canceller = WebRtcCanceller()
    sound = np.ascontiguousarray(noise(0.1)[: 2 * 777])
    for start in range(0, len(sound) // size * size, size):
        frame = sound[start : start + size]
        assert len(canceller.process(frame, np.zeros_like(frame))) == size


# Who is believed ------------------------------------------------------------------------------------------------------


def with_canceller() -> EchoCanceller | None:
    pytest.importorskip("pywebrtc_audio")
    return WebRtcCanceller()


def without() -> None:
    return None


Canceller = Callable[[], EchoCanceller | None]


def moments(
    canceller: Canceller,
    room: LoudRoom,
    playing: NDArray[float32],
    speaking: NDArray[float32] | None,
    slips: tuple[Sequence[float], float] = ((), 0.0),
) -> list[float]:
    """When somebody was believed to speak in two frames in a row: a turn. `slips`: when, and by how many ms."""
    over_voice = OverVoice(room.played, Silero, canceller)
    frames = slipping(room.hears(playing, speaking), *slips)
    believed = [over_voice.process(frame)[1] >= 0.5 for frame in frames]
    return [
        (number + 2) * FRAME_SECONDS for number, (first, second) in enumerate(pairwise(believed)) if first and second
    ]


def cough_like() -> NDArray[float32]:
    """A fifth of a second of breath, with as little above 3.5 kHz as a vowel has."""
    low = np.hanning(16) / np.hanning(16).sum()
    return np.convolve(noise(0.2, -20.0)[: RATE // 5], low).astype(float32)


@pytest.mark.parametrize("canceller", [with_canceller, without])
@pytest.mark.parametrize("echo_db", LEVELS)
def test_the_voice_alone_is_nobody(canceller: Canceller, echo_db: float) -> None:
    assert moments(canceller, LoudRoom(0.15, echo_db, jitter=0.02), speech(20.0), None) == []


@pytest.mark.parametrize("echo_db", LEVELS)
@pytest.mark.parametrize("words", ["stop", "I would like to do something else"])
def test_somebody_over_the_voice_is_noticed_before_they_have_said_two_words(echo_db: float, words: str) -> None:
    speaking = after(6.5, person(words))
    found = moments(with_canceller, LoudRoom(0.15, echo_db), speech(8.0), speaking)
    assert found and 6.5 < found[0] <= 6.5 + 0.4


@pytest.mark.parametrize("echo_db", LEVELS)
def test_in_a_bare_room_the_first_seconds_of_the_voice_are_nobody(echo_db: float) -> None:
    """The canceller leaves half of them, before the distance of the echo is found."""
    room = LoudRoom(0.15, echo_db, jitter=0.02, bare=2.0)
    playing = say(ASSISTANT, "Look for five things you can see.", 125, -20.0).samples
    assert moments(with_canceller, room, playing, None) == []


@pytest.mark.parametrize("slip_ms", [1.5, 3.0, 6.0])
@pytest.mark.parametrize("echo_db", [0.0, -6.0, -12.0])
def test_an_echo_that_slips_by_some_samples_is_nobody(echo_db: float, slip_ms: float) -> None:
    """Until the new distance is found, the filter takes away what is not there and leaves what is."""
    room = LoudRoom(0.15, echo_db, dry=(SLIPPED_AT, SLIPPED_AT + slip_ms / 1000), told=False, bare=2.0)
    assert [moment for moment in moments(with_canceller, room, speech(8.0), None) if moment > SLIPPED_AT] == []


SLIPS = (6.0, 6.5, 7.1, 7.4, 8.0)


@pytest.mark.parametrize("slip_ms", [2.0, 5.0, 9.0, 60.0])
@pytest.mark.parametrize("echo_db", [0.0, -6.0, -12.0])
def test_an_echo_that_slips_time_after_time_is_nobody(echo_db: float, slip_ms: float) -> None:
    """A machine that is asked for more than it has: the filter has not learned one distance when there is another."""
    room = LoudRoom(0.15, echo_db, bare=1.5)
    found = moments(with_canceller, room, speech(11.0), None, (SLIPS, slip_ms))
    assert [moment for moment in found if moment > SLIPS[0]] == []


@pytest.mark.parametrize("slip_ms", [20.0, 90.0, 250.0])
@pytest.mark.parametrize("bare", [0.0, 1.5])
def test_who_speaks_half_a_second_after_a_whole_buffer_was_lost_is_noticed_and_nobody_before(
    slip_ms: float, bare: float
) -> None:
    onset = SLIPS[0] + slip_ms / 1000 + 0.5
    room = LoudRoom(0.15, -6.0, bare=bare)
    found = moments(with_canceller, room, speech(9.0), after(onset, person("stop it please")), (SLIPS[:1], slip_ms))
    assert found and onset < found[0] <= onset + 0.4


@pytest.mark.parametrize("echo_db", [0.0, -6.0, -12.0])
def test_an_echo_that_moved_by_a_whole_buffer_is_nobody_while_the_canceller_looks_for_it(echo_db: float) -> None:
    found = moments(with_canceller, LoudRoom(0.15, echo_db, bare=1.5), speech(9.5), None, (SLIPS[:1], 130.0))
    assert [moment for moment in found if moment > SLIPS[0]] == []


@pytest.mark.parametrize(
    ("echo_db", "slip_ms", "onset"),
    [(-12.0, 5.0, 6.3), (-12.0, 5.0, 7.3), (-12.0, 5.0, 8.3), (0.0, 60.0, 6.85), (0.0, 60.0, 7.35)],
)
def test_somebody_is_noticed_in_an_echo_that_slips_time_after_time(
    echo_db: float, slip_ms: float, onset: float
) -> None:
    room = LoudRoom(0.15, echo_db)
    found = moments(with_canceller, room, speech(11.0), after(onset, person("stop it please")), (SLIPS, slip_ms))
    assert found and onset < found[0] <= onset + 0.4


@pytest.mark.parametrize("echo_db", [0.0, -6.0, -12.0])
def test_a_sound_without_a_voice_is_somebody_again_when_the_filter_has_found_its_way(echo_db: float) -> None:
    onset = SLIPS[0] + 2.5
    found = moments(with_canceller, LoudRoom(0.15, echo_db), speech(10.0), after(onset, cough_like()), (SLIPS[:1], 5.0))
    assert any(onset < moment <= onset + 0.2 for moment in found)


def test_somebody_is_noticed_through_an_echo_that_slipped() -> None:
    room = LoudRoom(0.15, -12.0, dry=(SLIPPED_AT, SLIPPED_AT + 0.003), told=False, bare=2.0)
    found = moments(with_canceller, room, speech(8.0), after(SLIPPED_AT + 0.4, person("stop it please")))
    assert found and SLIPPED_AT + 0.4 < found[0] <= SLIPPED_AT + 0.8


def test_who_speaks_before_the_echo_is_found_rises_and_falls_otherwise() -> None:
    for speaking, alike in ((None, True), (after(0.3, person("stop it please")), False)):
        room = LoudRoom(0.2, -20.0, bare=2.0)
        reference = EchoReference(room.played)
        for frame in room.hears(speech(1.0), speaking):
            reference.follow(frame)
        assert reference.alike is alike


def test_the_hiss_of_a_stop_is_somebody_as_soon_as_the_filter_knows_the_room() -> None:
    """A detector of voices waits for the vowel, and the canceller takes the hiss for echo: a fifth of a second."""
    hiss = np.diff(noise(0.2, -34.0)[: RATE // 5 + 1])
    found = moments(with_canceller, LoudRoom(0.15, -6.0), speech(8.0), after(7.0, hiss))
    assert found and 7.0 < found[0] <= 7.0 + 0.1


@pytest.mark.parametrize("onset", [6.9, 7.7, 8.1])
def test_a_hiss_among_the_voices_own_is_heard_in_what_the_filter_leaves(onset: float) -> None:
    """Where the echo is as loud as the person, and the voice has an "s" of its own at that moment."""
    hiss = np.diff(noise(0.2, -38.0)[: RATE // 8 + 1])
    found = moments(with_canceller, LoudRoom(0.15, 0.0), speech(onset + 1.0), after(onset, hiss))
    assert found and onset < found[0] <= onset + 0.1


def test_without_the_canceller_only_whoever_is_clearly_louder_is_heard() -> None:
    """There is no second witness, so it had better not interrupt itself; an "s" needs none."""
    assert moments(without, LoudRoom(0.15, -6.0), speech(8.0), after(7.0, cough_like())) == []


@pytest.mark.parametrize("echo_db", [None, *LEVELS])
def test_mains_hum_is_nobody(echo_db: float | None) -> None:
    """It had lowered the voice every time, and what was left of the voice beside it was a stop now and then."""
    hum = resampled(NOISES["hum"](np.random.default_rng(1)), RATE)
    assert moments(with_canceller, LoudRoom(0.15, echo_db), speech(9.0), after(6.0, hum)) == []


def test_with_headphones_somebody_is_noticed_as_if_nothing_played() -> None:
    found = moments(with_canceller, LoudRoom(0.15, None), speech(6.0), after(4.5, person("wait a moment")))
    assert found and 4.5 < found[0] <= 4.5 + 0.4


def test_when_nothing_is_written_ahead_a_frame_costs_no_error() -> None:
    """A microphone that delivers before the speaker was asked for anything."""
    over_voice = OverVoice(LoudRoom(0.1).played, Silero, without)
    for _ in range(40):
        out, probability = over_voice.process(np.zeros(FRAME, dtype=float32))
        assert len(out) == FRAME and probability < 0.5
    over_voice.skip(FRAME)
