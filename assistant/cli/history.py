"""What is remembered, to look at."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from assistant.cli.output import Style, add_json, note, styled

if TYPE_CHECKING:
    from assistant.core.past import Past, PastExercise
    from assistant.memory.history import Tally

HELP = "look at what is remembered: when, which exercise, and the numbers before and after"
EXAMPLE = "grounding history --days 30\ngrounding history --json                  # for programs"

SHOWN = 30
"""Entries that fill a screen."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    from assistant.cli.given import add_days

    add_days(parser, "only the last N days up to the newest entry")
    parser.add_argument("--all", action="store_true", help=f"every entry, not only the newest {SHOWN}")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show it; nothing remembered is no failure."""
    from assistant import app

    past = app.past(arguments.days, note)
    if arguments.json:
        from assistant.memory.transfer import fields, listed

        print(listed(map(fields, past)))
    elif not past:
        print("Nothing is remembered.")
    else:
        from assistant.memory.history import by_exercise

        shown = past if arguments.all else past[-SHOWN:]
        if len(shown) < len(past):
            print(f"The newest {len(shown)} of {len(past)}; --all shows them all.\n")
        _show_entries(shown)
        print()
        for tally in by_exercise(past):
            print(_line(tally))
    return 0


def _show_entries(past: Past) -> None:
    width = max(len(entry.exercise) for entry in past)
    for entry in past:
        marks = [mark for mark, holds in (("worse", entry.worse), ("stopped", entry.stopped)) if holds]
        row = (
            f"{entry.ended:%Y-%m-%d %H:%M}  {entry.exercise.ljust(width)}  {_change(entry)}  {' '.join(marks)}".rstrip()
        )
        print(styled(row, Style.WARN) if entry.worse else row)


def _change(entry: PastExercise) -> str:
    """Two small bars on a terminal; the numbers alone elsewhere."""
    from assistant.memory.history import worded

    numbers = f"{worded(entry.before):>4} -> {worded(entry.after):<4}"
    if not sys.stdout.isatty():
        return numbers
    return f"{_bar(entry.before):<10} {numbers} {_bar(entry.after):<10}"


def _bar(number: float | None) -> str:
    try:
        "\u25a0".encode(sys.stdout.encoding or "ascii")
        dot = "\u25a0"
    except UnicodeEncodeError:
        dot = "#"
    return "" if number is None else dot * round(number)


def _line(tally: Tally) -> str:
    """What was done, and what the numbers did: worse is told like the rest."""
    times = f"{tally.name}: {tally.times} time{'' if tally.times == 1 else 's'}"
    parts = [f"{count} {what}" for count, what in (
        (tally.lower, "lower"), (tally.same, "the same"), (tally.higher, "higher"),
    ) if count]  # fmt: skip
    told = [f"of {tally.rated} with both numbers {', '.join(parts)}"] if tally.rated else []
    told += [f"{tally.worse} worse"] if tally.worse else []
    told += [f"{tally.stopped} stopped early"] if tally.stopped else []
    return "; ".join([times, *told])
