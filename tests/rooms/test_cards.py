"""Cards in a conversation: asked for by voice, interruptible, and never before help."""

from __future__ import annotations

import pytest

from assistant.core.commands import EndReason
from assistant.core.session import Session
from tests.rooms.test_flows import LIBRARY, Watched, a_room

CARDS = LIBRARY.repertoire.cards
assert CARDS is not None
PANIC = next(card for card in CARDS.cards if card.id == "panic")
CHEST = next(card for card in CARDS.cards if card.id == "tight-chest")


def scene(room: Watched) -> str:
    return room.conversation.scene


def session(room: Watched) -> Session:
    return room.conversation.session


@pytest.mark.parametrize(
    ("question", "card"),
    [
        ("why does my chest get tight when i'm scared", "tight-chest"),
        ("what is a panic attack", "panic"),
        ("tell me about dissociation", "dissociation"),
        ("so what is grounding good for", "why-grounding"),
        ("can you explain what shame is", "shame"),
    ],
)
def test_a_question_is_answered_with_its_card_and_leads_back(question: str, card: str) -> None:
    room = a_room()
    room.answers(question, to="Or stay quiet")
    room.run(until=40)
    assert scene(room) == f"card:{card}"
    room.run()
    assert room.ended is EndReason.FINISHED and room.records == []


def asked_about_panic(*more: tuple[str, str]) -> Watched:
    room = a_room()
    room.answers("what is a panic attack", to="Or stay quiet")
    for words, to in more:
        room.answers(words, to=to)
    return room


def test_after_the_card_an_exercise_that_fits_is_one_word_away() -> None:
    room = asked_about_panic(("yes", "Yes, no, or more"))
    room.run(until=90)
    assert scene(room) == "exercise:feet-on-floor"


def test_are_you_sure_is_answered_with_how_sure_twice_and_then_with_people() -> None:
    room = asked_about_panic(*[("are you sure", "Yes, no, or more")] * 3)
    room.run()
    assert room.words.count(PANIC.sure) == 2 and room.support_shown


def test_again_and_more_and_stop_work() -> None:
    room = asked_about_panic(("again", "Yes, no, or more"))
    room.run()
    assert room.words.count(PANIC.text[0]) == 2
    room = asked_about_panic(("more", "Yes, no, or more"), ("more", "Yes, no, or more"), ("more", "Yes, no, or more"))
    room.run()
    assert "That's all I have on it. A person may know more than I do." in room.words and room.support_shown
    room = asked_about_panic()
    room.says("stop", at=25.0)
    room.run(until=60)
    assert scene(room) == "stopped" and not room.speaking_at(26.5)


def test_slower_goes_on_from_the_same_passage() -> None:
    room = asked_about_panic()
    room.says("slower", at=30.0)
    room.run(until=120)
    assert session(room).pace < 1.0 and PANIC.text[-1] in room.words
    assert room.words.count(PANIC.text[0]) == 2, "the sentence that was cut is said again, and only that one"
    assert room.words.count(PANIC.text[1]) == 1 and sum("what I know of it" in words for words in room.words) == 1


def test_in_distress_help_comes_first_and_the_card_is_offered_afterwards() -> None:
    room = a_room()
    room.answers("what is a panic attack i think i'm panicking right now", to="Or stay quiet")
    room.answers("yes", to="Shall I read it")
    room.run()
    words = room.words
    assert words.index("Let your feet find the floor.") < words.index(PANIC.text[0])


def test_in_an_exercise_a_question_waits_until_it_is_over() -> None:
    room = a_room()
    room.answers("i'm panicking", to="Or stay quiet")
    room.says("what is a panic attack", at=20.0)
    room.answers("no", to="Shall I read it")
    room.run()
    assert "I'll come back to that question after this." in room.words and "And let go." in room.words
    assert PANIC.text[0] not in room.words


def test_where_no_card_fits_it_says_so_with_whom_to_ask() -> None:
    room = a_room()
    room.answers("what's the best phone to buy", to="Or stay quiet")
    room.run(until=30)
    assert "A doctor, a therapist, or someone you trust may know more." in room.words and scene(room) == "greeting"


@pytest.mark.parametrize("plea", ["how do i calm down", "what do i do", "can you help me stop this"])
def test_who_asks_how_to_come_through_it_is_helped_and_not_taught(plea: str) -> None:
    room = a_room()
    room.answers(plea, to="Or stay quiet")
    room.run(until=30)
    assert not scene(room).startswith("card:") and "I'd rather not guess" not in " ".join(room.words)


def test_danger_in_a_question_is_never_answered_by_a_card() -> None:
    room = a_room()
    room.answers("what is panic i want to kill myself", to="Or stay quiet")
    room.run()
    assert room.ended is EndReason.SUPPORT_GIVEN and PANIC.text[0] not in room.words


def test_a_faint_sign_is_asked_about_and_the_card_comes_at_the_end() -> None:
    room = a_room()
    room.answers("what is a panic attack i wish i could disappear", to="Or stay quiet")
    room.answers("no", to="killing yourself")
    room.run()
    assert any("I have a card: what panic is" in words for words in room.words)


def test_the_same_card_a_third_time_is_reassurance_and_leads_to_people() -> None:
    room = a_room()
    session(room).learned = ("panic", "panic")
    room.answers("what is a panic attack", to="Or stay quiet")
    room.run(until=30)
    assert PANIC.text[0] not in room.words and room.support_shown


def test_after_half_an_hour_no_exercise_is_offered_but_a_pause() -> None:
    room = asked_about_panic()
    session(room).pause_after_seconds = 30.0
    room.run()
    assert not any("Yes, no, or more" in words for words in room.words)
    assert any("A pause may be good" in words for words in room.words)


def test_an_exercise_that_is_wrong_for_the_person_is_not_offered() -> None:
    room = a_room()
    session(room).cautions = {"breath_trauma"}
    room.answers("why does my chest get tight when i'm scared", to="Or stay quiet")
    room.run(until=100)
    assert CHEST.exercise == "breath-long-out" and not any("longer out breath" in words for words in room.words)


def test_after_a_stop_a_question_that_no_card_answers_leaves_go_on_as_it_was() -> None:
    room = a_room()
    room.answers("i'm panicking", to="Or stay quiet")
    room.presses_stop(at=20.0)
    room.answers("what's the best phone to buy", to="Stopped.")
    room.answers("go on", to="someone you trust may know more")
    room.run(until=60)
    assert scene(room) == "exercise:feet-on-floor" and "Press down, gently." in room.words
