"""Questions in a terminal: each can be left, put off, or answered badly, and none is ever a trap."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from getpass import getpass
from select import select
from types import FrameType
from typing import Generic, Protocol, TypeVar

from assistant.core.spoken_answers import Form
from assistant.errors import AssistantError

T = TypeVar("T")
LATER = "later"
PROMPT = "> "
_YES, _NO = ("y", "yes"), ("n", "no")
LOOK_SECONDS = 0.2
"""Between two looks at the keyboard."""
LONGEST = 400
"""Characters of an answer: more is something pasted by mistake."""


class PutOff(Exception):  # noqa: N818 - an answer, not an error
    """The person would rather answer another time."""


@dataclass(frozen=True, slots=True)
class Aloud:
    """How a question is read aloud: `said`, a name in setup.yaml, and `more`, lines after it. `form`: what can be said
    to it; `names`: as NAME, what may be said and what would be typed for it.
    """

    said: str
    form: Form = Form.TYPED
    names: Mapping[str, str] = field(default_factory=dict)
    more: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question(Generic[T]):
    """`shown`: the usual answer, as Enter means it, in words. `read`: makes a value of what was typed; raises
    AssistantError, whose hint is the one line that is shown before the question comes again. `secret`: what is typed is
    not shown. `aloud`: how it is read where somebody asked for that; None: it is typed only.
    """

    text: str
    usual: T
    shown: str
    read: Callable[[str], T]
    secret: bool = False
    aloud: Aloud | None = None

    def meant(self, typed: str) -> T:
        """The answer that was typed. Raises PutOff, and AssistantError for what is none."""
        if not typed:
            return self.usual
        if typed.lower() == LATER:
            raise PutOff
        return self.read(typed)


class Ask(Protocol):
    """Asks one question, in whatever way."""

    def __call__(self, question: Question[T]) -> T:
        """The answer. Raises PutOff, and KeyboardInterrupt when nobody can answer any more."""
        ...


def show(question: Question[T]) -> None:
    """Print it, with the usual answer."""
    print(f"\n{question.text}")
    print(f"Enter: {question.shown}. Or '{LATER}'.")


def ask(question: Question[T]) -> T:
    """In the terminal alone."""
    show(question)
    while True:
        try:
            return question.meant(typed_line(PROMPT, secret=question.secret))
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


def typed_line(prompt: str, *, secret: bool = False) -> str:
    """What was typed, without what surrounds it. Raises AssistantError for what nobody types on purpose."""
    try:
        with unseen() if secret else nullcontext():
            if sys.platform == "win32" or not somebody_there():
                typed = (getpass if secret else input)(prompt)
            else:
                print(prompt, end="", flush=True)
                while not line_waits(LOOK_SECONDS):
                    pass
                typed = input()
                if secret:
                    print()  # as the line's own end is not shown either
        typed = typed.strip()
    except EOFError:
        raise KeyboardInterrupt from None
    except UnicodeDecodeError:
        typed = "\0"
    if not typed.isprintable():
        raise AssistantError("answer-misfit", "That has signs in it that cannot be read; type it again.")
    if len(typed) > LONGEST:
        raise AssistantError("answer-misfit", f"That is too long; at most {LONGEST} letters.")
    return typed


def line_waits(seconds: float) -> bool:
    """Whether there is one to be read within so long. A signal that comes just before a read is seen with the next key
    only; between two of these looks it is seen at once.
    """
    return bool(select([sys.stdin], [], [], seconds)[0])


def somebody_there() -> bool:
    """Whether there is a terminal with a person who could answer."""
    return sys.stdin is not None and sys.stdin.isatty()


@contextmanager
def unseen() -> Iterator[None]:
    """What is typed is not shown, where the terminal can do that; and it is given back as it was."""
    try:
        import termios

        number = sys.stdin.fileno()
        before = termios.tcgetattr(number)
    except (ImportError, OSError, ValueError):
        yield
        return
    hidden = [*before[:3], before[3] & ~termios.ECHO, *before[4:]]
    termios.tcsetattr(number, termios.TCSADRAIN, hidden)
    try:
        yield
    finally:
        termios.tcsetattr(number, termios.TCSADRAIN, before)


@contextmanager
def leaving_on_signals() -> Iterator[None]:
    """Who ends the program or closes the terminal leaves as with Ctrl-C: the terminal is given back as it was."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = [signal.signal(number, leave) for number in numbers]
    try:
        yield
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
