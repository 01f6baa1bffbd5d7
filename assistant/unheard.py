"""Standard error, while a library writes there by itself what is no news to anybody, in the midst of the captions."""

from __future__ import annotations

import os
from threading import Lock


class _Unheard:
    """PortAudio and ALSA report by themselves what they return anyway, once a second; onnxruntime, when it is imported,
    that it does not know a processor. Nothing of the process is heard there meanwhile.

    Threads do not wait for each other: a speaker is opened while onnxruntime is imported.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._inside = 0
        self._kept: int | None = None

    def __enter__(self) -> None:
        with self._lock:
            self._inside += 1
            if self._inside == 1:
                self._close()

    def __exit__(self, *raised: object) -> None:
        with self._lock:
            self._inside -= 1
            if self._inside == 0 and self._kept is not None:
                os.dup2(self._kept, 2)
                os.close(self._kept)
                self._kept = None

    def _close(self) -> None:
        try:
            self._kept = os.dup(2)
            nowhere = os.open(os.devnull, os.O_WRONLY)
        except OSError:  # there is no standard error, or no file can be opened: what is written is heard then
            return
        os.dup2(nowhere, 2)
        os.close(nowhere)


libraries_unheard = _Unheard()
