"""Every fixed line rendered ahead, on as many processor cores as there are. Begun again, it goes on where it ended."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event as Flag

from assistant.core.timeline import Speech
from assistant.speaking.cache import CachedVoice


def render_all(
    lines: Sequence[Speech],
    words_per_minute: int,
    build: Callable[[], CachedVoice],
    workers: int,
    progress: Callable[[], None],
) -> float:
    """Seconds of speech that are ready in the end. A line is read where it is kept and whole, else rendered; each
    worker has a voice of its own. Raises EngineError when a line cannot be spoken by any engine.
    """
    left = deque(lines)
    stopped = Flag()

    def work() -> float:
        voice, seconds = build(), 0.0
        try:
            while not stopped.is_set():
                try:
                    line = left.popleft()
                except IndexError:  # every line is taken
                    break
                seconds += voice.render(line.text, round(words_per_minute * line.pace)).seconds
                progress()
        finally:
            voice.close()
        return seconds

    with ThreadPoolExecutor(workers, "rendering") as pool:
        try:
            return sum(future.result() for future in [pool.submit(work) for _ in range(workers)])
        finally:
            stopped.set()  # on Ctrl-C too: what is done is kept, and the rest waits


def disk_use(folder: Path) -> int:
    """Bytes of the files under it."""
    return sum(path.stat().st_size for path in folder.rglob("*.wav"))
