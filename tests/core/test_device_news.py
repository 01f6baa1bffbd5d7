"""News of a microphone or a speaker: between sentences, the newest of each, and never into a silence asked for."""

from __future__ import annotations

import pytest

from assistant.core.commands import Speak, StopPlayback
from assistant.core.events import (
    Event,
    MicrophoneLost,
    MicrophoneReturned,
    PauseRequested,
    SpeakerReturned,
    StopRequested,
    Trouble,
)
from assistant.core.timeline import Pause, Speech

from .talk import Talk, spoken


def test_news_of_a_device_waits_for_the_end_of_the_sentence(talk: Talk) -> None:
    talk.in_an_exercise()
    assert talk.speaks is not None
    assert isinstance(talk.speaks.timeline.segments[0], Speech)
    rest = next(n for n, segment in enumerate(talk.speaks.timeline.segments) if isinstance(segment, Pause))
    left = talk.speaks.timeline.segments[rest:]
    assert talk.hears(MicrophoneLost()) == []
    commands = talk.voice_reaches(rest)
    assert commands[0] == StopPlayback() and spoken(commands) == ["failures.microphone-lost"]
    [again] = talk.voice_finishes()
    assert isinstance(again, Speak) and again.timeline.segments == left, "and no sentence is said twice"


def test_news_of_a_device_at_the_last_sentence_is_told_before_an_answer_is_waited_for(talk: Talk) -> None:
    talk.voice_reaches(0)
    assert talk.hears(MicrophoneLost()) == []
    assert spoken(talk.voice_finishes()) == ["failures.microphone-lost"]
    assert talk.voice_finishes() == []
    assert talk.conversation.listening and talk.conversation.scene == "greeting"


def test_only_the_newest_of_a_device_is_told(talk: Talk) -> None:
    talk.voice_reaches(0)
    for event in (MicrophoneLost(), SpeakerReturned(), MicrophoneReturned()):
        assert talk.hears(event) == []
    told = [*spoken(talk.voice_finishes()), *spoken(talk.voice_finishes()), *spoken(talk.voice_finishes())]
    assert told == ["failures.speaker-returned", "failures.microphone-returned"]


def test_in_silence_news_are_told_at_once(talk: Talk) -> None:
    talk.voice_finishes()
    assert spoken(talk.hears(MicrophoneLost())) == ["failures.microphone-lost"]


@pytest.mark.parametrize("event", [StopRequested("key"), PauseRequested()])
def test_after_a_stop_no_device_is_worth_a_word(talk: Talk, event: Event) -> None:
    talk.hears(event)
    before = talk.speaks
    talk.hears(MicrophoneLost())
    assert talk.speaks is before


@pytest.mark.parametrize("event", [MicrophoneLost(), Trouble("disk-full")])
def test_news_in_the_middle_of_a_question_about_safety_loses_nothing(talk: Talk, event: Event) -> None:
    talk.in_an_exercise()
    talk.says("there is no point in living")
    asked = talk.words
    talk.voice_finishes()
    talk.hears(event)
    if talk.speaks is not None:
        talk.voice_finishes()  # the news
        assert talk.conversation.scene == "concern"
    talk.says("no")
    talk.voice_finishes()
    assert talk.words and talk.words != asked and talk.conversation.scene == "exercise:feet", "which goes on"
