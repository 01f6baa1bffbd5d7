"""The one way in which a server of OpenAI's protocol is asked while somebody waits.

A client of `open_client` tries once, goes to no other address, uses no proxy, and knows of no other account in the
environment. It belongs to one `Asker`: a thread in which a question ends at once when it is cancelled or late.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Coroutine
from concurrent.futures import Future
from threading import Thread
from typing import Any, TypeVar

T = TypeVar("T")
CLOSE_SECONDS = 1.0
LEAVE_SECONDS = 0.05
"""For what was cancelled to close its connection."""


def open_client(base_url: str, key: str | None, seconds: float) -> Any:
    """An `openai.AsyncOpenAI`, for an `Asker`. `seconds`: for a connection, and for each piece of an answer."""
    for name in [name for name in os.environ if name.startswith("OPENAI_")]:
        del os.environ[name]
    import openai

    here_only = openai.DefaultAsyncHttpxClient(
        base_url=base_url, timeout=seconds, follow_redirects=False, trust_env=False
    )
    return openai.AsyncOpenAI(
        base_url=base_url, api_key=key or "none", timeout=seconds, max_retries=0, http_client=here_only
    )


class Asker:
    """One thread with a loop. A cancelled question closes its connection, whatever the server does."""

    def __init__(self, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._asked: set[Future[Any]] = set()
        self._thread = Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def ask(self, question: Coroutine[Any, Any, T]) -> Future[T]:
        """Begin; from any thread. Cancel what comes back, or wait for it with a time limit."""
        asked = asyncio.run_coroutine_threadsafe(question, self._loop)
        self._asked.add(asked)
        asked.add_done_callback(self._asked.discard)
        return asked

    def close(self) -> None:
        """Cancel everything and end. A name that is still being looked up is not waited for."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._end)
            self._thread.join(CLOSE_SECONDS)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()
        self._loop.close()

    def _end(self) -> None:
        # Not every task of the loop: a question's own, cancelled before they began, would be told of on the screen.
        for asked in tuple(self._asked):
            asked.cancel()
        self._loop.call_later(LEAVE_SECONDS, self._loop.stop)
