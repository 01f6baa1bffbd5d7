"""A person who was cut off goes on: what was decided on the first half of their sentence is taken back.

Nothing that was done for their safety is taken back, and no stop.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, fields, replace

from assistant.core.scenes.closing import Paused, Stopped
from assistant.core.scenes.message import Message
from assistant.core.scenes.scene import Held, Move, Scene
from assistant.core.scenes.support import Concern, Interrupt
from assistant.core.session import Session

KEPT = (Concern, Interrupt, Stopped, Paused, Message)
"""Scenes that are not left because a sentence went on. A message that went cannot be taken back."""
KNOWN_FOR_GOOD = ("soft_signals", "kind", "support_given", "input_over", "past", "messages", "sending")
"""Of a session: danger, what was forgotten, and what was sent."""


@dataclass(frozen=True, slots=True)
class Before:
    """How things stood before an answer was given."""

    scene: Scene
    session: Session
    held: Held | None
    move: Move

    @staticmethod
    def of(scene: Scene, session: Session, held: Held | None, move: Move) -> Before:
        """Copied: a scene and a session change as they answer."""
        return Before(copy.copy(scene), replace(session, tried=list(session.tried)), held, move)

    def may_return(self, scene: Scene) -> bool:
        """Whether what the answer led to may be taken back."""
        return not isinstance(scene, KEPT)

    def restore(self, session: Session) -> None:
        """The session as it was, in place. What it knows of danger stays known, what was forgotten forgotten, what was
        sent sent.
        """
        for known in fields(session):
            if known.name not in KNOWN_FOR_GOOD:
                setattr(session, known.name, getattr(self.session, known.name))
