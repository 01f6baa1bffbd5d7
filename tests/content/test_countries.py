"""A country is known by whatever people call it, and what nobody means is not proposed."""

from __future__ import annotations

import pytest

from assistant.content.countries import UNKNOWN, country_codes, known_country, load_regions, names_of_countries
from assistant.content.root import content_root
from assistant.errors import UsageError

ROOT = content_root()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("the uk", "GB"), ("U.K.", "GB"), ("England", "GB"), ("wales", "GB"), ("Holland", "NL"),
        ("usa", "US"), ("U.S.A.", "US"), ("the USA", "US"), ("america", "US"), ("deutschland", "DE"), ("Schweiz", "CH"),
        ("the Netherlands", "NL"), ("turkey", "TR"), ("China", "CN"), ("Serbia", "RS"), ("gb", "GB"), ("no", "NO"),
        ("NORGE", "NO"),
    ],
)  # fmt: skip
def test_a_country_is_found_by_what_people_call_it(said: str, code: str) -> None:
    assert known_country(ROOT, said) == code


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("XX", "write its name in English, or its two letters."), ("atlantis", "write its name in English"),
        ("Germny", "did you mean DE (Germany)?"), ("swedn", "did you mean SE (Sweden)?"),
    ],
)  # fmt: skip
def test_only_what_is_spelled_nearly_so_is_proposed(said: str, told: str) -> None:
    """ "XX" was answered with Mexico."""
    with pytest.raises(UsageError) as raised:
        known_country(ROOT, said)
    assert told in raised.value.hint


def test_every_country_has_a_name_and_no_name_is_that_of_two() -> None:
    named = names_of_countries(ROOT)
    assert set(named.values()) == {*country_codes(ROOT), *load_regions(ROOT)}
    assert len({name.casefold() for name in named}) == len(named) and UNKNOWN in named.values()
