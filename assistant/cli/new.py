"""Begin an exercise of one's own."""

from __future__ import annotations

import argparse

from assistant.cli.given import add_language, settings_of
from assistant.cli.output import note

HELP = "begin an exercise of your own"
EXAMPLE = "grounding new script my-window"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("what", choices=["script"], help="what to begin")
    parser.add_argument("id", metavar="ID", help="its name: small letters, digits and dashes")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write it, and say what comes next."""
    from assistant.content.own import new_exercise, own_exercises
    from assistant.content.root import content_root
    from assistant.faults import Fault
    from assistant.settings_files import own_settings_file

    language, own = settings_of(arguments).language, own_settings_file().parent
    path = new_exercise(content_root(), own, language, arguments.id)
    print(f"{path} is written. Change its words, then: grounding check, and grounding preview {arguments.id} --fast")
    faults: list[Fault] = []
    own_exercises(content_root(), own, language, faults)
    for fault in faults:
        if fault.path == path:  # one of a shipped name stands in for that one, wherever it is offered
            note(f"mend this first: {fault}")
    return 0
