"""Somebody who was cut off goes on: what was decided on half a sentence is taken back, but nothing done for safety."""

from __future__ import annotations

import pytest

from assistant.core.commands import Duck, Speak, StopPlayback, Transcribe, Unduck
from assistant.core.events import (
    Event,
    PartialTranscript,
    PauseRequested,
    StopRequested,
    TranscriptionFailed,
    TranscriptReady,
)
from assistant.core.ids import AudioId
from assistant.core.reopening import Before
from assistant.core.scenes.opening import Greeting
from assistant.core.scenes.scene import KEEP
from assistant.core.session import Session
from assistant.safety.verdict import Kind

from .stories import SUPPORT, a_repertoire
from .talk import Talk, heard, spoken


def test_who_was_cut_off_and_goes_on_is_answered_on_the_whole_sentence(talk: Talk) -> None:
    talk.voice_finishes()
    first = talk.says("i'm angry")
    assert spoken(first) == ["choosing.lead.anger"] and talk.conversation.session.tried
    talk.passes(0.4)
    assert talk.starts(joined=True) == [StopPlayback()]
    assert talk.conversation.scene == "greeting"
    assert talk.conversation.session.tried == []
    talk.passes(1.0)
    assert talk.stops() == [Transcribe(AudioId(2))]
    assert spoken(talk.understood("can't sleep")) == ["choosing.lead.sleep"]
    assert talk.conversation.session.tried == ["words"]


def test_half_a_number_is_taken_back(talk: Talk) -> None:
    talk.in_an_exercise()
    while "rate.before" not in talk.words:
        talk.voice_finishes()
    talk.voice_finishes()
    talk.says("six")
    assert talk.conversation.session.before == 6
    talk.starts(joined=True)
    assert talk.conversation.session.before is None
    talk.stops()
    talk.understood("six or seven")
    assert talk.conversation.session.before == 7


def test_who_goes_on_without_a_word_is_not_left_alone(talk: Talk) -> None:
    talk.voice_finishes()
    talk.says("i'm angry")
    talk.starts(joined=True)
    talk.stops()
    talk.understood("")
    assert spoken(talk.passes(60.0)), "the wait for an answer has an end"


@pytest.mark.parametrize(
    ("words", "scene"),
    [("i want to die", "interrupt"), ("no point in living", "concern"), ("stop", "stopped"), ("pause", "paused")],
)
def test_nothing_is_taken_back_of_support_and_of_no_stop(talk: Talk, words: str, scene: str) -> None:
    talk.in_an_exercise()
    talk.says("slower")
    talk.says(words)
    saying = talk.speaks
    assert talk.conversation.scene == scene
    assert StopPlayback() not in talk.starts(joined=True)
    assert talk.conversation.scene == scene and talk.speaks is saying


@pytest.mark.parametrize(
    ("event", "scene"),
    [
        (TranscriptReady(None, heard("i want to die")), "interrupt"),
        (TranscriptReady(None, heard("no point in living")), "concern"),
        (PartialTranscript(heard("i want to die")), "interrupt"),
        (StopRequested("key"), "stopped"),
        (PauseRequested(), "paused"),
    ],
)
def test_what_came_after_the_answer_is_not_taken_back_with_it(talk: Talk, event: Event, scene: str) -> None:
    talk.in_an_exercise()
    talk.says("slower")
    talk.hears(event)
    saying = talk.speaks
    assert talk.conversation.scene == scene
    assert StopPlayback() not in talk.starts(joined=True)
    assert talk.conversation.scene == scene and talk.speaks is saying


def test_a_voice_that_only_swelled_back_is_lowered_again_and_loses_nothing(talk: Talk) -> None:
    """A hum that lasts, or a murmur after a murmur: until now the sentence was broken off and begun anew."""
    talk.in_an_exercise()
    saying = talk.speaks
    assert Unduck() in talk.says("the kettle")
    assert talk.starts(joined=True) == [Duck()]
    assert talk.speaks is saying


def test_what_was_said_of_danger_stays_known(talk: Talk) -> None:
    talk.in_an_exercise()
    talk.says("no point in living")
    talk.voice_finishes()
    talk.says("no")
    talk.starts(joined=True)
    assert talk.conversation.session.soft_signals == 1
    assert talk.conversation.scene == "concern", "the question is open again"


def test_a_session_goes_back_but_for_what_it_knows_of_danger() -> None:
    session = Session(a_repertoire(), SUPPORT)
    before = Before.of(Greeting(), session, None, KEEP)
    session.tried.append("feet")
    session.before, session.pace = 7.0, 0.9
    session.soft_signals, session.kind, session.support_given, session.input_over = 1, Kind.SUICIDE, True, True
    before.restore(session)
    assert not session.tried and session.before is None and session.pace == 1.0
    assert (session.soft_signals, session.kind) == (1, Kind.SUICIDE)
    assert session.support_given and session.input_over


def test_half_a_sentence_that_is_understood_late_is_only_screened(talk: Talk) -> None:
    talk.voice_finishes()
    talk.starts()
    talk.passes(0.5)
    talk.stops()
    assert talk.starts(joined=True) == []
    assert talk.understood("i'm angry") == []
    assert talk.conversation.scene == "greeting"
    assert talk.stops() == [Transcribe(AudioId(2))]
    assert spoken(talk.understood("i'm panicking")) == ["choosing.lead.panic"]


def test_half_a_sentence_that_could_not_be_understood_changes_nothing(talk: Talk) -> None:
    talk.voice_finishes()
    talk.starts()
    talk.stops()
    talk.starts(joined=True)
    assert talk.hears(TranscriptionFailed(AudioId(1), "recogniser-failed")) == []
    talk.passes(0.5)
    talk.stops()
    assert talk.understood("") == [], "and nothing need be told"
    talk.starts()
    talk.stops()
    assert spoken(talk.understood("i'm panicking")) == ["choosing.lead.panic"]


def test_a_hard_signal_in_half_a_sentence_acts(talk: Talk) -> None:
    talk.voice_finishes()
    talk.starts()
    talk.stops()
    talk.starts(joined=True)
    talk.understood("i want to die")
    assert talk.conversation.latched
    talk.stops()
    assert talk.understood("i want to die and nobody knows")[-1:] == [talk.speaks]
    assert talk.words[0] == "interrupt.acknowledge", "once, when they have finished"


def test_words_lost_over_the_question_about_safety_lead_to_support_in_one_voice(talk: Talk) -> None:
    talk.voice_finishes()
    talk.says("no point in living")
    assert talk.words[0] == "concern.ask.suicide"
    talk.starts()
    talk.stops()
    commands = talk.hears(TranscriptionFailed(AudioId(talk.audio), "recogniser-failed"))
    assert [type(command) for command in commands if isinstance(command, StopPlayback | Speak)] == [StopPlayback, Speak]
    assert talk.words[0] == "interrupt.acknowledge"
