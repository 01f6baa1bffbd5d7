"""Piper: a neural voice that runs on this machine, in a child process of its own.

The package piper-tts is under the GPL (version 3 or later), and this program is not: it is an extra, which nothing here
imports but the child.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from assistant.speaking.child_voice import ChildVoice, Patience

LIVE = Patience(start=10.0, render=6.0)
"""Someone waits. On two x86 cores it loads in half a second and renders in a tenth of what it speaks."""
AHEAD = Patience(start=60.0, render=60.0)
"""Nobody waits, and every core is busy."""
GET = "pip install 'grounding-assistant[piper]'"


def piper_version() -> str | None:
    """Of the installed package piper-tts; None where there is none. The one called `piper` is another thing."""
    try:
        return version("piper-tts")
    except PackageNotFoundError:
        return None


def whole_voice(model: Path) -> bool:
    """Whether a voice and its description are here. Whether they can be loaded, only loading tells."""
    return model.is_file() and description_of(model).is_file()


def description_of(model: Path) -> Path:
    """Piper's JSON beside a voice."""
    return model.with_name(f"{model.name}.json")


class PiperVoice(ChildVoice):
    """`model`: the voice's .onnx file. `threads`: processor cores for one utterance."""

    def __init__(
        self, model: Path, threads: int, patience: Patience = LIVE, command: Sequence[str] | None = None
    ) -> None:
        command = command or (sys.executable, "-m", "assistant.speaking.piper_child", str(model), str(threads))
        missing = f"Piper cannot be started with the voice {model.stem}. Get it again: {GET}; grounding setup"
        super().__init__("piper", model.stem, command, patience, missing)
