"""Composes what is said when the screen asks for human support. The words are content; the order is the law.

Order: acknowledge, say it is a program, the emergency number, one line (digits slowly, twice), the trusted person,
be near someone and put distance to anything usable, then stay. Medical: the emergency number comes first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.safety.support import Support
from assistant.safety.verdict import Kind

Phrases = Mapping[str, Sequence[str]]


def spell(number: str, phrases: Phrases) -> str:
    """A phone number digit by digit, as it is read aloud: groups become short rests."""
    digits = phrases["spoken.digits"]
    groups = "".join(c if c.isdecimal() else " " for c in number).split()
    return ", ".join(" ".join(digits[int(d)] for d in group) for group in groups)


def compose_interrupt(kind: Kind, support: Support, phrases: Phrases, trusted: str | None) -> tuple[str, ...]:
    """The sentences, in order."""
    acknowledge = phrases.get(f"interrupt.acknowledge_{kind}") or phrases["interrupt.acknowledge"]
    emergency = _filled(phrases["interrupt.emergency"], emergency=spell(support.emergency, phrases))
    parts = [acknowledge, phrases["interrupt.program"], emergency]
    if kind is Kind.MEDICAL:
        parts = [emergency, acknowledge, phrases["interrupt.program"]]
    parts.append(compose_line(support, phrases))
    parts.append(_filled(phrases["interrupt.trusted"], trusted=trusted) if trusted else phrases["interrupt.person"])
    if kind not in (Kind.MEDICAL, Kind.ABUSE, Kind.THIRD_PERSON):
        parts.append(phrases["interrupt.distance"])
    if support.lines and support.lines[0].text_spoken:
        parts.append(phrases["interrupt.barrier"])
    parts.append(phrases["interrupt.stay"])
    return tuple(line for part in parts for line in part)


def compose_line(support: Support, phrases: Phrases) -> tuple[str, ...]:
    """One line to call, its number said slowly and repeated once; or where to find one."""
    if not support.lines or not support.lines[0].phone:
        return tuple(phrases["interrupt.no_line"])
    line = support.lines[0]
    return _filled(phrases["interrupt.line"], line=line.name, digits=spell(line.phone, phrases))


def compose_texting(support: Support, phrases: Phrases) -> tuple[str, ...]:
    """How to write instead of calling; where that is not known, the line to call."""
    line = support.lines[0] if support.lines else None
    if line is None or not line.text_spoken:
        return compose_line(support, phrases)
    return (line.text_spoken.format(digits=spell(line.text_number, phrases)),)


def compose_support(support: Support, phrases: Phrases) -> tuple[str, ...]:
    """Who can be called, for a person who asked without a crisis."""
    return (
        *phrases["support.asked"],
        *compose_line(support, phrases),
        *_filled(phrases["interrupt.emergency"], emergency=spell(support.emergency, phrases)),
    )


def _filled(lines: Sequence[str], **values: str) -> tuple[str, ...]:
    return tuple(line.format(**values) for line in lines)
