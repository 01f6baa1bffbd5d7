"""A speech endpoint that speaks OpenAI's protocol, on this computer or another.

It is sent lines that are published with this program, and nothing else: not a word of the person's, nor a name, nor a
number that tells how they are. And only ahead of time, all in one order: which line is said when would tell, too.

The request is made by a child process, so that an endpoint which never ends its answer is cut off.
"""

from __future__ import annotations

import sys
from collections.abc import Collection

from assistant.endpoints import GET, whose_computer
from assistant.settings import SpeechEndpoint
from assistant.sound import Sound
from assistant.speaking.child_voice import ChildVoice, Patience
from assistant.speaking.engine import DeclinedLineError

PATIENCE = Patience(start=30.0, render=30.0)
"""Nobody waits: lines are fetched ahead of time only."""
KEY = "GROUNDING_VOICE_KEY"
"""The environment variable with the endpoint's key. Of its own, so that no other service's key goes to this address."""


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
