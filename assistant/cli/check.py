"""Every content file, resource, sound and the configuration."""

from __future__ import annotations

import argparse
from pathlib import Path

from assistant.cli.output import Style, add_json, print_json, styled

HELP = "look for faults in everything that can be said, in the support lines and in the settings"
EXAMPLE = "grounding check"

HAS_FAULTS = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Tell all faults at once."""
    import datetime

    from assistant.content.check import check_content
    from assistant.content.root import content_root
    from assistant.faults import Severity
    from assistant.settings_files import own_settings_file, settings_files

    root = content_root()
    today = datetime.date.today()  # noqa: DTZ011 # the day here
    found = check_content(root, settings_files(root / "config.yaml"), today, own_settings_file().parent)
    faults = [fault for fault in found if fault.severity is Severity.FAULT]
    if arguments.json:
        print_json(
            [
                {
                    "file": _shown(fault.path),
                    "line": fault.line,
                    "column": fault.column,
                    "severity": fault.severity.value,
                    "what": fault.what,
                    "mend": fault.mend,
                }
                for fault in found
            ]
        )
    else:
        for fault in found:
            print(str(fault).replace(str(fault.path), _shown(fault.path), 1))
        counted = f"{_count(len(faults), 'fault')}, {_count(len(found) - len(faults), 'warning')} under {root}"
        print(styled(counted, Style.BAD if faults else Style.GOOD))
    return HAS_FAULTS if faults else 0


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _count(number: int, name: str) -> str:
    return f"{number} {name}{'' if number == 1 else 's'}"
