"""Wyoming servers that announce themselves in this network: looked for when somebody asks, and at no other time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING

from assistant.app.findings import Finding, finding
from assistant.endpoints import wyoming_here
from assistant.errors import EngineError, UsageError
from assistant.wyoming_link import linked

if TYPE_CHECKING:
    from zeroconf.asyncio import AsyncZeroconf

SERVER = "Wyoming server"
KIND = "_wyoming._tcp.local."
"""What Wyoming servers are called there; Home Assistant looks for the same (`wyoming/zeroconf.py`)."""
GET = "pip install 'grounding-assistant[discovery]'"
LOOK_SECONDS = 3.0
"""What was just announced is not said again within a second, and an answer may be held back for half of one more (RFC
6762, section 6); with 1 s one that had announced itself a moment before was missed."""
EACH_SECONDS = 2.0
"""For the address of one that was found, and again for what it says of itself."""
MOST = 32
"""More are not asked, nor listed."""
MOST_BYTES = 1 << 20
"""Of what one says of itself: the list of all voices of Piper is 200 kB."""


@dataclass(frozen=True, slots=True)
class Found:
    """`address`: for the settings. `hears`, `speaks`: by its own word; neither where it did not say."""

    name: str
    address: str
    hears: bool = False
    speaks: bool = False


def discover(interfaces: Sequence[str] | None = None) -> list[Found]:
    """All that answer within seconds, in order of their names. `interfaces`: addresses of this computer; None: all.

    Raises UsageError where the packages are missing, and EngineError where this computer may not ask.
    """
    if find_spec("zeroconf") is None or not wyoming_here():
        raise UsageError("discovery-missing", f"To look for Wyoming servers a package is missing: {GET}")
    try:
        return asyncio.run(_discover(interfaces))
    except OSError as error:
        raise EngineError(
            "discovery-failed",
            f"This computer cannot ask around in its network ({error.strerror or type(error).__name__}); "
            "write the address yourself: docs/wyoming.md.",
        ) from None


async def _discover(interfaces: Sequence[str] | None) -> list[Found]:
    from zeroconf import InterfaceChoice
    from zeroconf.asyncio import AsyncZeroconf

    zeroconf = AsyncZeroconf(interfaces=InterfaceChoice.All if interfaces is None else list(interfaces))
    try:
        names = sorted(await _names(zeroconf))[:MOST]
        located = await asyncio.gather(*(_located(zeroconf, name) for name in names))
    finally:
        await zeroconf.async_close()
    return list(await asyncio.gather(*(_described(found) for found in located if found is not None)))


async def _names(zeroconf: AsyncZeroconf) -> set[str]:
    from zeroconf.asyncio import AsyncServiceBrowser

    names: set[str] = set()

    def changed(*, name: str, **_: object) -> None:
        names.add(name)

    handlers: list[Callable[..., None]] = [changed]
    browser = AsyncServiceBrowser(zeroconf.zeroconf, KIND, handlers=handlers)
    await asyncio.sleep(LOOK_SECONDS)
    await browser.async_cancel()
    return names


async def _located(zeroconf: AsyncZeroconf, name: str) -> Found | None:
    """None: it is gone again, or has no address."""
    info = await zeroconf.async_get_service_info(KIND, name, round(EACH_SECONDS * 1000))
    if info is None or not info.port:
        return None
    addresses = info.parsed_addresses()  # those of IPv4 come first
    host = next(iter(addresses), None)
    if host is None:
        return None
    shown = "".join(letter for letter in name.removesuffix(f".{KIND}") if letter.isprintable())
    return Found(shown, f"tcp://[{host}]:{info.port}" if ":" in host else f"tcp://{host}:{info.port}")


async def _described(found: Found) -> Found:
    """With what it can do, where it says so."""
    from wyoming.info import Describe, Info

    # Whatever a stranger's server answers: one that cannot be read says nothing of itself.
    with suppress(OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, TimeoutError):
        async with asyncio.timeout(EACH_SECONDS), linked(found.address, MOST_BYTES) as link:
            await link.send(Describe())
            while not Info.is_type((event := await link.next()).type):
                pass
            info = Info.from_event(event)
            return Found(found.name, found.address, bool(info.asr), bool(info.tts))
    return found


def discovered_findings(interfaces: Sequence[str] | None = None) -> list[Finding]:
    """For `doctor`: each server, and how to choose it."""
    try:
        servers = discover(interfaces)
    except (UsageError, EngineError) as error:
        return [finding(SERVER, "degraded", "could not be looked for", error.hint)]
    if not servers:
        detail = f"none answered in {LOOK_SECONDS:.0f} s"
        mend = "many do only when told to (--zeroconf); an address can be written by hand: docs/wyoming.md"
        return [finding(SERVER, "ok", detail, mend)]
    return [finding(SERVER, "ok", f"{one.name} at {one.address}, {_does(one)}", _choose(one)) for one in servers]


def _does(server: Found) -> str:
    does = [word for word, true in (("hears", server.hears), ("speaks", server.speaks)) if true]
    return " and ".join(does) or "which says neither that it hears nor that it speaks"


def _choose(server: Found) -> str:
    ways = [
        f"{section}.engine: wyoming, and {section}.wyoming.address: {server.address}"
        for section, true in (("speech_to_text", server.hears), ("voice", server.speaks))
        if true
    ]
    return f"to choose it: {'; '.join(ways)}" if ways else ""
