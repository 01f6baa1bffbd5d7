"""The program as a service: it waits to be spoken to from the start of the machine on."""

from __future__ import annotations

import argparse

from assistant.cli.output import add_json, print_json
from assistant.errors import UsageError

HELP = "wait to be spoken to from the start of the machine on: install, start, stop, status, logs, uninstall"
EXAMPLE = (
    "grounding service install\ngrounding service status                  # later\ngrounding service logs --lines 50"
)

VERBS = {
    "install": "write the service's file, and start it now and with the machine; again: write it anew",
    "start": "start it",
    "stop": "stop it, until it is started again or the machine is",
    "status": "how it is; fails when it does not run",
    "logs": "what it printed: starts, ends, devices, failures; never a word that was said",
    "uninstall": "stop it and take its file away; settings, memory and voices stay",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its verbs."""
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name, means in VERBS.items():
        verb = verbs.add_parser(
            name,
            help=means,
            description=f"{means[:1].upper()}{means[1:]}.",
            epilog=f"example: grounding service {name}",
        )
        if name == "status":
            add_json(verb)
        if name == "logs":
            verb.add_argument("--lines", metavar="N", type=_lines, default=100, help="how many, from the end (100)")


def _lines(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 100_000:
        raise argparse.ArgumentTypeError("write a number of lines, such as 50")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """One verb."""
    from assistant import app

    match arguments.verb:
        case "install":
            file, told = app.install_service()
            print(f"Installed and started: {file}")
            for line in told:
                print(line)
            print("How it is: grounding service status. Away again: grounding service uninstall.")
        case "status":
            state = app.this_service().state()
            if arguments.json:
                print_json({"installed": state.installed, "running": state.running, "detail": state.detail})
            elif state.installed:
                print(f"{'running' if state.running else 'not running'}: {state.detail}")
            else:
                print("not installed; to install it: grounding service install")
            return 0 if state.running else 1
        case "logs":
            print(app.this_service().logs(arguments.lines) or "Nothing was printed yet.\n", end="")
        case "uninstall":
            service = app.this_service()
            if not service.file.is_file():
                raise UsageError("service-not-installed", "It is not installed, so nothing is taken away.")
            service.uninstall()
            print("Stopped and uninstalled. Settings, memory and voices stay where they are.")
        case verb:
            service = app.this_service()
            if not service.file.is_file():
                raise UsageError(
                    "service-not-installed", "It is not installed yet; do that with: grounding service install"
                )
            service.act(verb)
            print({"start": "Started.", "stop": "Stopped."}[verb])
    return 0
