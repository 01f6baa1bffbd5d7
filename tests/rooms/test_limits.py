"""Limits in the virtual room: named once, towards people, and help for whoever asks all the same."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from assistant.app.lines import fixed_lines
from assistant.app.parts import load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.commands import EndReason
from assistant.core.conversation import Conversation
from assistant.core.limits import Limit
from assistant.core.past import PastExercise
from assistant.core.understanding import State
from assistant.settings_files import settings_files
from assistant.testing.room import Room
from tests.core.stories import SCRIPTS, a_conversation
from tests.core.talk import Talk

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


def answering(room: Room) -> Room:
    """A person who gives numbers."""
    for _ in range(3):
        room.answers("four", to="rate.before")
        room.answers("a lamp", to="question?")
        room.answers("three", to="rate.after")
    return room


def in_panic() -> Room:
    room = Room(a_conversation())
    room.answers("i'm panicking", to="greeting.hello")
    return room


def exercises(room: Room) -> list[str]:
    return [record.exercise for record in room.records]


def test_after_two_in_a_row_a_person_or_a_small_thing_is_offered_and_the_row_is_named_once() -> None:
    room = in_panic()
    room.answers("yes", to="closing.offer")
    answering(room).run()
    assert exercises(room) == ["feet", "senses"]
    assert room.words.count("limits.in_a_row") == 1 and "limits.next_small" in room.words
    assert room.support_shown == ["GB"] and room.words[-1] == "closing.goodbye"


def test_whoever_asks_after_the_limit_is_helped_all_the_same_as_often_as_they_ask() -> None:
    talk, heard, helped, last = Talk(), [""], 0, ""
    while helped < 3 * len(SCRIPTS) and talk.conversation.ended is None and len(heard) < 1000:
        if talk.words:
            last = " ".join(talk.words)
            heard += talk.words
            helped += "press one" in last
            talk.voice_finishes()
        elif "rate." in last or "question?" in last:
            talk.says("four")
        else:
            talk.says("i'm panicking")
    assert helped == 3 * len(SCRIPTS), f"locked out after {helped} exercises"
    assert all(heard.count(f"limits.{limit}") <= 1 for limit in Limit) and "limits.in_a_row" in heard


def test_a_yes_to_a_person_is_a_kind_end() -> None:
    room = in_panic()
    room.answers("yes", to="closing.offer")
    room.answers("yes", to="limits.next_small")
    answering(room).run()
    assert exercises(room) == ["feet", "senses"] and room.ended is EndReason.ASKED


def test_a_worry_told_the_third_time_is_not_answered_again_and_still_meets_a_skill() -> None:
    room = Room(a_conversation())
    room.answers("i'm angry", to="greeting.hello")
    room.says("i'm angry", at=24.0)
    room.answers("i'm angry", to="closing.offer")
    answering(room).run()
    named = room.words.index("limits.same_worry")
    assert room.words[named + 1] == "choosing.lead.anger" and room.support_shown
    assert room.words.count("limits.same_worry") == 1


def test_help_comes_before_a_pattern_is_named() -> None:
    past = tuple(
        PastExercise(NOON - timedelta(hours=3 * ago), "feet", State.PANIC, None, None, worse=False, stopped=False)
        for ago in (3, 2, 1)
    )
    conversation = a_conversation(past=past)
    conversation.session.began = NOON
    room = Room(conversation)
    room.answers("i'm panicking", to="greeting.hello")
    room.run()
    assert room.words.index("feet press two") < room.words.index("limits.acute_day")
    assert room.support_shown == ["GB"]


def test_five_of_seven_days_are_named_once_and_lead_to_people() -> None:
    past = tuple(
        PastExercise(NOON - timedelta(days=ago), "feet", State.ANGER, None, None, worse=False, stopped=False)
        for ago in (6, 4, 3, 1)
    )
    conversation = a_conversation(past=past)
    conversation.session.began = NOON
    room = Room(conversation)
    room.answers("i'm angry", to="greeting.hello")
    answering(room).run()
    assert room.words.count("limits.most_days") == 1
    assert room.support_shown == ["GB"]


def test_reassurance_is_answered_twice_and_then_people_may_know_more() -> None:
    room = Room(a_conversation())
    for moment in (19.0, 21.5, 24.0):
        room.says("are you sure", at=moment, lasting=0.8)
    room.run(until=60)
    assert room.words.count("feet claim") == 2 and room.words.count("limits.reassurance") == 1
    assert room.support_shown == ["GB"]


def test_after_half_an_hour_a_pause_is_offered_once() -> None:
    conversation = a_conversation()
    conversation.session.pause_after_seconds = 30.0
    room = Room(conversation)
    room.answers("i'm panicking", to="greeting.hello")
    room.answers("yes", to="limits.next_small")
    answering(room).run()
    assert room.words.count("limits.long") == 1


def sittings() -> list[Conversation]:
    return [a_conversation(), a_conversation(check_in="number"), a_conversation(support_given=True)]


@pytest.mark.parametrize("opening", [0, 1, 2])
def test_every_sitting_begins_with_what_speaks(opening: int) -> None:
    room = Room(sittings()[opening]).run(until=2)
    assert room.words[0] in ("greeting.hello", "checkin.opening", "interrupt.reopened"), "each says it is a program"


def test_who_spoke_over_the_first_sentence_hears_it_at_the_end() -> None:
    room = Room(a_conversation())
    room.says("i'm panicking", at=0.1)
    answering(room).run()
    assert room.words.count("about.program") == 1
    assert room.words.index("about.program") > room.words.index("feet press two"), "help first"


MORE = "i'm panicking"
REPLIES = {"rate.before": "four", "rate.after": "three", "closing.offer": MORE, "limits.next_small": MORE}


class Devoted(Room):
    """A room with somebody who answers everything, and always wants another one."""

    def _plan_answers(self, now: float) -> None:
        self._sounds = [sound for sound in self._sounds if sound.end > now]  # an hour has hundreds
        last = self.heard[-1].text if self.heard else ""
        reply = "a lamp" if last.endswith("question?") else REPLIES.get(last)
        if reply is not None:
            self.says(reply, at=now + 0.8)


def test_over_hours_of_use_it_says_every_three_hours_that_it_is_a_program() -> None:
    """Somebody who does one exercise after another for most of a day, and asks what it is once."""
    room = Devoted(a_conversation())
    room.says("i'm panicking", at=5.0)
    room.says("who are you", at=4.5 * 3600 + 5.0)
    room.run(until=9 * 3600.0)
    assert room.ended is None
    said = [heard.start for heard in room.heard if heard.text in ("greeting.hello", "about.program", "about.who")]
    assert said[0] < 1.0 and any(5 < at - 4.5 * 3600 < 10 for at in said), "at first, and when asked"
    assert all(later - earlier < 3 * 3600 + 180 for earlier, later in pairwise([*said, 9 * 3600.0]))
    assert len(said) == 4, "and not more often than that"


def test_no_sentence_counts_how_often_somebody_came() -> None:
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    words = " ".join(speech.text for speech in fixed_lines(load_library(settings))).lower()
    assert (
        re.findall(r"\b(?:second|third|fourth|fifth|sixth|\w+th) time\b|\bdays in a row\b|\btimes today\b", words) == []
    )
