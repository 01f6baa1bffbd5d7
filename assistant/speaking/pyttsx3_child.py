"""The child process in which pyttsx3 renders.

It is a process of its own because pyttsx3 cannot be stopped, hangs on some systems, and keeps state between calls
(nateshmbhat/pyttsx3#22, #126, #403): here it can be killed.
"""

from __future__ import annotations

import contextlib
import os
import sys
import time
from typing import Any

from assistant.speaking.serving import Serving, serve

_LOOK_SECONDS = 0.005
_WRITE_SECONDS = 5.0
_TRIES = 4
_SET_TIMES = 3


def _load_espeak() -> None:
    """Where the system has no espeak-ng, the optional wheel's library serves; it must be loaded before pyttsx3."""
    import ctypes

    for name in ("libespeak-ng.so.1", "libespeak.so.1"):
        with contextlib.suppress(OSError):
            ctypes.CDLL(name)
            return
    try:
        import espeakng_loader
    except ImportError:
        return
    os.environ.setdefault("ESPEAK_DATA_PATH", espeakng_loader.get_data_path())
    ctypes.CDLL(espeakng_loader.get_library_path())


def _engine(voice: str) -> Any:
    if sys.platform.startswith("linux"):
        _load_espeak()
    import pyttsx3

    engine = pyttsx3.init()
    wanted = voice.lower()
    for known in engine.getProperty("voices"):
        if wanted in (str(known.id).lower(), str(known.name).lower()):
            engine.setProperty("voice", known.id)
            return engine
    for known in engine.getProperty("voices"):
        languages = [str(language).lower() for language in known.languages or []]
        if any(wanted == language or language.startswith(f"{wanted}-") for language in languages):
            engine.setProperty("voice", known.id)
            return engine
    return engine


def _whole(path: str) -> bool:
    """Whether there is a file with sound in it, as long as its own header says."""
    with contextlib.suppress(OSError), open(path, "rb") as file:  # noqa: PTH123 - pathlib costs start time
        head = file.read(8)
        said = int.from_bytes(head[4:], "big" if head[:4] == b"FORM" else "little") + 8
        return len(head) == 8 and said > 44 and file.seek(0, os.SEEK_END) >= said
    return False


class Renderer:
    """One utterance a call, into a file of its own in `folder`.

    espeak takes a new rate as a command in its own queue, and sometimes loses the text that follows: of 800 renders
    with the rate set before each, 12 were a header without sound; with the rate set once, none (espeak-ng 1.51). And of
    240 at another rate than the last one, 35 had the last one's; with the rate set several times over, one of 700. So
    the rate is set only when it changes, and then so; and what came without sound is asked for again.
    """

    def __init__(self, engine: Any, folder: str) -> None:
        self._engine = engine
        self._folder = folder
        self._rate = 0
        self._files = 0
        self._finished = False
        engine.connect("finished-utterance", self._finish)

    def render(self, text: str, words_per_minute: int) -> str | None:
        """The path of a whole file, or None when the engine gives no sound."""
        if words_per_minute != self._rate:
            for _ in range(_SET_TIMES):
                self._engine.setProperty("rate", words_per_minute)
            self._rate = words_per_minute
        for _ in range(_TRIES):
            self._files += 1
            path = os.path.join(self._folder, f"{self._files}.wav")  # noqa: PTH118 - as above
            self._finished = False
            self._engine.save_to_file(text, path)
            self._engine.runAndWait()
            if self._written(path):
                return path
            with contextlib.suppress(OSError):
                os.unlink(path)  # noqa: PTH108 - as above
        return None

    def _finish(self, **_: object) -> None:
        self._finished = True

    def _written(self, path: str) -> bool:
        """pyttsx3 returns before the file is whole, and its drivers do not all tell when they have finished."""
        limit, seen = time.monotonic() + _WRITE_SECONDS, False
        while time.monotonic() < limit:
            finished = self._finished  # read before the file: once it is set, the file stays as it is
            whole = _whole(path)
            if finished or (whole and seen):
                return whole
            seen = whole
            time.sleep(_LOOK_SECONDS)
        return False


def start(folder: str) -> Serving:
    """The engine with the voice that was asked for."""
    engine = _engine(sys.argv[1] if len(sys.argv) > 1 else "en")
    return Renderer(engine, folder).render, str(engine.getProperty("voice"))


if __name__ == "__main__":
    serve(start)
