"""A conversation from a sound file, or typed lines, to a sound file, on virtual time: every sample real, no waiting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Protocol

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.core.commands import (
    Answer,
    Command,
    Duck,
    EndTurn,
    Expect,
    Rest,
    Speak,
    StopPlayback,
    Transcribe,
    Unduck,
)
from assistant.core.events import (
    Event,
    InputEnded,
    PartialTranscript,
    TranscriptReady,
)
from assistant.hearing.listener import Listener, Speculation
from assistant.hearing.microphone import SoundFileMicrophone
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.voice_activity import FRAME
from assistant.runtime.keys import is_mute, typed
from assistant.speaking.player import Player
from assistant.speaking.voice_worker import VoiceWorker

FRAME_SECONDS = FRAME / 16_000
ANSWER_AFTER_SECONDS = 0.8
"""A typed line arrives so long after the program began to listen for it."""


class SoundSink(Protocol):
    """Where the sound goes."""

    def write(self, samples: NDArray[float32]) -> None:
        """The next block, mono."""
        ...


class NoSink:
    """Nowhere."""

    def write(self, samples: NDArray[float32]) -> None:
        """Forgets it."""


class FileWorld:
    """`microphone` or `lines` is where words come from; `listening` tells when a line may be given."""

    def __init__(
        self,
        player: Player,
        voice: VoiceWorker,
        sink: SoundSink,
        pending: list[Event],
        microphone: SoundFileMicrophone | None = None,
        listener: Listener | None = None,
        recogniser: Recogniser | None = None,
        lines: Iterable[str] = (),
        listening: Callable[[], bool] = lambda: False,
        mute: Callable[[], None] = lambda: None,
    ) -> None:
        """`mute`: says that there is no microphone, where `m` is typed."""
        self._player = player
        self._voice = voice
        self._sink = sink
        self._pending = pending
        self._microphone = microphone
        self._listener = listener
        self._recogniser = recogniser
        self._expected = Answer.ANYTHING
        self._lines = iter(lines)
        self._listening = listening
        self._mute = mute
        self._listened = 0.0
        self._frames = 0
        self._over = False
        self._block = np.zeros(round(FRAME_SECONDS * player.rate), dtype=float32)

    def advance(self, now: float, limit: float) -> tuple[float, Iterable[Event]]:
        """Frame by frame, until something happens."""
        while (self._frames + 1) * FRAME_SECONDS <= limit:
            if self._pending:
                break
            self._frames += 1
            self._player.fill(self._block)
            self._sink.write(self._block)
            self._hear()
        else:
            if not self._pending:
                return limit, ()
        events = list(self._pending)
        self._pending.clear()
        return max(now, self._frames * FRAME_SECONDS), events

    def perform(self, command: Command, now: float) -> None:
        """At once: rendering and decoding take no virtual time."""
        match command:
            case Speak(utterance, timeline):
                bed = command.exercise_left is not None
                self._voice.render(utterance, timeline, self._player.play(utterance, self._player.stops, bed=bed))
            case Duck():
                self._player.duck()
            case Rest():
                self._player.rest()
            case Unduck():
                self._player.unduck()
            case EndTurn(audio_id) if self._listener is not None:
                self._listener.end_soon(audio_id)
            case StopPlayback():
                self._player.stop()
            case Expect(answer):
                self._expected = answer
            case Transcribe(audio_id) if self._listener is not None and self._recogniser is not None:
                transcript = self._recogniser.transcribe(self._listener.audio(audio_id), self._expected)
                self._pending.append(TranscriptReady(audio_id, transcript))
            case _:
                pass

    def _hear(self) -> None:
        if self._microphone is not None and self._listener is not None:
            for found in self._listener.feed(self._microphone.take(FRAME), playing=self._player.level > 0.0):
                self._pending.append(self._guessed(found) if isinstance(found, Speculation) else found)
            self._end_when(self._microphone.ended)
        elif self._listening():
            self._listened += FRAME_SECONDS
            if self._listened >= ANSWER_AFTER_SECONDS:
                self._listened = 0.0
                self._type_a_line()
        else:
            self._listened = 0.0

    def _guessed(self, found: Speculation) -> Event:
        assert self._recogniser is not None
        return PartialTranscript(self._recogniser.transcribe(found.samples, self._expected), found.audio_id)

    def _type_a_line(self) -> None:
        line = next(self._lines, None)
        if line is None:
            return self._end_when(True)
        if is_mute(line):
            return self._mute()
        self._pending += typed(line)
        return None

    def _end_when(self, over: bool) -> None:
        if over and not self._over:
            self._over = True
            self._pending.append(InputEnded())
