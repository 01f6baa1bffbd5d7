"""Which voice engine speaks and why, and how the engines stand behind one another."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path, user_data_path

from assistant.app.lines import fixed_lines
from assistant.app.places import NAME
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.content.voices import OfferedVoice, read_voices
from assistant.core.events import Event, Trouble
from assistant.endpoints import GET as GET_OPENAI
from assistant.endpoints import GET_WYOMING, openai_here, whose_computer, wyoming_here
from assistant.errors import UsageError
from assistant.settings import Settings
from assistant.speaking.cache import CachedVoice
from assistant.speaking.engine import KeptVoice, VoiceEngine
from assistant.speaking.openai_voice import OpenAiVoice, identity
from assistant.speaking.piper_voice import AHEAD, LIVE, PiperVoice, piper_version, whole_voice
from assistant.speaking.piper_voice import GET as GET_PIPER
from assistant.speaking.pyttsx3_voice import Pyttsx3Voice
from assistant.speaking.wyoming_voice import ServedVoice
from assistant.speaking.wyoming_voice import identity as wyoming_identity

if TYPE_CHECKING:
    from assistant.speaking.child_voice import Patience

ASKED_AHEAD = ("openai", "wyoming")
"""Those on another computer, perhaps, which are sent the published lines."""
ENGINES = ("piper", "pyttsx3", *ASKED_AHEAD)


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine that speaks, and why, in words. `works`: it can render here; else only what it kept is read."""

    engine: str
    why: str
    works: bool = True


def speech_folder() -> Path:
    """Where rendered lines are kept. It may be copied to another machine."""
    return user_cache_path(NAME, appauthor=False) / "speech"


def voices_folder() -> Path:
    """Where voices that were fetched are."""
    return user_data_path(NAME, appauthor=False) / "voices"


def offered_voices(language: str) -> tuple[OfferedVoice, ...]:
    """What can be fetched for a language."""
    return read_voices(content_root(), language, [])


def piper_model(settings: Settings) -> Path | None:
    """The voice file that Piper would speak with, there or not; None where there is nothing to choose from."""
    name = settings.voice.id
    if name is None:
        offered = [voice.id for voice in offered_voices(settings.language)]
        here = [voice for voice in offered if whole_voice(voices_folder() / f"{voice}.onnx")]
        name = next(iter([*here, *offered]), None)
    return voices_folder() / f"{Path(name).name.removesuffix('.onnx')}.onnx" if name else None


def choice_of(settings: Settings, wanted: str | None = None) -> Choice:
    """As asked for, as configured, or the best there is. Raises UsageError."""
    engine = wanted or settings.voice.engine
    if engine not in ("auto", *ENGINES):
        known = ", ".join(("auto", *ENGINES))
        raise UsageError("engine-unknown", f"There is no voice engine {engine!r}; choose from {known}.")
    lacks = what_piper_lacks(settings)
    if engine == "auto":
        if lacks is None:
            return Choice("piper", "the best one here")
        return Choice("pyttsx3", f"piper: {lacks}")
    if engine == "piper":
        return Choice("piper", "as chosen" if lacks is None else f"as chosen, but {lacks}", works=lacks is None)
    if engine in ASKED_AHEAD:
        host = whose_computer(_address_of(settings, engine))
        why = f"as chosen; the published lines go to {host}, always all of them, and never your words"
        here, get = (openai_here(), GET_OPENAI) if engine == "openai" else (wyoming_here(), GET_WYOMING)
        return Choice(engine, why if here else f"as chosen, but {get}", works=here)
    return Choice("pyttsx3", "as chosen")


def asked_ahead(settings: Settings, wanted: str | None = None) -> str | None:
    """Whose computer is sent the published lines, in words; None when none is."""
    choice = choice_of(settings, wanted)
    if choice.engine not in ASKED_AHEAD or not choice.works:
        return None
    return whose_computer(_address_of(settings, choice.engine))


def _address_of(settings: Settings, engine: str) -> str:
    return settings.voice.wyoming.address if engine == "wyoming" else settings.voice.endpoint.base_url


def what_piper_lacks(settings: Settings) -> str | None:
    """What is missing and how to get it, or None."""
    if piper_version() is None:
        return f"not installed; {GET_PIPER}"
    model = piper_model(settings)
    if model is None:
        return f"no voice is known for {settings.language}; put one into {voices_folder()}, its name into voice.id"
    return None if whole_voice(model) else f"its voice {model.stem} is not here; grounding setup --voice {model.stem}"


def build_voice(
    settings: Settings,
    engine: str | None,
    post: Callable[[Event], None],
    *,
    ahead: int = 0,
    guest: bool = False,
    private: str = "",
    passing: Collection[str] = (),
) -> CachedVoice:
    """The chosen engine, pyttsx3 behind it, and the cache over both. Lines that hold the trusted person's name, or
    what is `private`, are never written to disk, nor those of `passing`, which may grow; and none is for a guest.

    `ahead`: with how many processor cores, when nobody waits for the lines. Only then is another computer asked.
    """
    choice = choice_of(settings, engine)
    if not choice.works:
        post(Trouble("voice-replaced"))
    never = [words for words in (settings.trusted_person.name, private) if words]
    return CachedVoice(
        _engines(settings, choice, ahead),
        speech_folder(),
        lambda text: not guest and text not in passing and not any(words in text for words in never),
        lambda code: post(Trouble(code)),
    )


def _engines(settings: Settings, choice: Choice, ahead: int) -> Sequence[VoiceEngine]:
    """A voice's own name is no good to another engine, so that the one behind speaks with its best for the language."""
    local = Pyttsx3Voice(settings.voice.id if choice.engine == "pyttsx3" and settings.voice.id else settings.language)
    if choice.engine == "piper" and (model := piper_model(settings)) is not None:
        patience: Patience = AHEAD if ahead else LIVE
        threads = ahead or os.cpu_count() or 1
        return PiperVoice(model, threads, patience) if choice.works else KeptVoice("piper", model.stem), local
    if choice.engine == "openai":
        endpoint = settings.voice.endpoint
        if ahead and choice.works:
            return OpenAiVoice(endpoint, published_lines(settings)), local
        return KeptVoice("openai", identity(endpoint)), local
    if choice.engine == "wyoming":
        server = settings.voice.wyoming
        if ahead and choice.works:
            return ServedVoice(server, published_lines(settings)), local
        return KeptVoice("wyoming", wyoming_identity(server)), local
    return (local,)


def published_lines(settings: Settings) -> Collection[str]:
    """What may be sent to another computer: every line that this program is published with, as it is written there. Not
    the person's own exercises, and nothing that is filled in.
    """
    shipped = Library.load(content_root(), settings.language, settings.country)
    return frozenset(line.text for line in fixed_lines(shipped))
