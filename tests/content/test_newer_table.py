"""A newer table is compared with the list, and nothing is merged."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.content.newer_table import differences
from assistant.errors import UsageError
from assistant.safety.support import Line, Support


def a_country(code: str, emergency: str, phone: str) -> Support:
    line = Line("Listeners", phone, "", "", "", ("en",), "a list", "2026-08-08", "high")
    return Support(code, code, emergency, (line,), "unreviewed")


KNOWN = {
    "GB": a_country("GB", "999", "116 123"),
    "KR": a_country("KR", "119", "109"),
    "NO": a_country("NO", "113", "1"),
}


def test_only_what_differs_is_told(tmp_path: Path) -> None:
    table = tmp_path / "newer.csv"
    table.write_text(
        "iso,name,emergency,phone\nGB,United Kingdom,112 or 999,116-123\nKR,South Korea,112,1393\nXK,Kosovo,112,1\n",
        encoding="utf-8",
    )
    assert list(differences(table, KNOWN)) == [
        "KR: emergency is 119 here, and 112 there",
        "KR: the line is 109 here, and 1393 there",
        "XK: not in the list here",
        "NO: not in newer.csv",
    ]


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n", "iso,emergency\nGB,999\n", "\x00\xff"])
def test_what_is_no_such_table_is_one_clear_line(tmp_path: Path, text: str) -> None:
    table = tmp_path / "newer.csv"
    table.write_bytes(text.encode("latin-1"))
    with pytest.raises(UsageError, match="table"):
        list(differences(table, KNOWN))
