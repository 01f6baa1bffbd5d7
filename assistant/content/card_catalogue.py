"""The cards as a document to read and to review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from assistant.content.cards import CardSource
from assistant.content.gates.reading import grade
from assistant.content.gates.wording import words
from assistant.content.models import Reference

HEAD = """\
# The cards

Made by `grounding learn --markdown`; a test keeps it true. Words: in the text. Grade: school years by Flesch and
Kincaid. Sure: what is known of it, `solid`, `mixed` or `debated`, with what is said on "are you sure?". Review: `draft`
means that no clinician has signed it; none here is signed yet.

Found by what is asked (`python -m benchmarks.card_search`; told in full in `docs/evaluation.md`): of 323 held-out
questions in nine voices the right card comes first for 93.8 %, and among the first three for 98.8 %; of 85 questions
that no card answers 92.9 % are told so.

| card | about | for | words | grade | sure | review |
|---|---|---|---|---|---|---|
"""


def card_catalogue(sources: Iterable[CardSource], references: Mapping[str, Reference]) -> str:
    """As Markdown."""
    cards = list(sources)
    return HEAD + "".join(_row(source) for source in cards) + "".join(_whole(source, references) for source in cards)


def _row(source: CardSource) -> str:
    written = source.written
    count = sum(len(words(line)) for line in written.text)
    states = ", ".join(state.value for state in written.states)
    return (
        f"| `{written.id}` | {written.title} | {states} | {count} | {grade(written.text):.1f} | {written.certainty} "
        f"| {written.review.status} |\n"
    )


def _whole(source: CardSource, references: Mapping[str, Reference]) -> str:
    return "".join(_parts(source, references))


def _parts(source: CardSource, references: Mapping[str, Reference]) -> Iterator[str]:
    written = source.written
    yield f"\n## {written.title}\n\n"
    yield from (f"{passage}\n\n" for passage in written.text)
    yield f"Are you sure? {written.sure}\n"
    for name in written.refs:
        if (found := references.get(name)) is not None:
            yield f"\n* {found.cite}" + (f" <{found.url}>" if found.url else "")
    yield "\n" if written.refs else ""
    if written.exercise:
        yield f"\nNext: `grounding preview {written.exercise}`\n"
