"""What may come along with a release, and what is told of it."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

_SPEC = importlib.util.spec_from_file_location("release", Path(__file__).parents[2] / "packaging" / "release.py")
assert _SPEC is not None and _SPEC.loader is not None
release = importlib.util.module_from_spec(_SPEC)
sys.modules["release"] = release
_SPEC.loader.exec_module(release)


@pytest.mark.parametrize(
    ("licence", "may"),
    [
        ("MIT", True), ("Apache-2.0 OR GPL-3.0-only", True), ("BSD-3-Clause AND MIT", True), ("MPL-2.0 AND MIT", True),
        ("GPL-3.0-or-later", False), ("MIT AND GPL-3.0-only", False), ("AGPL-3.0-only OR SSPL-1.0", False), ("", False),
    ],
)  # fmt: skip
def test_no_licence_comes_along_that_may_not(licence: str, may: bool) -> None:
    part = release.Part("thing", "1.0", licence)
    assert release.allowed(part) is may
    if not may:
        with pytest.raises(release.Refused, match="thing"):
            release.refused([release.Part("fine", "1.0", "MIT"), part])


def test_a_licence_is_read_from_wherever_a_package_tells_it() -> None:
    tells = [
        {"name": "a", "license_expression": "MIT"},
        {"name": "b", "license": "a page of text, no name", "classifier": ["License :: OSI Approved :: MIT License"]},
        {"name": "c", "license": "MIT"},
        {"name": "CTranslate2"},
    ]
    assert [release.licence_of(metadata) for metadata in tells] == ["MIT"] * 4
    assert release.licence_of({"name": "unheard-of"}) == ""


def test_the_bill_names_each_part_once_with_its_licence() -> None:
    bill = release.bill("0.1.0", [release.Part("PyYAML", "6.0", "MIT")])
    assert bill["bomFormat"] == "CycloneDX" and bill["components"][0]["purl"] == "pkg:pypi/pyyaml@6.0"
    assert bill["components"][0]["licenses"] == [{"expression": "MIT"}]


def test_a_version_that_the_changelog_does_not_tell_of_is_no_release(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert release.told_version()
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "9.9.9"\n', encoding="utf-8")
    (tmp_path / "CHANGELOG.md").write_text("# Changelog\n\n## 0.1.0\n", encoding="utf-8")
    monkeypatch.setattr(release, "ROOT", tmp_path)
    with pytest.raises(release.Refused, match=r"9\.9\.9"):
        release.told_version()
