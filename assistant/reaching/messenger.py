"""Sends the trusted person a message, once it was confirmed. The conversation never waits for the network."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from queue import SimpleQueue
from threading import Thread

from assistant.core.commands import Command, End, Notify
from assistant.core.events import Event, MessageEnded
from assistant.core.trusted import Sending
from assistant.reaching.apprise_child import FAILED, MISFIT, MISSING, SENT

SEND_SECONDS = 20.0
"""Apprise waits four seconds for a connection and four for an answer; Python and its libraries start in a few on a
Raspberry Pi. `RESULT_SECONDS` in core/scenes/message.py is longer."""
CLOSE_SECONDS = 22.0
"""A message that was confirmed is seen to its end when the person says goodbye meanwhile."""
GET = "pip install 'grounding-assistant[message]'"

Deliver = Callable[[str], Sending]
"""Sends these words, and says what became of them."""


def apprise_here() -> bool:
    """Whether the extra is installed; it is not imported here."""
    return find_spec("apprise") is not None


def deliver(url: str, body: str, seconds: float = SEND_SECONDS) -> Sending:
    """In a process of its own, which is ended when it takes too long: then nobody knows whether it was sent."""
    answer = _asked({"url": url, "body": body}, seconds)
    return {SENT: Sending.SENT, "": Sending.UNSURE}.get(answer, Sending.FAILED)


def fits(url: str, seconds: float = SEND_SECONDS) -> bool:
    """Whether apprise takes this for the address of a service. Nothing is sent."""
    return _asked({"url": url}, seconds) not in (MISFIT, MISSING, FAILED, "")


def _asked(request: dict[str, str], seconds: float) -> str:
    """The child's word; empty when it gave none. What it prints beside it could hold the address, and is not read."""
    command = [sys.executable, "-m", "assistant.reaching.apprise_child"]
    try:
        child = subprocess.run(
            command, input=json.dumps(request), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            timeout=seconds, start_new_session=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return ""
    except OSError:
        return FAILED
    word = child.stdout.strip()
    return word if word in (SENT, FAILED, MISFIT, MISSING) else FAILED


class Messenger:
    """An observer of the conversation, with a thread of its own."""

    def __init__(self, deliver: Deliver, post: Callable[[Event], None], afterwards: Callable[[str], None]) -> None:
        """`afterwards`: shows the sentence of a code when the conversation has ended and hears no more."""
        self._deliver = deliver
        self._post = post
        self._afterwards = afterwards
        self._ended = False
        self._queue: SimpleQueue[Notify | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="messenger", daemon=True)

    def start(self) -> None:
        """Wait for what is to be sent."""
        self._thread.start()

    def close(self) -> None:
        """What was confirmed is sent, within CLOSE_SECONDS."""
        self._queue.put(None)
        self._thread.join(CLOSE_SECONDS)

    def event(self, event: Event, now: float) -> None:
        """Nothing to see."""

    def command(self, command: Command, now: float, scene: str) -> None:
        """A message goes to the thread."""
        if isinstance(command, Notify):
            self._queue.put(command)
        elif isinstance(command, End):
            self._ended = True

    def _run(self) -> None:
        while (notify := self._queue.get()) is not None:
            ending = self._deliver(notify.message)
            if self._ended:
                self._afterwards(ending)
            else:
                self._post(MessageEnded(notify.message_id, ending))


class AtOnce:
    """The same where time is virtual, and jumps: it is sent before the next moment comes."""

    def __init__(self, deliver: Deliver, post: Callable[[Event], None]) -> None:
        self._deliver = deliver
        self._post = post

    def event(self, event: Event, now: float) -> None:
        """Nothing to see."""

    def command(self, command: Command, now: float, scene: str) -> None:
        """Waits for its end."""
        if isinstance(command, Notify):
            self._post(MessageEnded(command.message_id, self._deliver(command.message)))
