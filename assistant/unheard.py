"""Standard error, while a library writes there by itself what is no news to anybody, in the midst of the captions."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_STDERR = Lock()


@contextmanager
def libraries_unheard() -> Iterator[None]:
    """PortAudio and ALSA report by themselves what they return anyway, once a second; onnxruntime, when it is imported,
    that it does not know a processor. Nothing of the process is heard there meanwhile.
    """
    with _STDERR:
        try:
            kept = os.dup(2)
        except OSError:  # there is no standard error
            yield
            return
        try:
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 2)
            os.close(nowhere)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
