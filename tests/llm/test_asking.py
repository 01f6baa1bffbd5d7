"""What is asked of a server ends at once, and quietly."""

from __future__ import annotations

import asyncio
import gc
import warnings
from collections.abc import Generator

from assistant.asking import Asker, open_client
from assistant.testing.fake_model_server import a_model_server

PATIENT = 60.0


class Turn:
    """Awaited, it lets everything else in the loop take one step."""

    def __await__(self) -> Generator[None]:
        yield


def test_closed_while_it_connects_it_puts_nothing_on_the_screen() -> None:
    """At the very moment in which the client has made a task of its own that has not begun."""
    with a_model_server() as server, warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        asker = Asker("test")

        async def question() -> None:
            await open_client(server.base_url, "a-key", PATIENT).models.list()

        async def closed_as_it_connects() -> None:
            before = asyncio.all_tasks()
            asker.ask(question())
            while len(asyncio.all_tasks() - before) < 2:
                await Turn()
            asker._end()

        asker.ask(closed_as_it_connects())
        asker._thread.join(PATIENT)
        gc.collect()
    assert not asker._thread.is_alive()
    assert [str(one.message) for one in said] == []
