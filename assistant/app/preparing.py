"""`grounding setup`: fetches a voice where one is wanted, and renders every fixed line, so that no word ever waits."""

from __future__ import annotations

import os
import sys
from threading import Lock

from assistant.app.better_voice import fetch_voice, offer
from assistant.app.examining import doctor, listening
from assistant.app.help_lines import record_help
from assistant.app.parts import load_library, model_directory, ready_lines, recordings_folder
from assistant.app.rendering import disk_use, render_all
from assistant.app.trusting import ask_about_trusted
from assistant.app.voices import asked_ahead, build_voice, choice_of, speech_folder
from assistant.config import own_settings_file
from assistant.content.library import Library
from assistant.core.events import Event, Trouble
from assistant.errors import AssistantError
from assistant.hearing.faster_whisper_engine import missing_files
from assistant.settings import Settings

WORKERS = 4
"""At most: each has an engine of its own, and a Piper voice takes about 190 MB (`ps`, en_US-joe-medium)."""


def setup(settings: Settings, voice: str | None = None) -> int:
    """Fetch `voice` or offer one, render, look at the parts, and say what is left to choose. What cannot be fetched is
    told and done without.
    """
    failed = False
    try:
        if voice is not None or offer(settings):
            fetch_voice(settings, voice)
    except AssistantError as error:
        failed = True
        print(error.hint)
    library = load_library(settings)
    ask_about_trusted(settings, library)
    _render(settings, library)
    ahead = build_voice(settings, None, lambda event: None)
    try:
        recorded = record_help(
            library, recordings_folder(), lambda line: ahead.render(line, settings.voice.words_per_minute)
        )
    finally:
        ahead.close()
    print(f"The help line of {library.support.name} is recorded, for when no voice can be made: {recorded}")
    if sys.stdin is not None and sys.stdin.isatty():
        print("Now the room: two quiet seconds, and then a chime, to hear how much of it the microphone hears.")
        for finding in listening(settings, play=True):
            print(f"{finding['name']}: {finding['detail']}. {finding['mend']}".rstrip())
    for finding in doctor(settings):
        if finding["state"] != "ok":
            print(f"{finding['name']}: {finding['detail']}. {finding['mend']}")
    if missing := missing_files(model_directory(settings)):
        print(
            f"Free speech: put a CTranslate2 Whisper model into {model_directory(settings)} "
            f"(it lacks {', '.join(missing)}). Until then short phrases are understood."
        )
    if not own_settings_file().is_file():
        print(f"Settings of your own go into {own_settings_file()}; see config.yaml for the keys.")
    return int(failed)


def _render(settings: Settings, library: Library) -> None:
    """Every line that is known beforehand, with progress, and how much room it takes."""
    from tqdm import tqdm

    choice = choice_of(settings)
    print(f"The voice: {choice.engine} ({choice.why}).")
    if (host := asked_ahead(settings)) is not None:
        print(f"The published lines are now sent to {host}. Nothing you say, write or set is among them.")
    told: set[str] = set()

    def tell(event: Event) -> None:
        if isinstance(event, Trouble) and event.code not in told:
            told.add(event.code)
            tqdm.write(" ".join(library.repertoire.phrases[f"failures.{event.code}"]))

    lines, lock = ready_lines(library), Lock()
    workers = min(os.cpu_count() or 1, WORKERS)
    hidden = not sys.stderr.isatty()
    with tqdm(total=len(lines), desc="rendering the fixed lines", unit="line", disable=hidden) as bar:

        def progress() -> None:
            with lock:
                bar.update()

        seconds = render_all(
            lines,
            settings.voice.words_per_minute,
            lambda: build_voice(settings, None, tell, ahead=1),
            workers,
            progress,
        )
    folder = speech_folder()
    size = disk_use(folder) / 1e6
    print(f"{len(lines)} lines are rendered: {seconds / 60:.0f} minutes of speech. {folder} holds {size:.0f} MB.")
    print("A slower machine, such as a Raspberry Pi, need not render them: copy that folder to the same place there.")
