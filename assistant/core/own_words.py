"""The assistant's own words, heard again through the microphone, are its echo and no answer.

What the echo canceller lets through would otherwise be answered, and that answer heard again. The screen comes first:
words that it takes for a signal are never taken for an echo (law 5).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from assistant.core.timeline import Recorded, Segment, Speech
from assistant.safety.screen import ScreenedText
from assistant.safety.verdict import Level
from assistant.safety.words import normalise

REMEMBERED_SECONDS = 15.0
"""A sentence lasts four seconds at most, and a room gives it back at once; the rest is how late a transcript may be."""
FEWEST_WORDS = 3
"""Whoever says one or two of the same words answers: "press again?", "stop"."""


class OwnWords:
    """What was let be heard in the last moments, as words."""

    def __init__(self) -> None:
        self._said: deque[tuple[float, str]] = deque()

    def said(self, segments: Iterable[Segment], now: float) -> None:
        """These segments began to be heard."""
        for segment in segments:
            if isinstance(segment, Speech | Recorded):
                self._said.append((now, " ".join(normalise(segment.text))))
        while self._said and now - self._said[0][0] > REMEMBERED_SECONDS:
            self._said.popleft()

    def echoed(self, heard: ScreenedText, now: float) -> bool:
        """Whether `heard` is nothing but a stretch of what was said."""
        if heard.verdict.level is not Level.NONE:
            return False
        words = normalise(heard.text)
        recent = " ".join(words for at, words in self._said if now - at <= REMEMBERED_SECONDS)
        return len(words) >= FEWEST_WORDS and f" {' '.join(words)} " in f" {recent} "
