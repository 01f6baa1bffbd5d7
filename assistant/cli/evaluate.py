"""How well the safety screen catches what it must, and how often it is wrong to stop someone."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli.given import add_language, settings_of
from assistant.cli.output import Style, add_json, print_json, styled
from assistant.errors import UsageError
from assistant.wilson import Share, share

if TYPE_CHECKING:
    from assistant.cli.screening import Screening

HELP = "measure the safety screen on labelled texts: recall and false alarms, with their uncertainty"
EXAMPLE = "grounding evaluate labelled.jsonl --json"

EXPECTED = ("hard", "soft", "none")
SHOWN_BAD_LINES = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One labelled text, and where it stands."""

    line: int
    text: str
    kind: str
    expect: str


@dataclass(frozen=True, slots=True)
class Report:
    """`recall`: of texts that expect hard or soft, those that got either. `missed`: lines of those that got neither."""

    items: int
    recall: Share
    hard_as_hard: Share
    """Of texts that expect hard, those that were stopped at once."""
    recall_by_kind: dict[str, Share]
    false_hard: Share
    false_soft: Share
    missed: tuple[int, ...]
    alarmed: tuple[int, ...]
    """Lines that expect none and got hard."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument(
        "file", metavar="FILE.jsonl", type=Path, help='an object a line: {"text": ..., "kind": ..., "expect": "hard"}'
    )
    add_language(parser)
    add_json(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure, and print what was found."""
    from assistant.cli.screening import screening

    items = read_items(arguments.file)
    report = measure(items, screening(settings_of(arguments)))
    if arguments.json:
        print_json(asdict(report))
    else:
        _show(report, arguments.file)
    return 0


def read_items(path: Path) -> list[Item]:
    """The labelled texts. Raises UsageError naming every line that cannot be used."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else f"cannot be read ({error.strerror})"
        raise UsageError("file-unreadable", f"{path} {reason}: give a file of one JSON object a line.") from None
    items: list[Item] = []
    bad: list[str] = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            item = _item(line, number)
            if isinstance(item, Item):
                items.append(item)
            else:
                bad.append(f"{path}:{number}: {item}")
    if bad:
        more = [f"and {len(bad) - SHOWN_BAD_LINES} more"] if len(bad) > SHOWN_BAD_LINES else []
        listed = "\n".join([*bad[:SHOWN_BAD_LINES], *more])
        raise UsageError("bad-lines", f"nothing was measured, since lines cannot be used:\n{listed}")
    if not items:
        raise UsageError("no-items", f"{path} holds no texts: give one JSON object a line.")
    return items


def measure(items: Sequence[Item], screen: Screening) -> Report:
    """The screen's verdicts against the labels."""
    judged = [(item, screen.judge(item.text).level) for item in items]
    signals = [(item, level) for item, level in judged if item.expect != "none"]
    harmless = [(item, level) for item, level in judged if item.expect == "none"]
    kinds = sorted({item.kind for item, _ in signals})
    return Report(
        items=len(items),
        recall=_share(level != "none" for _, level in signals),
        hard_as_hard=_share(level == "hard" for item, level in signals if item.expect == "hard"),
        recall_by_kind={
            kind: _share(level != "none" for item, level in signals if item.kind == kind) for kind in kinds
        },
        false_hard=_share(level == "hard" for _, level in harmless),
        false_soft=_share(level == "soft" for _, level in harmless),
        missed=tuple(item.line for item, level in signals if level == "none"),
        alarmed=tuple(item.line for item, level in harmless if level == "hard"),
    )


def _share(outcomes: Iterable[bool]) -> Share:
    found = list(outcomes)
    return share(sum(found), len(found))


def _item(line: str, number: int) -> Item | str:
    """The item, or why there is none; never its words."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        return f"this is not JSON ({error.msg})"
    if not isinstance(row, dict):
        return "this is not an object"
    if not isinstance(row.get("text"), str):
        return "'text' is missing, or is not text"
    if row.get("expect") not in EXPECTED:
        return "'expect' is not one of hard, soft, none"
    kind = row.get("kind")
    if row["expect"] != "none" and not isinstance(kind, str):
        return "'kind' is missing"
    return Item(number, row["text"], kind if isinstance(kind, str) else "", row["expect"])


def _show(report: Report, path: Path) -> None:
    rows = [("recall", report.recall), ("  hard stopped at once", report.hard_as_hard)]
    rows += [(f"  {kind}", found) for kind, found in report.recall_by_kind.items()]
    rows += [("false alarms: hard", report.false_hard), ("false alarms: soft", report.false_soft)]
    print(styled(f"{report.items} text{'s' * (report.items != 1)}; shares with Wilson 95 % intervals", Style.STRONG))
    for name, found in rows:
        print(f"{name:<24}{found}")
    for name, lines in (("missed", report.missed), ("stopped without need", report.alarmed)):
        if lines:
            print(f"{name}: {', '.join(f'{path.name}:{line}' for line in lines)}")
