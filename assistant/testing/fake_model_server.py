"""A server of OpenAI's protocol on this machine, with every fault that one may have: for whoever asks one.

It speaks over HTTP: answers in one piece, streamed as server-sent events, and transcriptions.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistant.testing.served import served

HANG_SECONDS = 30.0
"""Longer than anybody waits; it ends as soon as the client has left."""


class Fault(Enum):
    """What goes wrong with each answer."""

    NONE = "none"
    UNAUTHORISED = "401"
    BUSY = "429"
    BUSY_FOR_A_MOMENT = "429 once, with retry-after"
    BUSY_FOR_LONG = "429 with a long retry-after"
    BROKEN = "500"
    HANGS = "hangs before the first byte"
    HANGS_IN_BETWEEN = "hangs in mid-stream"
    DRIPS = "one byte at a time, for ever"
    NO_JSON = "broken JSON"
    OTHER_SCHEMA = "another schema"
    EMPTY = "nothing"
    ENDLESS = "no end"
    ELSEWHERE = "a redirection"


@dataclass
class FakeModelServer:
    """`says`: the answer to a request's body. `heard`: the text of a transcription."""

    url: str = ""
    says: Callable[[dict[str, Any]], str] = lambda request: "It sounds hard."
    heard: str = ""
    logprob: float = -0.2
    knows_schemas: bool = True
    """Whether a JSON schema may be asked for; otherwise such a request is refused."""
    fault: Fault = Fault.NONE
    requests: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    uploads: list[bytes] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    """A request has come."""
    left: threading.Event = field(default_factory=threading.Event)
    """A client closed its connection while it was kept waiting."""
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def base_url(self) -> str:
        """As in config.yaml."""
        return f"{self.url}/v1"


@contextmanager
def a_model_server() -> Iterator[FakeModelServer]:
    """On a port of its own, until the block ends."""
    state = FakeModelServer()

    class Handler(_Handler):
        server_state = state

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with served(server) as port:
        state.url = f"http://127.0.0.1:{port}"
        try:
            yield state
        finally:
            state.over.set()


class _Handler(BaseHTTPRequestHandler):
    server_state: FakeModelServer

    def do_POST(self) -> None:
        state = self.server_state
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        state.headers.append({name.lower(): value for name, value in self.headers.items()})
        if self.path.endswith("/audio/transcriptions"):
            state.uploads.append(body)
            state.asked.set()
            return self._answer(self._transcription(), streamed=False)
        if not body:
            return state.left.set()  # it left before it had asked
        request = json.loads(body)
        state.requests.append(request)
        state.asked.set()
        if "response_format" in request and not state.knows_schemas:
            return self._refuse(500)
        return self._answer(state.says(request), streamed=bool(request.get("stream")))

    def log_message(self, *given: object) -> None:
        pass

    def _transcription(self) -> str:
        state = self.server_state
        segment = {"avg_logprob": state.logprob, "no_speech_prob": 0.01, "text": state.heard}
        return json.dumps({"text": state.heard, "segments": [segment], "language": "english"})

    def _answer(self, text: str, *, streamed: bool) -> None:
        try:
            self._misbehave_or_answer(text, streamed=streamed)
        except OSError:  # it left while something was written
            self.server_state.left.set()

    def _misbehave_or_answer(self, text: str, *, streamed: bool) -> None:
        state = self.server_state
        match state.fault:
            case Fault.UNAUTHORISED:
                return self._refuse(401)
            case Fault.BUSY:
                return self._refuse(429)
            case Fault.BUSY_FOR_LONG:
                return self._refuse(429, {"Retry-After": "20"})
            case Fault.BUSY_FOR_A_MOMENT:
                state.fault = Fault.NONE
                return self._refuse(429, {"Retry-After": "0.05"})
            case Fault.BROKEN:
                return self._refuse(500)
            case Fault.ELSEWHERE:
                return self._refuse(307, {"Location": "http://127.0.0.1:9/v1/chat/completions"})
            case Fault.HANGS:
                return self._hang()
        return self._stream(text) if streamed else self._whole(text)

    def _refuse(self, status: int, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def _whole(self, text: str) -> None:
        fault, transcription = self.server_state.fault, self.path.endswith("/audio/transcriptions")
        message = {"role": "assistant", "content": text}
        usage = {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}
        row = {
            "id": "1", "object": "chat.completion", "created": 0, "model": "fake", "usage": usage,
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        }  # fmt: skip
        data = (text if transcription else json.dumps(row)).encode()
        match fault:
            case Fault.NO_JSON:
                data = b'{"choices": [{"mess'
            case Fault.OTHER_SCHEMA:
                data = b'{"answer": ["yes"]}'
            case Fault.EMPTY:
                data = b""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        if fault in (Fault.ENDLESS, Fault.HANGS_IN_BETWEEN, Fault.DRIPS):
            self.end_headers()
            self.wfile.write(data[:20])
            return self._go_on_for_ever(b" " * 1024) if fault is not Fault.HANGS_IN_BETWEEN else self._hang()
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, text: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        fault = self.server_state.fault
        pieces = [text[at : at + 7] for at in range(0, len(text), 7)]
        match fault:
            case Fault.EMPTY:
                pieces = []
            case Fault.NO_JSON:
                return self._write(b'data: {"choices": [{"del\n\n')
            case Fault.OTHER_SCHEMA:
                return self._write(b'data: {"answer": [1, 2]}\n\ndata: [DONE]\n\n')
            case Fault.ENDLESS:
                return self._go_on_for_ever(self._event("and so on "))
            case Fault.HANGS_IN_BETWEEN:
                self._write(self._event("It sounds "))
                return self._hang()
            case Fault.DRIPS:
                return self._go_on_for_ever(b"d")
        for piece in pieces:
            self._write(self._event(piece))
        self._write(
            b'data: {"id": "1", "object": "chat.completion.chunk", "created": 0, "model": "fake", "choices": [], '
        )
        self._write(b'"usage": {"prompt_tokens": 100, "completion_tokens": 10, "total_tokens": 110}}\n\n')
        return self._write(b"data: [DONE]\n\n")

    def _event(self, piece: str) -> bytes:
        row = {
            "id": "1", "object": "chat.completion.chunk", "created": 0, "model": "fake",
            "choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}],
        }  # fmt: skip
        return f"data: {json.dumps(row)}\n\n".encode()

    def _write(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def _go_on_for_ever(self, data: bytes) -> None:
        try:
            while not self.server_state.over.wait(0.002):
                self._write(data)
        except OSError:
            self.server_state.left.set()

    def _hang(self) -> None:
        """Until the client has left, or the server ends."""
        self.connection.settimeout(0.05)
        for _ in range(round(HANG_SECONDS / 0.05)):
            if self.server_state.over.is_set():
                return
            with suppress(TimeoutError):
                if not self.connection.recv(1):
                    self.server_state.left.set()
                    return
