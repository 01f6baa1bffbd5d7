"""What the safety screen makes of a text."""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys

from assistant.cli.given import add_language, code_of, remaining_settings_of
from assistant.cli.output import Style, add_json, print_json, styled
from assistant.errors import UsageError

HELP = "say what the safety screen makes of a text; nothing is stored"
EXAMPLE = 'grounding screen "I do not know what to do"\ngrounding screen --jsonl < texts.jsonl'

_STYLES = {"hard": Style.BAD, "soft": Style.WARN, "none": Style.GOOD}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("text", metavar="TEXT", nargs="?", help="the text; without it, standard input")
    parser.add_argument("--jsonl", action="store_true", help="read objects with 'text', write them back with a verdict")
    add_language(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Judge one text, or each object on standard input."""
    from assistant.cli.screening import screening

    if arguments.jsonl and arguments.text is not None:
        raise UsageError("screen-both", "--jsonl reads standard input: leave out TEXT.")
    if arguments.jsonl and arguments.json:
        raise UsageError("screen-both", "--jsonl writes an object a line already: leave out --json.")
    settings, left_out = remaining_settings_of(arguments)
    screen = screening(settings)
    if arguments.jsonl:
        for number, line in enumerate(sys.stdin, start=1):
            if line.strip():
                row = _object(line, number)
                print(json.dumps(row | dataclasses.asdict(screen.judge(str(row["text"]))), ensure_ascii=False))
        return code_of(left_out)
    judged = screen.judge(sys.stdin.read() if arguments.text is None else arguments.text)
    if arguments.json:
        print_json(dataclasses.asdict(judged))
    else:
        because = f" {judged.kind} ({judged.rule})" if judged.kind else ""
        print(f"{styled(judged.level, _STYLES[judged.level])}{because}")
    return code_of(left_out)


def _object(line: str, number: int) -> dict[str, object]:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise UsageError("not-json", f"standard input, line {number}: this is not JSON ({error.msg}).") from None
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise UsageError("no-text", f"standard input, line {number}: this is not an object with a 'text'.")
    return row
