"""`grounding bench`: every figure the design promises, measured on this machine and compared with its limit."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from assistant.app.asking import leaving_on_signals
from assistant.app.fitting import measure as measure_engines
from assistant.app.lines import fixed_lines
from assistant.app.parts import build_conversation, build_screen, load_library
from assistant.app.places import NAME
from assistant.app.voices import build_voice
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.errors import AssistantError
from assistant.safety.screen import Screen
from assistant.settings_files import settings_files
from assistant.speaking.cache import CachedVoice
from assistant.testing import bench as measure
from assistant.testing.measures import Figure
from assistant.testing.room import Room
from assistant.testing.sound_card import SoundCard
from assistant.testing.tiny_whisper import build_random
from assistant.understanding.learned import LearnedScreen

TRIALS = int(os.environ.get("GROUNDING_BENCH_TRIALS", "20"))
"""Of each figure; the p95 of twenty is the largest but one."""
WHOLE_ANSWER_SECONDS, OPEN_SPEECH_SECONDS = 0.55, 1.45
"""From the end of speech to the answer: "I'm panicking" is a whole answer, and its turn ends 0.4 s after its last
sound; the plea is open speech, as is what a Whisper of random weights makes of it, and ends 1.2 s after."""


def bench() -> dict[str, object]:
    """Figures by name. On a machine without a virtual sound card only those that need none.

    Raises KeyboardInterrupt when it is ended, with the programs and folders that it began.
    """
    with leaving_on_signals():
        return _measured()


def _measured() -> dict[str, object]:
    figures: list[Figure] = []
    faults: list[str] = []
    measured = measure_engines(load_settings(settings_files(content_root() / "config.yaml")))
    for work in _works():
        try:
            figures += work()
        except AssistantError as error:
            faults.append(error.hint)
        sys.stderr.write(".")
        sys.stderr.flush()
    sys.stderr.write("\n")
    return {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "figures": [figure.as_json() for figure in figures],
        "engines": [
            {"name": speed.name, "took_s": speed.seconds, "sound_s": speed.sound_seconds, "factor": speed.factor}
            for speed in measured.speeds
        ],
        "engines not here": list(measured.absent),
        "not measured": faults,
    }


def _works() -> Iterable[Callable[[], list[Figure]]]:
    yield lambda: [room_hour()]
    yield lambda: [import_time()]
    yield screening
    yield _on_the_card
    yield _idle


def _on_the_card() -> list[Figure]:
    with SoundCard() as card, tempfile.TemporaryDirectory() as folder:
        answer, plea = (content_root() / "audio" / name for name in ("demo-answer.wav", "demo-panic-short.wav"))
        cache = Path(folder) / "cache"
        figures = [measure.start_to_first_word(card, TRIALS, None), *_rendered(cache)]
        figures.append(measure.start_to_first_word(card, TRIALS, cache))
        figures.append(measure.choice_to_first_word(card, TRIALS))
        figures += [measure.stop_to_silence(card, how, TRIALS) for how in measure.STOPS]
        for part in ("conversation", "recogniser", "voice"):
            figures.append(measure.stop_to_silence(card, "SIGUSR1", TRIALS, hang=part))
        figures += measure.signal_to_support(card, TRIALS)
        built_in = ("--stt", "pocketsphinx")
        whole = measure.speech_to_answer(card, answer, TRIALS, WHOLE_ANSWER_SECONDS, *built_in)
        figures.append(replace(whole, name=f"{whole.name}, a whole answer"))
        figures.append(measure.speech_to_answer(card, plea, TRIALS, OPEN_SPEECH_SECONDS, *built_in))
        model = build_random(Path(folder) / "model", "base")
        card.environment["GROUNDING_MODEL"] = str(model)
        whisper = measure.speech_to_answer(card, plea, TRIALS, OPEN_SPEECH_SECONDS, "--stt", "faster-whisper")
        figures.append(replace(whisper, name=f"{whisper.name}, Whisper of base shape"))
        figures.append(measure.exactness(card, 600.0 if TRIALS >= 20 else 30.0))
    return figures


def _rendered(cache: Path) -> list[Figure]:
    """Every fixed line, one after another, into a cache as the program finds it; and how long one then takes."""
    settings = load_settings([content_root() / "config.yaml"])
    lines = fixed_lines(load_library(settings))
    pace = settings.voice.words_per_minute
    engine = build_voice(settings, None, lambda event: None).engines[0]
    folder = cache / NAME / "speech"
    try:
        voice = CachedVoice(engine, folder)
        began = time.perf_counter()
        for line in lines:
            voice.render(line.text, round(pace * line.pace))
        took = Figure("every fixed line rendered", "s", (time.perf_counter() - began,), 60.0)
        return [
            took,
            measure.cached_line(lambda: CachedVoice(engine, folder), pace, lines[:: max(len(lines) // 50, 1)]),
        ]
    finally:
        engine.close()


def _idle() -> list[Figure]:
    with SoundCard(latency_ms=40) as card, tempfile.TemporaryDirectory() as folder:
        figures = measure.idle_listening(card, 60.0, 200.0, "--stt", "pocketsphinx")
        card.environment["GROUNDING_MODEL"] = str(build_random(Path(folder) / "model", "base"))
        whisper = measure.idle_listening(card, 60.0, 450.0, "--stt", "faster-whisper")
        return figures + [replace(figure, name=f"{figure.name}, Whisper of base shape") for figure in whisper]


def room_hour() -> Figure:
    """One simulated hour in the virtual room."""
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    library = load_library(settings)
    took: list[float] = []
    for _ in range(3):
        room = Room(build_conversation(library, settings, typed=False))
        room.says("pause", at=15.0)
        for minute in range(59):
            room.says("a lamp", at=60.0 * minute + 40)
        began = time.perf_counter()
        room.run(until=3600.0)
        took.append(time.perf_counter() - began)
    return Figure("one hour in the virtual room", "s", tuple(took), 2.0)


def screening() -> list[Figure]:
    """A sentence through the rules, and through every layer of the screen."""
    library = load_library(load_settings(settings_files(content_root() / "config.yaml")))
    sentences = [*library.rules.must_catch, *library.recogniser]
    rules, whole = Screen(library.rules), build_screen(library, LearnedScreen())
    figures: list[Figure] = []
    for name, screen, limit in (("the rules", rules, 0.002), ("every layer of the screen", whole, 0.020)):
        screen.judge("a sentence that loads it")
        took: list[float] = []
        for sentence in sentences:
            began = time.perf_counter()
            screen.judge(sentence)
            took.append(time.perf_counter() - began)
        figures.append(Figure(f"a sentence through {name}", "s", tuple(took), limit))
    return figures


def import_time() -> Figure:
    """Importing the package, in a process of its own."""
    took: list[float] = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", "import assistant"], check=True)
        took.append(time.perf_counter() - began)
    return Figure("a process that imports the package", "s", tuple(took))
