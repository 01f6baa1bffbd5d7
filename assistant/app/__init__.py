"""The composition root: puts the parts together. Each function is one command's work."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from assistant.app.learning import Learned
    from assistant.app.levels import Level
    from assistant.core.past import Past
    from assistant.memory.notes import Note
    from assistant.service.systems import ServiceSystem
    from assistant.settings import RunOptions, Settings


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


def told_simpler(learned: Learned, settings: Settings) -> tuple[str, ...]:
    """`grounding learn --simpler`."""
    from assistant.app.learning import told_simpler as work

    return work(learned, settings)


def read_learned(learned: Learned, speaker: str | None, settings: Settings) -> None:
    """`grounding learn --aloud`."""
    from assistant.app.learning import read_learned as work

    work(learned, speaker, settings)


def watch_levels(settings: Settings, seconds: float | None, show: Callable[[Level], None]) -> dict[str, object]:
    """`grounding hear --live`."""
    from assistant.app.levels import watch as work

    return work(settings, seconds, show)


def doctor(
    settings: Settings, *, live: bool = False, play: bool = False, discover: bool = False
) -> list[dict[str, object]]:
    """`grounding doctor`. `discover`: ask the network for Wyoming servers, too."""
    from assistant.app.examining import doctor as work

    found = work(settings, live=live, play=play)
    if discover:
        from assistant.app.discovering import discovered_findings

        found += discovered_findings()
    return found


def bench(settings: Settings) -> dict[str, object]:
    """`grounding bench`."""
    from assistant.app.benching import bench as work

    return work()


def setup(
    settings: Settings,
    voice: str | None = None,
    again: str | None = None,
    *,
    alone: bool = False,
    answers: Path | None = None,
    aloud: bool = False,
    given: Mapping[str, object] = MappingProxyType({}),
) -> int:
    """`grounding setup`."""
    from assistant.app.preparing import setup as work

    return work(settings, voice, again, alone=alone, answers=answers, aloud=aloud, given=given)


def past(days: int | None, tell: Callable[[str], None]) -> Past:
    """What is remembered; of so many days up to the newest entry, or all. `tell`: what was found damaged."""
    from assistant.app.memories import past as work

    return work(days, tell)


def report(
    days: int | None, notes: Collection[int], as_pdf: bool, settings: Settings, tell: Callable[[str], None]
) -> bytes:
    """`grounding report`: the page, as HTML or PDF. `notes`: the numbers of those to be on it."""
    from assistant.app.memories import report as work

    return work(days, notes, as_pdf, settings, tell)


def last_written() -> str | None:
    """What `grounding forget that` asks about."""
    from assistant.app.memories import last_written as work

    return work()


def forget(what: str) -> tuple[str, list[Path]]:
    """`grounding forget`: what is gone, as a sentence, and damaged files that may hold it still."""
    from assistant.app.memories import forget as work

    return work(what)


def note_screen(settings: Settings) -> Callable[[str], Learned | None]:
    """`grounding note add`: people to reach for the words of a note, where there is danger in them."""
    from assistant.app.learning import Shelf, people_first
    from assistant.content.root import content_root

    shelf = Shelf.load(content_root(), settings.language, settings.country)
    return lambda words: people_first(words, shelf, settings)


def add_note(text: str, tell: Callable[[str], None], *, for_therapist: bool) -> str:
    """`grounding note add`: what became of it, as a sentence. `tell`: what was found damaged, here and below."""
    from assistant.app.memories import add_note as work

    return work(text, tell, for_therapist=for_therapist)


def notes(numbers: Collection[int] | None, tell: Callable[[str], None]) -> list[Note]:
    """The notes, or those of these numbers."""
    from assistant.app.memories import notes as work

    return work(numbers, tell)


def remove_note(number: int, tell: Callable[[str], None]) -> None:
    """`grounding note remove`."""
    from assistant.app.memories import remove_note as work

    work(number, tell)


def remember(text: str, tell: Callable[[str], None]) -> tuple[int, int, int]:
    """`grounding import`: how many entries are new, how many were known, and how many notes are new."""
    from assistant.app.memories import remember as work

    return work(text, tell)


def install_service() -> tuple[Path, list[str]]:
    """`grounding service install`: the file that was written, and what the person should know."""
    from assistant.app import serving

    return serving.install(serving.settings_here())


def this_service() -> ServiceSystem:
    """The rest of `grounding service`."""
    from assistant.app.serving import this_system

    return this_system()
