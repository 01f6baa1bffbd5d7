"""The trusted person, for a sitting: whether a message can be sent, and who sends it; and for `doctor`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from assistant.content.library import Library
from assistant.core.events import Event
from assistant.core.trusted import Sending
from assistant.errors import StoreError
from assistant.reaching.channel import find_channel
from assistant.reaching.messenger import GET, Messenger, apprise_here, deliver
from assistant.runtime.stage import Observer
from assistant.safety.interrupt import spell
from assistant.settings import Settings
from assistant.settings_files import own_settings_file


def reachable(tell: Callable[[str, str], None]) -> bool:
    """Whether a message can be sent. What stands in the way of a channel that is set is told."""
    try:
        channel = find_channel(own_settings_file().parent)
    except StoreError as error:
        tell(error.hint, "33")
        return False
    if channel is not None and not apprise_here():
        tell(f"Messages need one more package: {GET}", "33")
    return channel is not None and apprise_here()


def channel_set() -> bool:
    """Whether messages have somewhere to go; one that cannot be read now may be at another time."""
    try:
        return find_channel(own_settings_file().parent) is not None
    except StoreError:
        return True


def deliver_there(body: str) -> Sending:
    """Through the channel as it is set at this moment."""
    try:
        channel = find_channel(own_settings_file().parent)
    except StoreError:
        return Sending.FAILED
    return Sending.FAILED if channel is None else deliver(channel.url, body)


@contextmanager
def message_observers(
    can_send: bool, post: Callable[[Event], None], afterwards: Callable[[str], None]
) -> Iterator[list[Observer]]:
    """Who sends what this sitting asks for. `afterwards`: shows the sentence of a code."""
    if not can_send:
        yield []
        return
    messenger = Messenger(deliver_there, post, afterwards)
    messenger.start()
    try:
        yield [messenger]
    finally:
        messenger.close()


def private_number(library: Library, settings: Settings) -> str:
    """The trusted person's number as it is said, so that no sound of it is kept; empty where there is none."""
    number = settings.trusted_person.number
    return "" if number is None else spell(number, library.repertoire.phrases)


def trusted_finding(settings: Settings) -> dict[str, object]:
    """For `doctor`: neither the number nor the address is shown."""
    own = settings.trusted_person
    found: dict[str, object] = {"name": "someone to turn to", "state": "ok", "mend": ""}
    known = [what for what, there in (("a name", own.name), ("a number", own.number)) if there]
    detail = f"{' and '.join(known) or 'nobody'} is set"
    try:
        channel = find_channel(own_settings_file().parent)
    except StoreError as error:
        return found | {"state": "degraded", "detail": f"{detail}; no message can be sent", "mend": error.hint}
    if channel is None:
        return found | {
            "detail": f"{detail}; messages: no channel is set",
            "mend": f"if you want them: {GET}, grounding setup",
        }
    if not apprise_here():
        return found | {
            "state": "degraded",
            "detail": f"{detail}; messages: a channel is set, and apprise is missing",
            "mend": GET,
        }
    where = "the system's keyring" if channel.in_keyring else "a file that only you can read"
    return found | {"detail": f"{detail}; messages: through {channel.service}, whose address is in {where}"}
