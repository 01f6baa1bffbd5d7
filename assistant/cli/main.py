"""The command line: its commands, its exit codes, and one clear line for whatever goes wrong.

Exit codes: 0 done, 1 failed, 2 misuse, 3 content or configuration has faults, 130 left with Ctrl-C.
"""

from __future__ import annotations

import argparse
import importlib
import io
import keyword
import os
import sys
from collections.abc import Sequence
from typing import Any

from assistant.cli.outlet import lasting_output
from assistant.errors import AssistantError

COMMANDS = (
    "run",
    "checkin",
    "setup",
    "hear",
    "screen",
    "evaluate",
    "check",
    "scripts",
    "preview",
    "learn",
    "flow",
    "new",
    "resources",
    "history",
    "report",
    "note",
    "export",
    "import",
    "forget",
    "service",
    "doctor",
    "bench",
)
"""Each is a module here with HELP, EXAMPLE (a command a line), add_arguments(parser) and run(arguments); none imports
much by itself. Where Python needs the name itself, the module has an underscore behind it."""

SPEAKING = ("run", "checkin", "flow", "preview")
"""What these say is heard: that it cannot be shown as well is told, and no failure."""
EXAMPLES = "examples:"
LEFT = 130
"""128 + SIGINT, as shells have it."""
DEBUG = "GROUNDING_DEBUG"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code."""
    # Nobody else's plugin reads along, and looking for one among all packages takes 20 ms of every start.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")
    _let_any_terminal_show_and_send_any_text()
    try:
        with lasting_output(_tell) as outlet:
            given = _with_default_command(sys.argv[1:] if argv is None else list(argv))
            arguments = _parser(given[0]).parse_args(given)
            code: int = _module(arguments.command).run(arguments)
            sys.stdout.flush()
    except AssistantError as error:
        _tell(error.hint)
        return error.exit_code
    except KeyboardInterrupt:
        _tell("left, as you asked.")
        return LEFT
    except BrokenPipeError:
        # Whoever read our output has gone; what is still buffered must not fail once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        return _unexpected(error)
    unseen = outlet is not None and outlet.failed and arguments.command not in SPEAKING
    return code or int(unseen)


def _module(command: str) -> Any:
    return importlib.import_module(f"assistant.cli.{command}{'_' * keyword.iskeyword(command)}")


def _parser(wanted: str) -> argparse.ArgumentParser:
    """Of the one command that is wanted, as loading all of them takes longer than most take; of all for their list."""
    parser = argparse.ArgumentParser(
        prog="grounding",
        description="A calm voice that guides you through a short grounding exercise. "
        "Without a command it begins to listen.",
        epilog="In danger? Call your emergency number; 'grounding resources' lists people to reach.",
    )
    parser.add_argument("--version", action=_Version, help="print the version")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for name in (wanted,) if wanted in COMMANDS else COMMANDS:
        module = _module(name)
        command = commands.add_parser(
            name,
            help=module.HELP,
            description=f"{module.HELP[:1].upper()}{module.HELP[1:]}.",
            epilog="\n  ".join((EXAMPLES, *module.EXAMPLE.splitlines())),
            formatter_class=_Help,
        )
        module.add_arguments(command)
    return parser


class _Help(argparse.HelpFormatter):
    """Examples stand as they are written, one a line, to be copied; all else is wrapped."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if text.startswith(EXAMPLES) else super()._fill_text(text, width, indent)


class _Version(argparse.Action):
    """Looked up only when asked for: the look-up is slower than the rest of the parser."""

    def __init__(self, option_strings: Sequence[str], dest: str, **options: Any) -> None:
        super().__init__(option_strings, dest, nargs=0, **options)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"grounding-assistant {version('grounding-assistant')}")
        parser.exit()


def _with_default_command(argv: list[str]) -> list[str]:
    if not argv or (argv[0].startswith("-") and argv[0] not in ("-h", "--help", "--version")):
        return ["run", *argv]
    return argv


def _let_any_terminal_show_and_send_any_text() -> None:
    """What is typed and is no text comes as in the locale C, where whoever reads it leaves it out, or says so: an
    exception in the thread of the keyboard would take every key from the person (law 3).
    """
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def _unexpected(error: Exception) -> int:
    if os.environ.get(DEBUG) == "1":
        raise error
    # Its message is not shown: it could hold the person's words (law 9).
    _tell(
        f"something failed that is not your doing ({type(error).__name__}). Start it again; "
        f"if it fails again, run it with {DEBUG}=1 and report what that shows."
    )
    return 1


def _tell(line: str) -> None:
    print(f"grounding: {line}", file=sys.stderr)
