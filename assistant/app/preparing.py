"""`grounding setup`: renders every fixed line ahead of time, so that the first word never waits."""

from __future__ import annotations

import sys

from assistant.app.examining import doctor
from assistant.app.help_lines import record_help
from assistant.app.parts import build_voice, fixed_lines, load_library, model_directory, recordings_folder
from assistant.config import Settings, own_settings_file
from assistant.hearing.faster_whisper_engine import missing_files


def setup(settings: Settings) -> int:
    """Render, look at the parts, and say what is left to choose."""
    from tqdm import tqdm

    library = load_library(settings)
    voice = build_voice(settings, None, lambda event: None)
    try:
        lines = fixed_lines(library)
        for line in tqdm(lines, desc="rendering the fixed lines", unit="line", disable=not sys.stderr.isatty()):
            voice.render(line.text, round(settings.voice.words_per_minute * line.pace))
        recorded = record_help(
            library, recordings_folder(), lambda line: voice.render(line, settings.voice.words_per_minute)
        )
    finally:
        voice.close()
    print(f"{len(lines)} lines are rendered.")
    print(f"The help line of {library.support.name} is recorded, for when no voice can be made: {recorded}")
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
    return 0
