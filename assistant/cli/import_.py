"""What was exported, back into memory."""

from __future__ import annotations

import argparse
from pathlib import Path

HELP = "read what 'grounding export' wrote, as JSON or CSV, into memory"
EXAMPLE = "grounding import memory.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("file", metavar="FILE", type=Path, help="a file that 'grounding export' wrote")


def run(arguments: argparse.Namespace) -> int:
    """All of it, or, when anything in it does not fit, nothing."""
    from assistant import app
    from assistant.cli.output import note
    from assistant.errors import UsageError

    try:
        text = arguments.file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
        raise UsageError("import-unreadable", f"{arguments.file} cannot be read ({why}); name another file.") from None
    new, known, notes = app.remember(text, note)
    more = f" {known} {'was' if known == 1 else 'were'} there already." if known else ""
    print(f"{new} entr{'y is' if new == 1 else 'ies are'} new.{more}")
    if notes:
        print(f"{notes} note{' is' if notes == 1 else 's are'} new, and encrypted.")
    return 0
