"""The real guard of English, and words that passed the screen."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from assistant.content.guarding import read_guard
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.core.cards import Card
from assistant.core.guard import Guard
from assistant.llm.prompts import Prompts
from assistant.safety.screen import Screen, ScreenedText
from assistant.safety.transcript import Transcript, Trust

SAID = "my boss shouted at me in front of everyone and now my chest is tight"
FAIR = "It sounds hard, with your boss shouting in front of everyone."


@cache
def library() -> Library:
    return Library.load(content_root(), "en", "GB")


@cache
def the_screen() -> Screen:
    """Rules alone: what the guard refuses it refuses without the learned layer."""
    return Screen(library().rules)


@cache
def the_guard() -> Guard:
    return read_guard(content_root(), "en", library(), the_screen())[0]


@cache
def the_prompts() -> Prompts:
    written = read_guard(content_root(), "en", library(), the_screen())[1].written.prompts
    return Prompts(**written.model_dump())


def screened(text: str) -> ScreenedText:
    return the_screen().screen(Transcript(text, Trust.TRUSTED, 0.9, "test"))


def hostile() -> list[str]:
    rows = (Path(__file__).parent / "hostile.txt").read_text(encoding="utf-8").splitlines()
    return [row for row in rows if row and not row.startswith(("#", "["))]


A_CARD = Card(
    id="panic", title="what panic is", states=(), certainty="mixed", exercise=None, questions=(), words=(),
    text=(
        "Panic is the body's alarm at full strength. It comes fast, often with no danger in sight.",
        "The heart pounds, and it can feel frightening. Those feelings are real, and many know them.",
        "Most waves peak within minutes, and then ease. You don't have to do it well.",
    ),
    sure="That is well known.",
)  # fmt: skip
