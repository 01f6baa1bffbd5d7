"""Other computers that a sitting may use: whose they are, and whether the person was told and agreed.

Nothing is asked of any before it was said aloud whose it is. One that is not the person's own waits for their yes,
which holds for this sitting only; without a word from them the answer is no.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Whose(StrEnum):
    """Whose computer an address leads to."""

    HERE = "here"
    """This one."""
    NETWORK = "network"
    """One of the person's own network."""
    ELSEWHERE = "elsewhere"
    """Somebody else's."""


@dataclass(slots=True)
class Outside:
    """`model` is shown words, `hearing` is sent sound; None: there is none. Owned by the session."""

    model: Whose | None = None
    hearing: Whose | None = None
    window_seconds: float = 1.5
    """In which a language model's answer is of use."""
    told: bool = False
    """Whether what leaves was heard to its end."""
    agreed: bool | None = None
    """What the person said of it; None: nothing."""
    closed: bool = False
    """There was a hard signal: the model sees nothing more of this sitting."""
    may_raise: bool = False
    """Whether the model may have it asked whether somebody is safe, where the screen heard nothing."""
    raised: bool = False
    """It did: once in a sitting is enough, whatever a server answers."""

    @property
    def any(self) -> bool:
        """Whether there is anything to tell."""
        return self.model is not None or self.hearing is not None

    @property
    def model_may_see(self) -> bool:
        """Whether words may go to the language model."""
        return not self.closed and self._allowed(self.model)

    @property
    def may_hear(self) -> bool:
        """Whether sound may go to the other recogniser."""
        return self._allowed(self.hearing)

    def notice(self) -> tuple[str, ...]:
        """The phrases that tell it."""
        told = [
            f"outside.{name}_{whose}" for name, whose in (("model", self.model), ("hearing", self.hearing)) if whose
        ]
        return (*told, "outside.ask") if Whose.ELSEWHERE in (self.model, self.hearing) else tuple(told)

    def _allowed(self, whose: Whose | None) -> bool:
        if whose is None or self.agreed is False:
            return False
        return self.agreed is True or (self.told and whose is not Whose.ELSEWHERE)
