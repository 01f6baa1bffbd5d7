"""Every line the code says by name exists, takes what it is given, and is worded as speech."""

from __future__ import annotations

import string
from collections.abc import Iterator

from assistant.content.gates.wording import wording_problems
from assistant.content.phrases import RECORDED, PhrasesSource, place_of
from assistant.content.required import COUNTS, PLACEHOLDERS, REQUIRED
from assistant.content.required import RECORDED as REQUIRED_RECORDED
from assistant.faults import Fault

PRINTED = ("screen.",)
"""Sections that are shown and never said: their wording is free."""


def phrases_faults(source: PhrasesSource, language: str) -> Iterator[Fault]:
    """Everything that is wrong with phrases.yaml."""
    marked = source.marked
    for key in REQUIRED:
        if key not in source.lines:
            yield marked.fault(place_of(key), f"{key} is missing", "add it: the program says this line by name")
    for name in REQUIRED_RECORDED:
        if name not in source.recorded:
            yield marked.fault((RECORDED, name), f"{RECORDED}.{name} is missing", "add it, and its sound in audio/")
    for key, lines in source.lines.items():
        count = COUNTS.get(key, len(lines))
        if len(lines) != count:
            yield marked.fault(place_of(key), f"{key} has {len(lines)} entries", f"write {count}, counted from zero")
        for what, mend in placeholder_problems(lines, PLACEHOLDERS.get(key, frozenset())):
            yield marked.fault(place_of(key), f"{key} {what}", mend)
        if not key.startswith(PRINTED):
            for index, line in enumerate(lines):
                for what, mend in wording_problems(line, language):
                    yield marked.fault((*place_of(key), index), what, mend)
    for name, line in source.recorded.items():
        for what, mend in wording_problems(line, language):
            yield marked.fault((RECORDED, name), what, mend)


def placeholder_problems(lines: tuple[str, ...], expected: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Placeholders that nothing fills in, that are not used, or cannot be read, as (what, mend)."""
    used: set[str] = set()
    for line in lines:
        try:
            used |= {name for _, name, _, _ in string.Formatter().parse(line) if name is not None}
        except ValueError:
            yield "has a brace that cannot be read", "write {name}, or leave braces out"
            return
    for name in sorted(used - expected):
        allowed = " and ".join(f"{{{known}}}" for known in sorted(expected)) or "no placeholder"
        yield f"uses {{{name}}}, which nothing fills in", f"use {allowed}"
    for name in sorted(expected - used):
        yield f"does not say {{{name}}}", "put it where it is to be said"
