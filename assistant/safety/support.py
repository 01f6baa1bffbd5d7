"""Human support in one country, as the interrupt needs it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One service a person can reach. `phone` is written as dialled; `text` says how to write instead, or is empty."""

    name: str
    phone: str
    text: str
    web: str
    hours: str
    languages: tuple[str, ...]
    source: str
    checked: str
    """ISO date on which the source was read."""
    confidence: str
    text_spoken: str = ""
    """How to write instead, as a sentence with `{digits}`."""
    text_number: str = ""
    hours_spoken: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """A country's way to people: the emergency number always stands first when someone is in danger."""

    country: str
    """ISO 3166 alpha-2 code, or `ZZ` where the country is not known."""
    name: str
    emergency: str
    lines: tuple[Line, ...]
    review: str
    """`unreviewed`, or who dialled the numbers and when."""
