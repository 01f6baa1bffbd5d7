"""The number, asked for: taken when it was heard clearly, confirmed once when it was not, and never insisted on."""

from __future__ import annotations

from dataclasses import dataclass, replace

from assistant.core.numbers import Against
from assistant.core.performance import spoken
from assistant.core.scenes.scene import Move
from assistant.core.session import Session
from assistant.core.understanding import Intent, Understanding

CONFIRM_SECONDS = 8.0
"""Yes or no (content.md section 2)."""


@dataclass(frozen=True, slots=True)
class NumberQuestion:
    """What is known of the answer. `asked_again`: it may not ask once more. `proposed`: what it asked about."""

    asked_again: bool = False
    proposed: float | None = None

    def hear(self, session: Session, said: Understanding) -> tuple[NumberQuestion, float | Move | None]:
        """What is known then; and the number, a move that asks whether it was that, or None for what is no answer."""
        known = replace(self, proposed=None)
        if self.proposed is not None and said.intent is Intent.YES:
            return known, self.proposed
        number = session.before if said.against is Against.SAME else said.number
        if number is None or said.clear or self.asked_again:
            return known, number
        lines = session.lines("rate.confirm", number=session.spoken_number(number))
        return NumberQuestion(asked_again=True, proposed=number), Move(say=spoken(lines), listen=CONFIRM_SECONDS)
