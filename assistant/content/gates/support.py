"""A number nobody checked is worse than none: every line names its source and the day it was read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import replace

from assistant.content.countries import UNKNOWN, CountrySource
from assistant.content.gates.phrases import placeholder_problems
from assistant.content.gates.wording import wording_problems
from assistant.content.required import TEXT_SPOKEN
from assistant.faults import Fault, Severity

WARN_AFTER_DAYS = 180
"""Numbers change; safety.md proposes to look again after half a year."""
FAIL_AFTER_DAYS = 365


def support_faults(source: CountrySource, today: datetime.date, language: str) -> Iterator[Fault]:
    """Everything that is wrong with one country's file."""
    marked, written = source.marked, source.resources
    if not written.lines and written.country != UNKNOWN:
        yield marked.fault(("lines",), "there is no line to call", "add one, or remove the country")
    for at, line in enumerate(written.lines):
        place = ("lines", at)
        if not line.source.strip():
            yield marked.fault((*place, "source"), f"{line.name} names no source", "write where the number was read")
        age = (today - line.checked).days
        if age > WARN_AFTER_DAYS:
            fault = marked.fault(
                (*place, "checked"), f"{line.name} was checked {age} days ago", "check it again and write the date"
            )
            yield fault if age > FAIL_AFTER_DAYS else replace(fault, severity=Severity.WARNING)
        if age < 0:
            yield marked.fault(
                (*place, "checked"), f"{line.name} was checked in the future", "write the day it was read"
            )
        if not (line.phone or line.text_number or line.web):
            yield marked.fault(place, f"{line.name} cannot be reached", "add phone, text_number or web")
        if bool(line.text_spoken) != bool(line.text_number):
            mend = "give both, or neither"
            yield marked.fault(place, f"{line.name} has one of text_spoken and text_number", mend)
        if line.text_spoken:
            for what, mend in placeholder_problems((line.text_spoken,), TEXT_SPOKEN):
                yield marked.fault((*place, "text_spoken"), f"text_spoken {what}", mend)
            for what, mend in wording_problems(line.text_spoken, language):
                yield marked.fault((*place, "text_spoken"), what, mend)
        for what, mend in wording_problems(line.hours_spoken, language):
            yield marked.fault((*place, "hours_spoken"), what, mend)
