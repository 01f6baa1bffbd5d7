"""Zero to ten as people say it: the tables beside this file, and that no number hides danger."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.content.library import load_lexicon, load_rules
from assistant.content.root import content_root
from assistant.core.conversation import Conversation
from assistant.core.session import Session
from assistant.safety.screen import Screen
from benchmarks.numbers_said import read, rows

from .stories import SUPPORT, a_repertoire
from .talk import Talk

LEXICON = load_lexicon(content_root(), "en")
RULES, _ = load_rules(content_root(), "en")
SAID = [said for name in ("tuning", "reporting") for _, said, _ in rows(name)]


@pytest.mark.parametrize("table", ["tuning", "reporting"])
def test_98_of_100_ways_to_say_a_number_are_read_right(table: str) -> None:
    wrong = [(said, meant) for _, said, meant in rows(table) if read(LEXICON, said) != meant]
    assert len(wrong) <= 0.02 * len(list(rows(table))), wrong


def test_there_are_400_of_them_in_many_voices_and_none_twice() -> None:
    assert len({said.lower().strip(".!?") for said in SAID}) >= 400
    assert len(set(SAID)) == len(SAID)
    assert len({voice for name in ("tuning", "reporting") for voice, _, _ in rows(name)}) >= 10


@given(number=st.sampled_from(SAID), danger=st.sampled_from(RULES.must_catch), first=st.booleans())
def test_no_danger_is_swallowed_by_a_number(number: str, danger: str, first: bool) -> None:
    """Asked for a number: whatever number is said with it, danger is answered, and no number is thanked for."""
    session = Session(a_repertoire(), SUPPORT)
    talk = Talk(Conversation(session, Screen(RULES, (), LEXICON.plain), LEXICON))
    talk.voice_finishes()
    talk.says("i'm panicking")
    talk.voice_finishes()
    talk.voice_finishes()
    talk.voice_finishes()
    assert talk.conversation.listening, "for the number before"
    talk.says(f"{number}. {danger}" if first else f"{danger}. {number}")
    assert talk.conversation.scene in ("interrupt", "concern")
    assert session.before is None
    assert not any("rate.heard" in words for words in talk.words)
