"""Who looks after the devices of a session."""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import ExitStack

from assistant.app.streams import Streams
from assistant.core.events import Event
from assistant.runtime.watchdog import Watchdog
from assistant.sound import INAUDIBLE


def watch_devices(
    stack: ExitStack, streams: Streams, post: Callable[[Event], None], missing: Collection[str] = ()
) -> None:
    """Open again what is lost, in a quiet moment, until the stack closes. `missing`: not there to begin with."""
    watchdog = Watchdog(
        streams.speaker_beat, streams.microphone_beat, streams.reopen, lambda: streams.player.level < INAUDIBLE, post,
        missing,
    )  # fmt: skip
    streams.watched_by(watchdog.look_soon)
    watchdog.start()
    stack.callback(watchdog.close)
