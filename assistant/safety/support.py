"""Human support in one country, as the interrupt needs it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.safety.verdict import Kind

MOST_LINES = 2
"""With the emergency number at most three ways to people: four or more, unordered, are a fault (VERA-MH rubric)."""


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
    about: str = "crisis"
    """`crisis`, or `abuse` for a line about danger from another person."""
    phone_note: str = ""
    """What to do once connected, or from where to call. Printed."""
    unverified: tuple[str, ...] = ()
    """Fields that no second source confirms; they are never said as certain."""

    @property
    def sure(self) -> bool:
        """Whether the number may be said without a hedge."""
        return self.confidence == "high" and "phone" not in self.unverified

    @property
    def named(self) -> bool:
        """Whether the name may be said."""
        return "line_name" not in self.unverified


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

    def for_kind(self, kind: Kind | None) -> Support:
        """The few lines that fit, the fittest first: in danger from someone, a line about that where one is known."""
        fitting = [line for line in self.lines if kind is Kind.ABUSE and line.about == "abuse"]
        crisis = [line for line in self.lines if line.about == "crisis"]
        return replace(self, lines=tuple([*fitting, *crisis][:MOST_LINES]))
