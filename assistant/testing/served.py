"""A server of this machine's own, for as long as a test asks it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import TCPServer

POLL_SECONDS = 0.02
"""In which it sees that it is to end."""
END_SECONDS = 5.0


@contextmanager
def served(server: TCPServer) -> Iterator[int]:
    """Its port, while it serves in a thread. A request that hangs ends with the process."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": POLL_SECONDS}, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join(END_SECONDS)
