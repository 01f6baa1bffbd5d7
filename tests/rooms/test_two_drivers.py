"""The same stories on the virtual clock and through the real threads: the same words, in the same order."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.testing.room import Room
from assistant.testing.two_drivers import run_on_threads
from tests.core.stories import a_conversation


def two_stops(room: Room) -> None:
    room.presses_stop(at=3.0)
    room.presses_stop(at=3.6)


def a_plea_and_then_enough(room: Room) -> None:
    room.says("i'm panicking", at=3.0)
    room.presses_stop(at=8.0)
    room.presses_stop(at=8.5)


def a_crisis_over_the_voice(room: Room) -> None:
    room.says("i want to die", at=1.0)
    room.presses_stop(at=9.0)
    room.presses_stop(at=9.5)


def a_stop_and_a_recogniser_that_hangs(room: Room) -> None:
    room.recogniser = "hangs"
    room.says("i feel numb", at=3.0)
    room.presses_stop(at=7.0, leave=True)


STORIES: list[Callable[[Room], None]] = [
    two_stops,
    a_plea_and_then_enough,
    a_crisis_over_the_voice,
    a_stop_and_a_recogniser_that_hangs,
]


def without_times(room: Room) -> list[str]:
    return [line[9:] for line in room.log]


@pytest.mark.real_clock
def test_real_threads_tell_the_same_stories_as_the_virtual_clock() -> None:
    virtual, real = [Room(a_conversation()) for _ in STORIES], [Room(a_conversation()) for _ in STORIES]
    for story, one, other in zip(STORIES, virtual, real, strict=True):
        story(one)
        story(other)
        one.run()
    with ThreadPoolExecutor(len(real)) as threads:
        reasons = list(threads.map(run_on_threads, real))
    assert reasons == [room.ended for room in virtual]
    assert [without_times(room) for room in real] == [without_times(room) for room in virtual]
