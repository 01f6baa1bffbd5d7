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
from assistant.config import load_settings, settings_files
from assistant.content.root import content_root
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


def stop_and_go_on(room: Room) -> None:
    room.answers("i feel numb", to="Or stay quiet")
    room.presses_stop(at=22.0)
    room.answers("go on", to="Stopped")


def abuse(room: Room) -> None:
    room.answers("he hit me again", to="Or stay quiet")


@pytest.mark.parametrize("story", [panic, silence, crisis, worse, stop_and_go_on, abuse])
def test_the_conversation_is_the_one_on_record(story: Callable[[Room], None]) -> None:
    settings = load_settings(settings_files(content_root() / "config.yaml"), {"country": "GB"})
    room = Room(build_conversation(load_library(settings), settings, typed=False))
    story(room)
    room.run()
    heard = "\n".join(room.log) + "\n"
    path = GOLDEN / f"{story.__name__.replace('_', '-')}.txt"
    if os.environ.get("GROUNDING_GOLDEN") == "write":
        path.write_text(heard, encoding="utf-8")
    assert heard == path.read_text(encoding="utf-8")
