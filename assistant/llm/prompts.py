"""What is put to the model: the words that are needed for one question, and nothing else of anybody."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.core.cards import Card
from assistant.core.commands import Option
from assistant.core.wording import Form
from assistant.safety.screen import ScreenedText
from assistant.safety.verdict import Level

MOST_CHARACTERS = 600
"""Of what was said: two minutes of speech. More is no answer to "in a few words"."""
MOST_AT_LENGTH = 3000
"""Of what was said in a flow: three minutes of it, as much as is kept."""
LEVELS: Mapping[str, Level] = {"none": Level.NONE, "soft": Level.SOFT, "hard": Level.HARD}
"""What a model may answer when it is asked about danger."""
_MARKS = re.compile(r"[<>]")
Messages = list[dict[str, str]]


@dataclass(frozen=True, slots=True)
class Prompts:
    """The instructions of one language. `again` holds {why}."""

    choose: str
    reflect: str
    danger: str
    message: str
    lines: str
    simpler: str
    again: str

    def choosing(self, words: ScreenedText, options: Sequence[Option]) -> Messages:
        """Which of the options fits."""
        listed = "\n".join(f"{option.id}: {option.what}" for option in options)
        return _messages(f"{self.choose}\n{listed}", _between("said", _said(words)))

    def reflecting(self, words: ScreenedText) -> Messages:
        """One sentence that says it back."""
        return _messages(self.reflect, _between("said", _said(words)))

    def judging(self, words: ScreenedText) -> Messages:
        """Whether they tell of danger."""
        return _messages(self.danger, _between("said", _said(words)))

    def rewording(self, words: ScreenedText, form: Form) -> Messages:
        """The same, put another way."""
        asked = {Form.MESSAGE: self.message, Form.LINES: self.lines}
        return _messages(asked[form], _between("said", _said(words, MOST_AT_LENGTH)))

    def simplifying(self, card: Card) -> Messages:
        """The card in simpler words."""
        return _messages(self.simpler, _between("card", " ".join(card.text)))

    def once_more(self, messages: Messages, answer: str, why: str) -> Messages:
        """The same, after an answer that cannot be used."""
        said = {"role": "assistant", "content": answer[:MOST_CHARACTERS]}
        return [*messages, said, {"role": "user", "content": self.again.format(why=why)}]


def chosen_of(options: Sequence[Option]) -> dict[str, Any]:
    """The form in which a choice is asked for, as a JSON schema."""
    return _one_of("choice", [option.id for option in options])


def level_of() -> dict[str, Any]:
    """The form in which a level is asked for."""
    return _one_of("level", list(LEVELS))


def _one_of(name: str, values: list[str]) -> dict[str, Any]:
    schema = {
        "type": "object",
        "properties": {name: {"type": "string", "enum": values}},
        "required": [name],
        "additionalProperties": False,
    }
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}


def _said(words: ScreenedText, most: int = MOST_CHARACTERS) -> str:
    """Raises ValueError for words in which the screen heard anything: no model sees those."""
    if words.verdict.level is not Level.NONE:
        raise ValueError("words with a signal go to no language model")
    return words.text[:most]


def _between(mark: str, text: str) -> str:
    """Marks inside the text would end it early."""
    return f"<{mark}>{_MARKS.sub(' ', text)}</{mark}>"


def _messages(instruction: str, given: str) -> Messages:
    return [{"role": "system", "content": instruction}, {"role": "user", "content": given}]
