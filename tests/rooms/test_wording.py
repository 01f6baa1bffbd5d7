"""Other words for a flow's answers: offered only where a model may see them, proposed after a yes, and never put in the
place of the person's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from assistant.core.commands import AskModel, AskWording, Command, EndReason, Speak, TakeBack
from assistant.core.events import Event, ModelSaid, ModelWorded, StopRequested, SupportRequested
from assistant.core.guard import GuardedSentence
from assistant.core.outside import Outside, Whose
from assistant.core.pages import Place
from assistant.core.timeline import Speech
from assistant.core.wording import WORDING_SECONDS, Form
from assistant.safety.transcript import Trust
from tests.llm.saying import hostile, screened, the_guard

from .test_flows import SAID, Watched, a_room

FACT, FEELING, ASK = "he shouted at me in front of everyone", "i feel small and angry", "please talk to me alone"
DAY = "the morning was loud and then the bus was late but i walked home"
FAIR = {
    "message": ("You shouted at me in front of everyone.", "I feel small and angry.", "Please talk to me alone."),
    "reflection": ("The morning was loud.", "The bus was late.", "I walked home."),
}
OFFER = {"message": "another way to put them", "reflection": "three plain lines"}
PROPOSED = "leave it as it was"
Model = Callable[[AskModel | AskWording], Iterable[tuple[float, Event]]]


class Known(Outside):
    """Told of earlier, so that a flow that opens the sitting is the same second for second."""

    def notice(self) -> tuple[str, ...]:
        return ()


class Seeing(Watched):
    """A room that keeps what a model was asked, and what was said of it aloud."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.asked: list[AskWording] = []
        self.taken_back = 0
        self.quoted: list[str] = []
        self.meanwhile: Callable[[float], None] = lambda now: None
        """What happens while the model is asked, the first time."""

    def perform(self, command: Command, now: float) -> None:
        match command:
            case AskWording():
                self.asked.append(command)
                if len(self.asked) == 1:
                    self.meanwhile(now)
            case TakeBack():
                self.taken_back += 1
            case Speak(_, timeline):
                self.quoted += [s.text for s in timeline.segments if isinstance(s, Speech) and s.quoted]
        super().perform(command, now)


def guarded(lines: tuple[str, ...], said: str) -> tuple[GuardedSentence, ...]:
    judged = tuple(the_guard().own_words(line, screened(said)) for line in lines)
    assert all(isinstance(one, GuardedSentence) for one in judged), judged
    return judged  # type: ignore[return-value] # just seen


def answering(after: float = 1.0, lines: tuple[str, ...] | None = None) -> Model:
    def model(ask: AskModel | AskWording) -> Iterable[tuple[float, Event]]:
        if isinstance(ask, AskWording):
            name = "message" if ask.form is Form.MESSAGE else "reflection"
            yield after, ModelWorded(ask.ask_id, guarded(lines or FAIR[name], ask.words.text))

    return model


IN_TIME = answering()


def told(name: str, model: Model = IN_TIME, outside: Outside | None = None) -> Seeing:
    """A flow, up to where other words are offered."""
    plain = a_room(name)
    plain.conversation.session.outside = outside or Known(model=Whose.HERE, told=True)
    room = Seeing(plain.conversation)
    room.model = model
    if name == "message":
        room.answers("no", to="Yes or no.")
        room.answers(FACT, to="in one line")
        room.answers(FEELING, to="I feel.")
        room.answers(ASK, to="say no to")
    else:
        room.answers(DAY, to="three minutes")
    return room


def with_yes(name: str, then: str | None = None, model: Model = IN_TIME) -> Seeing:
    room = told(name, model)
    room.answers("yes", to=OFFER[name])
    if then:
        room.answers(then, to=PROPOSED)
    return room


def page(room: Seeing) -> dict[str, str]:
    room.answers("show", to="Say keep, show")
    room.run()
    (handed,) = room.handed
    assert handed.place is Place.SCREEN
    return dict(handed.page.rows)


# What is offered, and to whom ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FAIR)
@pytest.mark.parametrize(
    "outside",
    [
        Known(model=Whose.ELSEWHERE, told=True),
        Known(model=Whose.ELSEWHERE, told=True, agreed=False),
        Known(model=Whose.HERE, told=True, closed=True),
        Known(hearing=Whose.HERE, told=True, agreed=True),
    ],
    ids=["not agreed", "refused", "after danger", "only hearing"],
)
def test_without_a_model_that_may_see_the_flow_is_word_for_word_and_second_for_second_the_same(
    name: str, outside: Outside
) -> None:
    def heard(of: Outside) -> list[str]:
        room = told(name, outside=of)
        room.run()
        assert room.asked == [] and not any("language model" in said for said in room.words)
        return room.log

    assert heard(outside) == heard(Outside())


@pytest.mark.parametrize("name", FAIR)
@pytest.mark.parametrize("whose", Whose)
def test_it_is_offered_where_a_model_may_see_and_asked_only_after_a_clear_yes(name: str, whose: Whose) -> None:
    for answer in ("", "no", "mm", "tea", "change", "keep it", "next"):
        room = told(name, outside=Known(model=whose, told=True, agreed=True))
        if answer:
            room.answers(answer, to=OFFER[name])
        room.run()
        assert any(OFFER[name] in said for said in room.words) and room.ended is EndReason.FINISHED
        assert room.asked == [], answer


@pytest.mark.parametrize("name", FAIR)
def test_a_yes_that_was_not_heard_clearly_is_none(name: str) -> None:
    room = told(name)
    room.answers("yes", to=OFFER[name], trust=Trust.DOUBTFUL)
    room.run()
    assert room.asked == [] and "Then yours stand." in room.words
    room = with_yes(name)
    room.answers("keep it", to=PROPOSED, trust=Trust.DOUBTFUL)
    assert " ".join(FAIR[name]) not in page(room).values()


@pytest.mark.parametrize("name", FAIR)
def test_a_flow_that_opens_the_sitting_tells_whose_computer_it_is_first(name: str) -> None:
    plain = a_room(name)
    plain.conversation.session.outside = Outside(model=Whose.HERE)
    plain.run(until=20)
    assert "A language model on this computer may see your words." in plain.words[:3]


# What comes of it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FAIR)
def test_a_proposal_is_read_out_and_kept_with_a_yes_beside_the_persons_own_words(name: str) -> None:
    for yes in ("keep it", "yes"):
        room = with_yes(name, yes)
        rows = page(room)
        assert "Here is one way to put it." in room.words
        assert set(FAIR[name]) <= set(room.quoted), "in no cache, and by no other computer"
        assert " ".join(FAIR[name]) in rows.values()
        own = {FACT, FEELING, ASK} if name == "message" else {DAY}
        assert own <= set(rows.values()), "their own words stand as they were"


@pytest.mark.parametrize("name", FAIR)
@pytest.mark.parametrize("answer", ["", "no", "leave it as it was", "tea", "i don't know"])
def test_without_a_yes_nothing_of_it_stays(name: str, answer: str) -> None:
    room = with_yes(name, answer or None)
    rows = page(room)
    assert "We leave it as it was." in room.words
    assert not any(" ".join(FAIR[name]) in words or FAIR[name][0] in words for words in rows.values())
    assert not any(label.startswith(("One way", "In three")) for label in rows)


@pytest.mark.parametrize("name", FAIR)
def test_what_is_corrected_are_the_persons_words(name: str) -> None:
    room = with_yes(name, "change")
    room.answers("please stop shouting at me", to="Say it again")
    rows = page(room)
    assert "please stop shouting at me" in rows.values() and " ".join(FAIR[name]) not in rows.values()


def test_a_correction_that_tells_of_fear_leads_to_people_and_the_draft_ends() -> None:
    room = with_yes("message", "change")
    room.answers("he gets violent", to="Say it again")
    room.run()
    assert any("won't draft" in said for said in room.words) and room.support_shown and room.handed == []


# Slow, wrong, off ----------------------------------------------------------------------------------------------------


def nothing(ask: AskModel | AskWording) -> Iterable[tuple[float, Event]]:
    return ()


def of_another_question(ask: AskModel | AskWording) -> Iterable[tuple[float, Event]]:
    yield 1.0, ModelWorded(ask.ask_id - 1, guarded(FAIR["message"], f"{FACT}. {FEELING}. {ASK}."))


def another_answer(ask: AskModel | AskWording) -> Iterable[tuple[float, Event]]:
    yield 1.0, ModelWorded(ask.ask_id, ())


@pytest.mark.parametrize(
    "model", [nothing, answering(WORDING_SECONDS + 0.5), answering(60.0), of_another_question, another_answer]
)
def test_where_nothing_comes_in_time_the_flow_goes_on_with_the_persons_own_words(model: Model) -> None:
    room = with_yes("message", model=model)
    rows = page(room)
    assert len(room.asked) == 1 and "No other words came that would do. Yours stand." in room.words
    assert FACT in rows.values() and not any(label.startswith("One way") for label in rows)
    assert not set(FAIR["message"]) & set(room.words)
    asked = next(heard for heard in room.heard if heard.text.startswith("Okay. Yours stay"))
    after = next(heard for heard in room.heard if heard.start > asked.start)
    assert after.start - asked.start < WORDING_SECONDS + 3.0


@pytest.mark.parametrize("event", [StopRequested("key"), SupportRequested("key")])
@pytest.mark.parametrize("wait", [0.5, 3.0, 5.0])
def test_a_stop_while_it_is_waited_for_is_silence_and_takes_it_back(
    event: StopRequested | SupportRequested, wait: float
) -> None:
    room = with_yes("message", model=answering(5.5))
    moments: list[float] = []

    def happens(now: float) -> None:
        moments.append(now + wait)
        room.happens(event, at=now + wait)

    room.meanwhile = happens
    room.run()
    (at,) = moments
    assert room.taken_back == 1 and not set(FAIR["message"]) & set(room.words)
    if isinstance(event, StopRequested):
        assert not room.speaking_at(at + 0.02) and room.said_after(at)[:1] != ["Here is one way to put it."]


def test_a_sigh_while_it_is_waited_for_changes_nothing() -> None:
    room = with_yes("message", "keep it")
    room.meanwhile = lambda now: room.says("mm", at=now + 2.5)
    assert " ".join(FAIR["message"]) in page(room).values()


# What no model sees --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "question", "words"),
    [
        ("message", "in one line", "he gets violent"),
        ("message", "I feel.", "i am afraid of him"),
        ("message", "in one line", "i will ruin you"),
        ("reflection", "three minutes", "when i was a child he locked me in"),
        ("reflection", "three minutes", "i want to die"),
    ],
)
def test_fear_threat_old_harm_and_danger_are_shown_to_no_model(name: str, question: str, words: str) -> None:
    room = Seeing(told(name).conversation)
    room.model = answering()
    if name == "message":
        room.answers("no", to="Yes or no.")
    room.answers(words, to=question)
    room.answers("yes", to=OFFER[name])
    room.run()
    assert room.asked == [] and room.ended is not None


def test_words_that_are_danger_only_together_are_shown_to_no_model() -> None:
    room = Seeing(told("message").conversation)
    room.model = answering()
    room.answers("no", to="Yes or no.")
    room.answers("it will all end and i want to", to="in one line")
    room.answers("die down", to="I feel.")
    room.answers("yes", to=OFFER["message"])
    room.run()
    assert room.asked == [] and not any(OFFER["message"] in said for said in room.words)
    room = Seeing(told("reflection").conversation)
    room.model = answering()
    room.answers("it will all end and i want to", to="three minutes")
    room.says("die down", at=75.0)
    room.answers("yes", to=OFFER["reflection"])
    room.run()
    assert room.asked == [] and "No other words came that would do. Yours stand." in room.words
    assert room.support_shown and room.conversation.session.outside.closed


@pytest.mark.parametrize("name", FAIR)
@pytest.mark.parametrize("at", ["offer", "asked", "proposal", "correction"])
def test_every_reply_at_every_moment_comes_to_an_end_and_danger_ends_it(name: str, at: str) -> None:
    for reply, words in SAID.items():
        room = told(name)
        if at != "offer":
            room.answers("yes", to=OFFER[name])
        if at == "correction":
            room.answers("change", to=PROPOSED)
        before = {"offer": OFFER[name], "asked": "", "proposal": PROPOSED, "correction": "Say it again"}[at]
        if words and before:
            room.answers(words, to=before)
        if words and not before:
            room.meanwhile = lambda now, room=room, words=words: room.says(words, at=now + 2.0)  # type: ignore[misc]
        room.run(until=7200)
        assert room.ended is not None, (at, reply)
        if reply in ("help", "danger", "worse"):
            assert room.support_shown, (at, reply)
        if reply == "danger":
            assert room.ended is EndReason.SUPPORT_GIVEN and room.handed == [], at
            assert room.conversation.session.outside.closed
        assert not [said for said in room.words if "locked me in" in said], (at, reply)


def test_an_answer_for_a_reflection_is_no_proposal_in_a_flow() -> None:
    said = the_guard().reflection("It sounds hard, with your boss shouting.", screened("my boss keeps shouting"))
    assert isinstance(said, GuardedSentence)
    room = with_yes("message", model=lambda ask: [(1.0, ModelSaid(ask.ask_id, said))])
    room.run()
    assert "No other words came that would do. Yours stand." in room.words or room.ended is not None
    assert "Here is one way to put it." not in room.words


def test_no_hostile_answer_is_proposed_for_these_words() -> None:
    for words in (f"{FACT}. {FEELING}. {ASK}.", DAY):
        for answer in hostile():
            assert not isinstance(the_guard().own_words(answer, screened(words)), GuardedSentence), answer
