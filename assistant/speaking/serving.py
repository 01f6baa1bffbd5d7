"""The child's end of a voice engine: one JSON request a line in, one JSON answer a line out, sound in files between.

It ends when its input ends, that is, with its parent, even while an engine hangs: a parent that was killed cannot kill
it any more. Imports nothing but the standard library, so that it starts fast.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import TypeAlias

Render: TypeAlias = Callable[[str, int], str | None]
"""A text at a rate in words a minute, into a file of its own; None when there is no sound."""
Serving: TypeAlias = tuple[Render, str]
"""What renders, and the name of the voice it speaks with."""


def serve(start: Callable[[str], Serving]) -> None:
    """`start` is given the folder for the sound. Ctrl-C reaches this process too, and is for the parent to act on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # engines print; only answers may go where the parent reads
    with tempfile.TemporaryDirectory(prefix="grounding-voice-", ignore_cleanup_errors=True) as folder:
        render, voice = start(folder)
        print(json.dumps({"ready": True, "voice": voice, "folder": folder}), file=answers, flush=True)
        requests: SimpleQueue[str] = SimpleQueue()
        Thread(target=_read, args=(requests, folder), name="requests", daemon=True).start()
        while True:
            request = json.loads(requests.get())
            path = render(request["text"], request["words_per_minute"])
            print(json.dumps({"path": path}), file=answers, flush=True)


def _read(requests: SimpleQueue[str], folder: str) -> None:
    """To the end of the input, which is the end of this process."""
    for row in sys.stdin:
        requests.put(row)
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)
