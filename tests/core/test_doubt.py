"""A language model that hears danger where the screen heard none: a question, once, and never a lock."""

from __future__ import annotations

import pytest

from assistant.core.commands import Command, ShowResources, StopPlayback
from assistant.core.events import ModelChose, ModelDoubts, ModelSaid, StopRequested
from assistant.core.outside import Outside, Whose
from assistant.safety.verdict import Level

from .talk import Talk
from .test_consulting import a_sentence, asked, greeted, spoken

PLEA = "i'm panicking and shaking"
QUESTION = ["concern.ask.overwhelm", "concern.number_ready"]


def raising() -> Talk:
    return greeted(Outside(model=Whose.HERE, may_raise=True))


def doubted(level: Level = Level.HARD, plea: str = PLEA) -> Talk:
    """The question was asked, and heard to its end."""
    talk = raising()
    (ask,) = asked(talk.says(plea))
    assert ask.danger
    assert talk.hears(ModelDoubts(ask.ask_id, level)) == [], "nothing is cut for it"
    begun = talk.voice_finishes()
    assert spoken(begun) == QUESTION and talk.conversation.scene == "doubt"
    assert any(isinstance(command, ShowResources) for command in begun)
    talk.voice_finishes()
    return talk


def exercise_begins(commands: list[Command], talk: Talk) -> bool:
    """What would have come without the model comes now."""
    said = spoken(commands)
    while said and "press" not in said[0] and talk.speaks is not None:
        said = spoken(talk.voice_finishes())
    return bool(said) and said[0] == "feet press one"


@pytest.mark.parametrize("level", [Level.SOFT, Level.HARD])
def test_a_raise_is_a_question_after_the_reviewed_words_and_never_support_by_itself(level: Level) -> None:
    assert not doubted(level).conversation.latched


@pytest.mark.parametrize("answer", ["no", "", "i'm panicking", "a lamp and a chair", "pause", "something else"])
def test_without_a_yes_the_help_that_there_would_have_been_comes(answer: str) -> None:
    talk = doubted()
    assert exercise_begins(talk.says(answer) if answer else talk.passes(12.5), talk), answer
    assert not talk.conversation.latched and talk.conversation.session.soft_signals == 0


@pytest.mark.parametrize("answer", ["yes", "help", "who can i call", "worse", "i want to die", "no point in living"])
def test_a_yes_and_whatever_the_screen_hears_in_the_answer_lead_to_support(answer: str) -> None:
    talk = doubted()
    talk.says(answer)
    assert talk.conversation.latched and talk.conversation.session.outside.closed


def test_a_server_that_calls_everything_danger_costs_one_question_in_a_sitting() -> None:
    talk = doubted(plea="the kettle is whistling again")
    talk.says("no")
    while talk.speaks is not None and not talk.conversation.listening:
        talk.voice_finishes()
    assert talk.conversation.scene == "choosing"
    (ask,) = asked(talk.says(PLEA))
    assert not ask.danger, "not even asked for"
    talk.hears(ModelDoubts(ask.ask_id, Level.HARD))
    assert spoken(talk.voice_finishes())[0] == "feet press one"


def test_a_doubt_goes_before_a_choice_and_a_sentence() -> None:
    talk = raising()
    (ask,) = asked(talk.says("the kettle is whistling again"))
    talk.hears(ModelChose(ask.ask_id, "state:anger"))
    talk.hears(ModelSaid(ask.ask_id, a_sentence()))
    talk.hears(ModelDoubts(ask.ask_id, Level.SOFT))
    talk.hears(ModelDoubts(ask.ask_id, Level.NONE))
    assert spoken(talk.voice_finishes()) == QUESTION, "a later answer never lowers it"


@pytest.mark.parametrize("late_by", [0.0, 1.6])
def test_what_is_late_or_of_another_question_raises_nothing(late_by: float) -> None:
    talk = raising()
    (ask,) = asked(talk.says(PLEA))
    talk.passes(late_by)
    talk.hears(ModelDoubts(ask.ask_id + (0 if late_by else 1), Level.HARD))
    assert spoken(talk.voice_finishes())[0] == "feet press one"
    assert not spoken(talk.hears(ModelDoubts(ask.ask_id, Level.HARD))) and talk.conversation.scene == "exercise:feet"


def test_after_a_new_turn_or_a_stop_it_is_too_late() -> None:
    talk = raising()
    (ask,) = asked(talk.says(PLEA))
    stopped = talk.hears(StopRequested("key"))
    assert any(isinstance(command, StopPlayback) for command in stopped)
    assert not spoken(talk.hears(ModelDoubts(ask.ask_id, Level.HARD)))
    talk.voice_finishes() if talk.speaks else None
    assert talk.conversation.scene == "stopped"


def test_it_is_not_asked_where_the_person_did_not_choose_so() -> None:
    talk = greeted()
    (ask,) = asked(talk.says(PLEA))
    assert not ask.danger
    talk.hears(ModelDoubts(ask.ask_id, Level.HARD))
    assert spoken(talk.voice_finishes())[0] == "feet press one"
