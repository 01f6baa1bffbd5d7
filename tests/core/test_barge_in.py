"""Speech over the voice: it is lowered, waits, and goes on from the same word; a stop is a stop; support is heard."""

from __future__ import annotations

import pytest

from assistant.core.commands import Duck, Rest, Speak, StopPlayback, Unduck
from assistant.core.events import (
    Event,
    PauseRequested,
    StopRequested,
    SupportRequested,
    TranscriptionFailed,
    UserStoppedSpeaking,
)
from assistant.core.floor import TurnPolicy
from assistant.core.ids import AudioId
from assistant.testing.room import Room

from .stories import a_conversation
from .talk import Talk, spoken

POLICY = TurnPolicy()
MOMENT = 0.001


# It waits for whoever speaks ------------------------------------------------------------------------------------------


def test_speech_over_the_voice_lowers_it_at_once_and_then_it_waits(talk: Talk) -> None:
    assert talk.starts() == [Duck()]
    assert talk.passes(POLICY.rest_seconds - MOMENT) == []
    assert talk.passes(2 * MOMENT) == [Rest()]
    assert talk.passes(POLICY.over_voice_seconds - 0.1) == [], "once"


def test_a_click_only_lowers_it(talk: Talk) -> None:
    talk.starts()
    talk.passes(POLICY.rest_seconds - MOMENT)
    assert talk.hears(UserStoppedSpeaking(None)) == [Unduck()]
    assert Rest() not in talk.passes(3.0)


@pytest.mark.parametrize("lasting", [0.1, 0.5, 1.9])
def test_after_a_cough_it_swells_back_in_the_same_utterance(talk: Talk, lasting: float) -> None:
    saying = talk.speaks
    talk.starts()
    talk.passes(lasting)
    assert talk.hears(UserStoppedSpeaking(None)) == [Unduck()]
    assert talk.speaks is saying
    assert talk.passes(3.0) == [], "and goes on"


def test_after_a_sound_without_words_it_swells_back(talk: Talk) -> None:
    saying = talk.speaks
    assert talk.says("", lasting=0.8) == [Unduck()]
    assert talk.speaks is saying


@pytest.mark.parametrize("repeated", range(1, 4))
def test_every_cough_is_waited_for(talk: Talk, repeated: int) -> None:
    for _ in range(repeated):
        assert talk.starts() == [Duck()]
        assert talk.passes(0.5) == [Rest()]
        assert talk.hears(UserStoppedSpeaking(None)) == [Unduck()]


def test_who_goes_on_ends_the_sentence_and_it_begins_anew_when_that_was_no_answer(talk: Talk) -> None:
    talk.in_an_exercise()
    talk.voice_reaches(1)
    assert talk.speaks is not None
    left = talk.speaks.timeline.segments[1:]
    talk.starts()
    assert talk.passes(POLICY.over_voice_seconds + MOMENT) == [Rest(), StopPlayback()]
    talk.stops()
    [again] = talk.understood("")
    assert isinstance(again, Speak) and again.timeline.segments == left


def test_a_voice_that_waited_long_for_words_begins_the_sentence_anew(talk: Talk) -> None:
    saying = talk.words
    talk.starts()
    talk.passes(1.5)
    talk.stops()
    talk.passes(POLICY.over_voice_seconds)
    assert talk.understood("")[0] == StopPlayback()
    assert talk.words == saying, "in the middle of a word nobody knows what it was about"


def test_a_player_is_not_lost_for_having_waited(talk: Talk) -> None:
    """What the voice waits is not held against the player, or the voice would be silenced in the middle."""
    for _ in range(60):
        talk.starts()
        talk.passes(1.9)
        assert talk.hears(UserStoppedSpeaking(None)) == [Unduck()]
    assert talk.passes(1.0) == [] and talk.speaks is not None


def test_an_answer_over_the_voice_is_an_answer(talk: Talk) -> None:
    commands = talk.says("i'm angry")
    assert commands[0] == StopPlayback() and spoken(commands) == ["choosing.lead.anger"]


@pytest.mark.parametrize("event", [StopRequested("key"), PauseRequested(), None])
@pytest.mark.parametrize("hangs", [True, False])
def test_a_voice_that_waits_for_words_goes_on_when_none_can_come(talk: Talk, event: Event | None, hangs: bool) -> None:
    """Also where nobody would be told of it: support that was asked for by key after a stop."""
    if event is not None:
        talk.hears(event)
    talk.hears(SupportRequested("key"))
    assert talk.speaks is not None
    talk.starts()
    assert talk.passes(1.0) == [Rest()]
    talk.stops()
    found = talk.passes(10.0) if hangs else talk.hears(TranscriptionFailed(AudioId(1), "recogniser-failed"))
    assert Unduck() in found or any(isinstance(command, Speak) for command in found)


# What is neither lowered nor stopped ----------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["i want to die", "no point in living"])
def test_support_is_neither_lowered_nor_made_to_wait(talk: Talk, words: str) -> None:
    talk.says(words)
    saying = talk.speaks
    assert saying is not None and not saying.interruptible
    assert talk.starts() == []
    assert talk.passes(10.0) == []
    talk.stops()
    assert talk.understood("") == [] and talk.speaks is saying


# A stop ---------------------------------------------------------------------------------------------------------------


def test_a_stop_word_ends_the_voice_before_the_turn_has_ended_and_nothing_resumes(talk: Talk) -> None:
    talk.in_an_exercise()
    talk.starts()
    talk.passes(0.4)
    assert StopPlayback() in talk.pauses("stop")
    talk.passes(0.4)
    talk.stops()
    found = [*talk.understood("stop"), *talk.passes(1.0)]
    assert talk.conversation.scene == "stopped"
    for _ in range(30):
        found += talk.passes(60.0)
        if talk.speaks is not None:
            found += talk.voice_finishes()
    assert all(words.startswith(("stopped.", "closing.")) for words in spoken(found))


def test_a_stop_word_that_needed_no_recogniser_is_a_stop(talk: Talk) -> None:
    """As the ears tell it: the switch, and then a turn that held nothing."""
    talk.in_an_exercise()
    talk.starts()
    talk.passes(0.4)
    assert talk.hears(StopRequested("stop word"))[0] == StopPlayback()
    found = [*talk.hears(UserStoppedSpeaking(None)), *talk.passes(600.0)]
    assert Unduck() not in found
    assert all(words.startswith("stopped.") for words in spoken(found))


# In a room ------------------------------------------------------------------------------------------------------------


def test_a_cough_in_the_middle_of_an_exercise_costs_no_more_than_its_own_time() -> None:
    def said(room: Room) -> list[tuple[float, str]]:
        room.run()
        return [(heard.start, heard.text) for heard in room.heard]

    quiet, disturbed = Room(a_conversation()), Room(a_conversation())
    moment = next(heard.start for heard in Room(a_conversation()).run().heard if heard.text == "feet press one") + 0.5
    disturbed.coughs(at=moment)
    before, after = said(quiet), said(disturbed)
    assert [words for _, words in before] == [words for _, words in after], "no word twice, and none left out"
    late = {round(b - a, 3) for (a, _), (b, _) in zip(before, after, strict=True) if a > moment}
    assert len(late) == 1 and 0.0 < late.pop() < 2.0
