"""About how long an exercise goes on is told with its words: for the screen, and for a soft bed under them."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from assistant.core.commands import Command, Speak
from assistant.core.performance import seconds_of
from assistant.testing.room import Room
from tests.core.stories import SCRIPTS, a_conversation


@dataclass
class WatchedRoom(Room):
    """Remembers every `Speak`: when, in which scene, and what."""

    spoken: list[tuple[float, str, Speak]] = field(default_factory=list)

    def perform(self, command: Command, now: float) -> None:
        if isinstance(command, Speak):
            self.spoken.append((now, self.conversation.scene, command))
        super().perform(command, now)


def test_what_is_left_is_right_from_the_first_words_to_the_last() -> None:
    """When nothing is answered, which is what it tells."""
    room = WatchedRoom(a_conversation())
    room.says("panicking", at=6.0)
    room.run(until=200.0)
    exercise = [row for row in room.spoken if row[1].startswith("exercise:")]
    over = next(now for now, scene, _ in room.spoken if scene == "closing" and now > exercise[-1][0])
    ends = [
        now + seconds_of(speak.timeline.segments) + speak.exercise_left
        for now, _, speak in exercise
        if speak.exercise_left is not None
    ]
    assert len(ends) == len(exercise) > 4
    assert ends == pytest.approx([over] * len(ends), abs=6.0), "the lines after a number are not foreseen"
    left = [speak.exercise_left for _, _, speak in exercise if speak.exercise_left is not None]
    assert left == sorted(left, reverse=True)


def test_what_is_no_exercise_has_nothing_left() -> None:
    room = WatchedRoom(a_conversation())
    room.says("panicking", at=6.0)
    room.says("why", at=14.0)
    room.says("want to die", at=40.0)
    room.run(until=100.0)
    for _, scene, speak in room.spoken:
        if not scene.startswith("exercise:"):
            assert speak.exercise_left is None, scene
    summary = SCRIPTS["feet"].summary
    (why,) = [speak for _, _, speak in room.spoken if summary in speak.timeline.captions()]
    assert why.exercise_left is None, "nor has what is said in between"
    assert "interrupt" in {scene for _, scene, _ in room.spoken}
