"""The performance figures of this machine."""

from __future__ import annotations

import argparse

from assistant.cli.given import settings_of
from assistant.cli.output import add_json, print_json

HELP = "measure how fast this machine answers and falls silent, through the real sound path"
EXAMPLE = "grounding bench --json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure."""
    from assistant import app

    figures = app.bench(settings_of(arguments))
    if arguments.json:
        print_json(figures)
    else:
        for name, value in figures.items():
            print(f"{name}: {value}")
    return 0
