"""What the entries come to: counted, never interpreted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from assistant.core.past import Past, PastExercise

Key = TypeVar("Key")


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something was done, and what the numbers did; `rated`: times with a number before and after."""

    name: str
    times: int
    rated: int
    lower: int
    same: int
    higher: int
    worse: int
    """The person said so, or the number rose."""
    stopped: int


def tally(name: str, entries: Iterable[PastExercise]) -> Tally:
    """Counts, over some entries."""
    some = list(entries)
    changes = [entry.after - entry.before for entry in some if entry.before is not None and entry.after is not None]
    return Tally(
        name=name,
        times=len(some),
        rated=len(changes),
        lower=sum(change < 0 for change in changes),
        same=sum(change == 0 for change in changes),
        higher=sum(change > 0 for change in changes),
        worse=sum(entry.worse for entry in some),
        stopped=sum(entry.stopped for entry in some),
    )


def by_exercise(past: Past) -> list[Tally]:
    """The most used first."""
    tallies = [tally(name, some) for name, some in grouped(past, lambda entry: entry.exercise)]
    return sorted(tallies, key=lambda one: (-one.times, one.name))


def grouped(past: Past, key: Callable[[PastExercise], Key]) -> Iterator[tuple[Key, Past]]:
    """Entries that share a key, in the order in which keys first appear."""
    groups: dict[Key, list[PastExercise]] = {}
    for entry in past:
        groups.setdefault(key(entry), []).append(entry)
    for name, some in groups.items():
        yield name, tuple(some)


def since(past: Past, days: int) -> Past:
    """The entries of so many days up to the newest."""
    if not past:
        return past
    first = past[-1].ended - timedelta(days=days)
    return tuple(entry for entry in past if entry.ended > first)


def worded(number: float | None) -> str:
    """A number as it is shown: 7, 6.5, or a dash for none."""
    return "-" if number is None else f"{number:g}"
