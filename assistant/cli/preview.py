"""Hear one exercise."""

from __future__ import annotations

import argparse

from assistant.cli.given import add_language, add_plain, code_of, remaining_settings_of, settings_of

HELP = "hear one exercise from beginning to end, or read it with its times"
EXAMPLE = "grounding preview feet-on-floor --fast"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("id", metavar="ID", help="an exercise, as 'grounding scripts' lists them")
    parser.add_argument("--speaker", metavar="DEVICE", help="speaker, or FILE.wav to write")
    written = parser.add_mutually_exclusive_group()
    written.add_argument(
        "--fast", action="store_const", const="transcript", dest="form", help="print it with its times"
    )
    written.add_argument("--vtt", action="store_const", const="vtt", dest="form", help="print captions for its sound")
    written.add_argument("--ssml", action="store_const", const="ssml", dest="form", help="print it for other voices")
    add_language(parser)
    add_plain(parser)


def run(arguments: argparse.Namespace) -> int:
    """Perform it."""
    from assistant import app

    if arguments.form:
        print(app.written_exercise(arguments.id, arguments.form, settings_of(arguments)), end="")
        return 0
    settings, left_out = remaining_settings_of(arguments)
    return code_of(left_out, app.preview(arguments.id, arguments.speaker, settings))
