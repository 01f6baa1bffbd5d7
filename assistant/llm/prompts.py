"""What is put to the model: the words that are needed for one question, and nothing else of anybody."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from assistant.core.cards import Card
from assistant.core.commands import Option
from assistant.safety.screen import ScreenedText
from assistant.safety.verdict import Level

MOST_CHARACTERS = 600
"""Of what was said: two minutes of speech. More is no answer to "in a few words"."""
_MARKS = re.compile(r"[<>]")
Messages = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Prompts:
    """The instructions of one language. `again` holds {why}."""

    choose: str
    reflect: str
    simpler: str
    again: str

    def choosing(self, words: ScreenedText, options: Sequence[Option]) -> Messages:
        """Which of the options fits."""
        listed = "\n".join(f"{option.id}: {option.what}" for option in options)
        return _messages(f"{self.choose}\n{listed}", _between("said", _said(words)))

    def reflecting(self, words: ScreenedText) -> Messages:
        """One sentence that says it back."""
        return _messages(self.reflect, _between("said", _said(words)))

    def simplifying(self, card: Card) -> Messages:
        """The card in simpler words."""
        return _messages(self.simpler, _between("card", " ".join(card.text)))

    def once_more(self, messages: Messages, answer: str, why: str) -> Messages:
        """The same, after an answer that cannot be used."""
        said = {"role": "assistant", "content": answer[:MOST_CHARACTERS]}
        return [*messages, said, {"role": "user", "content": self.again.format(why=why)}]


def chosen_of(options: Sequence[Option]) -> dict[str, Any]:
    """The form in which a choice is asked for, as a JSON schema."""
    schema = {
        "type": "object",
        "properties": {"choice": {"type": "string", "enum": [option.id for option in options]}},
        "required": ["choice"],
        "additionalProperties": False,
    }
    return {"type": "json_schema", "json_schema": {"name": "choice", "strict": True, "schema": schema}}


def _said(words: ScreenedText) -> str:
    """Raises ValueError for words in which the screen heard anything: no model sees those."""
    if words.verdict.level is not Level.NONE:
        raise ValueError("words with a signal go to no language model")
    return words.text[:MOST_CHARACTERS]


def _between(mark: str, text: str) -> str:
    """Marks inside the text would end it early."""
    return f"<{mark}>{_MARKS.sub(' ', text)}</{mark}>"


def _messages(instruction: str, given: str) -> Messages:
    return [{"role": "system", "content": instruction}, {"role": "user", "content": given}]
