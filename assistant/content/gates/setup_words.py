"""What setup says aloud is all there, takes what it is given, and is worded as speech."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from assistant.content.gates.phrases import placeholder_problems
from assistant.content.gates.wording import wording_problems
from assistant.content.setup_words import SetupWords
from assistant.core.script import Caution
from assistant.faults import Fault

REQUIRED = (
    "begin", "typed", "secret", "heard", "heard_more", "unheard", "unfit", "once_more",
    "usual", "usual_yes", "usual_no", "usual_none", "later",
    "language", "country", "trusted_name", "trusted_number", "trusted_message", "message_test", "cautions", "patient",
    "button_pin", "led_pin", "button_key", "voice",
)  # fmt: skip
"""What the code says by name."""
FILLED = {name: frozenset({"answer"}) for name in ("heard", "heard_more", "usual")}
"""What the code fills in."""


def setup_words_faults(source: SetupWords, language: str) -> Iterator[Fault]:
    """Everything that is wrong with it: a line that is missing, or cannot be said."""
    marked, written = source.marked, source.written
    for name in REQUIRED:
        if name not in written.said:
            yield marked.fault(("said",), f"said.{name} is missing", "add it: setup says this by name")
    for caution in get_args(Caution):
        if caution not in written.cautions:
            yield marked.fault(("cautions",), f"{caution} is missing", "add it: it is read with the others")
    for name, lines in written.said.items():
        for what, mend in placeholder_problems(lines, FILLED.get(name, frozenset())):
            yield marked.fault(("said", name), f"said.{name} {what}", mend)
        for index, line in enumerate(lines):
            for what, mend in wording_problems(line, language):
                yield marked.fault(("said", name, index), what, mend)
    for caution, line in written.cautions.items():
        for what, mend in wording_problems(line, language):
            yield marked.fault(("cautions", caution), what, mend)
