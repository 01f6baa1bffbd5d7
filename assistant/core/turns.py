"""Who is making sound. Two machines that run side by side, and one joint rule; never one big enum."""

from __future__ import annotations

from enum import Enum


class User(Enum):
    """The person."""

    QUIET = "quiet"
    SPEAKING = "speaking"
    TRANSCRIBING = "transcribing"
    """They finished, and their words are still being worked out."""


class Voice(Enum):
    """The assistant."""

    QUIET = "quiet"
    SPEAKING = "speaking"


class UserEvent(Enum):
    """What moves the user machine."""

    STARTED = "started"
    STOPPED = "stopped"
    STOPPED_TOO_SHORT = "stopped_too_short"
    UNDERSTOOD = "understood"
    STUCK = "stuck"
    """Voice activity went on beyond any turn: noise is not a person, and must not silence the program for ever."""


USER_TABLE: dict[tuple[User, UserEvent], User] = {
    (User.QUIET, UserEvent.STARTED): User.SPEAKING,
    (User.TRANSCRIBING, UserEvent.STARTED): User.SPEAKING,
    (User.SPEAKING, UserEvent.STOPPED): User.TRANSCRIBING,
    (User.SPEAKING, UserEvent.STOPPED_TOO_SHORT): User.QUIET,
    (User.SPEAKING, UserEvent.STUCK): User.QUIET,
    (User.TRANSCRIBING, UserEvent.UNDERSTOOD): User.QUIET,
    (User.TRANSCRIBING, UserEvent.STUCK): User.QUIET,
}
"""Pairs not listed change nothing: a report from a turn that is over is stale, not an error."""


def next_user(user: User, event: UserEvent) -> User:
    """The user machine's next state."""
    return USER_TABLE.get((user, event), user)


def may_begin_to_speak(user: User) -> bool:
    """The joint rule: the voice never begins over the person, nor before their words were screened."""
    return user is User.QUIET
