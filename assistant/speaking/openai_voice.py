"""A speech endpoint that speaks OpenAI's protocol, on this computer or another.

It is sent lines that are published with this program, and nothing else: not a word of the person's, nor a name, nor a
number that tells how they are. And only ahead of time, all in one order: which line is said when would tell, too.

The request is made by a child process, so that an endpoint which never ends its answer is cut off.
"""

from __future__ import annotations

import ipaddress
import sys
from collections.abc import Collection
from importlib.util import find_spec
from urllib.parse import urlsplit

from assistant.errors import ConfigError
from assistant.settings import SpeechEndpoint
from assistant.sound import Sound
from assistant.speaking.child_voice import ChildVoice, Patience
from assistant.speaking.engine import DeclinedLineError

PATIENCE = Patience(start=30.0, render=30.0)
"""Nobody waits: lines are fetched ahead of time only."""
KEY = "GROUNDING_VOICE_KEY"
"""The environment variable with the endpoint's key. Of its own, so that no other service's key goes to this address."""
GET = "pip install 'grounding-assistant[openai]'"


class OpenAiVoice(ChildVoice):
    """`public`: the only texts that may be sent."""

    def __init__(self, endpoint: SpeechEndpoint, public: Collection[str], patience: Patience = PATIENCE) -> None:
        whose_computer(endpoint.base_url)
        self._public = frozenset(public)
        command = (
            sys.executable, "-m", "assistant.speaking.openai_child", endpoint.base_url, endpoint.model, endpoint.voice,
            KEY,
        )  # fmt: skip
        missing = f"The speech endpoint cannot be asked without the package openai: {GET}"
        super().__init__("openai", identity(endpoint), command, patience, missing)

    def render(self, text: str, words_per_minute: int) -> Sound:
        """One published line. Raises DeclinedLineError for any other text, before anything is started; EngineError."""
        if text not in self._public:
            raise DeclinedLineError
        return super().render(text, words_per_minute)


def identity(endpoint: SpeechEndpoint) -> str:
    """Which voice it is, wherever the endpoint runs: two addresses of one model give one voice."""
    return f"{endpoint.model}/{endpoint.voice}"


def openai_here() -> bool:
    """Whether the package is installed."""
    return find_spec("openai") is not None


def whose_computer(base_url: str) -> str:
    """Whom the lines go to, in words. Raises ConfigError for what is no address."""
    try:
        parts = urlsplit(base_url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise ConfigError(
            "endpoint-address", f"voice.endpoint.base_url is no address: {base_url!r}; write http://localhost:8880/v1"
        )
    plain = "" if parts.scheme == "https" else ", unencrypted"
    if host == "localhost" or host.endswith(".localhost"):
        return "this computer"
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        if host.endswith((".local", ".lan", ".home.arpa")) or "." not in host:
            return f"{host}, a computer of your own network{plain}"
        return f"{host}, a computer that is not yours{plain}"
    if address.is_loopback:
        return "this computer"
    if address.is_private or address.is_link_local:
        return f"{host}, a computer of your own network{plain}"
    return f"{host}, a computer that is not yours{plain}"
