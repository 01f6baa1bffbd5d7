"""Every failure a person can meet: a stable code, one line of what happened, and what to do about it."""

from __future__ import annotations

from typing import ClassVar


class AssistantError(Exception):
    """A failure with a name and a way out.

    `code` is stable and kebab-case: it names the spoken sentence (`failures:` in phrases.yaml), the JSON field and the
    documentation entry. `hint` is one printed line: what happened, what it means, what to do. It never holds the
    person's words.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, code: str, hint: str) -> None:
        super().__init__(hint)
        self.code = code
        self.hint = hint


class UsageError(AssistantError):
    """The command line asks for something that cannot be."""

    exit_code = 2


class ConfigError(AssistantError):
    """config.yaml, or an answer given instead of it, has faults."""

    exit_code = 3


class ContentError(AssistantError):
    """A file under scripts/ or audio/ is missing or has faults."""

    exit_code = 3


class DeviceError(AssistantError):
    """A microphone, a speaker or a sound file cannot be used."""


class EngineError(AssistantError):
    """A recogniser, voice engine or model failed or is missing."""


class StoreError(AssistantError):
    """A file of the person's own (history, cache, settings) cannot be read or written."""


class ServiceError(AssistantError):
    """What looks after services on this system is missing, or refuses."""
