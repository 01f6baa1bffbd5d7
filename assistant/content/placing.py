"""A content file says what it is by its own words and by where it lies, and the two agree."""

from __future__ import annotations

from assistant.faults import Fault
from assistant.yaml_marks import Marked


def misplaced(marked: Marked, name: str, lang: str, language: str) -> list[Fault]:
    """A fault for an `id` that is not the file's name, and for a `lang` that is not the language of its folder."""
    due = (
        ("id", name, marked.path.stem, "rename"),
        ("lang", lang, language, "move"),
    )
    lies_at = "/".join(marked.path.parts[-3:])
    return [
        marked.fault(
            (key,), f"{key} is {written!r}, but the file lies at {lies_at}", f"write {found!r}, or {or_else} the file"
        )
        for key, written, found, or_else in due
        if written != found
    ]
