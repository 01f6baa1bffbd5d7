"""A better voice than the system's: offered with size and licence, fetched, checked, and heard before it counts."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from assistant.app.fetching import fetch
from assistant.app.voices import offered_voices, piper_model, voices_folder
from assistant.content.voices import OfferedVoice, VoiceFile
from assistant.errors import EngineError, UsageError
from assistant.faults import nearest
from assistant.settings import Settings
from assistant.speaking.piper_voice import AHEAD, GET, PiperVoice, description_of, piper_version, whole_voice
from assistant.speaking.plausible import Rendering, judged

TRIAL = "One, two, three, four, five."


def better(settings: Settings) -> OfferedVoice | None:
    """The best voice that could be fetched, where none speaks yet that is better than the system's."""
    model, offered = piper_model(settings), offered_voices(settings.language)
    if settings.voice.engine not in ("auto", "piper") or not offered or (model is not None and whole_voice(model)):
        return None
    return offered[0]


def about(voice: OfferedVoice) -> tuple[str, str]:
    """Its size and licence, and what it needs, as lines."""
    return (
        f"A better voice: {voice.id} ({voice.about}), {voice.bytes / 1e6:.0f} MB. Licence: {voice.licence}.",
        f"It is spoken by Piper, which is under the GPL, version 3 or later, and a package of its own: {GET}",
    )


def fetch_voice(settings: Settings, name: str | None) -> None:
    """The voice of that name, or the best one, into the folder of voices. Raises UsageError, EngineError or StoreError;
    then there is none, or only the beginning of one.
    """
    offered = {voice.id: voice for voice in offered_voices(settings.language)}
    name = name or next(iter(offered), "")
    voice = offered.get(name)
    if voice is None:
        known = ", ".join(nearest(name, offered, 3) or offered) or f"none for {settings.language}"
        raise UsageError("voice-unknown", f"There is no voice {name!r} to fetch; there are: {known}.")
    model = voices_folder() / f"{voice.id}.onnx"
    if not whole_voice(model):
        _fetched(voice.description, description_of(model), voice.description.sha256)
        pin = settings.voice.sha256 or voice.model.sha256
        digest = _fetched(voice.model, model, pin)
        if pin is None:
            print(f"Nobody has told which SHA-256 it must have. It has this one; to hold it: voice.sha256: {digest}")
    _heard(voice, model)
    print(f"The voice {voice.id} is in {model.parent}.")


def _fetched(file: VoiceFile, path: Path, sha256: str | None) -> str:
    from tqdm import tqdm

    hidden = not sys.stderr.isatty()
    with tqdm(total=file.bytes, desc=path.name, unit="B", unit_scale=True, disable=hidden) as bar:

        def more(count: int) -> None:
            bar.update(count)

        return fetch(file.url, path, file.bytes, sha256, more)


def _heard(voice: OfferedVoice, model: Path) -> None:
    """Whether it speaks; where Piper is not installed, whether its description can be read. Else it is removed."""
    try:
        if piper_version() is None:
            json.loads(description_of(model).read_text(encoding="utf-8"))
            print(f"To speak with it: {GET}")
            return
        engine = PiperVoice(model, 1, AHEAD)
        try:
            if judged(engine.render(TRIAL, 125), TRIAL, 125) is Rendering.FINE:
                return
        finally:
            engine.close()
    except (EngineError, OSError, ValueError):
        pass
    model.unlink(missing_ok=True)
    description_of(model).unlink(missing_ok=True)
    raise EngineError(
        "voice-unusable", f"The voice {voice.id} does not speak here; it was removed. Another one speaks."
    )
