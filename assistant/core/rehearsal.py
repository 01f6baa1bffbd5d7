"""Rehearses a script with nobody there: from any of its steps, with any kind of reply, to the end of the sitting.

The scenes decide as they do for a person; what would be heard is taken as heard at once. So every step with every reply
is tried in a moment, and a script that leads nowhere is found before anybody hears it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from assistant.core.commands import ShowResources
from assistant.core.scenes import scene_for
from assistant.core.scenes.closing import Paused, Stopped
from assistant.core.scenes.exercise import BREATH, ExerciseScene
from assistant.core.scenes.scene import KEEP, Move, Scene
from assistant.core.script import Rate, Repertoire, Script
from assistant.core.session import Session
from assistant.core.understanding import Intent, State, Understanding
from assistant.safety.rules import Rules
from assistant.safety.screen import Screen
from assistant.safety.support import Support
from assistant.safety.transcript import Transcript, Trust

SILENCE: Final = "silence"
SAYS_LITTLE: Final = "something else altogether"
DOUBTFUL: Final = "words heard badly"
FLASHBACK: Final = "this is a flashback"
BREATHLESS: Final = "i can't breathe"
NUMBERS: Final = {"zero": 0.0, "four": 4.0, "ten": 10.0}
REPLIES: Final = (
    SILENCE, SAYS_LITTLE, *NUMBERS, DOUBTFUL, FLASHBACK, BREATHLESS,
    *(intent.value for intent in Intent if intent is not Intent.HIDE),
)  # fmt: skip
"""What a person may do. To hide ends everything, wherever it is."""
MOST_MOVES: Final = 200
"""A sitting in silence has some twenty."""


@dataclass(frozen=True, slots=True)
class DeadEnd:
    """From `step` on, after `reply`, the sitting does not end, or goes where it must not."""

    step: int
    reply: str
    what: str


def rehearse(
    script: Script, repertoire: Repertoire, support: Support, perform: Callable[[Script], ExerciseScene] = ExerciseScene
) -> Iterator[DeadEnd]:
    """Every step with every reply, until the sitting ends or another script takes over. `perform`: its scene."""
    for step in range(len(script.steps)):
        for reply in REPLIES:
            state = script.states[0] if script.states else State.UNSURE
            session = Session(repertoire, support, state=state, tried=[script.id])
            sitting = _Sitting(perform(script), step, session)
            if (what := sitting.goes_wrong(reply)) is not None:
                yield DeadEnd(step, reply, what)


class _Sitting:
    def __init__(self, performing: ExerciseScene, step: int, session: Session) -> None:
        self._script = performing.script
        self._session = session
        performing.step = step
        self._scene: Scene = performing
        self._move = performing.begin(session)
        self._held: tuple[Scene, Move] | None = None
        self._people = False

    def goes_wrong(self, reply: str) -> str | None:
        rated = isinstance(self._scene, ExerciseScene) and self._scene.asking
        self._hear(reply)
        if reply == Intent.WORSE and self._scene.name != "worse":
            return "the exercise is not left at once"
        if reply == FLASHBACK and "flashback" in self._script.avoid_if and not self._over():
            return "it goes on in a flashback, which it says to avoid"
        if reply == BREATHLESS and self._script.family == BREATH and not self._over():
            return "paced breath goes on for somebody who cannot breathe"
        towards_people = reply == Intent.WORSE or (reply == "ten" and isinstance(rated, Rate) and rated.after)
        for _ in range(MOST_MOVES):
            if self._over():
                return "nothing leads to people" if towards_people and not self._people else None
            self._go_on()
        return f"the sitting has not ended after {MOST_MOVES} turns"

    def _over(self) -> bool:
        elsewhere = isinstance(self._scene, ExerciseScene) and self._scene.script.id != self._script.id
        return self._move.end is not None or elsewhere

    def _hear(self, reply: str) -> None:
        if reply == SILENCE:
            return
        match reply:
            case Intent.STOP:
                self._enter(Stopped())
            case Intent.PAUSE:
                self._held = (self._scene, self._move)
                self._enter(Paused())
                self._answer(Understanding(Intent.GO_ON))
            case _:
                self._answer(_understood(reply))

    def _answer(self, said: Understanding) -> None:
        move = self._scene.answer(self._session, said, _WORDS)
        if move is KEEP or (move.resume and not move.say and self._held is None):
            return
        if move.interjection:
            self._held = (self._scene, self._move)
        self._take(move)

    def _go_on(self) -> None:
        if self._move.listen is not None:
            self._take(self._scene.silence(self._session))
        else:
            self._take(self._scene.after_speech(self._session))

    def _take(self, move: Move) -> None:
        """What follows when the words of a move have been heard."""
        self._move = move
        self._people |= any(isinstance(command, ShowResources) for command in move.also)
        if move.end is not None:
            return
        if move.next is not None:
            self._enter(scene_for(move.next))
        elif move.resume and self._held is not None:
            (self._scene, self._move), self._held = self._held, None

    def _enter(self, scene: Scene) -> None:
        self._scene = scene
        self._take(scene.begin(self._session))


def _understood(reply: str) -> Understanding:
    if reply in NUMBERS:
        return Understanding(number=NUMBERS[reply])
    if reply == FLASHBACK:
        return Understanding(states=(State.FLASHBACK,))
    if reply == BREATHLESS:
        return Understanding(Intent.CANT, states=(State.PANIC,), certain=(State.PANIC,))
    if reply in (SAYS_LITTLE, DOUBTFUL):
        return Understanding(clear=reply != DOUBTFUL)
    return Understanding(Intent(reply))


_WORDS: Final = Screen(Rules(())).screen(Transcript("something", Trust.TRUSTED, 1.0, "rehearsal"))
