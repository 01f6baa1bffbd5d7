"""A crisis is not wiped by starting again; what remembers it holds no words, and lets go."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from assistant.core.commands import Latch, StopPlayback
from assistant.core.events import Event, Trouble
from assistant.runtime.latch import LATCH_SECONDS, LatchFile
from assistant.testing.room import Room
from tests.core.stories import a_conversation

NOON = 1_800_000_000.0


class Wall:
    """A clock on the wall that can be set."""

    now = NOON

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def wall() -> Wall:
    return Wall()


def a_latch(folder: Path, wall: Wall, told: list[Event] | None = None) -> LatchFile:
    return LatchFile(folder / "state" / "support-given", wall, (told if told is not None else []).append)


def test_it_is_set_by_the_interrupt_and_holds_no_words(tmp_path: Path, wall: Wall) -> None:
    latch = a_latch(tmp_path, wall)
    latch.command(StopPlayback(), 1.0, "greeting")
    assert not latch.is_set()
    latch.command(Latch(), 1.0, "interrupt")
    assert (tmp_path / "state" / "support-given").read_bytes() == b""
    assert a_latch(tmp_path, wall).is_set(), "a new process sees it"


def test_that_it_was_given_is_for_nobody_else_to_see(tmp_path: Path, wall: Wall) -> None:
    latch = a_latch(tmp_path, wall)
    latch.command(Latch(), 1.0, "interrupt")
    assert stat.S_IMODE((tmp_path / "state").stat().st_mode) == 0o700


def test_it_lets_go_after_its_time(tmp_path: Path, wall: Wall) -> None:
    latch = a_latch(tmp_path, wall)
    latch.command(Latch(), 1.0, "interrupt")
    wall.now = NOON + LATCH_SECONDS - 1
    assert latch.is_set()
    wall.now = NOON + LATCH_SECONDS + 1
    assert not latch.is_set()


def test_a_clock_that_was_wrong_keeps_it_set_and_for_no_longer(tmp_path: Path, wall: Wall) -> None:
    latch = a_latch(tmp_path, wall)
    wall.now = NOON + 1e9
    latch.command(Latch(), 1.0, "interrupt")
    wall.now = NOON
    assert latch.is_set()
    wall.now = NOON + LATCH_SECONDS + 1
    assert not latch.is_set()


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, wall: Wall) -> None:
    (tmp_path / "state").write_text("a file where a folder should be")
    told: list[Event] = []
    latch = a_latch(tmp_path, wall, told)
    latch.command(Latch(), 1.0, "interrupt")
    assert told == [Trouble("latch-unwritable")]
    assert not latch.is_set()


def test_the_interrupt_latches_before_it_speaks_and_an_exercise_never_does() -> None:
    room = Room(a_conversation())
    room.says("i want to die", at=12.0)
    room.run()
    assert room.latched
    quiet = Room(a_conversation())
    quiet.run()
    assert not quiet.latched


def test_a_sitting_soon_after_opens_with_support_and_offers_no_exercise() -> None:
    room = Room(a_conversation(support_given=True))
    room.answers("i'm panicking", to="interrupt.stay")
    room.run()
    assert room.words[0] == "interrupt.reopened"
    assert "interrupt.orient" in room.words
    assert "feet press one" not in room.words
    assert room.support_shown


def test_hide_goes_quiet_and_clears_the_screen_wherever_it_is_said() -> None:
    for at in (3.0, 12.0, 30.0):
        room = Room(a_conversation())
        room.says("hide", at=at)
        room.run()
        assert any("HIDES the screen" in line for line in room.log), at
        assert not room.said_after(at + 2.0), at


def test_the_file_is_the_owners_alone(tmp_path: Path, wall: Wall) -> None:
    a_latch(tmp_path, wall).command(Latch(), 1.0, "interrupt")
    if os.name == "posix":
        assert (tmp_path / "state" / "support-given").stat().st_mode & 0o077 == 0


def test_a_guest_leaves_no_latch_and_an_owners_still_counts(tmp_path: Path, wall: Wall) -> None:
    path = tmp_path / "state" / "support-given"
    of_guest = LatchFile(path, wall, lambda event: None, lasting=False)
    of_guest.command(Latch(), 1.0, "interrupt")
    assert list(tmp_path.iterdir()) == [] and not of_guest.is_set()
    a_latch(tmp_path, wall).command(Latch(), 1.0, "interrupt")
    assert of_guest.is_set()
