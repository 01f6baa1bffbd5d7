"""First steps: a few questions, a voice, its lines rendered, the help line recorded."""

from __future__ import annotations

import argparse
from pathlib import Path

from assistant.cli.given import add_country, add_language, overrides_of, settings_of
from assistant.errors import UsageError

HELP = "ask a few questions, find microphone and speaker, measure this machine, and render every line ahead of time"
EXAMPLE = (
    "grounding setup\n"
    "grounding setup --again country           # one question again\n"
    "grounding setup --defaults                # asks nothing"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add_country(parser)
    add_language(parser)
    parser.add_argument("--voice", metavar="NAME", help="fetch this voice, of those in voices.yaml, without asking")
    parser.add_argument("--again", metavar="KEY", help="ask one question again, such as country, and nothing else")
    parser.add_argument(
        "--aloud",
        action="store_true",
        help="find microphone and speaker, then read the questions aloud, and listen",
    )
    parser.add_argument("--defaults", action="store_true", help="ask nothing: what is not answered stays as it is")
    parser.add_argument(
        "--answers", metavar="FILE.yaml", type=Path, help="take answers from a file shaped as config.yaml"
    )


def run(arguments: argparse.Namespace) -> int:
    """Ask, check and fetch."""
    from assistant import app

    if arguments.again and (arguments.defaults or arguments.answers):
        raise UsageError("setup-both", "--again asks, and --defaults and --answers do not; leave one out.")
    if arguments.aloud and (arguments.defaults or arguments.answers):
        raise UsageError("setup-both", "--aloud asks, and --defaults and --answers do not; leave one out.")
    settings = settings_of(arguments)
    return app.setup(
        settings, arguments.voice, arguments.again, alone=arguments.defaults, answers=arguments.answers,
        aloud=arguments.aloud, given=overrides_of(arguments),
    )  # fmt: skip
