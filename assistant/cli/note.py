"""Notes for oneself, and for a therapist."""

from __future__ import annotations

import argparse
import sys

from assistant.cli.given import remaining_settings_of
from assistant.cli.output import note, print_json
from assistant.errors import UsageError
from assistant.safety.verdict import Level

HELP = "keep a note, encrypted: for yourself, or to talk about with your therapist"
EXAMPLE = "grounding note add --for-therapist\ngrounding note list\ngrounding note remove 2"


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
            return _add(arguments)
        case "remove":
            app.remove_note(arguments.number, note)
            print(f"Note {arguments.number} is forgotten.")
        case _:
            _show(arguments)
    return 0


def _add(arguments: argparse.Namespace) -> int:
    """Its words pass the screen first. Where there is danger in them people to reach come before the note, and it is
    kept only if somebody still wants that.
    """
    from assistant import app
    from assistant.memory.notes import fitting

    people = app.note_screen(remaining_settings_of(arguments)[0])  # first: a fault there must cost nobody their words
    words = fitting(_words())
    found = people(words)
    if found is not None:
        from assistant.cli.learn import show_people

        show_people(found)
        print()
        if found.level is Level.HARD and not _still_wanted():
            return 1
    print(app.add_note(words, note, for_therapist=arguments.for_therapist))
    return 0


def _still_wanted() -> bool:
    """Whether the note is to be kept; else it is told that it is not."""
    there = sys.stdin is not None and sys.stdin.isatty()
    try:
        wanted = there and input("Keep the note as well? Type yes: ").strip().lower() in ("y", "yes")
    except EOFError:  # Ctrl-D is no yes
        wanted = False
    if not wanted:
        note(
            "the note is not kept."
            if there
            else "the note is not kept; in a terminal you are asked whether it shall be."
        )
    return wanted


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
