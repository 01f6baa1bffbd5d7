"""Silero's voice activity model as a stream: the one that ships inside faster-whisper, with its state kept.

faster-whisper's own wrapper resets the state on every call and writes into the caller's array (engines.md section 4),
and importing faster-whisper costs 150 MB; so the file is found, and run by onnxruntime directly.
"""

from __future__ import annotations

import functools
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.errors import EngineError
from assistant.unheard import libraries_unheard

FRAME = 512
"""Samples a call, at 16 kHz: 32 ms. The model takes no other size."""
_CONTEXT = 64
"""Samples of the frame before, put in front."""


class VoiceActivity(Protocol):
    """Sound in, the probability of speech out."""

    def probability(self, frame: NDArray[float32]) -> float:
        """Of one frame of `FRAME` samples, 0 to 1; what came before matters."""
        ...

    def reset(self) -> None:
        """Forget what came before."""
        ...


def model_path() -> Path:
    """Where faster-whisper keeps the model. Raises EngineError."""
    spec = find_spec("faster_whisper")
    folders = spec.submodule_search_locations if spec is not None else None
    for folder in folders or ():
        if (path := Path(folder) / "assets" / "silero_vad_v6.onnx").is_file():
            return path
    raise EngineError(
        "voice-activity-missing",
        "The voice activity model of faster-whisper is missing, so nothing can be heard; "
        "reinstall with: pip install --force-reinstall faster-whisper",
    )


def quiet_session(model: Path) -> Any:
    """An onnxruntime session that keeps to one thread, and to itself."""
    with libraries_unheard:
        import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Threads that spin eat a core while nobody speaks (GLaDOS#187).
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.log_severity_level = 4
    options.enable_cpu_mem_arena = False
    return onnxruntime.InferenceSession(str(model), sess_options=options, providers=["CPUExecutionProvider"])


@functools.cache
def _session() -> Any:
    """One for all listeners: it holds no state, and may be run from several threads."""
    return quiet_session(model_path())


class Silero:
    """About 0.1 ms a frame on one core (engines.md section 4)."""

    def __init__(self) -> None:
        self._session = _session()
        self._input = np.zeros((1, _CONTEXT + FRAME), dtype=float32)
        self.reset()

    def reset(self) -> None:
        """Forget what came before."""
        self._h = np.zeros((1, 1, 128), dtype=float32)
        self._c = np.zeros((1, 1, 128), dtype=float32)
        self._input[:] = 0.0

    def probability(self, frame: NDArray[float32]) -> float:
        """Of one frame. `frame` is not written into."""
        self._input[0, :_CONTEXT] = self._input[0, -_CONTEXT:]
        self._input[0, _CONTEXT:] = frame
        out, self._h, self._c = self._session.run(None, {"input": self._input, "h": self._h, "c": self._c})
        return float(np.asarray(out).ravel()[0])
