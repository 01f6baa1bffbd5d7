"""Where a flow stands, how long it waits, and what counts as an answer in it."""

from __future__ import annotations

from enum import Enum, auto

from assistant.core.understanding import Intent

ANSWER_SECONDS = 10.0
"""Yes or no, with a moment more than elsewhere: it is about one's own words."""
MOST_KEPT, MOST_KEPT_AT_LENGTH = 1000, 3000
"""Characters of one answer: a minute of speech, and three where there is time for them. All of it fits into a note."""
BREATHER_SECONDS = 0.6
GOODBYE_WORDS = 2
"""A longer "I have to go" may be the answer to the question."""
PAST = "past"
"""What is put aside for a person, among what was said."""
ANSWERS = frozenset({Intent.YES, Intent.NO, Intent.FIRST, Intent.SECOND, Intent.SHOW, Intent.MORE})
ANSWERS |= {Intent.THANKS, Intent.OTHER_LANGUAGE, Intent.CHANGE, Intent.WAKE, Intent.NOT_WORKING, Intent.WHY}
KEEPS = frozenset({Intent.KEEP, Intent.NOTE, Intent.NOTE_FOR_THERAPIST})
"""Ways to say that it is to be kept."""
ANSWERS |= KEEPS
"""Where one's own words are asked for, these may be among them."""


class Part(Enum):
    """Where it stands."""

    QUESTIONS = auto()
    BOOKMARK = auto()
    """Whether to note what came up, for a person."""
    WHICH = auto()
    """Which part to change."""
    REWORDING = auto()
    """A language model is asked for other words."""
    PROPOSED = auto()
    """Keep them, change them, or leave it as it was."""
    HANDING_ON = auto()
    """Keep, show, or let go."""
