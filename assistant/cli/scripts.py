"""Which exercises there are."""

from __future__ import annotations

import argparse

from assistant.cli.given import add_language, language_of, settings_as_written
from assistant.cli.output import Style, add_json, print_json, styled

HELP = "list the exercises"
EXAMPLE = "grounding scripts --lang en"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add_language(parser)
    parser.add_argument("--markdown", action="store_true", help="as a table, with lengths, reading grade and evidence")
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """List what can be offered. Exercises with faults are left out, and told."""
    from assistant.cli.output import note
    from assistant.content.exercises import read_exercises
    from assistant.content.own import own_exercises
    from assistant.content.root import content_root
    from assistant.faults import Fault
    from assistant.settings_files import own_settings_file

    faults: list[Fault] = []
    language = language_of(arguments, settings_as_written())
    sources = read_exercises(content_root(), language, faults)
    own = set[str]()
    if not arguments.markdown:
        mine = own_exercises(content_root(), own_settings_file().parent, language, faults)
        own, sources = set(mine), sources | mine
    for fault in faults:
        note(str(fault))
    if arguments.markdown:
        from assistant.content.catalogue import catalogue

        print(catalogue(sources.values()), end="")
        return 0
    if arguments.json:
        print_json(
            [
                {
                    "id": source.script.id,
                    "title": source.script.title,
                    "summary": source.script.summary,
                    "family": source.script.family,
                    "states": [state.value for state in source.script.states],
                    "seconds": source.script.seconds,
                    "evidence": source.exercise.evidence.grade,
                    "review": source.exercise.review.status,
                    "yours": source.script.id in own,
                }
                for source in sources.values()
            ]
        )
        return 0
    width = max((len(name) for name in sources), default=0)
    for name, source in sources.items():
        script = source.script
        states = ", ".join(state.value for state in script.states)
        whose = ", yours" if name in own else ""
        print(f"{styled(name.ljust(width), Style.STRONG)}  {script.seconds:4.0f} s  {script.title} ({states}){whose}")
    return 0
