"""Composes what is said when the screen asks for human support. The words are content; the order is the law.

Order: acknowledge, say it is a program, the emergency number, one line (digits slowly, twice), the trusted person,
be near someone and put distance to anything usable, one question about what stands in the way, then stay. The question
offers to send the trusted person a message, where one can be sent; else to write to the line instead of calling it.
What differs by kind: docs/safety-case.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.safety.support import Support
from assistant.safety.verdict import Kind

Phrases = Mapping[str, Sequence[str]]
_SIGNS = {"*": "spoken.star", "+": "spoken.plus"}
_NO_DISTANCE = (Kind.MEDICAL, Kind.ABUSE, Kind.THIRD_PERSON, Kind.PSYCHOSIS)
"""Where "anything you could use" would be heard wrongly."""


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody the person trusts. `message`: one can be sent to them; `number`: it can be said."""

    name: str = ""
    message: bool = False
    number: bool = False


NOBODY_KNOWN = Near()


def spell(number: str, phrases: Phrases) -> str:
    """A phone number digit by digit, as it is read aloud: groups become short rests."""
    digits = phrases["spoken.digits"]
    signs = [phrases[_SIGNS[sign]][0] for sign in number[:1] if sign in _SIGNS]
    groups = "".join(c if c.isdecimal() else " " for c in number).split()
    return ", ".join([*signs, *(" ".join(digits[int(d)] for d in group) for group in groups)])


def compose_interrupt(kind: Kind, support: Support, phrases: Phrases, trusted: Near) -> tuple[str, ...]:
    """The sentences, in order."""
    fitting = support.for_kind(kind)
    acknowledge = phrases.get(f"interrupt.acknowledge_{kind}") or phrases["interrupt.acknowledge"]
    emergency = compose_emergency(support, phrases)
    parts = [acknowledge, phrases["interrupt.program"], emergency]
    if kind is Kind.MEDICAL:
        parts = [emergency, acknowledge, phrases["interrupt.program"]]
    else:
        parts.append(compose_line(fitting, phrases))
    parts.append(_person(kind, phrases, trusted))
    if _may_be_named(kind, phrases, trusted) and trusted.number:
        parts.append(phrases["interrupt.trusted_number"])
    if kind not in _NO_DISTANCE:
        parts.append(phrases["interrupt.distance"])
    if offers_message(kind, trusted):
        parts.append(_filled(phrases["interrupt.barrier_message"], trusted=trusted.name))
    elif kind is not Kind.MEDICAL and fitting.lines and fitting.lines[0].text_spoken:
        parts.append(phrases["interrupt.barrier"])
    parts.append(phrases["interrupt.stay"])
    return tuple(line for part in parts for line in part)


def offers_message(kind: Kind | None, trusted: Near) -> bool:
    """Whether the last question is about a message. Not where a call comes first, nor where a name may be theirs."""
    return kind not in (None, Kind.MEDICAL, Kind.ABUSE) and trusted.message and bool(trusted.name)


def compose_return(support: Support, phrases: Phrases) -> tuple[str, ...]:
    """For a new sitting soon after an interrupt: the way to people comes first. What it was about is not known."""
    fitting = support.for_kind(None)
    emergency = compose_emergency(support, phrases)
    return (*phrases["interrupt.reopened"], *emergency, *compose_line(fitting, phrases), *phrases["interrupt.stay"])


def compose_emergency(support: Support, phrases: Phrases) -> tuple[str, ...]:
    """The emergency number, and when to call it."""
    return _filled(phrases["interrupt.emergency"], emergency=spell(support.emergency, phrases))


def compose_line(support: Support, phrases: Phrases) -> tuple[str, ...]:
    """One line to call, its number said slowly and repeated once; or where to find one."""
    line = support.lines[0] if support.lines else None
    if line is None or not line.phone:
        return tuple(phrases["interrupt.no_line"])
    name = line.name if line.named else phrases["support.some_line"][0]
    wording = phrases["interrupt.line" if line.sure else "interrupt.line_unsure"]
    return _filled(wording, line=name, digits=spell(line.phone, phrases))


def compose_texting(support: Support, phrases: Phrases) -> tuple[str, ...]:
    """How to write instead of calling; where that is not known, the line to call."""
    line = support.lines[0] if support.lines else None
    if line is None or not line.text_spoken:
        return compose_line(support, phrases)
    return (line.text_spoken.format(digits=spell(line.text_number, phrases)),)


def compose_support(support: Support, phrases: Phrases, kind: Kind | None = None) -> tuple[str, ...]:
    """Who can be called, for a person who asked without a crisis. `kind`: what it is about, where that is known."""
    return (
        *phrases["support.asked"],
        *compose_line(support.for_kind(kind), phrases),
        *compose_emergency(support, phrases),
    )


def _person(kind: Kind, phrases: Phrases, trusted: Near) -> Sequence[str]:
    """Someone to be near. In danger from someone, no name is said: it may be theirs, and they may hear it."""
    if _may_be_named(kind, phrases, trusted):
        return _filled(phrases["interrupt.trusted"], trusted=trusted.name)
    return phrases.get(f"interrupt.person_{kind}") or phrases["interrupt.person"]


def _may_be_named(kind: Kind, phrases: Phrases, trusted: Near) -> bool:
    return bool(trusted.name) and not phrases.get(f"interrupt.person_{kind}")


def _filled(lines: Sequence[str], **values: str) -> tuple[str, ...]:
    return tuple(line.format(**values) for line in lines)
