"""The trusted person: somebody to turn to, as they were written down. A message goes only when it was confirmed."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class TrustedPerson:
    """Each part may be missing. `number`: as it is dialled. `message`: words chosen beforehand; none: the content's
    own. `reachable`: there is a channel that a message can go through. What is known of them is in no repr.
    """

    name: str = field(default="", repr=False)
    number: str = field(default="", repr=False)
    message: str = field(default="", repr=False)
    reachable: bool = False

    @property
    def known(self) -> bool:
        """Whether there is anything that could be said or sent."""
        return bool(self.name or self.number or self.reachable)


NOBODY = TrustedPerson()


class Sending(StrEnum):
    """How a message stands. The values of those that are over are the codes of their sentences."""

    UNDER_WAY = "under-way"
    SENT = "message-sent"
    """The server took it. Whether anybody reads it is not known."""
    FAILED = "message-failed"
    UNSURE = "message-unsure"
    """It took too long: it may have been sent, or not."""
