"""Speaker, microphone and keyboard for questions that are read aloud: the parts of a live session, without scenes."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from queue import Empty, SimpleQueue

from assistant.app.asking import line_waits
from assistant.app.parts import (
    build_layout,
    build_listener,
    build_over_voice,
    build_recogniser,
    build_screen,
    build_stop_words,
    load_library,
)
from assistant.app.screens import build_learned
from assistant.app.setting_up_aloud import country_names, words_of
from assistant.app.setting_up_interview import Interview, LineWaits
from assistant.app.streams import Streams
from assistant.app.voices import build_voice
from assistant.app.watching import watch_devices
from assistant.core.commands import Answer
from assistant.core.events import Event
from assistant.core.ids import AudioId, UtteranceId
from assistant.core.timeline import Pause, Segment, Speech, Timeline
from assistant.errors import ContentError
from assistant.hearing.own_stop import EitherStop
from assistant.hearing.recogniser_worker import RecogniserWorker
from assistant.runtime.captions import Captions
from assistant.runtime.ears import Hearers
from assistant.runtime.stop_switch import StopSwitch
from assistant.settings import Settings
from assistant.speaking.voice_worker import VoiceWorker

GAP_SECONDS = 0.5
"""Between two lines of a question: longer than within one, shorter than in an exercise."""
LOOK_SECONDS = 0.1
"""Between two looks at the keyboard."""


class LiveRoom:
    """A `Room` of real devices."""

    def __init__(
        self, inbox: SimpleQueue[Event], streams: Streams, voice: VoiceWorker, recogniser: RecogniserWorker
    ) -> None:
        self._inbox = inbox
        self._streams = streams
        self._voice = voice
        self._recogniser = recogniser
        self._ids = count(1)

    def say(self, lines: Sequence[str]) -> None:
        """Through the player, which alone plays."""
        segments: list[Segment] = []
        for line in lines:
            segments += [Speech(line), Pause(GAP_SECONDS)]
        utterance, player = UtteranceId(next(self._ids)), self._streams.player
        self._voice.speak(utterance, Timeline(tuple(segments[:-1])), player.play(utterance, player.stops))

    def hold(self, *, on: bool) -> None:
        """Rest, or go on from the word."""
        (self._streams.player.rest if on else self._streams.player.unduck)()

    def hush(self) -> None:
        """End what plays."""
        self._streams.player.stop()

    def decode(self, audio_id: AudioId, *, number: bool) -> None:
        """By the recogniser of a conversation."""
        self._recogniser.expect(Answer.NUMBER if number else Answer.ANYTHING)
        self._recogniser.transcribe(audio_id, self._streams.turn_audio(audio_id))

    def next(self, *, wait: bool = True) -> Event | LineWaits | None:
        """Ctrl-C comes between two looks."""
        while True:
            try:
                return self._inbox.get(timeout=LOOK_SECONDS if wait else 0)
            except Empty:
                if _line_waits():
                    return LineWaits()
                if not wait:
                    return None


def _line_waits() -> bool:
    """Whether reading would not block; on Windows from the first key on."""
    if sys.platform == "win32":
        import msvcrt

        return msvcrt.kbhit()
    return line_waits(0.0)


@contextmanager
def read_aloud(settings: Settings) -> Iterator[Interview]:
    """Open it all, and say how it goes. Raises ContentError where the language has no such words, and DeviceError."""
    words = words_of(settings.language)
    if words is None:
        raise ContentError("content-broken", "What setup says aloud cannot be read; 'grounding check' says why.")
    library = load_library(settings)
    captions = Captions(sys.stdout, library.repertoire.phrases, said=False)
    with ExitStack() as stack:
        inbox: SimpleQueue[Event] = SimpleQueue()
        post = inbox.put

        def tell(event: Event) -> None:
            captions.event(event, time.monotonic())

        streams = Streams(settings, str(settings.speaker.device), str(settings.microphone.device), post)
        stack.callback(streams.close)
        streams.open_speaker()
        # As for a guest: an answer that is said back is nobody's business on the disk.
        voice = build_voice(settings, None, post, guest=True)
        layout = build_layout(library, settings, voice, streams.player.rate)
        worker = VoiceWorker(layout, voice, post)
        engine = build_recogniser(library, settings, None, more=[*words.phrases, *country_names(settings)])
        recogniser = RecogniserWorker(engine, post)
        room = LiveRoom(inbox, streams, worker, recogniser)
        stack.callback(worker.close)
        stack.callback(recogniser.close)
        worker.start()
        recogniser.start()
        stop_words = build_stop_words(settings)
        switch = StopSwitch(streams.player.mute, post)
        streams.hear_with(
            lambda: build_listener(settings),
            lambda: build_over_voice(streams.player.written),
            Hearers(recogniser, EitherStop(stop_words, post), switch.trip),
        )
        streams.open_microphone()
        watch_devices(stack, streams, post)
        screen = build_screen(library, build_learned())
        interview = Interview(room, words, library.lexicon, screen, tell)
        interview.say("begin")
        yield interview
