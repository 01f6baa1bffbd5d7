"""What comes in between because the person wishes it. Afterwards what was going on goes on."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.core.commands import Command
from assistant.core.scenes.common import common_answer
from assistant.core.scenes.scene import KEEP, Aside, Move, ToClosing
from assistant.core.session import Session
from assistant.core.timeline import Segment
from assistant.core.understanding import Understanding
from assistant.safety.screen import ScreenedText

OVER = Move(next=ToClosing())
"""It was over already, and what it came between is gone: something was told meanwhile, or danger asked about."""


@dataclass(kw_only=True)
class Between:
    """`resumes`: what was going on goes on afterwards; after a stop nothing does by itself."""

    resumes: bool = True
    over: bool = field(default=False, init=False)

    def leave(self, say: tuple[Segment, ...], *also: Command) -> Move:
        """Last words, and back."""
        self.over = True
        return Move(say=say, resume=True, also=also) if self.resumes else Move(say=say, next=ToClosing(), also=also)

    def answer_as_anywhere(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        """What is understood in every scene, and then back. KEEP: it is not."""
        move = common_answer(session, said, words)
        if isinstance(move.next, Aside):
            return replace(move, next=replace(move.next, resumes=self.resumes), interjection=False)
        if move is KEEP or not move.resume:
            return move
        return self.leave(move.say, *move.also)
