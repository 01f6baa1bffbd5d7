"""The performance figures of this machine."""

from __future__ import annotations

import argparse

from assistant.cli.given import settings_of
from assistant.cli.output import add_json, note, print_json

HELP = "measure how fast this machine answers and falls silent, through the real sound path"
EXAMPLE = "grounding bench --json"


MEASURES = (
    "measuring how fast recognisers, voices and the screen are (about a minute) and, where PulseAudio is, how soon the "
    "program speaks and falls silent (most of an hour; a few minutes with GROUNDING_BENCH_TRIALS=3). Ctrl-C leaves."
)
"""On standard error, terminal or not: a minute of nothing but dots looks like a fault."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure."""
    from assistant import app

    note(MEASURES)
    figures = app.bench(settings_of(arguments))
    if arguments.json:
        print_json(figures)
        return 0
    print(figures["machine"])
    rows = figures["figures"]
    assert isinstance(rows, list)
    for row in rows:
        limit = "" if row["limit"] is None else f"   limit {row['limit']:g} {'kept' if row['within'] else 'NOT KEPT'}"
        print(f"{row['name']:<62} median {row['median']:.3f}  p95 {row['p95']:.3f} {row['unit']}{limit}")
    engines = figures["engines"]
    assert isinstance(engines, list)
    for row in engines:
        print(
            f"{row['name']:<20} {row['took_s']:.2f} s for {row['sound_s']:.1f} s of sound: "
            f"{row['factor']:.2f} of real time"
        )
    missing = figures["not measured"]
    assert isinstance(missing, list)
    for hint in missing:
        print(f"not measured: {hint}")
    return 0
