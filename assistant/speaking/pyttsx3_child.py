"""The child process in which pyttsx3 renders: one JSON request a line in, one JSON answer a line out.

It is a process of its own because pyttsx3 cannot be stopped, hangs on some systems, and keeps state between calls
(nateshmbhat/pyttsx3#22, #126, #403): here it can be killed. It ends when its input ends, that is, with its parent.
Imports nothing of this package, so that it starts fast.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import time
from typing import Any

_LOOK_SECONDS = 0.005
_WRITE_SECONDS = 0.4
_TRIES = 4
"""pyttsx3 2.99 on espeak now and then ends its loop without having written anything: 15 of 400 times, measured."""


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


def _complete(path: str) -> bool:
    """pyttsx3 may return before the file is whole: wait until it is as long as its own header says."""
    limit = time.monotonic() + _WRITE_SECONDS
    while time.monotonic() < limit:
        with contextlib.suppress(OSError), open(path, "rb") as file:  # noqa: PTH123 - pathlib costs start time
            head = file.read(8)
            said = int.from_bytes(head[4:], "big" if head[:4] == b"FORM" else "little") + 8
            if len(head) == 8 and said > 44 and file.seek(0, os.SEEK_END) >= said:
                return True
        time.sleep(_LOOK_SECONDS)
    return False


def main() -> None:
    """Serve until the input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # espeak and pyttsx3 print; only answers may go where the parent reads
    engine = _engine(sys.argv[1] if len(sys.argv) > 1 else "en")
    print(json.dumps({"ready": True, "voice": str(engine.getProperty("voice"))}), file=answers, flush=True)
    with tempfile.TemporaryDirectory(prefix="grounding-voice-") as folder:
        for number, row in enumerate(sys.stdin):
            request = json.loads(row)
            path = os.path.join(folder, f"{number}.wav")  # noqa: PTH118 - as above
            engine.setProperty("rate", request["words_per_minute"])
            done = False
            for _ in range(_TRIES):
                engine.save_to_file(request["text"], path)
                engine.runAndWait()
                if done := _complete(path):
                    break
            print(json.dumps({"path": path if done else None}), file=answers, flush=True)


if __name__ == "__main__":
    main()
