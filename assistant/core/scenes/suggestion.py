"""A card or a flow that a language model chose by its id. It knows the person by a few words: so it is asked first, and
without a clear yes there are two ways to choose from, as there would have been without it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.core.performance import spoken
from assistant.core.scenes.common import common_answer
from assistant.core.scenes.routes import choose
from assistant.core.scenes.scene import KEEP, Move, ToCard, ToFlow
from assistant.core.session import Session
from assistant.core.understanding import Intent, Understanding
from assistant.safety.screen import ScreenedText

SUGGESTION_SECONDS = 8.0
"""Yes or no (content.md section 2)."""


@dataclass
class Suggestion:
    """Asks once."""

    then: ToCard | ToFlow
    name: str = field(default="suggestion", init=False)

    def begin(self, session: Session) -> Move:
        title = self.then.card.title if isinstance(self.then, ToCard) else self.then.flow.script.title
        return Move(say=spoken(session.lines("choosing.suggest", title=title)), listen=SUGGESTION_SECONDS)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.states:
            return choose(session, said.states)
        if said.intent is Intent.YES and said.clear:
            return Move(next=self.then)
        if said.intent in (Intent.YES, Intent.NO, Intent.SOMETHING_ELSE):
            return choose(session, ())
        move = common_answer(session, said, words)
        return choose(session, ()) if move is KEEP else move

    def silence(self, session: Session) -> Move:
        session.silences += 1
        return choose(session, ())

    def after_speech(self, session: Session) -> Move:
        return Move(listen=SUGGESTION_SECONDS)
