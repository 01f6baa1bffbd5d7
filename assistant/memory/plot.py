"""Numbers before and after over time, as places on a page: the same for HTML and for PDF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from assistant.core.past import Past

MOST_WEEKS = 12
"""Dates under a plot that can still be read; over a longer time only every other is written, and so on."""


@dataclass(frozen=True, slots=True)
class Mark:
    """One entry. `x`: 0 is the beginning of the first day, 1 the end of the last. Numbers as the person gave them."""

    x: float
    before: float | None
    after: float | None
    worse: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """`weeks`: where each begins, and its date. Days without an entry stay empty: a gap is shown as a gap."""

    marks: tuple[Mark, ...]
    weeks: tuple[tuple[float, str], ...]


def plotted(past: Past, first: date, last: date) -> Plot:
    """Entries by the clock where the person was."""
    begin = datetime.combine(first, time())
    length = (last - first + timedelta(days=1)) / timedelta(days=1)

    def place(moment: datetime) -> float:
        return min(max((moment.replace(tzinfo=None) - begin) / timedelta(days=1) / length, 0.0), 1.0)

    marks = tuple(Mark(place(entry.ended), entry.before, entry.after, entry.worse) for entry in past)
    step = 7 * max(1, -(-int(length) // (7 * MOST_WEEKS)))
    days = (first + timedelta(days=day) for day in range(0, int(length), step))
    return Plot(marks, tuple((place(datetime.combine(day, time())), f"{day:%d %b}") for day in days))


WIDTH, HEIGHT, LEFT, BOTTOM, TOP = 680.0, 220.0, 28.0, 24.0, 10.0


def to_svg(plot: Plot) -> str:
    """A picture that needs nothing else. A line leads from the number before (open) to the one after (filled)."""
    marks = "".join(part for mark in plot.marks for part in _mark(mark))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" '
        f'aria-label="Numbers before and after, over time">{"".join(_axes(plot))}{marks}</svg>'
    )


def _axes(plot: Plot) -> Iterator[str]:
    for number in range(0, 11, 2):
        y = _y(number)
        yield f'<line class="grid" x1="{LEFT:g}" x2="{WIDTH:g}" y1="{y:.1f}" y2="{y:.1f}"/>'
        yield f'<text x="{LEFT - 6:g}" y="{y + 3:.1f}" text-anchor="end">{number}</text>'
    for at, label in plot.weeks:
        x = _x(at)
        yield f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP:g}" y2="{HEIGHT - BOTTOM:g}"/>'
        yield f'<text x="{x:.1f}" y="{HEIGHT - 8:g}">{label}</text>'


def _mark(mark: Mark) -> Iterator[str]:
    kind, x = ("worse" if mark.worse else "mark"), _x(mark.x)
    radius = 4 if mark.worse else 3
    if mark.before is not None and mark.after is not None:
        yield f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{_y(mark.before):.1f}" y2="{_y(mark.after):.1f}"/>'
    if mark.before is not None:
        yield f'<circle class="{kind} open" cx="{x:.1f}" cy="{_y(mark.before):.1f}" r="{radius}"/>'
    if mark.after is not None:
        yield f'<circle class="{kind}" cx="{x:.1f}" cy="{_y(mark.after):.1f}" r="{radius}"/>'
    if mark.before is None and mark.after is None:
        yield f'<line class="{kind}" x1="{x:.1f}" x2="{x:.1f}" y1="{_y(0) - 5:.1f}" y2="{_y(0):.1f}"/>'


def _x(place: float) -> float:
    return LEFT + place * (WIDTH - LEFT)


def _y(number: float) -> float:
    return HEIGHT - BOTTOM - number / 10 * (HEIGHT - BOTTOM - TOP)
