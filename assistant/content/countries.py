"""scripts/resources/: human support by country."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from assistant.content.support_models import Resources
from assistant.errors import UsageError
from assistant.faults import Fault, close
from assistant.safety.minimal import MINIMAL_SUPPORT
from assistant.safety.support import Line, Support
from assistant.yaml_marks import Marked, read_yaml, validated

UNKNOWN = "ZZ"
"""ISO 3166 keeps this code free: where the country is not known."""


@dataclass(frozen=True, slots=True)
class CountrySource:
    """As written, and as used."""

    marked: Marked
    resources: Resources
    support: Support


@cache
def _adapter() -> TypeAdapter[Resources]:
    return TypeAdapter(Resources)


def country_codes(root: Path) -> list[str]:
    """The countries that have a file, the unknown one last."""
    return sorted((path.stem for path in _folder(root).glob("*.yaml")), key=lambda code: (code == UNKNOWN, code))


def read_country(root: Path, code: str, faults: list[Fault]) -> CountrySource | None:
    """One country, or None with its faults."""
    marked = read_yaml(_folder(root) / f"{code}.yaml", faults)
    written = validated(marked, _adapter(), faults) if marked else None
    if marked is None or written is None:
        return None
    if written.country != code:
        what = f"country is {written.country!r}, but the file is {code}.yaml"
        faults.append(marked.fault(("country",), what, f"write {code}, or rename the file"))
        return None
    return CountrySource(marked, written, _as_support(written))


def load_support(root: Path, country: str, faults: list[Fault]) -> Support:
    """Human support in a country: its own file, or that for its region.

    Never fails: a broken or missing file falls back to any-country support.
    """
    has_file = (_folder(root) / f"{country}.yaml").exists()
    if not has_file and (regional := load_regions(root).get(country)) is not None:
        return regional
    for code in dict.fromkeys((country, UNKNOWN)):
        if (source := read_country(root, code, faults)) is not None:
            return source.support
    return MINIMAL_SUPPORT


def load_regions(root: Path) -> dict[str, Support]:
    """Support for each country that has no file of its own."""
    anywhere = read_country(root, UNKNOWN, [])
    if anywhere is None:
        return {}
    return {
        code: replace(anywhere.support, country=code, name=region.name, emergency=region.emergency)
        for region in anywhere.resources.regions
        for code in region.countries
        if not (_folder(root) / f"{code}.yaml").exists()
    }


def load_countries(root: Path, faults: list[Fault]) -> dict[str, Support]:
    """Every country that can be read, by its code."""
    read = ((code, read_country(root, code, faults)) for code in country_codes(root))
    return {code: source.support for code, source in read if source is not None}


def known_country(root: Path, asked: str) -> str:
    """The code for what a person wrote: a code in any case, or a name. Raises UsageError, with the nearest."""
    if asked.upper() in country_codes(root) or asked.upper() in load_regions(root):
        return asked.upper()
    names = names_of_countries(root)
    called = {_plain(name): code for name, code in names.items()}
    if (code := called.get(_plain(asked))) is not None:
        return code
    likely = [f"{names[name]} ({name})" for name in close(asked, names)]
    hint = f"did you mean {' or '.join(likely)}?" if likely else "write its name in English, or its two letters."
    raise UsageError("country-unknown", f"there is no list of people to reach for {asked!r} yet: {hint}")


def names_of_countries(root: Path) -> dict[str, str]:
    """The code of each country by all that it is called, those without a file of their own too."""
    names: dict[str, str] = {}
    for code in country_codes(root):
        if (source := read_country(root, code, [])) is not None:
            written = source.resources
            names |= dict.fromkeys((written.name, *written.also_called), code)
            names |= {name: there for there, name in written.names.items()}
    return names


def _plain(name: str) -> str:
    return name.casefold().strip(" .").removeprefix("the ").replace(".", "")


def _folder(root: Path) -> Path:
    return root / "scripts" / "resources"


def _as_support(written: Resources) -> Support:
    lines = tuple(
        Line(
            name=line.name,
            phone=line.phone,
            text=line.text,
            web=line.web,
            hours=line.hours,
            languages=line.languages,
            source=line.source,
            checked=line.checked.isoformat(),
            confidence=line.confidence,
            text_spoken=line.text_spoken,
            text_number=line.text_number,
            hours_spoken=line.hours_spoken,
            about=line.about,
            phone_note=line.phone_note,
            unverified=line.unverified,
        )
        for line in written.lines
    )
    return Support(written.country, written.name, written.emergency, lines, written.review)
