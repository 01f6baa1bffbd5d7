"""The machine, measured: what it has, how long its recognisers and voices take, and what fits."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from numpy import float32
from numpy.typing import NDArray

from assistant.app.memory_free import cores, free_memory_mb
from assistant.app.parts import build_recogniser, load_library, model_directory, timed_turn
from assistant.app.voices import piper_model, what_piper_lacks
from assistant.content.library import Library
from assistant.core.fitting import TURN_SECONDS, Fit, Hearing, Machine, Speaking, fit
from assistant.errors import AssistantError
from assistant.hearing.faster_whisper_engine import missing_files
from assistant.hearing.recogniser import Recogniser
from assistant.settings import Settings
from assistant.speaking.engine import VoiceEngine

LINE = "Let your feet find the floor. Or your back find the chair, or the bed."


@dataclass(frozen=True, slots=True)
class Speed:
    """Of one engine here. `factor`: seconds of work for a second of sound, after a first time that does not count."""

    name: str
    seconds: float
    sound_seconds: float

    @property
    def factor(self) -> float:
        """Below 1 it keeps up."""
        return self.seconds / self.sound_seconds


@dataclass(frozen=True, slots=True)
class Measured:
    """The machine, what fits, and the speeds that say so. `absent`: engines that are not here, with the way to get
    them.
    """

    machine: Machine
    fits: Fit
    speeds: tuple[Speed, ...]
    absent: tuple[str, ...]


def measure(settings: Settings) -> Measured:
    """Time each recogniser and each voice that is here, half a minute at most on a slow machine."""
    library = load_library(settings)
    speeds: list[Speed] = []
    absent: list[str] = []
    for name in ("pocketsphinx", "faster-whisper"):
        if name == "faster-whisper" and (missing := missing_files(model_directory(settings))):
            absent.append(f"faster-whisper: no model in {model_directory(settings)} (it lacks {', '.join(missing)})")
            continue
        try:
            speeds.append(_heard(library, settings, name))
        except AssistantError as error:
            absent.append(f"{name}: {error.hint}")
    for name, build in _voices(settings, absent):
        try:
            speeds.append(_spoken(name, build(), settings.voice.words_per_minute))
        except AssistantError as error:
            absent.append(f"{name}: {error.hint}")
    taken = {speed.name: speed for speed in speeds}
    whisper, piper = taken.get("faster-whisper"), taken.get("piper")
    machine = Machine(
        cores(), free_memory_mb(), whisper.factor * TURN_SECONDS if whisper else None, piper.factor if piper else None
    )
    return Measured(machine, fit(machine), tuple(speeds), tuple(absent))


def told(measured: Measured) -> list[str]:
    """The table and the reasons, as lines."""
    machine, fits = measured.machine, measured.fits
    many = "1 core" if machine.cores == 1 else f"{machine.cores} cores"
    lines = [f"{many}, {machine.free_mb} MB of memory free"]
    lines += [
        f"  {speed.name:<16} {speed.seconds:5.2f} s for {speed.sound_seconds:.1f} s of sound: "
        f"{speed.factor:.2f} of real time"
        for speed in measured.speeds
    ]
    lines += [f"  not here: {name}" for name in measured.absent]
    return [*lines, f"So: {_HEARING[fits.hearing]}; {_SPEAKING[fits.speaking]}; {_threads(fits)}{_screen(fits)}."]


_HEARING = {
    Hearing.FITS: "faster-whisper hears you, as it answers in time",
    Hearing.ABSENT: "the built-in recogniser hears you",
    Hearing.TOO_SLOW: "the built-in recogniser hears you, as faster-whisper would keep you waiting here",
    Hearing.NO_ROOM: "the built-in recogniser hears you, as faster-whisper has no room in memory",
}
_SPEAKING = {
    Speaking.FITS: "piper speaks",
    Speaking.ABSENT: "the system's voice speaks",
    Speaking.TOO_SLOW: "piper speaks the lines that are rendered ahead; it is slow here for the others",
    Speaking.NO_ROOM: "the system's voice speaks, as piper has no room in memory",
}


def _threads(fits: Fit) -> str:
    return "1 thread" if fits.threads == 1 else f"{fits.threads} threads"


def _screen(fits: Fit) -> str:
    return "" if fits.encoder else "; the screen listens with its smaller model, for want of memory"


def chosen(measured: Measured) -> dict[str, object]:
    """As keys of config.yaml. What is not here now may come later, so that it stays `auto`."""
    slow_ears = measured.fits.hearing in (Hearing.TOO_SLOW, Hearing.NO_ROOM)
    keys: dict[str, object] = {
        "speech_to_text.engine": "pocketsphinx" if slow_ears else "auto",
        "speech_to_text.threads": measured.fits.threads,
    }
    return keys | ({"voice.engine": "pyttsx3"} if measured.fits.speaking is Speaking.NO_ROOM else {})


def _voices(settings: Settings, absent: list[str]) -> list[tuple[str, Callable[[], VoiceEngine]]]:
    from assistant.speaking.piper_voice import LIVE, PiperVoice
    from assistant.speaking.pyttsx3_voice import Pyttsx3Voice

    voices: list[tuple[str, Callable[[], VoiceEngine]]] = [("pyttsx3", partial(Pyttsx3Voice, settings.language))]
    model = piper_model(settings)
    if (lacks := what_piper_lacks(settings)) is None and model is not None:
        voices.append(("piper", partial(PiperVoice, model, cores(), LIVE)))
    else:
        absent.append(f"piper: {lacks}")
    return voices


def _spoken(name: str, voice: VoiceEngine, words_per_minute: int) -> Speed:
    try:
        voice.render("One.", words_per_minute)
        began = time.perf_counter()
        sound = voice.render(LINE, words_per_minute)
        return Speed(name, time.perf_counter() - began, sound.seconds)
    finally:
        voice.close()


def _heard(library: Library, settings: Settings, name: str) -> Speed:
    """A turn of speech, as long as the turns of people in distress are."""
    recogniser = build_recogniser(library, settings, name)
    try:
        return Speed(name, seconds_of(recogniser, timed_turn()), TURN_SECONDS)
    finally:
        recogniser.close()


def seconds_of(recogniser: Recogniser, samples: NDArray[float32]) -> float:
    """Of work for these samples, warm."""
    recogniser.warm_up()
    began = time.perf_counter()
    recogniser.transcribe(samples)
    return time.perf_counter() - began
