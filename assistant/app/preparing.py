"""`grounding setup`: asks what is not answered yet, and renders every fixed line, so that no word ever waits."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from threading import Lock
from types import MappingProxyType

from assistant.app.asking import somebody_there
from assistant.app.better_voice import about, better, fetch_voice
from assistant.app.examining import doctor
from assistant.app.help_lines import record_help
from assistant.app.lines import ready_lines
from assistant.app.memory_free import cores, free_memory_mb
from assistant.app.own_settings import answered, save
from assistant.app.parts import load_library, model_directory
from assistant.app.places import recordings_folder
from assistant.app.rendering import disk_use, render_all
from assistant.app.trusting import without_the_former
from assistant.app.voices import asked_ahead, build_voice, choice_of, speech_folder
from assistant.config import load_settings
from assistant.content.countries import UNKNOWN, known_country
from assistant.content.library import Library, known_language
from assistant.content.root import content_root
from assistant.core.events import (
    Event,
    SupportRequested,
    TranscriptReady,
    Trouble,
    UserStartedSpeaking,
    UserStoppedSpeaking,
)
from assistant.core.fitting import Machine, fit
from assistant.errors import AssistantError, ConfigError, UsageError
from assistant.faults import Fault, listed
from assistant.hearing.faster_whisper_engine import missing_files
from assistant.safety.transcript import Transcript
from assistant.settings import RunOptions, Settings
from assistant.settings_files import own_settings_file
from assistant.yaml_marks import read_yaml


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
    """Ask, or take `answers`, fetch `voice`, render, look at the parts, and say what is left to choose. What cannot be
    fetched is told and done without.

    `again`: ask about this key only. `alone`: ask nothing. `aloud`: read the questions aloud, and listen. `given`: what
    options say of the settings, by dotted key; kept, unless a question with it as its usual answer comes.

    Raises UsageError, ConfigError and StoreError.
    """
    from assistant.app.setting_up import GO_ON, ask_all
    from assistant.app.setting_up_interview import PeopleFirst

    if answers is not None:
        settings = save(without_the_former(settings, given_answers(answers)))
        print(f"The answers of {answers} are in {own_settings_file()}.")
    if aloud and not somebody_there():
        raise UsageError("setup-nobody", "--aloud is for somebody at a terminal, who can type too; there is none here.")
    alone = alone or answers is not None or not somebody_there()
    known = {key: value for key, value in given.items() if alone or key in answered()}
    if known:
        kept = save(known)
        settings = kept if alone else settings  # which has the others as well, for their questions
    try:
        settings = ask_all(settings, again, alone=alone, aloud=aloud)
    except PeopleFirst as heard:
        print(GO_ON)
        return _converse(heard.settings or settings, heard.said)
    if again:
        return 0
    failed = False
    try:
        if voice is not None:
            fetch_voice(settings, voice)
        elif alone and (offered := better(settings)) is not None:
            print("\n".join(about(offered)))
            print(f"To fetch it: grounding setup --voice {offered.id}")
    except AssistantError as error:
        failed = True
        print(error.hint)
    library = load_library(settings)
    _render(settings, library)
    ahead = build_voice(settings, None, lambda event: None)
    country = library.support
    whose = (
        "Your country is not set, so a general line about help"
        if country.country == UNKNOWN
        else f"The help line of {country.name}"
    )
    try:
        recorded = record_help(
            library, recordings_folder(), lambda line: ahead.render(line, settings.voice.words_per_minute)
        )
        print(f"{whose} is recorded, for when no voice can be made: {recorded}")
    except AssistantError as error:
        failed = True
        print(error.hint)
    finally:
        ahead.close()
    for finding in doctor(settings):
        if finding["state"] != "ok":
            print(f"{finding['name']}: {finding['detail']}. {finding['mend']}")
    if missing := missing_files(model_directory(settings)):
        print(
            f"Free speech: put a CTranslate2 Whisper model into {model_directory(settings)} "
            f"(it lacks {', '.join(missing)}). Until then short phrases are understood."
        )
    print("Ready. To begin: grounding    To change an answer: grounding setup --again country, or another key")
    return int(failed)


def _converse(settings: Settings, said: Transcript | None) -> int:
    """The conversation itself answers what was said: it knows how. With devices named no demonstration stands in."""
    from assistant.app.running import run

    mic, speaker = str(settings.microphone.device), str(settings.speaker.device)
    first: tuple[Event, ...] = (SupportRequested("setup"),)
    if said is not None:
        first = (UserStartedSpeaking(), UserStoppedSpeaking(None), TranscriptReady(None, said))
    return run(RunOptions(mic, speaker, None, None, None, False, False, settings, first=first))


def given_answers(path: Path) -> dict[str, object]:
    """A file shaped as config.yaml is, by dotted keys. Raises ConfigError with every fault at once."""
    if not path.exists():
        raise ConfigError("config-faults", f"there is no such file: {path}. Name the one with your answers.")
    faults: list[Fault] = []
    marked = read_yaml(path, faults)
    if marked is None or not isinstance(marked.data, dict):
        known = faults or [Fault(path, 1, 1, "this holds no answers", "write 'country: GB', one a line")]
        raise ConfigError("config-faults", f"the answers have faults. Mend this:\n{listed(known)}")
    load_settings([content_root() / "config.yaml", path])
    keys: dict[str, object] = {}

    def note(section: dict[str, object], above: str) -> None:
        for key, value in section.items():
            if isinstance(value, dict):
                note(value, f"{above}{key}.")
            else:
                keys[f"{above}{key}"] = value

    note(marked.data, "")
    if isinstance(country := keys.get("country"), str):
        keys["country"] = known_country(content_root(), country)
    if isinstance(language := keys.get("language"), str):
        keys["language"] = known_language(content_root(), language)
    return keys


def _render(settings: Settings, library: Library) -> None:
    """Every line that is known beforehand, with progress, and how much room it takes."""
    from tqdm import tqdm

    choice = choice_of(settings)
    print(f"\nThe voice: {choice.engine} ({choice.why}).")
    if (host := asked_ahead(settings)) is not None:
        print(f"The published lines are now sent to {host}. Nothing you say, write or set is among them.")
    told: set[str] = set()

    def tell(event: Event) -> None:
        if isinstance(event, Trouble) and event.code not in told:
            told.add(event.code)
            tqdm.write(" ".join(library.repertoire.phrases[f"failures.{event.code}"]))

    lines, lock = ready_lines(library), Lock()
    workers = fit(Machine(cores(), free_memory_mb(), None, None)).workers
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
