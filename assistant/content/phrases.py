"""phrases.yaml: nested sections whose leaves are lines said one after the other, read as dotted keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.faults import Fault
from assistant.yaml_marks import Marked, Place, read_yaml

RECORDED = "recorded"
"""The section of lines that also exist as sound files: name -> its one line."""
ABOUT = ("review", "refs")
"""Of the file itself, and never said; `check` asks for them."""


@dataclass(frozen=True, slots=True)
class PhrasesSource:
    """`lines`: dotted key -> lines. `recorded`: name of a file in audio/<lang>/ -> its words."""

    marked: Marked
    lines: dict[str, tuple[str, ...]]
    recorded: dict[str, str]


def read_phrases(root: Path, language: str, faults: list[Fault]) -> PhrasesSource | None:
    """The fixed lines of a language, or None with its faults."""
    marked = read_yaml(root / "scripts" / language / "phrases.yaml", faults)
    if marked is None:
        return None
    if not isinstance(marked.data, dict):
        faults.append(
            marked.fault((), "this holds no sections", "write sections such as 'greeting:', with lines below")
        )
        return None
    found: list[Fault] = []
    sections = {key: below for key, below in marked.data.items() if key not in ABOUT}
    recorded = sections.pop(RECORDED, None) or {}
    lines = dict(_leaves(marked, sections, (), found))
    if not isinstance(recorded, dict) or not all(isinstance(line, str) and line for line in recorded.values()):
        found.append(marked.fault((RECORDED,), "a recorded line has no words", "write 'name: The words.' a line"))
    faults.extend(found)
    return None if found else PhrasesSource(marked, lines, recorded)


def place_of(key: str) -> Place:
    """Where a dotted key stands in the file."""
    return key.split(".")


def _leaves(marked: Marked, data: Any, place: Place, found: list[Fault]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if isinstance(data, dict) and data:
        for key, below in data.items():
            yield from _leaves(marked, below, (*place, key), found)
    elif isinstance(data, list) and data and all(isinstance(line, str) and line.strip() for line in data):
        yield ".".join(map(str, place)), tuple(data)
    else:
        shown = ".".join(map(str, place))
        found.append(marked.fault(place, f"{shown} is not a list of lines", "write each line after '- ', in quotes"))
