"""The child process that asks a Wyoming server to speak: `... assistant.speaking.wyoming_child ADDRESS VOICE PACE`.

The protocol has no word for a pace: the server speaks at its own, `PACE` words a minute, and is stretched from there.
"""

from __future__ import annotations

import asyncio
import sys
import wave
from io import BytesIO
from pathlib import Path

from assistant.sound import parse_wav, write_wav
from assistant.speaking.serving import Serving, serve
from assistant.speaking.stretching import stretched
from assistant.wyoming_link import linked

MOST_BYTES = 16 * 1024 * 1024
"""Over a minute at the highest rate; more is no line."""
SECONDS = 20.0
"""For a whole answer; the parent ends it in any case."""


class Renderer:
    """`voice`: one of the server's, or empty for its own choice. `pace`: its own, in words a minute."""

    def __init__(self, address: str, voice: str, pace: int, folder: str) -> None:
        self._address = address
        self._voice = voice
        self._pace = pace
        self._folder = Path(folder)
        self._files = 0

    def render(self, text: str, words_per_minute: int) -> str | None:
        """The path of what came, at the pace that is wanted; None for an error, for nothing, and for too much."""
        try:
            data = asyncio.run(asyncio.wait_for(self._spoken(text), SECONDS))
            sound = stretched(parse_wav(data, "the server's answer"), self._pace / words_per_minute)
        except Exception:  # of a foreign server, or of the package: whatever it is, the next engine speaks
            return None
        self._files += 1
        path = self._folder / f"{self._files}.wav"
        with path.open("wb") as file:
            write_wav(file, sound)
        return str(path)

    async def _spoken(self, text: str) -> bytes:
        """As a WAV file. Raises OSError, EOFError, wave.Error, and whatever the package does."""
        from wyoming.audio import AudioChunk, AudioStart, AudioStop
        from wyoming.tts import Synthesize, SynthesizeVoice

        file, voice = BytesIO(), SynthesizeVoice(name=self._voice) if self._voice else None
        async with linked(self._address, MOST_BYTES) as link:
            await link.send(Synthesize(text, voice))
            event = await link.next()
            while not AudioStart.is_type(event.type):
                event = await link.next()
            start = AudioStart.from_event(event)
            with wave.open(file, "wb") as written:
                written.setparams((start.channels, start.width, start.rate, 0, "NONE", ""))
                while not AudioStop.is_type(event.type):
                    if AudioChunk.is_type(event.type):
                        written.writeframes(AudioChunk.from_event(event).audio)
                    event = await link.next()
        return file.getvalue()


def start(folder: str) -> Serving:
    """Whoever asks, with the package loaded."""
    import wyoming.audio
    import wyoming.error
    import wyoming.tts  # noqa: F401 # a child without it cannot start, and the parent says how to get it

    address, voice, pace = sys.argv[1:4]
    return Renderer(address, voice, int(pace), folder).render, voice or address


if __name__ == "__main__":
    serve(start)
