"""`grounding hear`: files through the recogniser, as a turn each."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from assistant.app.outside import hears_elsewhere, others_of, outside_of
from assistant.app.parts import build_recogniser, load_library
from assistant.core.outside import Whose
from assistant.hearing.elsewhere import RecogniserElsewhere
from assistant.hearing.recogniser import RATE
from assistant.settings import Settings
from assistant.sound import read_wav, resampled


def hear(files: Sequence[Path], settings: Settings) -> list[dict[str, object]]:
    """A row a file. The other computer hears them too where it is the person's own; another one needs their word, and
    here is nobody to ask.
    """
    sounds = [(path, read_wav(path)) for path in files]
    others = others_of(settings, None)
    recogniser = hears_elsewhere(build_recogniser(load_library(settings), settings, None), settings, others)
    if isinstance(recogniser, RecogniserElsewhere):
        recogniser.allowed = outside_of(settings, others).hearing is not Whose.ELSEWHERE
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
