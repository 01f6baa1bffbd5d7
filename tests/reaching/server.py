"""A service on this machine that messages are sent to, as apprise's `json://` does."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from assistant.testing.served import served

SECRET = "swordfish"


@dataclass
class Service:
    """`messages`: what came. `status`: what is answered; `hang`: nothing is, until it is set."""

    url: str = ""
    messages: list[str] = field(default_factory=list)
    status: int = 200
    hang: threading.Event | None = None
    came: threading.Event = field(default_factory=threading.Event)


@contextmanager
def a_service() -> Iterator[Service]:
    """On a port of its own, until the block ends."""
    state = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            state.messages.append(json.loads(self.rfile.read(int(self.headers["Content-Length"])))["message"])
            state.came.set()
            if state.hang is not None:
                state.hang.wait(30.0)
            self.send_response(state.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with served(server) as port:
        state.url = f"json://user:{SECRET}@127.0.0.1:{port}/"
        try:
            yield state
        finally:
            if state.hang is not None:
                state.hang.set()
