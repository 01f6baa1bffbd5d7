"""A recogniser behind the Wyoming protocol, as Home Assistant's are: another computer of the house hears."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event
from assistant.hearing.elsewhere import MOST_BYTES, HeardThere, RecogniserElsewhere
from assistant.hearing.recogniser import RATE, Recogniser
from assistant.hearing.voice_activity import VoiceActivity
from assistant.settings import WyomingHearing
from assistant.sound import to_int16
from assistant.wyoming_link import linked

NAME = "wyoming"
CHUNK = RATE // 10
"""Samples in one event: the protocol names no number, and a server may begin with the first."""


class WyomingRecogniser(RecogniserElsewhere):
    """A server at `endpoint`. The protocol knows of no key, and of no number that tells how sure a server is."""

    def __init__(
        self,
        endpoint: WyomingHearing,
        language: str,
        local: Recogniser,
        post: Callable[[Event], None] = lambda event: None,
        activity: VoiceActivity | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        super().__init__(NAME, endpoint.seconds, local, post, activity, clock)
        self._endpoint = endpoint
        self._language = language

    async def load(self) -> None:
        """The package."""
        import wyoming.asr
        import wyoming.audio
        import wyoming.error  # noqa: F401 # with the first question they would take from its time

    async def ask(self, samples: NDArray[float32]) -> HeardThere:
        """Raises OSError, EOFError, ValueError, and whatever the package does with what it cannot read."""
        from wyoming.asr import Transcribe, Transcript
        from wyoming.audio import AudioChunk, AudioStart, AudioStop

        pieces = [to_int16(samples[at : at + CHUNK]) for at in range(0, len(samples), CHUNK)]
        async with linked(self._endpoint.address, MOST_BYTES) as link:
            await link.send(
                Transcribe(name=self._endpoint.model, language=self._language),
                AudioStart(RATE, 2, 1),
                *(AudioChunk(RATE, 2, 1, piece) for piece in pieces),
                AudioStop(),
            )
            event = await link.next()
            while not Transcript.is_type(event.type):  # the protocol lets a server tell other things before
                event = await link.next()
        text = Transcript.from_event(event).text
        if not isinstance(text, str):
            raise ValueError("an answer without text")
        return HeardThere(text)
