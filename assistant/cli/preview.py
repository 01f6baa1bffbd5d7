"""Hear one exercise."""

from __future__ import annotations

import argparse

from assistant.cli.given import add_language, settings_of

HELP = "hear one exercise from beginning to end"
EXAMPLE = "grounding preview feet-on-floor --speaker feet.wav"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("id", metavar="ID", help="an exercise, as 'grounding scripts' lists them")
    parser.add_argument("--speaker", metavar="DEVICE", help="speaker, or FILE.wav to write")
    add_language(parser)


def run(arguments: argparse.Namespace) -> int:
    """Perform it."""
    from assistant import app

    return app.preview(arguments.id, arguments.speaker, settings_of(arguments))
