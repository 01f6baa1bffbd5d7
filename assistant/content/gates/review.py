"""The words of danger, said and listened for, say who reviewed them and what they were written from."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Annotated

from pydantic import Field, TypeAdapter

from assistant.content.models import Review, Strict
from assistant.content.phrases import ABOUT
from assistant.faults import Fault
from assistant.yaml_marks import Marked, Problem, conforming


class Reviewed(Strict):
    """What a file of wordings says of itself. `refs`: what they were written from, by the keys of refs.yaml."""

    review: Review
    refs: Annotated[tuple[str, ...], Field(min_length=1)]


def review_faults(marked: Marked, references: Collection[str]) -> Iterator[Fault]:
    """Of phrases.yaml or safety.yaml. `references`: the keys of refs.yaml."""
    problems: list[Problem] = []
    about = conforming({key: marked.data[key] for key in ABOUT if key in marked.data}, TypeAdapter(Reviewed), problems)
    for place, what, mend in problems:
        yield marked.fault(place, what, mend)
    for index, name in enumerate(about.refs if about else ()):
        if name not in references:
            yield marked.fault(("refs", index), f"{name} is not in refs.yaml", "add it there, or correct it")
