"""The one way in which a server of the Wyoming protocol is asked: a connection for each question, and so much of an
answer and no more. The package reads whatever length a server announces.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from wyoming.event import Event, Eventable


class Link:
    """One question and its answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def send(self, *events: Eventable) -> None:
        """Raises OSError."""
        from wyoming.event import async_write_event

        for event in events:
            await async_write_event(event.event(), self._writer)

    async def next(self) -> Event:
        """Raises EOFError where no more comes, or none that can be read, or the server says that it cannot."""
        from wyoming.error import Error
        from wyoming.event import async_read_event

        event = await async_read_event(self._reader)
        if event is None or Error.is_type(event.type):
            raise EOFError("no answer")
        return event


@asynccontextmanager
async def linked(address: str, most_bytes: int) -> AsyncIterator[Link]:
    """`address`: tcp://HOST:PORT. `most_bytes`: of all that is read. Raises OSError where nobody is there."""
    parts = urlsplit(address)
    reader = _Counting(most_bytes)
    protocol = asyncio.StreamReaderProtocol(reader)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(lambda: protocol, parts.hostname or "", parts.port or 0)
    try:
        yield Link(reader, asyncio.StreamWriter(transport, protocol, reader, loop))
    finally:
        transport.abort()  # whoever stopped waiting waits for no farewell either


class _Counting(asyncio.StreamReader):
    def __init__(self, most_bytes: int) -> None:
        super().__init__()
        self._left = most_bytes

    async def readline(self) -> bytes:
        line = await super().readline()
        self._take(len(line))
        return line

    async def readexactly(self, n: int) -> bytes:
        self._take(n)
        return await super().readexactly(n)

    def _take(self, count: int) -> None:
        self._left -= count
        if self._left < 0:
            raise ValueError("an answer without end")
