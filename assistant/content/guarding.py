"""The output guard of a language, from its lists and from what it shares with the screen and the search."""

from __future__ import annotations

from pathlib import Path

from assistant.content.cards import WordingSource, read_card_wording, wording_of
from assistant.content.library import Library
from assistant.content.model_words import ModelWordsSource, read_model_words
from assistant.core.guard import Guard
from assistant.core.understanding import Lexicon
from assistant.errors import ContentError
from assistant.faults import Fault, listed
from assistant.safety.rules import Rules
from assistant.safety.screen import Screen


def guard_of(
    words: ModelWordsSource, wording: WordingSource | None, lexicon: Lexicon, rules: Rules, screen: Screen
) -> Guard:
    """`wording`: which words count as one; None: each for itself."""
    return Guard(words.guard_words(lexicon.common, rules.negators), wording_of(wording), screen)


def read_guard(root: Path, language: str, library: Library, screen: Screen) -> tuple[Guard, ModelWordsSource]:
    """With the prompts beside it. Raises ContentError: without a sound guard no model is asked at all."""
    faults: list[Fault] = []
    words = read_model_words(root, language, faults)
    wording = read_card_wording(root, language, faults)
    if words is None or faults:
        raise ContentError(
            "model-words", f"no language model is used, as its guard cannot be read. {listed(faults[:1])}"
        )
    return guard_of(words, wording, library.lexicon, library.rules, screen), words
