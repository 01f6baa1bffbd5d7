"""Running on sound files and piped lines, on virtual time; and hearing one exercise."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from assistant.app.exporting import ssml, transcript, webvtt
from assistant.app.outside import hears_elsewhere, listeners, others_of, outside_of, tell_others
from assistant.app.parts import (
    build_conversation,
    build_layout,
    build_listener,
    build_player,
    build_recogniser,
    events_observers,
    hears_words,
    load_library,
    page_observers,
)
from assistant.app.reaching import deliver_there, private_number, reachable
from assistant.app.remembering import memory_observers
from assistant.app.voices import build_voice
from assistant.content.exercises import read_exercises
from assistant.content.library import Library
from assistant.content.own import own_exercises
from assistant.core.commands import EndReason, Speak
from assistant.core.events import Event, PlaybackFinished, Trouble
from assistant.core.ids import UtteranceId
from assistant.core.performance import passage
from assistant.core.script import Ask, Rate, Script
from assistant.core.timeline import Segment, Speech, Timeline
from assistant.errors import ContentError, EngineError, UsageError
from assistant.faults import Fault, did_you_mean, listed
from assistant.hearing.microphone import SoundFileMicrophone
from assistant.hearing.recogniser import Recogniser
from assistant.reaching.messenger import AtOnce
from assistant.runtime.captions import Captions
from assistant.runtime.clock import local_time
from assistant.runtime.file_world import FileWorld, NoSink
from assistant.runtime.virtual import run_virtual
from assistant.settings import RunOptions, Settings
from assistant.settings_files import own_settings_file
from assistant.sound import read_wav
from assistant.speaking.output import WavSpeaker
from assistant.speaking.voice_worker import VoiceWorker

EXERCISE = "exercise:preview"
"""The scene of an exercise that is heard by itself."""
FILE_RATE = 24_000
"""Hz of a sound file that is written: above espeak's 22,050."""


class Written(StrEnum):
    """The forms that an exercise can be written in."""

    TRANSCRIPT = "transcript"
    CAPTIONS = "vtt"
    SSML = "ssml"


def run_with_files(options: RunOptions, library: Library, captions: Captions, mic: str, speaker: str) -> EndReason:
    """Words from a WAV file or from piped lines, sound into a WAV file or nowhere."""
    settings = options.settings
    pending: list[Event] = [Trouble(code) for code in options.troubles]
    typed = mic == "none"
    microphone = None if typed else SoundFileMicrophone(read_wav(Path(mic)))
    others = others_of(settings, options.stt, live=False)
    others = replace(others, hearing=None if typed else others.hearing)
    tell_others(settings, others, captions)
    recogniser: Recogniser | None = None
    if not typed:
        local = build_recogniser(library, settings, options.stt)
        recogniser = hears_elsewhere(local, settings, others, pending.append)
    listener = None if typed else build_listener(settings)
    can_send = reachable(captions.line)
    conversation = build_conversation(
        library, settings, typed=typed, check_in=options.check_in, past=options.past, began=local_time(),
        remembers=options.remembers, flow=options.flow, exports=options.page is not None, reachable=can_send,
        hears_words=typed or hears_words(settings, options.stt), outside=outside_of(settings, others),
    )  # fmt: skip
    sink = NoSink() if speaker == "none" else WavSpeaker(Path(speaker), FILE_RATE)
    private = private_number(library, settings)
    voice = build_voice(settings, options.tts, pending.append, guest=options.guest, private=private)
    player = build_player(settings, FILE_RATE, pending.append)
    layout = build_layout(library, settings, voice, FILE_RATE, captions.notice)
    worker = VoiceWorker(layout, voice, pending.append)
    world = FileWorld(
        player, worker, sink, pending, microphone, listener, recogniser,
        iter(sys.stdin) if typed and sys.stdin is not None else iter(()), lambda: conversation.listening,
        lambda: captions.line(captions.label("mute_typed"), "33"),
    )  # fmt: skip
    try:
        with (
            events_observers(options, pending.append) as observers,
            memory_observers(options, pending.append, captions.failure, captions.line) as memory,
        ):
            pages = page_observers(options, captions.failure, captions.page)
            messages = [AtOnce(deliver_there, pending.append)] if can_send else []
            watching = [captions, *memory, *messages, *observers, *pages, *listeners(None, recogniser, others)]
            return run_virtual(conversation, world, watching)
    finally:
        if isinstance(sink, WavSpeaker):
            sink.close()
        if recogniser is not None:
            recogniser.close()
        voice.close()


def written_exercise(exercise: str, form: Written, settings: Settings) -> str:
    """One exercise as text. Captions take the lengths of its real sound."""
    library = load_library(settings)
    segments = whole(_script(library, exercise))
    if form is Written.TRANSCRIPT:
        return "".join(f"{line}\n" for line in transcript(segments))
    if form is Written.SSML:
        return ssml(segments, settings.language)
    voice = build_voice(settings, None, lambda event: None)
    layout = build_layout(library, settings, voice, FILE_RATE)
    failed: list[str] = []

    def lasting(segment: Segment) -> float:
        parts = layout.parts(Timeline((segment,)), failed.append)
        return sum(part.length for part in parts) / FILE_RATE

    try:
        captions = webvtt(segments, lasting)
    finally:
        voice.close()
    if failed:
        raise EngineError(
            failed[0], "The voice failed, so the captions would have the wrong times; see: grounding doctor"
        )
    return captions


def _script(library: Library, exercise: str) -> Script:
    """Raises UsageError, and ContentError with its lines where the file is there and has faults."""
    script = library.repertoire.scripts.get(exercise)
    faults: list[Fault] = []
    own_exercises(library.root, own_settings_file().parent, library.repertoire.language, faults)
    if script is None:
        read_exercises(library.root, library.repertoire.language, faults)
    if broken := [fault for fault in faults if fault.path.stem == exercise]:
        raise ContentError("exercise-left-out", f"It has faults, so it is left out. Mend this:\n{listed(broken)}")
    if script is None:
        listing = did_you_mean(exercise, library.repertoire.scripts, "grounding scripts")
        raise UsageError("exercise-unknown", f"There is no exercise {exercise!r}.{listing}")
    return script


def preview(exercise: str, speaker: str | None, settings: Settings) -> int:
    """Hear one exercise from beginning to end, without questions waiting for answers."""
    library = load_library(settings)
    speak = Speak(UtteranceId(1), Timeline(whole(_script(library, exercise))), exercise_left=0.0)
    read_aloud(library, settings, speak, speaker)
    return 0


def read_aloud(library: Library, settings: Settings, speak: Speak, speaker: str | None) -> None:
    """Once, through the player, with captions as they are heard. `speaker`: a device, a WAV file or `none`."""
    captions = Captions(sys.stdout, library.repertoire.phrases, said=settings.captions)
    if speaker is not None and (speaker == "none" or speaker.lower().endswith(".wav")):
        _read_to_file(library, settings, speak, speaker, captions)
    else:
        from assistant.app.live import play_once

        play_once(library, settings, speak, scene_of(speak), speaker or str(settings.speaker.device), captions)


def scene_of(speak: Speak) -> str:
    """The name of the scene that would say this: an exercise has time left."""
    return EXERCISE if speak.exercise_left is not None else ""


def whole(script: Script) -> tuple[Segment, ...]:
    """Every passage of a script with its questions in between."""
    segments: list[Segment] = []
    step = 0
    while step < len(script.steps):
        part = passage(script, step, 1.0)
        segments += part.segments
        if part.ends_at is None:
            break
        asked = script.steps[part.ends_at]
        if isinstance(asked, Ask):
            segments.append(Speech(asked.question))
        assert isinstance(asked, Ask | Rate)
        step = part.ends_at + 1
    return tuple(segments)


def _read_to_file(library: Library, settings: Settings, speak: Speak, speaker: str, captions: Captions) -> None:
    pending: list[Event] = []
    voice = build_voice(settings, None, pending.append)
    sink = NoSink() if speaker == "none" else WavSpeaker(Path(speaker), FILE_RATE)
    player = build_player(settings, FILE_RATE, pending.append)
    layout = build_layout(library, settings, voice, FILE_RATE, captions.notice)
    world = FileWorld(player, VoiceWorker(layout, voice, pending.append), sink, pending)
    captions.command(speak, 0.0, scene_of(speak))
    world.perform(speak, 0.0)
    now, over = 0.0, False
    while not over:
        now, events = world.advance(now, now + 60.0)
        for event in events:
            captions.event(event, now)
            over = over or isinstance(event, PlaybackFinished)
    if isinstance(sink, WavSpeaker):
        sink.close()
    voice.close()
