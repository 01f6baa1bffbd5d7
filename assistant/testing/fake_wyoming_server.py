"""A server of the Wyoming protocol on this machine, with every fault that one may have: for whoever asks one.

It hears and speaks, over TCP, by the protocol's own package.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import TYPE_CHECKING, BinaryIO, cast

from assistant.sound import Sound, to_int16
from assistant.testing.fake_voice import FakeVoice
from assistant.testing.served import served

if TYPE_CHECKING:
    from wyoming.asr import Transcribe
    from wyoming.event import Eventable
    from wyoming.tts import Synthesize

HANG_SECONDS = 30.0
"""Longer than anybody waits; it ends as soon as the client has left."""
PACE = 185
"""Words a minute."""


class Fault(Enum):
    """What goes wrong with each answer."""

    NONE = "none"
    HANGS = "hangs before the first byte"
    HANGS_IN_BETWEEN = "hangs in mid-answer"
    DRIPS = "one byte at a time, for ever"
    CLOSES = "closes without an answer"
    CLOSES_IN_BETWEEN = "closes in mid-answer"
    BROKEN_HEADER = "a broken header"
    NO_EVENT = "JSON that is no event"
    BROKEN_LENGTH = "a length that is no number"
    OTHER_EVENT = "an event of another kind, and no more"
    OTHER_DATA = "an event without what it must hold"
    ERROR = "it says that it cannot"
    ENDLESS = "events without end"
    ENDLESS_LINE = "a header without end"
    HUGE = "a length beyond all measure"


RAW = {
    Fault.CLOSES: b"",
    Fault.BROKEN_HEADER: b'{"type": "transc\n',
    Fault.NO_EVENT: b"[1, 2]\n",
    Fault.BROKEN_LENGTH: b'{"type": "transcript", "data_length": "long"}\n{}',
    Fault.OTHER_EVENT: b'{"type": "pong"}\n',
    Fault.OTHER_DATA: b'{"type": "transcript", "data": {"text": 7}}\n{"type": "audio-start"}\n',
    Fault.ERROR: b'{"type": "error", "data": {"text": "no model"}}\n',
    Fault.CLOSES_IN_BETWEEN: b'{"type": "transcript", "data_length": 90}\n{"te',
    Fault.HANGS_IN_BETWEEN: b'{"type": "transcript", "data_length": 90}\n{"te',
}
"""What is written then, and nothing after it."""
FOR_EVER = {
    Fault.DRIPS: b" ",
    Fault.ENDLESS: b'{"type": "pong"}\n' * 100,
    Fault.ENDLESS_LINE: b"{" * 1024,
    Fault.HUGE: b'{"type": "audio-chunk", "payload_length": 10000000000}\n' + b"\0" * 4096,
}
"""Over and over."""


@dataclass
class FakeWyomingServer:
    """`heard`: what it makes of all sound. `says`: how it speaks a text. `turns`: the PCM that it was sent."""

    address: str = ""
    heard: str = ""
    says: Callable[[str], Sound] = lambda text: FakeVoice().render(text, PACE)
    fault: Fault = Fault.NONE
    turns: list[bytes] = field(default_factory=list)
    transcribe: list[Transcribe] = field(default_factory=list)
    requests: list[Synthesize] = field(default_factory=list)
    left: threading.Event = field(default_factory=threading.Event)
    """A client closed its connection while it was kept waiting."""
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def asked(self) -> int:
        """How often it was asked anything."""
        return len(self.turns) + len(self.requests)


@contextmanager
def a_wyoming_server() -> Iterator[FakeWyomingServer]:
    """On a port of its own, until the block ends."""
    state = FakeWyomingServer()

    class Handler(_Handler):
        server_state = state

    server = ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with served(server) as port:
        state.address = f"tcp://127.0.0.1:{port}"
        try:
            yield state
        finally:
            state.over.set()


def _info() -> Eventable:
    """It hears and speaks."""
    from wyoming.info import AsrProgram, Attribution, Info, TtsProgram

    whose = Attribution("nobody", "http://localhost")
    heard = AsrProgram("fake", whose, True, "made up", "1", models=[])
    return Info(asr=[heard], tts=[TtsProgram("fake", whose, True, "made up", "1", voices=[])])


class _Handler(StreamRequestHandler):
    server_state: FakeWyomingServer

    def handle(self) -> None:
        from wyoming.asr import Transcribe, Transcript
        from wyoming.audio import AudioChunk, AudioStop
        from wyoming.event import read_event
        from wyoming.info import Describe
        from wyoming.tts import Synthesize

        state, turn = self.server_state, b""
        with suppress(OSError):  # it left
            while (event := read_event(cast(BinaryIO, self.rfile))) is not None:
                if Transcribe.is_type(event.type):
                    state.transcribe.append(Transcribe.from_event(event))
                elif AudioChunk.is_type(event.type):
                    turn += AudioChunk.from_event(event).audio
                elif AudioStop.is_type(event.type):
                    state.turns.append(turn)
                    return self._answer(Transcript(state.heard))
                elif Describe.is_type(event.type):
                    return self._answer(_info())
                elif Synthesize.is_type(event.type):
                    state.requests.append(Synthesize.from_event(event))
                    return self._answer(*self._spoken(state.requests[-1].text))

    def _spoken(self, text: str) -> list[Eventable]:
        from wyoming.audio import AudioChunk, AudioStart, AudioStop

        sound = self.server_state.says(text)  # and the quiet that a voice leaves at its end
        pcm = to_int16(sound.samples) + bytes(400)
        chunks = [AudioChunk(sound.rate, 2, 1, pcm[at : at + 2048]) for at in range(0, len(pcm), 2048)]
        return [AudioStart(sound.rate, 2, 1), *chunks, AudioStop()]

    def _answer(self, *events: Eventable) -> None:
        from wyoming.event import write_event

        fault = self.server_state.fault
        if fault in RAW:
            self.wfile.write(RAW[fault])
        if fault in (Fault.HANGS, Fault.HANGS_IN_BETWEEN):
            return self._hang()
        if fault in FOR_EVER:
            return self._go_on_for_ever(FOR_EVER[fault])
        if fault is Fault.NONE:
            for event in events:
                write_event(event.event(), cast(BinaryIO, self.wfile))
        return None

    def _go_on_for_ever(self, data: bytes) -> None:
        try:
            while not self.server_state.over.wait(0.002):
                self.wfile.write(data)
        except OSError:
            self.server_state.left.set()

    def _hang(self) -> None:
        """Until the client has left, or the server ends."""
        self.connection.settimeout(0.05)
        for _ in range(round(HANG_SECONDS / 0.05)):
            if self.server_state.over.is_set():
                return
            try:
                gone = not self.connection.recv(1)
            except TimeoutError:
                continue
            except OSError:
                gone = True
            if gone:
                self.server_state.left.set()
                return
