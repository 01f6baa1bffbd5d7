"""One page for a therapist."""

from __future__ import annotations

import argparse
from pathlib import Path

from assistant.cli.given import add_days, settings_of
from assistant.cli.new_file import add_force, check_new
from assistant.cli.output import note, write_private

HELP = "write one page for a therapist: what was used, and the numbers before and after; it is sent nowhere"
EXAMPLE = "grounding report report.html\ngrounding report report.pdf --days 14 --note 2 --note 5"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument(
        "file",
        metavar="FILE",
        nargs="?",
        type=Path,
        default=Path("grounding-report.html"),
        help=".html or .pdf to write",
    )
    parser.add_argument(
        "--note", metavar="N", type=int, action="append", default=[], help="put this note on it; one --note for each"
    )
    add_days(parser, "only the last N days, today among them (28)")
    add_force(parser)


def run(arguments: argparse.Namespace) -> int:
    """Write it."""
    from assistant import app
    from assistant.errors import UsageError

    if arguments.file.suffix.lower() not in (".html", ".htm", ".pdf"):
        raise UsageError("report-form", f"{arguments.file} is neither .html nor .pdf; name one that is.")
    as_pdf = arguments.file.suffix.lower() == ".pdf"
    page = app.report(arguments.days, arguments.note, as_pdf, settings_of(arguments), note)
    check_new(arguments.file, force=arguments.force)
    write_private(arguments.file, page)
    print(f"{arguments.file} is written. It is sent nowhere: read it, and give it to whom you choose.")
    return 0
