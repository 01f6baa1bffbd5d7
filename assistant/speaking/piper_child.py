"""The child process in which Piper renders: `python -m assistant.speaking.piper_child MODEL.onnx THREADS`."""

from __future__ import annotations

import json
import os
import sys
import wave
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Protocol

from assistant.speaking.serving import Serving, serve

NATURAL_WPM = 185.0
"""At the length scale 1.0, counted as the other engine counts: so that a line lasts as long. Measured with
en_US-joe-medium: over the 983 fixed lines it is 1.48 times as fast as espeak-ng at 125.
"""
BETWEEN_SECONDS = 0.25
"""Of rest after a sentence; Piper joins them without any."""


class Chunk(Protocol):
    """A sentence as Piper gives it."""

    @property
    def audio_int16_bytes(self) -> bytes:
        """Mono."""
        ...


class Renderer:
    """`voice` is a `piper.PiperVoice`; `scaled` makes what it is asked with from a length scale."""

    def __init__(self, voice: Any, scaled: Any, folder: str) -> None:
        self._voice = voice
        self._scaled = scaled
        self._folder = Path(folder)
        self._files = 0

    def render(self, text: str, words_per_minute: int) -> str:
        """The path of a whole file; of a rest, where there is nothing to be said."""
        scale = self._scaled(length_scale=NATURAL_WPM / words_per_minute)
        chunks: Iterable[Chunk] = self._voice.synthesize(text, scale)
        sentences = [chunk.audio_int16_bytes for chunk in chunks]
        rate = self._voice.config.sample_rate
        rest = bytes(2 * round(BETWEEN_SECONDS * rate))
        self._files += 1
        path = self._folder / f"{self._files}.wav"
        with wave.open(str(path), "wb") as file:
            file.setparams((1, 2, rate, 0, "NONE", ""))
            file.writeframes(rest.join(sentences) or rest)
        return str(path)


def start(folder: str) -> Serving:
    """The voice, loaded. Its runtime uses so many threads as are asked for, not every core."""
    import onnxruntime
    from piper import PiperVoice
    from piper.config import PiperConfig, SynthesisConfig

    model, threads = Path(sys.argv[1]), int(sys.argv[2])
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # half the memory, after lines of many lengths
    session = onnxruntime.InferenceSession(str(model), sess_options=options, providers=["CPUExecutionProvider"])
    description = json.loads(model.with_name(f"{model.name}.json").read_text(encoding="utf-8"))
    voice = PiperVoice(session=session, config=PiperConfig.from_dict(description))
    return Renderer(voice, SynthesisConfig, folder).render, model.stem


if __name__ == "__main__":
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    serve(start)
