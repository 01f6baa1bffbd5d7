"""Golden transcripts: whole conversations with the shipped words, as a person would read them.

When the words change on purpose: `GROUNDING_GOLDEN=write python -m pytest tests/rooms/test_transcripts.py`, and read
the difference.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.app.parts import build_conversation, load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.settings_files import settings_files
from assistant.testing.room import Room

GOLDEN = Path(__file__).parent.parent / "transcripts" / "en"


def panic(room: Room) -> None:
    room.answers("i can't breathe i'm panicking", to="Or stay quiet")
    room.answers("eight", to="How strong is it")
    room.coughs(at=52.0)
    room.answers("five", to="from zero to ten")
    room.answers("no thanks", to="Would you like another one")


def silence(room: Room) -> None:
    """Nobody says anything."""


def crisis(room: Room) -> None:
    room.answers("i'm so worried", to="Or stay quiet")
    room.says("i don't want to live any more", at=24.0)
    room.answers("again", to="Say again to hear the number")


def worse(room: Room) -> None:
    room.answers("i'm so angry", to="Or stay quiet")
    room.says("it's worse", at=30.0)
    room.answers("nine", to="from zero to ten")


def breathless(room: Room) -> None:
    room.answers("i want to practise", to="Or stay quiet")
    room.says("i can't breathe", at=48.0)
    room.answers("four", to="How strong is it")
    room.answers("five", to="from zero to ten")
    room.answers("no", to="Would you like another one")


def two_higher(room: Room) -> None:
    room.answers("i'm panicking", to="Or stay quiet")
    room.answers("four", to="How strong is it")
    room.answers("six", to="from zero to ten")
    room.answers("nobody", to="could call, or sit with")


def stop_and_go_on(room: Room) -> None:
    room.answers("i feel numb", to="Or stay quiet")
    room.presses_stop(at=22.0)
    room.answers("go on", to="Stopped")


def abuse(room: Room) -> None:
    room.answers("he hit me again", to="Or stay quiet")


def check_in_asked_for(room: Room) -> None:
    room.answers("check in with me", to="Or stay quiet")
    room.answers("four or five", to="From zero to ten")
    room.answers("tired", to="One word")


def check_in_in_silence(room: Room) -> None:
    """Nobody says anything."""


def check_in_body_basics(room: Room) -> None:
    room.answers("yes", to="hungry")
    room.answers("no", to="angry")
    room.answers("yes", to="lonely")
    room.answers("a bit", to="tired")


def check_in_high(room: Room) -> None:
    room.answers("off the scale", to="From zero to ten")
    room.answers("yes", to="something short")
    room.answers("eight", to="from zero to ten")


def check_in_acute(room: Room) -> None:
    room.says("i'm panicking i can't breathe", at=0.5)
    room.answers("eight", to="How strong is it")


def check_in_evening(room: Room) -> None:
    room.answers("three", to="From zero to ten")
    room.answers("the call with my brother", to="hard thing")
    room.answers("the soup was good", to="good enough")


def check_in_before_event(room: Room) -> None:
    room.answers("not seven maybe six", to="From zero to ten")
    room.answers("my keys in my hand", to="take with you")


def check_in_after_event(room: Room) -> None:
    room.answers("i don't know", to="From zero to ten")
    room.answers("water", to="which one first")


def card_asked_for(room: Room) -> None:
    room.answers("why does my chest get tight when i'm scared", to="Or stay quiet")
    room.says("slower", at=40.0)
    room.answers("are you sure", to="Yes, no, or more")
    room.answers("yes", to="Yes, no, or more")
    room.presses_stop(at=150.0, leave=True)


def card_after_help(room: Room) -> None:
    room.answers("i'm panicking", to="Or stay quiet")
    room.says("what is a panic attack", at=20.0)
    room.answers("yes", to="Shall I read it")
    room.answers("no", to="Yes, no, or more")


def card_nothing_fits(room: Room) -> None:
    room.answers("what's the best phone to buy", to="Or stay quiet")
    room.answers("goodbye", to="someone you trust may know more")


def flow_untangle(room: Room) -> None:
    room.answers("untangle my thoughts", to="Or stay quiet")
    room.answers("the exam on monday", to="what is the worry")
    room.answers("it takes two hours", to="What a camera would see")
    room.answers("i may fail", to="a guess about what may come")
    room.answers("i can't", to="one small step for today")
    room.answers("read one page", to="Water, a walk")
    room.answers("yes", to="Say yes, change")
    room.answers("show", to="Say show, or no")


def flow_message_with_fear(room: Room) -> None:
    room.answers("no", to="Yes or no.")
    room.answers("i'm scared of what he will do", to="in one line")


def flow_reflection_old_harm(room: Room) -> None:
    room.answers("when i was a child he locked me in", to="three minutes")
    room.answers("no", to="for that person")
    room.answers("the walk", to="keep from this")


def flow_prepare_in_silence(room: Room) -> None:
    """Nobody says anything."""


def flow_crisis(room: Room) -> None:
    room.answers("i want to die", to="How do you notice")


STORIES: list[tuple[Callable[[Room], None], str | None]] = [
    (panic, None), (silence, None), (crisis, None), (worse, None), (breathless, None),
    (two_higher, None), (stop_and_go_on, None), (abuse, None),
    (check_in_asked_for, None), (check_in_in_silence, "number-and-word"), (check_in_body_basics, "body-basics"),
    (check_in_high, "number"), (check_in_acute, "number"), (check_in_evening, "evening"),
    (check_in_before_event, "before-event"), (check_in_after_event, "after-event"),
    (card_asked_for, None), (card_after_help, None), (card_nothing_fits, None), (flow_untangle, None),
    (flow_message_with_fear, "flow message"), (flow_reflection_old_harm, "flow reflection"),
    (flow_prepare_in_silence, "flow prepare"), (flow_crisis, "flow self-care"),
]  # fmt: skip
"""What the person does, and the check-in, or the flow, that the sitting begins with."""


@pytest.mark.parametrize(("story", "opening"), STORIES)
def test_the_conversation_is_the_one_on_record(story: Callable[[Room], None], opening: str | None) -> None:
    settings = load_settings(settings_files(content_root() / "config.yaml"), {"country": "GB"})
    flow = opening.removeprefix("flow ") if opening and opening.startswith("flow ") else None
    check_in = None if flow else opening
    room = Room(build_conversation(load_library(settings), settings, typed=False, check_in=check_in, flow=flow))
    story(room)
    room.run()
    heard = "\n".join(room.log) + "\n"
    path = GOLDEN / f"{story.__name__.replace('_', '-')}.txt"
    if os.environ.get("GROUNDING_GOLDEN") == "write":
        path.write_text(heard, encoding="utf-8")
    assert heard == path.read_text(encoding="utf-8")
