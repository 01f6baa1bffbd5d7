"""The speaking half of a conversation: a scene's move becomes words, and what follows them. `Conversation` is the
listening half.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.core.commands import Answer, Command, End, EndReason, Expect, ShowResources, Speak, StopPlayback, Unduck
from assistant.core.floor import Floor
from assistant.core.flows import FlowWording
from assistant.core.ids import UtteranceId
from assistant.core.own_words import OwnWords
from assistant.core.quoting import screened_again
from assistant.core.scenes import scene_for
from assistant.core.scenes.exercise import asks_for_a_number, seconds_left
from assistant.core.scenes.scene import KEEP, Aside, Held, Move, Scene
from assistant.core.scenes.support import Concern
from assistant.core.session import Session
from assistant.core.timeline import Timeline
from assistant.safety.screen import Screen


class Moves:
    """One move at a time. What it wants of the world gathers in `_commands`."""

    def __init__(self, session: Session, floor: Floor, scene: Scene, screen: Screen) -> None:
        self.session = session
        self._screen = screen
        self.ended: EndReason | None = None
        self._floor = floor
        self._scene = scene
        self._move = KEEP
        self._offset = 0
        """Segments of the current move that were heard before it was cut and taken up again."""
        self._held: Held | None = None
        self._waiting: tuple[Move, int] | None = None
        """A move (from which segment) decided while the person was speaking; it begins when they have finished."""
        self.utterances = 0
        """How many there were, in this sitting and in those before it: an id is never used twice."""
        self._commands: list[Command] = []
        self._expected = Answer.ANYTHING
        self._own_words = OwnWords()

    def _enter(self, scene: Scene, now: float) -> None:
        self._scene = scene
        self._apply(scene.begin(self.session), now)

    def _apply(self, move: Move, now: float, offset: int = 0) -> None:
        """Begin a move, or keep it until the person has finished."""
        self._commands += move.also
        say, held_back = screened_again(
            move.say, self.session, self._screen, self.session.repertoire.flow_wording or FlowWording()
        )
        if held_back:
            self._commands.append(ShowResources(self.session.fitting))
            self.session.outside.closed = True  # what is not read aloud is nothing for a language model either
        move = replace(move, say=say, also=())  # once, however often it is taken up again
        if self._floor.held_by_user:
            self._waiting = (move, offset)
            return
        self._waiting = None
        if move.next is not None and not isinstance(move.next, Aside):
            self._held = None  # something else begins: what was stopped before it comes back no more
        self._move, self._offset, self.session.at = move, offset, offset
        if offset < len(move.say):
            self._speak(move, offset, now)
        else:
            self._spoken(now)

    def _speak(self, move: Move, offset: int, now: float) -> None:
        self.utterances += 1
        utterance = UtteranceId(self.utterances)
        timeline = Timeline(move.say[offset:], self.session.gain_db)
        self._floor.voice_began(utterance, timeline, now, interruptible=move.interruptible)
        left = None if move.interjection else seconds_left(self._scene, self.session)
        self._commands.append(Speak(utterance, timeline, move.interruptible, left))

    def _progressed(self, utterance: UtteranceId, segment: int, now: float) -> None:
        if utterance == self._floor.utterance:
            self.session.at = self._offset + segment
            self._own_words.said(self._move.say[self.session.at :][:1], now)

    def _finished(self, utterance: UtteranceId, segment: int, now: float) -> None:
        if utterance == self._floor.utterance:
            self.session.at = self._offset + segment
            self._spoken(now)

    def _spoken(self, now: float) -> None:
        """The move's words were heard; what it asks for comes next."""
        move = self._move
        self._floor.voice_ended()
        if move.end is not None:
            self._end(move.end)
        elif move.next is not None:
            self._enter(scene_for(move.next), now)
        elif move.resume:
            self._resume(now)
        elif move.listen is not None:
            self._floor.listen(now, 0.0 if self.session.input_over else move.listen)
        else:
            self._apply(self._scene.after_speech(self.session), now)

    def _hold(self) -> None:
        """Remember what is going on, unless something is remembered already and this is only in between."""
        if self._held is None or not self._move.resume:
            move, at = self._waiting or (self._move, self.session.at)
            # A question about safety was asked in the middle of something, which goes on after it.
            behind = self._held if isinstance(self._scene, Concern) else None
            self._held = Held(self._scene, move, at, behind)

    def _resume(self, now: float) -> None:
        held = self._held
        if held is None:
            return self._apply(self._scene.after_speech(self.session), now)
        self._scene, self._held = held.scene, held.behind
        return self._apply(held.move, now, offset=held.at)

    def _go_on(self, now: float) -> None:
        """What was heard changes nothing: a cough, a sob, an answer said to oneself."""
        if self._floor.held_by_user:
            return
        if self._waiting is not None:
            move, offset = self._waiting
            self._apply(move, now, offset)
        elif self._floor.speaking and not self._floor.rested_long(now):
            if self._move.interruptible:
                self._floor.swell(now)
                self._commands.append(Unduck())
        elif self._floor.cut or self._floor.speaking:
            self._silence_voice()
            self._floor.cut = False
            self._apply(self._move, now, offset=self.session.at)
        else:
            self._floor.listen_again(now)

    def _silence_voice(self) -> bool:
        spoke = self._floor.silence()
        if spoke:
            self._commands.append(StopPlayback())
        return spoke

    def _end(self, reason: EndReason) -> None:
        self._floor.voice_ended()
        self.ended = reason
        self._commands += (*self.session.record(), End(reason))

    def _taken(self) -> list[Command]:
        answer = Answer.NUMBER if asks_for_a_number(self._scene) else Answer.ANYTHING
        if answer is not self._expected and self.ended is None:
            self._expected = answer
            self._commands.append(Expect(answer))
        commands, self._commands = self._commands, []
        return commands
