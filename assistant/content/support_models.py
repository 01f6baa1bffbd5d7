"""The shape of scripts/resources/XX.yaml: people to reach, by country, each with its source and date."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal

from pydantic import Field

from assistant.content.strict import Line, Strict

Number = Annotated[str, Field(pattern=r"^[0-9*+][0-9 -]*$")]


class SupportLine(Strict):
    """One service a person can reach."""

    name: Line
    about: Literal["crisis", "abuse"] = "crisis"
    phone: Number | Literal[""] = ""
    phone_note: str = ""
    text: str = ""
    text_spoken: str = ""
    text_number: Number | Literal[""] = ""
    web: str = ""
    hours: str = ""
    hours_spoken: str = ""
    languages: tuple[str, ...] = ()
    source: str
    checked: datetime.date
    confidence: Literal["high", "medium", "low"]
    unverified: tuple[Literal["line_name", "phone", "web", "hours", "languages"], ...] = ()


class Region(Strict):
    """Countries that have no file of their own, and the emergency number that most likely reaches help there."""

    name: Line
    emergency: Number
    countries: tuple[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], ...]


class Resources(Strict):
    """scripts/resources/XX.yaml."""

    schema_version: Literal[1] = Field(alias="schema")
    country: Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
    name: Line
    also_called: tuple[Line, ...] = ()
    """As people there, or elsewhere, call it."""
    emergency: Number
    emergency_also: tuple[Number, ...] = ()
    lines: tuple[SupportLine, ...]
    review: Line
    regions: tuple[Region, ...] = ()
    """Only in ZZ.yaml."""
    names: dict[Annotated[str, Field(pattern=r"^[A-Z]{2}$")], Line] = Field(default_factory=dict)
    """Only in ZZ.yaml: what the countries of its regions are called."""
