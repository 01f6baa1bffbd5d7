"""Begin an exercise of one's own."""

from __future__ import annotations

import argparse

from assistant.cli.given import add_language, settings_of

HELP = "begin an exercise of your own"
EXAMPLE = "grounding new script my-window"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("what", choices=["script"], help="what to begin")
    parser.add_argument("id", metavar="ID", help="its name: small letters, digits and dashes")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write it, and say what comes next."""
    from assistant.content.own import new_exercise
    from assistant.content.root import content_root
    from assistant.settings_files import own_settings_file

    language = settings_of(arguments).language
    path = new_exercise(content_root(), own_settings_file().parent, language, arguments.id)
    print(f"{path} is written. Change its words, then: grounding check, and grounding preview {arguments.id} --fast")
    return 0
