"""Check-ins in the virtual room: few words, help first, and fine with no answer at all."""

from __future__ import annotations

import pytest

from assistant.app.parts import build_conversation, load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.commands import EndReason
from assistant.core.events import ReminderDue
from assistant.core.rehearsal import rehearse
from assistant.core.scenes.check_in import CheckInScene
from assistant.core.timeline import Speech
from assistant.core.waking import Wake
from assistant.settings_files import settings_files
from assistant.testing.room import Room, seconds_of
from tests.core.stories import CHECK_INS, SUPPORT, a_conversation, a_repertoire


@pytest.fixture
def room() -> Room:
    return Room(a_conversation(check_in="evening"))


def test_with_no_answer_it_asks_twice_and_says_goodbye(room: Room) -> None:
    room.run()
    asked = [words for words in room.words if words.endswith("?")]
    assert asked == ["number?", "evening hard?"], "two silences: no more questions"
    assert room.words[0] == "checkin.opening" and room.words[-1] == "checkin.goodbye"
    assert room.ended is EndReason.FINISHED
    assert [(record.exercise, record.before, record.stopped) for record in room.records] == [("evening", None, False)]


def test_the_number_comes_first_and_is_kept(room: Room) -> None:
    room.answers("four", to="number?")
    room.answers("the letter", to="evening hard?")
    room.answers("no", to="evening good?")
    room.run()
    assert room.words == [
        "checkin.opening", "number?", "rate.heard Four", "evening rest", "evening hard?", "evening counts",
        "evening good?", "evening no", "checkin.goodbye",
    ]  # fmt: skip
    assert (room.records[0].exercise, room.records[0].before) == ("evening", 4.0)


@pytest.mark.parametrize("moment", [0.3, 1.5, 4.0])
def test_an_acute_opening_is_helped_first_and_the_number_comes_later(room: Room, moment: float) -> None:
    room.says("i'm panicking", at=moment)
    room.run()
    words = room.words
    assert words.index("choosing.lead.panic") < words.index("feet press one") < words.index("rate.before")
    assert "evening rest" not in words


@pytest.mark.parametrize(("answer", "people"), [("seven", []), ("nine", ["GB"])])
def test_a_high_number_is_offered_something_short_at_once(room: Room, answer: str, people: list[str]) -> None:
    room.answers(answer, to="number?")
    room.answers("yes", to="checkin.offer")
    room.run(until=30)
    assert "evening rest" not in room.words and "feet press one" in room.words
    assert room.support_shown == people and ("checkin.high" in room.words) == bool(people)


def test_who_gives_a_high_number_and_then_says_nothing_is_helped(room: Room) -> None:
    room.answers("eight", to="number?")
    room.run(until=60)
    assert "greeting.quiet" in room.words and "feet press one" in room.words


def test_a_no_to_help_is_a_goodbye(room: Room) -> None:
    room.answers("eight", to="number?")
    room.answers("no", to="checkin.offer")
    room.run()
    assert room.words[-1] == "checkin.goodbye"
    assert [record.before for record in room.records] == [8.0], "and is recorded once"


def test_a_worry_named_on_the_way_is_offered_help_at_the_end(room: Room) -> None:
    room.answers("i'm angry", to="evening hard?")
    room.answers("yes", to="checkin.offer")
    room.run()
    assert "evening counts" in room.words and "breath press one" in room.words


@pytest.mark.parametrize("refusal", ["i can't", "skip", "skip number"])
def test_a_refusal_is_fine_and_is_not_asked_about_again(room: Room, refusal: str) -> None:
    room.answers(refusal, to="number?")
    room.run()
    assert "checkin.fine" in room.words and room.words.count("number?") == 1


@pytest.mark.parametrize("where", ["greeting.hello", "choosing.offer_two", "stopped.said_once", "closing.offer"])
def test_it_is_asked_for_by_voice_wherever_one_is(where: str) -> None:
    room = Room(a_conversation())
    if where != "greeting.hello":
        room.answers("hello" if where == "choosing.offer_two" else "i'm panicking", to="greeting.hello")
    if where == "stopped.said_once":
        room.presses_stop(at=14.0)
    if where == "closing.offer":
        room.answers("four", to="rate.before")
        room.answers("four", to="rate.after")
    room.answers("check in", to=where)
    room.run()
    assert "number?" in room.words and room.words[-1] == "checkin.goodbye"


def test_the_one_that_is_named_is_the_one_that_comes() -> None:
    room = Room(a_conversation())
    room.answers("evening check in", to="greeting.hello")
    room.run()
    assert "evening rest" in room.words


def test_in_the_middle_of_an_exercise_it_leaves_it_and_says_so_to_the_record() -> None:
    room = Room(a_conversation())
    room.says("check in", at=20.0)
    room.run()
    assert [(record.exercise, record.stopped) for record in room.records] == [("feet", True), ("number", False)]


def test_a_crisis_in_a_check_in_gives_support_and_only_support(room: Room) -> None:
    room.answers("i want to die", to="evening hard?")
    room.run()
    assert room.ended is EndReason.SUPPORT_GIVEN
    after = room.words[room.words.index("interrupt.acknowledge") :]
    assert all(words.startswith(("interrupt.", "closing.goodbye")) for words in after)


def test_after_a_sitting_that_ended_with_support_a_check_in_opens_with_support() -> None:
    room = Room(a_conversation(check_in="number", support_given=True))
    room.run(until=5)
    assert room.words[0] == "interrupt.reopened" and "number?" not in room.words


def test_every_step_with_every_reply_comes_to_an_end() -> None:
    for script in CHECK_INS.values():
        assert list(rehearse(script, a_repertoire(), SUPPORT, CheckInScene)) == []


SHIPPED = ["number", "number-and-word", "body-basics", "evening", "before-event", "after-event"]
QUESTIONS = ("hungry", "angry", "lonely", "tired", "One word", "hard thing", "good enough", "first?", "you?")


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("answers", [True, False])
@pytest.mark.parametrize("knock", [True, False])
def test_the_shipped_ones_are_over_in_under_25_seconds_of_talk_from_the_knock_on(
    name: str, answers: bool, knock: bool
) -> None:
    settings = load_settings(settings_files(content_root() / "config.yaml"), {"country": "GB"})
    how = {"wake": Wake.SPEECH} if knock else {"check_in": name}
    room = Room(build_conversation(load_library(settings), settings, typed=False, **how))
    if knock:
        room.happens(ReminderDue(name), at=60.0)
        room.answers("yes", to="Is now a good time?")
    if answers:
        room.answers("three", to="From zero to ten")
        for question in QUESTIONS:
            room.answers("yes", to=question)
    room.run()
    talk = sum(seconds_of(Speech(words)) for words in room.words)
    assert room.ended is EndReason.FINISHED and room.words[-1] == "Goodbye for now."
    assert ("A reminder. Is now a good time?" in room.words) == knock
    assert talk < (25 if knock or name != "number" else 10)
