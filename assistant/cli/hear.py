"""What the recogniser makes of sound files."""

from __future__ import annotations

import argparse
from pathlib import Path

from assistant.cli.given import add_language, settings_of
from assistant.cli.output import add_json, print_json

HELP = "write down what is said in WAV files"
EXAMPLE = "grounding hear help.wav --json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("files", metavar="FILE.wav", nargs="+", type=Path)
    add_language(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Transcribe each file."""
    from assistant import app

    heard = app.hear(arguments.files, settings_of(arguments))
    if arguments.json:
        print_json(heard)
        return 0
    for row in heard:
        print(f"{row['file']}: {row['text'] or '(no words)'} ({row['trust']}, {row['engine']})")
    return 0
