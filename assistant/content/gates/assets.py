"""Every sound that content names is there, and is sound."""

from __future__ import annotations

import wave
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.content import models
from assistant.content.exercises import ExerciseSource
from assistant.content.phrases import RECORDED, PhrasesSource
from assistant.content.recordings import SUMS, sound_recordings
from assistant.faults import Fault

DRAWN = ("start", "end")
"""Chimes that `python -m assistant.app.cues` draws."""


def chime_faults(root: Path, exercises: Iterable[ExerciseSource]) -> Iterator[Fault]:
    """Chimes named in exercises that are not in audio/."""
    known = {path.stem for path in (root / "audio").glob("*.wav")}
    for source in exercises:
        for at, step in enumerate(source.exercise.steps):
            if isinstance(step, models.ChimeStep) and step.chime not in known:
                drawn = f"python -m assistant.app.cues draws {step.chime}.wav again"
                use = f"add audio/{step.chime}.wav, or use one of {', '.join(sorted(known)) or 'none yet'}"
                mend = drawn if step.chime in DRAWN else use
                yield source.marked.fault(("steps", at, "chime"), f"there is no chime {step.chime!r}", mend)


def recording_faults(root: Path, phrases: PhrasesSource, language: str) -> Iterator[Fault]:
    """Recorded lines without their sound."""
    _, changed = sound_recordings(root / "audio" / language)
    for name in changed:
        mend = f"record it again, and write {SUMS} with sha256sum *.wav"
        yield phrases.marked.fault((RECORDED,), f"audio/{language}/{name}.wav is not as {SUMS} there says", mend)
    for name in phrases.recorded:
        path = root / "audio" / language / f"{name}.wav"
        if (why := unplayable(path)) is not None:
            what = f"audio/{language}/{name}.wav {why}"
            yield phrases.marked.fault((RECORDED, name), what, "record this line, or remove it here")


def sound_faults(root: Path) -> Iterator[Fault]:
    """Sound files that are not sound."""
    for path in sorted((root / "audio").rglob("*.wav")):
        if (why := unplayable(path)) is not None:
            yield Fault(path, 1, 1, f"the file {why}", "save it as uncompressed 16-bit WAV")


def unplayable(path: Path) -> str | None:
    """Why a file cannot be played, or None."""
    if not path.is_file():
        return "is missing"
    try:
        with wave.open(str(path), "rb") as sound:
            if sound.getnframes() == 0:
                return "is empty"
            return None if sound.getsampwidth() == 2 else "is not 16-bit"
    except (wave.Error, EOFError):
        return "is not an uncompressed WAV"
