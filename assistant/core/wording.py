"""Other words for what a person said in a flow. A language model is asked for them after a yes; they are proposed, and
never stand in the place of the person's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

WORDING_SECONDS = 6.0
"""In which an answer is of use. Longer than for one sentence: it was asked for, and has up to four."""
REST_SECONDS = 3.5
"""Of quiet after the words that are said meanwhile, so that both together last as long as an answer may."""
FEWEST_WORDS = 4
"""In fewer there is nothing to put differently."""


class Form(StrEnum):
    """What is to be made of the words. The values are keys of `prompts:` in model.yaml."""

    MESSAGE = "message"
    """To somebody, in the person's voice."""
    LINES = "lines"
    """What they said, in short."""


MOST_SENTENCES: Mapping[Form, int] = {Form.MESSAGE: 4, Form.LINES: 3}
"""Fact, feeling, ask and reason; and three plain lines."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The person said yes to it. `words` are their own, not yet screened all together."""

    words: str = field(repr=False)
    form: Form
