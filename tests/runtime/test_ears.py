"""The hearing thread: over the voice a stop is obeyed without the recogniser; everything else is the recogniser's."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event as Flag

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.core.commands import Answer
from assistant.core.events import (
    Called,
    Event,
    SupportRequested,
    TranscriptReady,
    Trouble,
    UserStartedSpeaking,
    UserStoppedSpeaking,
)
from assistant.core.ids import AudioId
from assistant.core.understanding import Intent
from assistant.hearing.listener import Listener
from assistant.hearing.recogniser import RATE
from assistant.hearing.recogniser_worker import RecogniserWorker
from assistant.hearing.voice_activity import FRAME
from assistant.runtime.ears import Ears, Hearers
from assistant.safety.transcript import Transcript, Trust
from tests.hearing.sounds import ByLevel, OverVoiceByLevel, blocks, quiet, voice

LIMIT = 5.0


class Recording:
    """A microphone that has heard this and nothing more. `over`: all of it was dealt with."""

    def __init__(self, *sounds: NDArray[float32], size: int) -> None:
        self._blocks = blocks(*sounds, size=size)
        self.over = Flag()

    def blocks(self) -> Iterator[NDArray[float32]]:
        yield from self._blocks
        self.over.set()


class Hanging:
    """A recogniser that begins, and does not come back until it may."""

    name = "hanging"

    def __init__(self) -> None:
        self.began = Flag()
        self.may_go_on = Flag()
        self.calls = 0

    def warm_up(self) -> None:
        pass

    def transcribe(self, samples: NDArray[float32], expected: Answer = Answer.ANYTHING) -> Transcript:
        self.calls += 1
        self.began.set()
        assert self.may_go_on.wait(LIMIT)
        return Transcript("a lamp", Trust.TRUSTED, 0.9, self.name)

    def close(self) -> None:
        pass


class Spotter:
    """A stop word that means `meant`, whatever was said over the voice; `alone`: and a stop while nothing plays."""

    def __init__(self, meant: Intent | None) -> None:
        self.meant = meant
        self.asked = 0
        self.alone = False

    def heard(self, samples: NDArray[float32]) -> Intent | None:
        self.asked += 1
        return self.meant

    def said_alone(self, samples: NDArray[float32]) -> bool:
        return self.alone


class Room:
    """Ears in a room in which the voice sounds. `happened`: what they did, in order."""

    def __init__(self, meant: Intent | None, *, playing: bool = True) -> None:
        self.happened: list[Event | str] = []
        self.recogniser = Hanging()
        self.worker = Worker(self.recogniser, self.happened)
        self.spotter = Spotter(meant)
        self.playing = playing
        self.wake_word: Calling | None = None

    def hears(self, *sounds: NDArray[float32]) -> list[Event | str]:
        # While nothing plays and nobody speaks they rest between looks at the microphone: a few looks are enough.
        source = Recording(*sounds, size=FRAME if self.playing else RATE // 4)
        ears = Ears(
            source,
            Listener(ByLevel(), over_voice=OverVoiceByLevel()),
            Hearers(
                self.worker, self.spotter, lambda source: self.happened.append(f"STOP by {source}"), self.wake_word
            ),
            lambda: self.playing,
            self.happened.append,
        )
        ears.start()
        assert source.over.wait(LIMIT)
        ears.join()
        return self.happened


class Worker(RecogniserWorker):
    """Notes what it is asked."""

    def __init__(self, recogniser: Hanging, happened: list[Event | str]) -> None:
        super().__init__(recogniser, happened.append)
        self._happened = happened

    def speculate(self, audio_id: AudioId, samples: NDArray[float32]) -> None:
        self._happened.append(f"RECOGNISER asked about {audio_id}")
        super().speculate(audio_id, samples)


STOPPED = [UserStartedSpeaking(), "STOP by stop word", UserStoppedSpeaking(None)]


def test_a_stop_over_the_voice_is_obeyed_before_the_recogniser_is_asked() -> None:
    room = Room(Intent.STOP)
    assert room.hears(quiet(0.5), voice(0.5), quiet(0.5)) == STOPPED, "and it is asked about nothing"


def test_a_stop_over_the_voice_is_obeyed_while_the_recogniser_hangs() -> None:
    room = Room(Intent.STOP)
    room.worker.start()
    room.worker.transcribe(AudioId(7), np.ones(100, dtype=float32))
    assert room.recogniser.began.wait(LIMIT)
    try:
        assert room.hears(quiet(0.5), voice(0.5), quiet(0.5)) == STOPPED
        assert room.recogniser.calls == 1, "it still hangs"
    finally:
        room.recogniser.may_go_on.set()
        room.worker.close()
    assert room.happened[-1] == TranscriptReady(AudioId(7), Transcript("a lamp", Trust.TRUSTED, 0.9, "hanging"))


def test_a_call_for_help_over_the_voice_is_silence_and_people_to_reach() -> None:
    room = Room(Intent.HELP)
    assert room.hears(quiet(0.5), voice(0.5), quiet(0.5)) == [*STOPPED, SupportRequested("stop word")]


def test_what_is_no_stop_is_the_recogniser_s() -> None:
    room = Room(None)
    happened = room.hears(quiet(0.5), voice(0.5), quiet(2.0))
    assert happened == [UserStartedSpeaking(), "RECOGNISER asked about 1", UserStoppedSpeaking(AudioId(1))]
    assert room.spotter.asked == 1


def test_a_stop_alone_is_obeyed_while_nothing_plays_and_the_recogniser_hangs() -> None:
    room = Room(None, playing=False)
    room.spotter.alone = True
    assert room.hears(quiet(0.5), voice(0.5), quiet(0.5)) == STOPPED


def test_without_the_voice_anything_else_is_the_recogniser_s() -> None:
    """ "Make it stop" is a plea: the stop word would take it for a stop, and the screen must hear it."""
    room = Room(Intent.STOP, playing=False)
    happened = room.hears(quiet(0.5), voice(0.5), quiet(0.5))
    assert happened == [UserStartedSpeaking(), "RECOGNISER asked about 1"]
    assert room.spotter.asked == 0, "in doubt it says stop, and that is for the voice alone"


class Raising(ByLevel):
    """A voice activity model that breaks."""

    def probability(self, frame: NDArray[float32]) -> float:
        raise RuntimeError("the model broke")


class Calling:
    """A wake word that is said in the second block, and breaks in the third."""

    def __init__(self) -> None:
        self.fed = 0

    def feed(self, samples: NDArray[float32]) -> bool:
        self.fed += 1
        if self.fed > 2:
            raise RuntimeError("the model broke")
        return self.fed == 2


def test_a_wake_word_that_breaks_is_told_once_and_speech_is_heard_all_the_same() -> None:
    room = Room(None, playing=False)
    room.wake_word = Calling()
    happened = room.hears(quiet(0.75), voice(0.5), quiet(0.5))
    assert happened[:2] == [Called("wake word"), Trouble("wake-word-failed")]
    assert happened[2:] == [UserStartedSpeaking(), "RECOGNISER asked about 1"]
    assert room.wake_word.fed == 3, "and is not asked again"


def test_ears_whose_engine_breaks_say_that_they_are_deaf(capfd: pytest.CaptureFixture[str]) -> None:
    room = Room(None)
    source = Recording(voice(0.5), size=FRAME)
    hearers = Hearers(room.worker, room.spotter, lambda source: None)
    ears = Ears(source, Listener(Raising()), hearers, lambda: False, room.happened.append)
    ears.start()
    ears.join()
    assert ears.deaf
    assert not capfd.readouterr().err, "and no traceback reaches a person"
