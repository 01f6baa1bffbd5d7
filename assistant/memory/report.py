"""One page for a therapist: what was used and what the numbers did. It counts, and neither interprets nor diagnoses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from html import escape

from assistant.core.past import Past
from assistant.memory.history import Tally, by_exercise, grouped, tally
from assistant.memory.plot import Plot, plotted, to_svg

USUAL_DAYS = 28
"""Two to four weeks are what fits a session (content.md section 4)."""
PARTS_OF_DAY = {"night (0 to 6)": 6, "morning (6 to 12)": 12, "afternoon (12 to 18)": 18, "evening (18 to 24)": 24}
"""Each until its hour."""
ROWS = 16
"""Exercises that fit one page; the rest are counted together."""

HOW_TO_READ = (
    "Numbers from 0 (settled) to 10 (the most), as the person gave them before and after an exercise. They were not "
    "given under the same conditions each time, and a change does not show what caused it. Rated: with both numbers."
)
LEGEND = (
    "Open: before. Filled: after. Large and red: the number rose, or the person said that it got worse. "
    "Tick: no numbers."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A note the person chose for this page."""

    day: date
    text: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that stands on the page."""

    first: date
    last: date
    plot: Plot
    all: Tally
    days_used: int
    by_exercise: tuple[Tally, ...]
    by_state: tuple[tuple[str, int], ...]
    by_part_of_day: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]


def sheet(past: Past, today: date, days: int, titles: Mapping[str, str], lines: Sequence[Line] = ()) -> Sheet:
    """The last so many days, today among them. `titles`: of exercises, by id."""
    first = today - timedelta(days=days - 1)
    some = tuple(entry for entry in past if first <= entry.ended.date() <= today)
    tallies = by_exercise(some)
    tallies, rest = tallies[:ROWS], tallies[ROWS:]
    named = [replace(one, name=titles.get(one.name, one.name.replace("-", " "))) for one in tallies]
    if rest:
        others = {one.name for one in rest}
        named.append(tally(f"{len(rest)} others", (entry for entry in some if entry.exercise in others)))
    states = [(state.value, len(entries)) for state, entries in grouped(some, lambda entry: entry.state)]
    parts = [(part, sum(_part(entry.ended.hour) == part for entry in some)) for part in PARTS_OF_DAY]
    return Sheet(
        first=first,
        last=today,
        plot=plotted(some, first, today),
        all=tally("all", some),
        days_used=len({entry.ended.date() for entry in some}),
        by_exercise=tuple(named),
        by_state=tuple(sorted(states, key=lambda one: (-one[1], one[0]))),
        by_part_of_day=tuple(parts),
        lines=tuple(lines),
    )


def headline(page: Sheet) -> str:
    """How much there is, and over what time."""
    used = page.all.times
    return (
        f"{page.first:%d %B %Y} to {page.last:%d %B %Y}: {used} time{'' if used == 1 else 's'} on {page.days_used} of "
        f"{(page.last - page.first).days + 1} days."
    )


HEAD = ("exercise or check-in", "times", "rated", "lower", "same", "higher", "worse", "stopped")


def row(one: Tally) -> tuple[str, ...]:
    """A line of the table under HEAD."""
    return (one.name, *map(str, (one.times, one.rated, one.lower, one.same, one.higher, one.worse, one.stopped)))


def counted(pairs: Iterable[tuple[str, int]]) -> str:
    """Names with their counts; what never was is left out."""
    return ", ".join(f"{name} {count}" for name, count in pairs if count) or "none"


def to_html(page: Sheet) -> str:
    """One file that needs no other and fetches nothing."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in HEAD)
    rows = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row(one))}</tr>\n"
        for one in (*page.by_exercise, page.all)
    )
    lines = "".join(f"<li>{line.day:%d %b}: {escape(line.text)}</li>\n" for line in page.lines)
    chosen = f"<h2>What I would like to talk about</h2>\n<ul>\n{lines}</ul>\n" if lines else ""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Grounding, {page.first:%d %b} to {page.last:%d %b %Y}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>Grounding exercises</h1>
<p>{escape(headline(page))}</p>
<h2>Before and after</h2>
{to_svg(page.plot)}
<p class="small">{escape(LEGEND)} {escape(HOW_TO_READ)}</p>
<h2>What was used</h2>
<table>
<tr>{head}</tr>
{rows}</table>
<p>For: {escape(counted(page.by_state))}.<br>When: {escape(counted(page.by_part_of_day))}.</p>
{chosen}</body>
</html>
"""


_STYLE = """
@page { size: A4; margin: 14mm }
body { font: 10.5pt/1.4 system-ui, sans-serif; color: #222; max-width: 180mm; margin: 1em auto }
h1 { font-size: 15pt; margin: 0 } h2 { font-size: 11.5pt; margin: 1em 0 .3em }
p { margin: .4em 0 } .small { font-size: 8.5pt; color: #555 }
table { border-collapse: collapse; width: 100%; font-size: 9.5pt }
th { font-weight: 600 } th, td { padding: .15em .5em; text-align: right; border-bottom: 1px solid #ddd }
th:first-child, td:first-child { text-align: left } tr:last-child td { font-weight: 600 }
svg { width: 100% } svg text { font-size: 9px; fill: #555 }
.grid { stroke: #e4e4e4 } .mark { stroke: #22577a; fill: #22577a } .worse { stroke: #b3261e; fill: #b3261e }
circle.open { fill: #fff }
"""


def _part(hour: int) -> str:
    return next(part for part, until in PARTS_OF_DAY.items() if hour < until)
