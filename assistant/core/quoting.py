"""The person's own words, read back to them: the marked exception to "everything said is content".

They are cut to a length that can be borne aloud, pass the safety screen once more, all together, and are never written
into the cache of sounds nor rendered by an engine of another computer (`Speech.quoted`).
"""

from __future__ import annotations

from assistant.core.flows import FlowWording
from assistant.core.performance import spoken
from assistant.core.session import Session
from assistant.core.timeline import Pause, Segment, Speech
from assistant.safety.screen import Screen
from assistant.safety.verdict import Level

MOST_ALOUD = 160
"""Characters of one answer: some ten seconds of speech."""
AFTER_LABEL, AFTER_WORDS = 0.3, 0.8
"""Seconds. A label and its words belong together (content.md section 2: under one second inside a thought)."""


def quoted(session: Session, rows: tuple[tuple[str, str], ...]) -> tuple[Segment, ...]:
    """(label, the person's words), read one after the other; what has no words is left out."""
    segments: list[Segment] = []
    for label, words in rows:
        if words:
            aloud = _cut(words)
            said = (Speech(label, session.pace), Pause(AFTER_LABEL), Speech(aloud, session.pace, quoted=True))
            more = () if aloud == words else (Pause(AFTER_LABEL), *spoken(session.lines("flow.more"), session.pace))
            segments += (*said, *more, Pause(AFTER_WORDS))
    return tuple(segments)


def screened_again(
    say: tuple[Segment, ...], session: Session, screen: Screen, wording: FlowWording
) -> tuple[tuple[Segment, ...], bool]:
    """What may be said of it, and whether something was held back: threat, insult, or a sign of danger in words that
    passed one by one.
    """
    at = [index for index, segment in enumerate(say) if isinstance(segment, Speech) and segment.quoted]
    if not at or may_be_read(_quoted_in(say), screen, wording):
        return say, False
    return (*spoken(session.lines("flow.not_read")), Pause(AFTER_WORDS), *say[at[-1] + 1 :]), True


def may_be_read(text: str, screen: Screen, wording: FlowWording) -> bool:
    """Whether there is neither a sign of danger in it, nor threat or insult."""
    return screen.judge(text).level is Level.NONE and not wording.tells("harsh", text)


def _quoted_in(say: tuple[Segment, ...]) -> str:
    return " ".join(segment.text for segment in say if isinstance(segment, Speech) and segment.quoted)


def _cut(words: str) -> str:
    if len(words) <= MOST_ALOUD:
        return words
    return words[:MOST_ALOUD].rpartition(" ")[0] or words[:MOST_ALOUD]
