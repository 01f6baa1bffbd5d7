"""First steps: a voice, its lines rendered, the help line recorded."""

from __future__ import annotations

import argparse

from assistant.cli.given import add_country, add_language, settings_of

HELP = "offer a better voice, render every line ahead of time, record the help line, and say what is left to choose"
EXAMPLE = "grounding setup    or, with a better voice: grounding setup --voice en_US-joe-medium"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add_country(parser)
    add_language(parser)
    parser.add_argument("--voice", metavar="NAME", help="fetch this voice, of those in voices.yaml, without asking")


def run(arguments: argparse.Namespace) -> int:
    """Ask, check and fetch."""
    from assistant import app

    return app.setup(settings_of(arguments), arguments.voice)
