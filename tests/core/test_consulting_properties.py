"""The same promises with a language model beside the conversation, whose answers come at any moment, late, twice, for
another question, or with an id that nobody offered. Each was seen to fail on a seeded fault.
"""

from __future__ import annotations

import copy
from dataclasses import fields
from functools import cache
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from assistant.core.commands import AskModel, AskWording, Command, End, Speak, StopPlayback, TakeBack
from assistant.core.conversation import Conversation
from assistant.core.events import (
    ModelChose,
    ModelDoubts,
    ModelSaid,
    ModelWorded,
    OtherLost,
    PlaybackStarted,
    TranscriptReady,
)
from assistant.core.guard import GuardedSentence
from assistant.core.ids import UtteranceId
from assistant.core.outside import Outside, Whose
from assistant.safety.transcript import Transcript, Trust
from assistant.safety.verdict import Level
from tests.llm.saying import FAIR, SAID, screened, the_guard

from .stories import a_conversation, with_cards_and_flows
from .test_properties import HARD, ConversationMachine

CHOICES = ["state:panic", "state:unsure", "exercise:words", "exercise:gone", "card:tea", "card:gone", "card:",
           "flow:think", "flow:gone", "none", "interrupt", "closing", ""]  # fmt: skip
# fmt: off
TOLD = ["the kettle is whistling again", "i'm panicking and shaking", "the kettle whistles right now", "yes", "no",
        "use others", "keep here", "no point in living", "what is tea about", "think with me", "next", "stop"]
# fmt: on


@cache
def a_sentence() -> GuardedSentence:
    judged = the_guard().reflection(FAIR, screened(SAID))
    assert isinstance(judged, GuardedSentence)
    return judged


class ConsultingMachine(ConversationMachine):
    """`asked`: the question that stands, and `until` when. `begun`: what is heard. The rest: what a model has said."""

    def begin(self) -> Conversation:
        self.asked: AskModel | AskWording | None = None
        self.until = 0.0
        self.begun: UtteranceId | None = None
        self.last_id = 0
        self.sentence_came = False
        self.suggested = False
        self.raised = False
        conversation = a_conversation()
        with_cards_and_flows(conversation)
        conversation.session.outside = Outside(model=Whose.ELSEWHERE, agreed=True, may_raise=True)
        return conversation

    def carry_out(self, commands: list[Command]) -> None:
        super().carry_out(commands)
        kinds = [type(command) for command in commands]
        if self.asked is not None and StopPlayback in kinds:
            assert TakeBack in kinds, "what silences the voice takes the question back"
        for command in commands:
            match command:
                case AskModel(ask_id, words, _, seconds) | AskWording(ask_id, words, _, seconds):
                    assert not self.hard and self.conversation.session.outside.model_may_see
                    assert words.verdict.level is Level.NONE and words.trusted, "it sees nothing with a signal in it"
                    assert self.asked is None and ask_id > self.last_id, "one question at a time, and each its own"
                    assert self.playing is not None and self.begun == self.playing.utterance_id, "words come first"
                    self.asked, self.last_id, self.until = command, ask_id, self.now + seconds
                case TakeBack():
                    assert self.asked is not None, "nothing to take back"
                    self.asked = None
                case End():
                    assert self.asked is None, "the end takes the question back"
                case Speak():
                    assert self.sentence_came or FAIR not in command.timeline.captions(), "nobody's sentence"

    @initialize(
        words=st.sampled_from(TOLD[:3]), doubtful=st.sampled_from([False, False, False, True]),
        seconds=st.sampled_from([0.0, 1.0, 2.0]), choice=st.sampled_from(CHOICES), of=st.integers(-1, 1),
        speaks=st.booleans(), heard=st.booleans(),
    )  # fmt: skip
    def first_words_and_an_answer(
        self, words: str, doubtful: bool, seconds: float, choice: str, of: int, speaks: bool, heard: bool
    ) -> None:
        """Most of what there is to get wrong is in the first seconds."""
        self.somebody_tells(words, doubtful)
        if heard:
            self.the_voice_begins()
        self.time_passes(seconds)
        self.model_answers(choice, of, speaks)

    @rule()
    def the_voice_begins(self) -> None:
        if self.playing is not None and self.begun != self.playing.utterance_id:
            self.begun = self.playing.utterance_id
            self.send(PlaybackStarted(self.begun))

    @precondition(lambda self: not self.ended and not self.user_speaking)
    @rule(words=st.sampled_from(TOLD), doubtful=st.booleans())
    def somebody_tells(self, words: str, doubtful: bool) -> None:
        self.words = (words, Trust.DOUBTFUL if doubtful else Trust.TRUSTED)
        self.pending = None
        self.send(TranscriptReady(None, Transcript(words, self.words[1], 0.5, "machine")))

    @rule(choice=st.sampled_from(CHOICES), of=st.integers(-1, 1), speaks=st.booleans())
    def model_answers(self, choice: str, of: int, speaks: bool) -> None:
        """`of`: the last question, the one before it, or none that there was."""
        ask_id = self.last_id + of
        in_time = self.asked is not None and of == 0 and self.now <= self.until
        known = self.what_is_known()
        before = copy.copy(self.conversation._asked)
        event = ModelSaid(ask_id, a_sentence()) if speaks else ModelChose(ask_id, choice)
        assert self.conversation.receive(event, self.now) == [], "an answer says, stops and asks nothing by itself"
        assert self.what_is_known() == known, "nor does it change what is known, or going on"
        options = self.asked.options if isinstance(self.asked, AskModel) else ()
        offered = choice in {option.id for option in options}
        if not in_time or not (speaks or offered):
            assert self.conversation._asked == before, "late, of another question, or not on the list: it is nothing"
            return
        self.sentence_came |= speaks
        self.suggested |= not speaks and choice.startswith(("card:", "flow:"))

    @rule(level=st.sampled_from(Level), of=st.integers(-1, 1), words=st.booleans())
    def model_raises_or_puts_it_otherwise(self, level: Level, of: int, words: bool) -> None:
        """It says, stops and latches nothing by itself; at the end of what is said there may be a question, once."""
        in_time = self.asked is not None and of == 0 and self.now <= self.until
        known, before, ask_id = self.what_is_known(), copy.copy(self.conversation._asked), self.last_id + of
        event = ModelWorded(ask_id, (a_sentence(),)) if words else ModelDoubts(ask_id, level)
        assert self.conversation.receive(event, self.now) == [] and self.what_is_known() == known
        if not in_time:
            assert self.conversation._asked == before
        self.sentence_came |= in_time and words
        self.raised |= in_time and not words and level is not Level.NONE

    @invariant()
    def nobody_is_asked_out_of_the_blue(self) -> None:
        assert self.raised or self.conversation.scene != "doubt"

    @rule()
    def a_hard_signal_while_it_thinks(self) -> None:
        if self.asked is not None:
            self.a_hard_signal(partial=True)
            assert self.conversation.session.outside.closed and self.asked is None

    @precondition(lambda self: not self.ended)
    @rule(what=st.sampled_from(["model", "hearing"]))
    def another_computer_is_lost(self, what: str) -> None:
        latched = self.conversation.latched
        self.send(OtherLost(what, f"{what}-unreachable"))
        assert self.conversation.latched is latched

    @invariant()
    def what_is_suggested_was_chosen_from_the_list(self) -> None:
        assert self.suggested or self.conversation.scene != "suggestion"

    @invariant()
    def after_support_no_question_stands(self) -> None:
        closed = self.conversation.session.outside.closed
        assert not (closed and self.asked) and (closed or not self.conversation.latched)

    def what_is_known(self) -> dict[str, Any]:
        session = self.conversation.session
        shared = ("repertoire", "support", "now")
        known = {f.name: copy.deepcopy(getattr(session, f.name)) for f in fields(session) if f.name not in shared}
        return known | {"scene": self.conversation.scene, "deadline": self.conversation.deadline()}


def test_a_choice_for_somebody_who_just_gave_a_hard_signal_is_nothing() -> None:
    """The shortest of such histories, told once."""
    machine = ConsultingMachine()
    machine.somebody_tells("the kettle is whistling again", doubtful=False)
    machine.the_voice_begins()
    assert machine.asked is not None
    machine.somebody_tells(HARD, doubtful=False)
    machine.hard = True
    for choice in CHOICES:
        machine.model_answers(choice, 0, speaks=False)
    machine.model_answers("", 0, speaks=True)
    machine.time_passes(40.0)
    machine.player_finishes(interrupted=False)
    assert machine.conversation.latched


ConsultingMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestConsulting = ConsultingMachine.TestCase
