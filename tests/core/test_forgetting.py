"""Forgetting by voice: one question, and only a clear yes forgets; afterwards what was going on goes on."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from assistant.core.commands import Command, End, Forget, Record
from assistant.core.events import PauseRequested, StopRequested, TranscriptReady, Trouble
from assistant.core.ids import AudioId
from assistant.core.past import Forgetting
from assistant.safety.transcript import Trust

from .talk import Talk, heard, spoken


@pytest.fixture
def talk() -> Talk:
    """In an exercise, in a sitting that is noted."""
    talk = Talk()
    talk.conversation.session.remembers = True
    return talk.in_an_exercise()


def forgets(commands: list[Command]) -> list[Forgetting]:
    return [command.what for command in commands if isinstance(command, Forget)]


def to_the_end(talk: Talk) -> list[Command]:
    """Everything that comes when nobody says any more."""
    found: list[Command] = []
    for _ in range(200):
        found += talk.voice_finishes() if talk.speaks is not None else talk.passes(130.0)
        if talk.conversation.ended is not None:
            return found
    raise AssertionError("it never ended")


@pytest.mark.parametrize("what", list(Forgetting))
def test_a_yes_forgets_once_and_the_exercise_goes_on(talk: Talk, what: Forgetting) -> None:
    assert spoken(talk.says(f"forget {what}")) == [f"forget.ask.{what}"]
    talk.voice_finishes()
    commands = talk.says("yes")
    assert spoken(commands) == ["forget.done"]
    assert forgets(commands) == ([] if what is Forgetting.THAT else [what]), "what goes on was not noted yet"
    talk.voice_finishes()
    assert talk.conversation.scene == "exercise:feet"
    assert not [command for command in to_the_end(talk) if isinstance(command, Record)]


def test_that_is_what_was_noted_last_when_nothing_goes_on(talk: Talk) -> None:
    talk.says("worse")
    talk.voice_finishes()
    talk.passes(11.0)
    talk.voice_finishes()
    assert talk.conversation.scene == "towards-person"
    talk.says("forget that")
    talk.voice_finishes()
    assert forgets(talk.says("yes")) == [Forgetting.THAT]
    talk.voice_finishes()
    assert talk.conversation.scene == "towards-person"


@pytest.mark.parametrize("answer", ["no", "perhaps", "forget everything", None])
def test_all_but_a_yes_leaves_everything_as_it_is(talk: Talk, answer: str | None) -> None:
    talk.says("forget everything")
    talk.voice_finishes()
    commands = talk.passes(9.0) if answer is None else talk.says(answer)
    assert spoken(commands) == ["forget.kept"] and forgets(commands) == []
    talk.voice_finishes()
    assert talk.conversation.scene == "exercise:feet"
    assert forgets(to_the_end(talk)) == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [("help", ["forget.kept", "support.asked"]), ("goodbye", ["forget.kept", "closing.goodbye"]),
     ("i'm angry", ["choosing.lead.anger"])],
)  # fmt: skip
def test_who_says_something_else_at_the_question_is_answered_and_nothing_is_forgotten(
    talk: Talk, answer: str, said: list[str]
) -> None:
    talk.says("forget everything")
    talk.voice_finishes()
    commands = talk.says(answer)
    assert spoken(commands)[: len(said)] == said and forgets(commands) == []
    assert forgets(to_the_end(talk)) == []


def test_hide_at_the_question_says_not_a_word(talk: Talk) -> None:
    talk.says("forget everything")
    talk.voice_finishes()
    commands = talk.says("hide")
    assert spoken(commands) == [] and isinstance(commands[-1], End) and forgets(commands) == []


def test_what_was_noted_today_no_longer_counts_once_it_is_forgotten(talk: Talk) -> None:
    from .test_preference import LOWER

    session = talk.conversation.session
    session.began = datetime(2026, 1, 2, 0, 20, tzinfo=UTC)
    session.past = tuple(
        replace(LOWER, ended=datetime(2026, 1, day, hour, tzinfo=UTC)) for day, hour in ((1, 23), (2, 0))
    )
    talk.says("forget today")
    talk.voice_finishes()
    talk.says("yes")
    assert [entry.ended.day for entry in session.past] == [1]


def test_a_doubtful_yes_forgets_nothing(talk: Talk) -> None:
    talk.says("forget everything")
    talk.voice_finishes()
    talk.starts()
    talk.stops()
    commands = talk.hears(TranscriptReady(AudioId(talk.audio), heard("yes", Trust.DOUBTFUL)))
    assert forgets(commands) == [] and spoken(commands) == ["forget.kept"]


def test_danger_in_the_answer_is_heard_before_anything(talk: Talk) -> None:
    talk.says("forget everything")
    talk.voice_finishes()
    assert forgets(talk.says("yes i want to die")) == []
    assert talk.conversation.latched


def test_a_stop_at_the_question_forgets_nothing_and_the_exercise_can_be_taken_up(talk: Talk) -> None:
    talk.says("forget today")
    assert talk.hears(StopRequested("key")) != []
    talk.says("go on")
    assert talk.conversation.scene == "exercise:feet" and talk.words[0] == "feet press one"
    assert forgets(to_the_end(talk)) == []


def test_a_pause_at_the_question_forgets_nothing_either(talk: Talk) -> None:
    talk.says("forget today")
    talk.hears(PauseRequested())
    talk.voice_finishes()
    talk.says("go on")
    assert talk.conversation.scene == "exercise:feet"


def test_after_a_stop_nothing_goes_on_by_itself(talk: Talk) -> None:
    talk.hears(StopRequested("key"))
    talk.says("forget today")
    talk.voice_finishes()
    assert forgets(talk.says("yes")) == [Forgetting.TODAY]
    talk.voice_finishes()
    assert talk.conversation.scene == "closing"


def test_news_in_between_leads_to_an_end_all_the_same(talk: Talk) -> None:
    talk.says("forget today")
    talk.hears(Trouble("cache-unwritable"))
    talk.voice_finishes()
    talk.voice_finishes()
    assert forgets(talk.says("yes")) == [Forgetting.TODAY]
    rest = to_the_end(talk)
    assert isinstance(rest[-1], End) and "forget.kept" not in spoken(rest)


def test_where_nothing_is_noted_there_is_nothing_to_forget_and_it_is_said() -> None:
    talk = Talk().in_an_exercise()
    assert spoken(talk.says("forget everything")) == ["forget.nothing_noted"]
    talk.voice_finishes()
    assert talk.conversation.scene == "exercise:feet"


def test_everything_takes_along_what_was_learned(talk: Talk) -> None:
    from .test_preference import LOWER

    talk.conversation.session.past = (LOWER, LOWER)
    talk.says("forget everything")
    talk.voice_finishes()
    talk.says("yes")
    assert len(talk.conversation.session.past) == 0


@pytest.mark.parametrize("remembers", [True, False])
def test_who_asks_what_it_is_hears_what_it_notes(talk: Talk, remembers: bool) -> None:
    talk.conversation.session.remembers = remembers
    assert spoken(talk.says("who are you"))[:2] == ["about.who", "about.noted" if remembers else "about.not_noted"]


@pytest.mark.parametrize(("code", "times"), [("memory-not-forgotten", 2), ("note-not-kept", 2), ("memory-full", 1)])
def test_what_was_asked_for_and_failed_is_said_every_time_and_other_failures_once(
    talk: Talk, code: str, times: int
) -> None:
    said = []
    for _ in range(2):
        said += spoken(talk.hears(Trouble(code)))
        talk.voice_finishes()
    assert said.count(f"failures.{code}") == times
