"""First steps: country, trusted person, devices, downloads."""

from __future__ import annotations

import argparse

from assistant.cli.given import add_country, add_language, settings_of

HELP = "choose country, trusted person, microphone and voice, and fetch what works offline"
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
