"""Questions in a terminal: each can be left, put off, or answered badly, and none is ever a trap."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from getpass import getpass
from typing import Generic, TypeVar

from assistant.errors import AssistantError

T = TypeVar("T")
LATER = "later"
PROMPT = "> "
_YES, _NO = ("y", "yes"), ("n", "no")
LONGEST = 400
"""Characters of an answer: more is something pasted by mistake."""


class PutOff(Exception):  # noqa: N818 - an answer, not an error
    """The person would rather answer another time."""


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """`shown`: the usual answer, as Enter means it, in words. `read`: makes a value of what was typed; raises
    AssistantError, whose hint is the one line that is shown before the question comes again. `secret`: what is typed is
    not shown.
    """

    text: str
    usual: T
    shown: str
    read: Callable[[str], T]
    secret: bool = False


def ask(question: Question[T]) -> T:
    """The answer; the usual one for Enter. Raises PutOff, and KeyboardInterrupt when nobody can answer any more."""
    print(f"\n{question.text}")
    print(f"Enter: {question.shown}. Or '{LATER}'.")
    while True:
        try:
            typed = _line(getpass if question.secret else input)
            if not typed:
                return question.usual
            if typed.lower() == LATER:
                raise PutOff
            return question.read(typed)
        except AssistantError as error:
            print(error.hint)


def chosen(typed: str, options: Sequence[T], what: str) -> T:
    """The option of that number, from 1. Raises AssistantError."""
    number = int(typed) if typed.isdecimal() and typed.isascii() else 0
    if not 1 <= number <= len(options):
        raise AssistantError("answer-misfit", f"That is no {what} of the list; type a number from 1 to {len(options)}.")
    return options[number - 1]


def yes(typed: str) -> bool:
    """Raises AssistantError."""
    if typed.lower() not in (*_YES, *_NO):
        raise AssistantError("answer-misfit", "Type y for yes or n for no.")
    return typed.lower() in _YES


def _line(type_in: Callable[[str], str]) -> str:
    """What was typed, without what surrounds it. Raises AssistantError for what nobody types on purpose."""
    try:
        typed = type_in(PROMPT).strip()
    except EOFError:
        raise KeyboardInterrupt from None
    except UnicodeDecodeError:
        typed = "\0"
    if not typed.isprintable():
        raise AssistantError("answer-misfit", "That has signs in it that cannot be read; type it again.")
    if len(typed) > LONGEST:
        raise AssistantError("answer-misfit", f"That is too long; at most {LONGEST} letters.")
    return typed


def somebody_there() -> bool:
    """Whether there is a terminal with a person who could answer."""
    return sys.stdin is not None and sys.stdin.isatty()
