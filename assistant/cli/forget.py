"""Away with what is remembered."""

from __future__ import annotations

import argparse
import sys

from assistant.cli.output import note
from assistant.errors import UsageError

HELP = "forget what was written last, today, or everything, for good"
EXAMPLE = "grounding forget today\ngrounding forget everything --yes         # without being asked"

_MEANS = {
    "that": "what was written last, an exercise or a note",
    "today": "everything since midnight",
    "everything": "every entry, every note and every copy",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument(
        "what", choices=list(_MEANS), help="; ".join(f"{what}: {means}" for what, means in _MEANS.items())
    )
    parser.add_argument("--yes", action="store_true", help="do not ask first")


def run(arguments: argparse.Namespace) -> int:
    """Once it was confirmed. Nothing to forget is no failure."""
    from assistant import app

    if not arguments.yes and not _confirmed(_means(arguments.what)):
        print("Nothing was forgotten.")
        return 0
    gone, left = app.forget(arguments.what)
    print(gone)
    for path in left:
        note(f"{path} was damaged and set aside, and may hold it still; 'grounding forget everything' removes it.")
    return 0


def _means(what: str) -> str | None:
    """What would be gone; None: nothing, so that nobody need be asked."""
    from assistant import app

    return app.last_written() if what == "that" else _MEANS[what]


def _confirmed(means: str | None) -> bool:
    """Raises UsageError where nobody can be asked."""
    if means is None:
        return True
    if not sys.stdin or not sys.stdin.isatty():
        raise UsageError("forget-unconfirmed", "nobody is here to be asked; with --yes it is forgotten without asking.")
    print(f"This removes {means}. It cannot be undone.")
    try:
        return input("Forget it? Type yes: ").strip().lower() in ("y", "yes")
    except EOFError:  # Ctrl-D is no yes
        return False
