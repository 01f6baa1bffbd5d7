"""A speech endpoint of OpenAI's protocol, on this machine."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import Any

import numpy as np
from numpy import float32

from assistant.settings import SpeechEndpoint
from assistant.sound import Sound, write_wav
from assistant.testing.fake_voice import FakeVoice
from assistant.testing.served import served

Body = Callable[[dict[str, Any]], bytes]


@dataclass
class Endpoint:
    """What a server did: `requests` are their bodies, `headers` what came with them."""

    url: str = ""
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    body: Body = lambda request: b""
    status: int = 200
    length: int | None = None
    hang: threading.Event | None = None
    elsewhere: str = ""

    @property
    def settings(self) -> SpeechEndpoint:
        return SpeechEndpoint(f"{self.url}/v1", "model", "voice")


def wav(sound: Sound) -> bytes:
    file = BytesIO()
    write_wav(file, sound)
    return file.getvalue()


def spoken(request: dict[str, Any]) -> bytes:
    sound = FakeVoice().render(request["input"], round(185 * request["speed"]))
    return wav(Sound(np.pad(sound.samples, 100).astype(float32), sound.rate))


@contextmanager
def an_endpoint() -> Iterator[Endpoint]:
    """A server on a port of its own, until the block ends."""
    state = Endpoint(body=spoken)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            state.requests.append(request)
            state.headers.append({name.lower(): value for name, value in self.headers.items()})
            if state.hang is not None:
                state.hang.wait(30.0)
            data = state.body(request)
            self.send_response(state.status)
            if state.elsewhere:
                self.send_header("Location", state.elsewhere)
            self.send_header("Content-Type", "audio/wav")
            self.send_header("Content-Length", str(len(data) if state.length is None else state.length))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with served(server) as port:
        state.url = f"http://127.0.0.1:{port}"
        try:
            yield state
        finally:
            if state.hang is not None:
                state.hang.set()
