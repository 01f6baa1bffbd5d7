"""A voice behind the Wyoming protocol, as Home Assistant's are, under the rules of any speech endpoint
(`openai_voice.py`): published lines and nothing else, all in one order, only ahead of time.
"""

from __future__ import annotations

import sys
from collections.abc import Collection

from assistant.endpoints import GET_WYOMING, whose_computer
from assistant.settings import WyomingVoice
from assistant.sound import Sound
from assistant.speaking.child_voice import ChildVoice, Patience
from assistant.speaking.engine import DeclinedLineError

PATIENCE = Patience(start=30.0, render=30.0)
"""Nobody waits: lines are fetched ahead of time only."""


class ServedVoice(ChildVoice):
    """`public`: the only texts that may be sent."""

    def __init__(self, endpoint: WyomingVoice, public: Collection[str], patience: Patience = PATIENCE) -> None:
        whose_computer(endpoint.address)
        self._public = frozenset(public)
        command = (
            sys.executable, "-m", "assistant.speaking.wyoming_child", endpoint.address, endpoint.voice or "",
            str(endpoint.words_per_minute),
        )  # fmt: skip
        missing = f"A Wyoming server cannot be asked without the package wyoming: {GET_WYOMING}"
        super().__init__("wyoming", identity(endpoint), command, patience, missing)

    def render(self, text: str, words_per_minute: int) -> Sound:
        """One published line. Raises DeclinedLineError for any other text, before anything is started; EngineError."""
        if text not in self._public:
            raise DeclinedLineError
        return super().render(text, words_per_minute)


def identity(endpoint: WyomingVoice) -> str:
    """Which voice it is: by its name wherever the server runs, or whatever this server chooses; and its pace."""
    return f"{endpoint.voice or endpoint.address}/{endpoint.words_per_minute}"
