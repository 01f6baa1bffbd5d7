"""A flow: questions to think about, and what is said in them handed on only when it is asked for."""

from __future__ import annotations

import argparse
from pathlib import Path

from assistant.cli import run as conversation
from assistant.cli.given import language_of, settings_as_written
from assistant.cli.output import Style, add_json, print_json, styled
from assistant.errors import UsageError

HELP = "think something through: a reflection, a worry, a session to prepare, a hard message, a coping card"
EXAMPLE = "grounding flow untangle --mic none\ngrounding flow prepare --mic none --out session.txt"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options, and those of every conversation."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="which one; without it, they are listed")
    parser.add_argument("--list", action="store_true", help="show which there are")
    parser.add_argument("--markdown", action="store_true", help="all flows as a document")
    parser.add_argument(
        "--out", metavar="FILE", type=Path, help="write what you said, as text, into this new file at the end"
    )
    add_json(parser)
    conversation.add_conversation(parser)


def run(arguments: argparse.Namespace) -> int:
    """Hold it, or list them."""
    listing = arguments.list or arguments.json or arguments.markdown
    if listing and arguments.name is not None:
        raise UsageError(
            "list-named",
            f"--list, --json and --markdown show all flows: leave that out, or leave out {arguments.name!r}.",
        )
    if arguments.name is None:
        if arguments.out is not None:
            raise UsageError(
                "flow-unnamed", "--out is for what is said in a flow: name one, as 'grounding flow' lists them."
            )
        return _list(arguments)
    return conversation.converse(arguments, flow=arguments.name, page=arguments.out)


def _list(arguments: argparse.Namespace) -> int:
    from assistant.cli.output import note
    from assistant.content.flow_catalogue import flow_catalogue
    from assistant.content.flows import read_flows
    from assistant.content.root import content_root
    from assistant.faults import Fault

    faults: list[Fault] = []
    sources = read_flows(content_root(), language_of(arguments, settings_as_written()), faults)
    for fault in faults:
        note(str(fault))
    if arguments.markdown:
        print(flow_catalogue(sources.values()), end="")
    elif arguments.json:
        print_json(
            [
                {
                    "id": name,
                    "title": source.written.title,
                    "summary": source.written.summary,
                    "begins": source.written.begins,
                    "review": source.written.review.status,
                }
                for name, source in sources.items()
            ]
        )
    else:
        width = max((len(name) for name in sources), default=0)
        for name, source in sources.items():
            print(f'{styled(name.ljust(width), Style.STRONG)}  {source.written.title}: "{source.written.begins[0]}"')
    return 0
