"""Notes for oneself, and for a therapist."""

from __future__ import annotations

import argparse
import sys

from assistant.cli.output import note, print_json
from assistant.errors import UsageError

HELP = "keep a note, encrypted: for yourself, or to talk about with your therapist"
EXAMPLE = "grounding note add --for-therapist    then: grounding note list, grounding note remove 2"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    what = parser.add_subparsers(dest="what", metavar="add|list|remove", required=True)
    add = what.add_parser("add", help="keep a note; its words are asked for, so that no shell remembers them")
    add.add_argument("--for-therapist", action="store_true", help="a bookmark, to talk about")
    listed = what.add_parser("list", help="show the notes; look who is near first")
    listed.add_argument(
        "--json", action="store_true", help="print one JSON value, and nothing else, on standard output"
    )
    what.add_parser("remove", help="forget one, for good").add_argument(
        "number", metavar="N", type=int, help="its number"
    )


def run(arguments: argparse.Namespace) -> int:
    """Do it."""
    from assistant import app

    match arguments.what:
        case "add":
            print(app.add_note(_words(), note, for_therapist=arguments.for_therapist))
        case "remove":
            app.remove_note(arguments.number, note)
            print(f"Note {arguments.number} is forgotten.")
        case _:
            _show(arguments)
    return 0


def _words() -> str:
    """From the terminal, or from what is piped in."""
    if sys.stdin is None:
        return ""
    try:
        return input("Your note: ") if sys.stdin.isatty() else sys.stdin.read()
    except EOFError:
        return ""
    except UnicodeDecodeError:
        raise UsageError("note-unreadable", "What was piped in is not UTF-8 text; nothing was kept.") from None


def _show(arguments: argparse.Namespace) -> None:
    from assistant import app

    notes = app.notes(None, note)
    if arguments.json:
        print_json(
            [
                {"number": one.number, "written": one.written.isoformat(), "kind": one.kind.value, "text": one.text}
                for one in notes
            ]
        )
        return
    for one in notes:
        print(f"{one.number:>3}  {one.written:%Y-%m-%d}  {one.kind:<10}  {one.text}")
    if not notes:
        print("There are no notes.")
