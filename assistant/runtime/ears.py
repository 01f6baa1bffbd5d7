"""The hearing thread: microphone blocks in, turns out; and the watch over a microphone that goes quiet."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Event as Flag
from threading import Thread
from typing import Protocol

from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event
from assistant.hearing.listener import Listener, Speculation
from assistant.hearing.recogniser_worker import RecogniserWorker

CLOSE_SECONDS = 1.0
REST_SECONDS = 0.12
"""Between looks at the microphone while nobody speaks: waking costs more than the work. It is inside the pre-roll."""


class BlockSource(Protocol):
    """A microphone."""

    def blocks(self) -> Iterator[NDArray[float32]]:
        """16 kHz mono, all that has come since the last, until closed."""
        ...


class Ears:
    """One thread for one opened microphone."""

    def __init__(
        self,
        source: BlockSource,
        listener: Listener,
        recogniser: RecogniserWorker,
        played: Callable[[], float],
        post: Callable[[Event], None],
    ) -> None:
        self._source = source
        self._listener = listener
        self._recogniser = recogniser
        self._played = played
        self._post = post
        self._closed = Flag()
        self._thread = Thread(target=self._run, name="hearing", daemon=True)

    def start(self) -> None:
        """Begin to hear."""
        self._thread.start()

    def join(self) -> None:
        """After the source was closed; bounded."""
        self._closed.set()
        self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        for block in self._source.blocks():
            for found in self._listener.feed(block, self._played()):
                if isinstance(found, Speculation):
                    self._recogniser.speculate(found.audio_id, found.samples)
                else:
                    self._post(found)
            if not self._listener.in_turn:
                self._closed.wait(REST_SECONDS)
