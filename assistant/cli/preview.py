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
    from assistant.errors import DeviceError

    if arguments.form:
        print(app.written_exercise(arguments.id, arguments.form, settings_of(arguments)), end="")
        return 0
    settings, left_out = remaining_settings_of(arguments)
    try:
        return code_of(left_out, app.preview(arguments.id, arguments.speaker, settings))
    except DeviceError as error:
        without = "Without a speaker: --fast prints it, --speaker out.wav writes its sound into a file."
        raise DeviceError(error.code, f"{error.hint.rstrip('.')}. {without}") from None
