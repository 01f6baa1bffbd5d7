"""The composition root: the only package that names concrete engines. Each function is one command's work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.config import RunOptions, Settings

if TYPE_CHECKING:
    from assistant.app.learning import Learned
    from assistant.app.levels import Level


def run(options: RunOptions) -> int:
    """`grounding run`."""
    from assistant.app.running import run as work

    return work(options)


def hear(files: Sequence[Path], settings: Settings) -> list[dict[str, object]]:
    """`grounding hear`."""
    from assistant.app.hearing import hear as work

    return work(files, settings)


def preview(exercise: str, speaker: str | None, settings: Settings) -> int:
    """`grounding preview`."""
    from assistant.app.files import preview as work

    return work(exercise, speaker, settings)


def written_exercise(exercise: str, form: str, settings: Settings) -> str:
    """`grounding preview --fast`, `--vtt` and `--ssml`."""
    from assistant.app.files import Written
    from assistant.app.files import written_exercise as work

    return work(exercise, Written(form), settings)


def learn(question: str, settings: Settings) -> Learned:
    """`grounding learn`."""
    from assistant.app.learning import learn as work

    return work(question, settings)


def read_learned(learned: Learned, speaker: str | None, settings: Settings) -> None:
    """`grounding learn --aloud`."""
    from assistant.app.learning import read_learned as work

    work(learned, speaker, settings)


def watch_levels(settings: Settings, seconds: float | None, show: Callable[[Level], None]) -> dict[str, object]:
    """`grounding hear --live`."""
    from assistant.app.levels import watch as work

    return work(settings, seconds, show)


def doctor(settings: Settings, *, live: bool = False, play: bool = False) -> list[dict[str, object]]:
    """`grounding doctor`."""
    from assistant.app.examining import doctor as work

    return work(settings, live=live, play=play)


def bench(settings: Settings) -> dict[str, object]:
    """`grounding bench`."""
    from assistant.app.benching import bench as work

    return work()


def setup(settings: Settings) -> int:
    """`grounding setup`."""
    from assistant.app.preparing import setup as work

    return work(settings)
