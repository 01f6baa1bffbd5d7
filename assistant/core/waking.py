"""How it is woken while it waits. By itself, so that reading the settings need not load what converses."""

from __future__ import annotations

from enum import StrEnum


class Wake(StrEnum):
    """What counts as being spoken to. Danger, and a call for help, count in any case."""

    SPEECH = "speech"
    """A greeting, or what is happening."""
    PHRASE = "phrase"
    """Only its name."""
    WORD = "word"
    """Only a wake word, which is heard outside (`Called`)."""
    BUTTON = "button"
    ALWAYS = "always"
    """Anything that is said."""
