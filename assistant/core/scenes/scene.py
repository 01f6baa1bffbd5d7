"""A scene decides what is said next. It answers every occasion with a `Move`, and touches nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from assistant.core.cards import Card
from assistant.core.commands import Command, EndReason
from assistant.core.flows import Flow
from assistant.core.past import Forgetting
from assistant.core.script import Script
from assistant.core.session import Session
from assistant.core.timeline import Segment
from assistant.core.understanding import State, Understanding
from assistant.core.wording import Wish
from assistant.safety.screen import ScreenedText
from assistant.safety.verdict import Kind


@dataclass(frozen=True, slots=True)
class ToChoosing:
    """Offer two ways."""

    first: Script
    second: Script


@dataclass(frozen=True, slots=True)
class ToExercise:
    """Perform a script."""

    script: Script


@dataclass(frozen=True, slots=True)
class ToCheckIn:
    """Ask how the person is. `opens`: nothing has been said yet, so it says what speaks."""

    script: Script
    opens: bool = False


@dataclass(frozen=True, slots=True)
class ToFlow:
    """Begin a flow. `opens`: as in `ToCheckIn`."""

    flow: Flow
    opens: bool = False


@dataclass(frozen=True, slots=True)
class ToCard:
    """Read a card; `others` may fit too. `offered`: ask first, as it was asked about a while ago."""

    card: Card
    others: tuple[Card, ...] = ()
    offered: bool = False


@dataclass(frozen=True, slots=True)
class ToSuggestion:
    """Ask whether this would fit; without a yes, offer two ways."""

    then: ToCard | ToFlow


@dataclass(frozen=True, slots=True)
class ToGreeting:
    """Say what it is, and ask what is happening. `chime`: it was waiting, and a chime says first that it listens."""

    chime: bool = False


@dataclass(frozen=True, slots=True)
class ToWorse:
    """Leave an exercise that made it worse."""


@dataclass(frozen=True, slots=True)
class ToPerson:
    """Towards a person, after a number that is high or rose."""


@dataclass(frozen=True, slots=True)
class ToClosing:
    """Offer to go on or to end; `quiet` just ends, for someone falling asleep. `people`: no other exercise is offered,
    as it was just said that a person may help more.
    """

    quiet: bool = False
    people: bool = False


@dataclass(frozen=True, slots=True)
class ToParking:
    """Wait until the car stands. `states`: what was said beside it."""

    states: tuple[State, ...]


@dataclass(frozen=True, slots=True)
class ToForgetting:
    """Ask once, and forget. `resumes`: what was going on goes on afterwards."""

    what: Forgetting
    resumes: bool = True


@dataclass(frozen=True, slots=True)
class ToTheirNumber:
    """Say the trusted person's number. `resumes`: what was going on goes on afterwards."""

    resumes: bool = True


@dataclass(frozen=True, slots=True)
class ToMessage:
    """Ask once, and send the trusted person a message. `resumes`: as above."""

    resumes: bool = True


@dataclass(frozen=True, slots=True)
class ToNote:
    """Ask what is to be kept. `bookmark`: for the therapist. `resumes`: as above."""

    bookmark: bool
    resumes: bool = True


@dataclass(frozen=True, slots=True)
class ToInterrupt:
    """Human support. None: a sitting that opens with it, because one not long ago ended with it."""

    kind: Kind | None


Aside = ToForgetting | ToTheirNumber | ToMessage | ToNote
"""Comes in between, and what was going on goes on afterwards."""
Destination = (
    ToGreeting
    | ToChoosing
    | ToExercise
    | ToCheckIn
    | ToFlow
    | ToCard
    | ToSuggestion
    | ToWorse
    | ToPerson
    | ToClosing
    | ToParking
    | Aside
    | ToInterrupt
)
"""Where a scene wants to go. Scenes know destinations, not each other."""


@dataclass(frozen=True, slots=True)
class Move:
    """What happens now. Empty: nothing changes, and a voice that was speaking goes on.

    `say` is heard; then one of: `listen` for so many seconds, go to `next`, `resume` what was being said before, `end`,
    or, with none of them, the scene is asked again (`after_speech`).
    """

    say: tuple[Segment, ...] = ()
    listen: float | None = None
    next: Destination | None = None
    resume: bool = False
    end: EndReason | None = None
    also: tuple[Command, ...] = ()
    """What else happens as it begins: something to show, to remember, to hide."""
    interruptible: bool = True
    interjection: bool = False
    """Said in between: what it cut is kept, for a later `resume`."""
    wish: Wish | None = None
    """Other words are asked for while it is heard."""


KEEP = Move()


class Scene(Protocol):
    """Greeting, choosing, an exercise, a check-in, a concern, the interrupt, a rest after stop, the close."""

    @property
    def name(self) -> str:
        """As it appears in the events file."""
        ...

    def begin(self, session: Session) -> Move:
        """The scene takes the floor."""
        ...

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        """The person said something that passed the screen."""
        ...

    def silence(self, session: Session) -> Move:
        """The time for an answer has passed. Silence is always a fine answer."""
        ...

    def after_speech(self, session: Session) -> Move:
        """What was said has been heard to its end."""
        ...


@dataclass(frozen=True, slots=True)
class Held:
    """What was going on when something came in between: its scene, its move, and the segment being heard. `behind`:
    what that itself had come in between.
    """

    scene: Scene
    move: Move
    at: int
    behind: Held | None = None
