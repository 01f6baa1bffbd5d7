"""The trusted person's number, as it is said: digit by digit, slowly, and once more."""

from __future__ import annotations

from assistant.core.performance import spoken
from assistant.core.session import Session
from assistant.core.timeline import Segment
from assistant.safety.interrupt import spell

PACE = 0.85
"""Slower than speech, so that it can be dialled or written down on the way."""
GAP_SECONDS = 0.8


def number_said(session: Session) -> tuple[Segment, ...]:
    """Where there is none, that; never silence."""
    contact = session.trusted
    if not contact.number:
        return spoken(session.lines("trusted.no_number"))
    digits = spell(contact.number, session.repertoire.phrases)
    lines = session.lines("trusted.number", trusted=session.trusted_name, digits=digits)
    return spoken(lines, PACE, GAP_SECONDS)
