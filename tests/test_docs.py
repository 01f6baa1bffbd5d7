"""The pages are true where a machine can tell: no link leads nowhere, and every failure has its row."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "audio").glob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
NAMED = re.compile(r"`((?:docs|scripts|audio|packaging|benchmarks|tests|assistant)/[\w./-]+)`")
EXPLAINED = ("ConfigError", "ContentError", "DeviceError", "EngineError", "StoreError")
"""What is wrong with a command line says so itself, and is done right the next time; these are met on a machine."""
WORKSHOP = ("testing", "training", "benching.py", "hanging.py")


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_link_leads_nowhere(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if target.startswith(("http://", "https://", "mailto:")):
            continue
        file, _, anchor = target.partition("#")
        led = (page.parent / file).resolve() if file else page
        assert led.exists(), f"{page.name}: {target}"
        assert not anchor or anchor in anchors(led), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_is_named_is_there(page: Path) -> None:
    for name in NAMED.findall(page.read_text(encoding="utf-8")):
        if not re.search(r"\b(ID|XX|NAME|LANG)\b", name):
            assert (ROOT / name).exists(), f"{page.name}: {name}"


def raised() -> set[str]:
    """The names of the failures that a machine can give rise to."""
    names: set[str] = set()
    for path in (ROOT / "assistant").rglob("*.py"):
        if any(part in path.parts for part in WORKSHOP):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in EXPLAINED
                and node.args
            ):
                names |= _names(node.args[0])
    return names


def _names(code: ast.expr) -> set[str]:
    if isinstance(code, ast.Constant):
        return {str(code.value)}
    if isinstance(code, ast.JoinedStr):
        ends = "".join(str(part.value) for part in code.values if isinstance(part, ast.Constant))
        return {f"microphone{ends}", f"speaker{ends}"}
    return set()


def test_every_failure_that_a_machine_can_give_rise_to_has_its_row() -> None:
    rows = (ROOT / "docs" / "troubleshooting.md").read_text(encoding="utf-8")
    explained = {
        name for row in re.findall(r"^\| (`.+?) \|", rows, re.MULTILINE) for name in re.findall(r"`([\w-]+)`", row)
    }
    assert sorted(raised() - explained) == [] and len(raised()) > 30
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "assistant").rglob("*.py"))
    made_of_two = {
        f"{what}-{end}" for what in ("microphone", "speaker") for end in ("missing", "unknown", "busy", "silent")
    }
    assert [name for name in sorted(explained - made_of_two) if f'"{name}"' not in code] == []
