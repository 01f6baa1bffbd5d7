"""The real stage: commands become playback, decoding and captions, through the workers that do them."""

from __future__ import annotations

from collections.abc import Callable

from numpy import float32
from numpy.typing import NDArray

from assistant.core.commands import Command, Duck, EndTurn, Expect, Rest, Speak, StopPlayback, Transcribe, Unduck
from assistant.core.events import Event, StopRequested
from assistant.core.ids import AudioId
from assistant.hearing.recogniser_worker import RecogniserWorker
from assistant.speaking.player import Player
from assistant.speaking.voice_worker import VoiceWorker


class LiveStage:
    """Runs on the conversation thread; hands each command on and waits for nothing.

    It also watches the events the loop has taken, because an utterance decided before a stop was seen must never be
    heard after it: the player refuses what was begun with fewer stops seen than were pressed.
    """

    def __init__(
        self,
        player: Player,
        voice: VoiceWorker,
        recogniser: RecogniserWorker | None,
        turn_audio: Callable[[AudioId], NDArray[float32]],
        end_turn: Callable[[AudioId], None],
    ) -> None:
        self._player = player
        self._voice = voice
        self._turn_audio = turn_audio
        self._end_turn = end_turn
        self._recogniser = recogniser
        self._stops_seen = 0

    def event(self, event: Event, now: float) -> None:
        """As an observer: count the stops the conversation has dealt with."""
        if isinstance(event, StopRequested):
            self._stops_seen += 1

    def command(self, command: Command, now: float, scene: str) -> None:
        """Ignores commands."""

    def perform(self, command: Command, now: float) -> None:
        """Hand it on."""
        match command:
            case Speak(utterance, timeline):
                bed = command.exercise_left is not None
                self._voice.speak(utterance, timeline, self._player.play(utterance, self._stops_seen, bed=bed))
            case Duck():
                self._player.duck()
            case Rest():
                self._player.rest()
            case Unduck():
                self._player.unduck()
            case StopPlayback():
                self._player.stop()
            case EndTurn(audio_id):
                self._end_turn(audio_id)
            case Expect(answer) if self._recogniser is not None:
                self._recogniser.expect(answer)
            case Transcribe(audio_id) if self._recogniser is not None:
                self._recogniser.transcribe(audio_id, self._turn_audio(audio_id))
            case _:
                pass
