"""Servers that the person has set up, of OpenAI's protocol or of Wyoming's: whose computer an address leads to."""

from __future__ import annotations

import ipaddress
from importlib.util import find_spec
from urllib.parse import urlsplit

from assistant.core.outside import Whose
from assistant.errors import ConfigError

GET = "pip install 'grounding-assistant[openai]'"
GET_WYOMING = "pip install 'grounding-assistant[wyoming]'"


def openai_here() -> bool:
    """Whether the package is installed."""
    return find_spec("openai") is not None


def wyoming_here() -> bool:
    """Whether that package is."""
    return find_spec("wyoming") is not None


def whose(base_url: str) -> tuple[Whose, str]:
    """Whom an address leads to, with the name of its computer; a name that says nothing is somebody else's.

    Raises ConfigError for what is no address.
    """
    try:
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("http", "https", "tcp") or not host:
        raise ConfigError("endpoint-address", f"{base_url!r} is no address of a server; write http://localhost:8880/v1")
    if host == "localhost" or host.endswith(".localhost"):
        return Whose.HERE, host
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        own = host.endswith((".local", ".lan", ".home.arpa")) or "." not in host
        return (Whose.NETWORK if own else Whose.ELSEWHERE), host
    if address.is_loopback:
        return Whose.HERE, host
    return (Whose.NETWORK if address.is_private or address.is_link_local else Whose.ELSEWHERE), host


def whose_computer(base_url: str) -> str:
    """The same in words. Raises ConfigError for what is no address."""
    owner, host = whose(base_url)
    plain = "" if base_url.lower().startswith("https:") else ", unencrypted"
    match owner:
        case Whose.HERE:
            return "this computer"
        case Whose.NETWORK:
            return f"{host}, a computer of your own network{plain}"
        case Whose.ELSEWHERE:
            return f"{host}, a computer that is not yours{plain}"
