"""What is remembered, for other programs."""

from __future__ import annotations

import argparse
from pathlib import Path

from assistant.cli.new_file import add_force, check_new

HELP = "write what is remembered as JSON or CSV; it is sent nowhere"
EXAMPLE = "grounding export                          # to the screen\ngrounding export memory.csv"

FORMS = {".json": "json", ".csv": "csv"}
"""What the ending of a file says."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("file", metavar="FILE", nargs="?", type=Path, help="where to; without it, standard output")
    form = parser.add_mutually_exclusive_group()
    form.add_argument(
        "--json", action="store_const", const="json", dest="form", help="JSON (the default, unless FILE ends in .csv)"
    )
    form.add_argument("--csv", action="store_const", const="csv", dest="form", help="CSV, as spreadsheets read it")
    parser.add_argument(
        "--notes",
        action="store_true",
        help="your notes too, decrypted: who reads the file can read them (JSON only)",
    )
    add_force(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write all of it."""
    from assistant import app
    from assistant.cli.output import note, write_private
    from assistant.errors import UsageError
    from assistant.memory.transfer import to_csv, to_json

    form = _form(arguments)
    if arguments.notes and form == "csv":
        raise UsageError("export-form", "notes fit into JSON alone; write a .json file, or leave out --notes.")
    past = app.past(None, note)
    notes = app.notes(None, note) if arguments.notes else None
    text = to_csv(past) if form == "csv" else to_json(past, notes)
    if arguments.file is None:
        print(text, end="")
    else:
        check_new(arguments.file, force=arguments.force)
        write_private(arguments.file, text.encode())
        print(f"{len(past)} entr{'y is' if len(past) == 1 else 'ies are'} in {arguments.file}.")
    if notes:
        count = f"{len(notes)} note{' is' if len(notes) == 1 else 's are'}"
        note(f"{count} in it, no longer encrypted: whoever can read it can read them.")
    return 0


def _form(arguments: argparse.Namespace) -> str:
    """As asked for, or as the file is named. Raises UsageError where the two say different things."""
    from assistant.errors import UsageError

    named = None if arguments.file is None else FORMS.get(arguments.file.suffix.lower())
    asked: str | None = arguments.form
    if asked is not None and named is not None and asked != named:
        raise UsageError("export-form", f"--{asked} and {arguments.file} do not go together; change one of them.")
    return asked or named or "json"
