"""The whole evaluation set, with a model that answers as badly as it can: nobody is met with less than without it."""

from __future__ import annotations

from functools import cache
from itertools import cycle

import pytest

from assistant.core.commands import AskModel, Command
from assistant.core.conversation import Conversation
from assistant.core.events import ModelChose, ModelDoubts, ModelSaid
from assistant.core.guard import GuardedSentence
from assistant.core.outside import Outside, Whose
from assistant.core.session import Session
from assistant.safety.screen import Screen
from assistant.safety.verdict import Level, Verdict
from assistant.understanding.ngrams import NGramEstimator
from assistant.understanding.training.exemplars import read_voices
from assistant.understanding.training.runs import REPORTING
from tests.core.talk import Talk

from .saying import FAIR, SAID, library, screened, the_guard


class Remembering:
    """The learned layer that loads fastest, asked once a line."""

    name = "learned"

    def __init__(self) -> None:
        self._estimate = cache(NGramEstimator().estimate)

    def estimate(self, text: str) -> Verdict:
        return self._estimate(text)


def greeted(screen: Screen, *, on: bool) -> Talk:
    session = Session(library().repertoire, library().support)
    session.outside = Outside(model=Whose.HERE, told=True, may_raise=True) if on else Outside()
    talk = Talk(Conversation(session, screen, library().lexicon))
    talk.voice_finishes()
    return talk


def met(talk: Talk) -> tuple[bool, bool]:
    return talk.conversation.latched, talk.conversation.scene == "concern"


def test_a_level_is_never_lower_for_any_line_and_never_more_than_a_question_whatever_the_model_answers() -> None:
    """By the rules alone, by which most lines are clear, and so are shown. The answers take turns."""
    screen = Screen(library().rules, (), library().lexicon.plain)
    voices = read_voices()
    lines = {exemplar.text for name in REPORTING for exemplar in voices[name]}
    shown = raised = 0
    for line, answer in zip(sorted(lines), cycle(Level), strict=False):
        beside = greeted(screen, on=True)
        asked = [command for command in beside.says(line) if isinstance(command, AskModel)]
        level = screen.judge(line).level
        assert met(beside) == (level is Level.HARD, level is Level.SOFT), "at once, and as without it"
        for ask in asked:
            assert level is Level.NONE and ask.danger
            beside.hears(ModelDoubts(ask.ask_id, answer))
            beside.voice_finishes()
            assert not beside.conversation.latched
            assert (beside.conversation.scene == "doubt") == (answer is not Level.NONE)
            if answer is not Level.NONE:
                raised += 1
                beside.voice_finishes()
                beside.says("no")
                beside.voice_finishes()
            without = greeted(screen, on=False)
            without.says(line)
            without.voice_finishes()
            assert beside.conversation.scene == without.conversation.scene, "and then the same help comes"
        shown += bool(asked)
    assert shown > 1000 and raised > 600


@pytest.mark.slow
def test_no_line_of_the_evaluation_set_is_met_with_less_whatever_the_model_answers() -> None:
    layer = Remembering()
    screen = Screen(library().rules, [layer], library().lexicon.plain)
    sentence = the_guard().reflection(FAIR, screened(SAID))
    assert isinstance(sentence, GuardedSentence)
    voices = read_voices()
    lines = [exemplar.text for name in REPORTING for exemplar in voices[name]]
    shown = 0
    for line in lines:
        without, beside = greeted(screen, on=False), greeted(screen, on=True)
        without.says(line)
        commands: list[Command] = beside.says(line)
        asked = [command for command in commands if isinstance(command, AskModel)]
        shown += bool(asked)
        assert not asked or screen.judge(line).level is Level.NONE
        for ask in asked:
            beside.hears(ModelChose(ask.ask_id, "state:practice"))
            beside.hears(ModelSaid(ask.ask_id, sentence))
        assert met(beside) == met(without)
    assert len(lines) > 2000 and shown > 100
