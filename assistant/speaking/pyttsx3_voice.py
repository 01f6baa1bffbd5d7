"""pyttsx3 in its child process: espeak-ng, SAPI5 or macOS's voices, whichever the system has."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from assistant.speaking.child_voice import ChildVoice, Patience

START_SECONDS = 8.0
"""A cold Raspberry Pi loads espeak in seconds, not tens of seconds."""
RENDER_SECONDS = 4.0
"""espeak renders a sentence in about 15 ms on a PC; longer than this it hangs."""
MISSING = (
    "No voice engine could be started. On Debian or Raspberry Pi OS: sudo apt install libespeak-ng1; or "
    "pip install 'grounding-assistant[espeak]'. Until then every word is shown on the screen."
)


class Pyttsx3Voice(ChildVoice):
    """`voice`: a language such as `en`, or the id or name of a voice the system has."""

    def __init__(
        self, voice: str = "en", command: Sequence[str] | None = None, render_seconds: float = RENDER_SECONDS
    ) -> None:
        command = command or (sys.executable, "-m", "assistant.speaking.pyttsx3_child", voice)
        super().__init__("pyttsx3", voice, command, Patience(START_SECONDS, render_seconds), MISSING)
