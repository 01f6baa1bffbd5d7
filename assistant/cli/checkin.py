"""A check-in: a few questions, and a goodbye."""

from __future__ import annotations

import argparse

from assistant.cli import run as conversation
from assistant.cli.given import language_of, settings_as_written
from assistant.cli.output import Style, add_json, print_json, styled
from assistant.errors import UsageError

HELP = "ask how you are: a number, a word, or a few short questions"
EXAMPLE = "grounding checkin number\ngrounding checkin evening --mic none      # without a microphone"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options, and those of every conversation."""
    parser.add_argument("format", metavar="FORMAT", nargs="?", help="which one; without it, the one in your settings")
    parser.add_argument("--list", action="store_true", help="show which there are")
    add_json(parser)
    conversation.add_conversation(parser)


def run(arguments: argparse.Namespace) -> int:
    """Hold it, or list them."""
    if arguments.list or arguments.json:
        if arguments.format is not None:
            raise UsageError(
                "list-named",
                f"--list and --json show all check-ins: leave that out, or leave out {arguments.format!r}.",
            )
        return _list(arguments)
    return conversation.converse(arguments, lambda settings: arguments.format or settings.check_in)


def _list(arguments: argparse.Namespace) -> int:
    from assistant.cli.output import note
    from assistant.content.check_ins import read_check_ins
    from assistant.content.root import content_root
    from assistant.faults import Fault

    faults: list[Fault] = []
    written = settings_as_written()
    sources = read_check_ins(content_root(), language_of(arguments, written), faults)
    for fault in faults:
        note(str(fault))
    if arguments.json:
        print_json(
            [
                {
                    "id": name,
                    "title": source.check_in.title,
                    "summary": source.check_in.summary,
                    "talk_seconds": source.check_in.talk_s,
                    "review": source.check_in.review.status,
                }
                for name, source in sources.items()
            ]
        )
        return 0
    width = max((len(name) for name in sources), default=0)
    for name, source in sources.items():
        usual = ", the usual one" if name == written.get("check_in") else ""
        talk = f"{source.check_in.talk_s:3.0f} s"
        print(f"{styled(name.ljust(width), Style.STRONG)}  {talk} of talk  {source.check_in.title}{usual}")
    return 0
