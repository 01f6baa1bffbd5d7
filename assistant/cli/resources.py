"""People to reach."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.output import Style, add_json, note, print_json, styled
from assistant.errors import ConfigError

if TYPE_CHECKING:
    from assistant.safety.support import Support

HELP = "list human support in a country: whom to call or write to"
EXAMPLE = "grounding resources GB\ngrounding resources --compare newer.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument("country", metavar="CC", nargs="?", help="a country's code or name; without it, as configured")
    parser.add_argument(
        "--compare", metavar="TABLE.csv", type=Path, help="print where a newer table (iso, emergency, phone) differs"
    )
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Show one country's support."""
    from assistant.content.countries import UNKNOWN, country_codes, load_support
    from assistant.content.root import content_root
    from assistant.faults import Fault

    root = content_root()
    if arguments.compare is not None:
        return _compare(arguments, root)
    country = _country(arguments, root)
    faults: list[Fault] = []
    support = load_support(root, country, faults)
    for fault in faults:
        note(str(fault))
    if arguments.json:
        print_json(dataclasses.asdict(support))
        return 0
    show(support)
    if country == UNKNOWN:
        print(f"\nName your country for its lines: {' '.join(c for c in country_codes(root) if c != UNKNOWN)}")
    return 0


def _compare(arguments: argparse.Namespace, root: Path) -> int:
    """Differences are to be looked into, so they are no failure."""
    from assistant.content.countries import load_countries
    from assistant.content.newer_table import differences

    found = list(differences(arguments.compare, load_countries(root, [])))
    if arguments.json:
        print_json(found)
    else:
        print("\n".join(found) or "No number differs.")
    return 0


def _country(arguments: argparse.Namespace, root: Path) -> str:
    """As asked, or as configured. Broken settings must not keep anyone from a number."""
    from assistant.cli.given import remaining_settings_of
    from assistant.content.countries import UNKNOWN, known_country

    if arguments.country is not None:
        return known_country(root, arguments.country)
    try:
        return remaining_settings_of(arguments)[0].country
    except ConfigError as error:
        note(error.hint)
        return UNKNOWN


def show(support: Support) -> None:
    """For people to read: the emergency number first, each line with its source."""
    print(styled(f"{support.name}: in danger, call {support.emergency}", Style.STRONG))
    for line in support.lines:
        print(f"\n{styled(line.name, Style.STRONG)}")
        rows = (
            ("call", f"{line.phone} ({line.phone_note})" if line.phone_note else line.phone),
            ("about", "danger from another person" if line.about == "abuse" else ""),
            ("write", line.text),
            ("web", line.web),
            ("hours", line.hours),
            ("languages", ", ".join(line.languages)),
            ("source", f"{line.source} ({line.checked}, confidence {line.confidence})" if line.source else ""),
        )
        for label, value in rows:
            if value:
                print(f"  {label:<10}{value}")
    if support.review == "unreviewed":
        print(styled("\nNobody has dialled these numbers to check them yet.", Style.WARN))
