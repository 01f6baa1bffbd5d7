"""The hearing thread: microphone blocks in, turns out; and the watch over a microphone that goes quiet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event as Flag
from threading import Thread
from typing import Protocol

from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Called, Event, SupportRequested, Trouble
from assistant.core.understanding import Intent
from assistant.hearing.listener import Listener, Speculation
from assistant.hearing.recogniser_worker import RecogniserWorker
from assistant.hearing.stop_word import StopWord
from assistant.hearing.wake_word import WakeWord

CLOSE_SECONDS = 1.0
REST_SECONDS = 0.12
"""Between looks at the microphone while nobody speaks: waking costs more than the work. It is inside the pre-roll."""


class BlockSource(Protocol):
    """A microphone."""

    def blocks(self) -> Iterator[NDArray[float32]]:
        """16 kHz mono, all that has come since the last, until closed."""
        ...


@dataclass(frozen=True, slots=True)
class Hearers:
    """Who is told what was said: first the stop word, which trips the stop switch, and then the recogniser."""

    recogniser: RecogniserWorker
    stop_word: StopWord
    stop: Callable[[str], None]
    wake_word: WakeWord | None = None


class Ears:
    """One thread for one opened microphone."""

    def __init__(
        self,
        source: BlockSource,
        listener: Listener,
        hearers: Hearers,
        playing: Callable[[], bool],
        post: Callable[[Event], None],
    ) -> None:
        self._source = source
        self._listener = listener
        self._hearers = hearers
        self._wake_word = hearers.wake_word
        self._playing = playing
        self._post = post
        self._closed = Flag()
        self.deaf = False
        """What hears has raised: the watchdog has it told, and opens the microphone with new ears."""
        self._thread = Thread(target=self._run, name="hearing", daemon=True)

    def start(self) -> None:
        """Begin to hear."""
        self._thread.start()

    def join(self) -> None:
        """After the source was closed; bounded."""
        self._closed.set()
        self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        try:
            self._hear()
        except Exception:  # of a foreign engine: whatever it is, nobody must go on speaking to deaf ears
            self.deaf = True

    def _hear(self) -> None:
        for block in self._source.blocks():
            if self._wake_word is not None:
                self._listen_for_a_call(self._wake_word, block)
            for found in self._listener.feed(block, playing=self._playing()):
                if isinstance(found, Speculation):
                    self._paused(found)
                else:
                    self._post(found)
            if not self._listener.busy and not self._playing():
                self._closed.wait(REST_SECONDS)

    def _listen_for_a_call(self, wake_word: WakeWord, block: NDArray[float32]) -> None:
        """One that breaks is told, and left out until there are new ears: buttons and keys still call."""
        try:
            called = wake_word.feed(block)
        except Exception:  # of a foreign engine: speech must be heard all the same
            self._wake_word = None
            self._post(Trouble("wake-word-failed"))
            return
        if called:
            self._post(Called("wake word"))

    def _paused(self, found: Speculation) -> None:
        stop_word = self._hearers.stop_word
        if found.over_voice:
            meant = stop_word.heard(found.samples)
        else:
            meant = Intent.STOP if stop_word.said_alone(found.samples) else None
        if meant is None:
            return None if found.stop_word_only else self._hearers.recogniser.speculate(found.audio_id, found.samples)
        self._hearers.stop("stop word")
        for event in self._listener.drop_turn():
            self._post(event)
        if meant is Intent.HELP:
            self._post(SupportRequested("stop word"))
        return None
