"""`grounding hear`: files through the recogniser, as a turn each."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from assistant.app.parts import build_recogniser, load_library
from assistant.hearing.recogniser import RATE
from assistant.settings import Settings
from assistant.sound import read_wav, resampled


def hear(files: Sequence[Path], settings: Settings) -> list[dict[str, object]]:
    """A row a file."""
    sounds = [(path, read_wav(path)) for path in files]
    recogniser = build_recogniser(load_library(settings), settings, None)
    recogniser.warm_up()
    rows: list[dict[str, object]] = []
    for path, sound in sounds:
        began = time.perf_counter()
        transcript = recogniser.transcribe(resampled(sound, RATE))
        rows.append(
            {
                "file": str(path),
                "text": transcript.text,
                "engine": transcript.engine,
                "trust": transcript.trust.value,
                "confidence": round(transcript.confidence, 3),
                "audio_s": round(sound.seconds, 3),
                "took_s": round(time.perf_counter() - began, 3),
            }
        )
    recogniser.close()
    return rows
