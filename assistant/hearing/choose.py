"""Which recogniser to use, and what that means for the person."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from assistant.errors import UsageError
from assistant.hearing.faster_whisper_engine import FasterWhisper, missing_files
from assistant.hearing.pocketsphinx_engine import PocketSphinx
from assistant.hearing.recogniser import Recogniser

ELSEWHERE = ("openai", "wyoming")
"""Those that hear on another computer."""
ENGINES = ("auto", "faster-whisper", "pocketsphinx", *ELSEWHERE)


def choose_recogniser(
    engine: str,
    model: Path | None,
    language: str,
    threads: int,
    phrases: Sequence[str],
    urgent: Collection[str],
    numbers: Collection[str],
) -> Recogniser:
    """`auto` takes faster-whisper when its model is whole, else the built-in one, which knows `phrases` only, and
    `numbers` where one was asked for. So do those `ELSEWHERE`: this is the one that hears here, and stands behind the
    other computer.

    Raises EngineError when faster-whisper is asked for by name and its model is not there, UsageError for other names.
    """
    known_recogniser(engine)
    if understands_free_speech(engine, model):
        return FasterWhisper(model or Path("no-model"), language, threads)
    return PocketSphinx(phrases, urgent, numbers)


def understands_free_speech(engine: str, model: Path | None) -> bool:
    """Whether the recogniser here, of this choice, understands more than set phrases."""
    return engine == "faster-whisper" or (
        engine in ("auto", *ELSEWHERE) and model is not None and not missing_files(model)
    )


def known_recogniser(engine: str) -> None:
    """Raises UsageError for a name that no recogniser has, whether or not one is needed now."""
    if engine not in ENGINES:
        raise UsageError("engine-unknown", f"There is no recogniser {engine!r}; choose from {', '.join(ENGINES)}.")
