"""Running on real sound: the threads, in one visible order up and down."""

from __future__ import annotations

import math
import sys
import threading
import time
from collections.abc import Callable, Collection
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from assistant.app.keyboard import take_keys, take_signals, talk_key_of
from assistant.app.lines import ready_lines
from assistant.app.outside import (
    Others,
    build_model_worker,
    hears_elsewhere,
    listeners,
    others_of,
    outside_of,
    tell_others,
)
from assistant.app.parts import (
    build_conversation,
    build_layout,
    build_listener,
    build_over_voice,
    build_recogniser,
    build_stop_words,
    events_observers,
    hears_words,
    page_observers,
    warm_up,
)
from assistant.app.places import knocks_path, latch_path
from assistant.app.reach import LABELS, mute_switch, take_hands, take_light, wake_of
from assistant.app.reaching import message_observers, private_number, reachable
from assistant.app.remembering import memory_observers, recalled
from assistant.app.screens import build_learned
from assistant.app.streams import Streams
from assistant.app.voices import asked_ahead, build_voice
from assistant.app.watching import watch_devices
from assistant.content.library import Library
from assistant.core.commands import EndReason, Speak
from assistant.core.conversation import Conversation
from assistant.core.events import Event, MicrophoneLost, PlaybackFinished, Trouble
from assistant.core.ids import UtteranceId
from assistant.core.past import Past
from assistant.core.timeline import Recorded, Timeline
from assistant.core.waking import Wake
from assistant.errors import ConfigError, DeviceError, EngineError
from assistant.hearing.own_stop import EitherStop
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.recogniser_worker import RecogniserWorker
from assistant.runtime.captions import Captions
from assistant.runtime.clock import Clock, local_time, monotonic_clock
from assistant.runtime.ears import Hearers
from assistant.runtime.first_words import FirstWords
from assistant.runtime.hand import Hand
from assistant.runtime.heartbeat import Heartbeat, beat_seconds, to_systemd
from assistant.runtime.keys import PushToTalk, VoiceWatch, interactive
from assistant.runtime.knocks import KnockFile
from assistant.runtime.latch import LatchFile
from assistant.runtime.live import LiveStage
from assistant.runtime.loop import Loop
from assistant.runtime.memory import give_back_memory, hold_little_memory
from assistant.runtime.mute import Muting
from assistant.runtime.reminding import Reminding
from assistant.runtime.stage import Stage
from assistant.runtime.status import Microphone, Status
from assistant.runtime.stop_switch import StopSwitch
from assistant.runtime.terminal import Terminal, is_plain, shows_blocks
from assistant.settings import RunOptions, Settings
from assistant.speaking.voice_worker import VoiceWorker
from assistant.understanding.learned import LearnedScreen

if TYPE_CHECKING:
    from assistant.llm.worker import ModelWorker

LAST_WORDS = UtteranceId(-1)
CLOSE_SECONDS = 2.0
LOOK_SECONDS: float | None = 0.5 if sys.platform == "win32" else None
"""Between two looks for Ctrl-C, which does not end a wait without a limit on Windows."""
WORDING_SECONDS = 600.0
"""After so long a sitting has other wordings than the one before."""
Wrap = Callable[[Stage], Stage]
"""Puts something round the stage; the bench makes it hang."""


def run_live(
    options: RunOptions, library: Library, captions: Captions, mic: str, speaker: str,
    wrap: Wrap = lambda stage: stage, told: Collection[str] = (),
) -> EndReason:  # fmt: skip
    """To the end of the conversation, or until the person leaves. `told`: codes of what was told about the devices."""
    hold_little_memory()
    settings = options.settings
    typed = mic == "none"
    voice_watch = VoiceWatch()
    first_words = FirstWords()
    warn = partial(captions.line, style="33")

    def post(event: Event) -> None:
        loop.post(event)

    def sound_reported(event: Event) -> None:
        voice_watch.event(event)
        first_words.event(event)
        loop.post(event)

    latch = LatchFile(latch_path(), time.time, post, lasting=not options.guest)
    learned = build_learned(lambda error: post(Trouble(error.code)))
    wake, wake_word = wake_of(settings, warn)
    others = others_of(settings, None if typed else options.stt)
    if typed:
        others = replace(others, hearing=None)
    knocks = KnockFile(knocks_path(), local_time, post, lasting=not options.guest)

    can_send = reachable(captions.line)

    def sitting(past: Past) -> Conversation:
        return build_conversation(
            library, settings, typed=typed, support_given=latch.is_set(), learned=learned, remembers=options.remembers,
            wording=int(time.time() / WORDING_SECONDS), check_in=options.check_in, flow=options.flow, past=past,
            exports=options.page is not None, hears_words=typed or hears_words(settings, options.stt),
            wake=wake if options.wait else None, began=local_time(), reachable=can_send,
            outside=outside_of(settings, others),
        )  # fmt: skip

    def following(before: Conversation) -> Conversation:
        again = sitting(recalled(options)[0].past)
        again.utterances = before.utterances
        return again

    clock = monotonic_clock()
    loop = Loop(sitting(options.past), clock, following if options.wait else None)
    for code in options.troubles:
        loop.post(Trouble(code))
    for event in options.first:
        loop.post(event)
    with ExitStack() as stack:
        keyed = sys.stdin is not None and interactive() and not typed
        status, terminal = _terminal(captions, settings, clock, "row_stop" if keyed else "", may_draw=not typed)
        stack.callback(terminal.close)
        talk_key = talk_key_of(settings, captions, mic, status, terminal)

        missing: list[str] = []
        mute = mute_switch(options, loop.post)
        streams = Streams(settings, speaker, None if typed else mic, sound_reported, mute)
        stack.callback(streams.close)
        if not _opened(streams.open_speaker, warn, told):
            streams.without_speaker()
            missing.append("speaker")
        switch = StopSwitch(streams.player.mute, loop.post)
        take_signals(switch, loop.post)

        if (host := asked_ahead(settings, options.tts)) is not None:
            captions.line(f"{' '.join(library.repertoire.phrases['screen.endpoint'])} {host}", "33")
        private = private_number(library, settings)
        tell_others(settings, others, captions)
        model = build_model_worker(library, settings, learned, loop.post, options.guest) if others.model else None
        if model is not None:
            stack.callback(model.close)
        passing = model.said if model is not None else ()
        voice = build_voice(settings, options.tts, loop.post, guest=options.guest, private=private, passing=passing)
        layout = build_layout(library, settings, voice, streams.player.rate, captions.notice)
        worker = VoiceWorker(layout, voice, loop.post)
        stack.callback(worker.close)
        worker.start()

        engine = None if typed else _recogniser(options, library, others, captions, loop.post)
        recogniser = RecogniserWorker(engine, loop.post) if engine is not None else None
        if recogniser is not None:
            recogniser.start()
            stack.callback(recogniser.close)
        stage = LiveStage(streams.player, worker, recogniser, streams.turn_audio, streams.end_turn)

        written = stack.enter_context(events_observers(options, loop.post))
        memory = stack.enter_context(memory_observers(options, loop.post, captions.failure, captions.line))
        messages = stack.enter_context(message_observers(can_send, loop.post, captions.failure))
        pages = page_observers(options, captions.failure, captions.page)
        asked = listeners(model, engine, others)
        light = take_light(stack, settings, status, clock, warn)
        heartbeat = Heartbeat(to_systemd(), beat_seconds(), captions.label)
        stack.callback(heartbeat.stopping)
        muting = Muting(mute, by_button=options.wait and wake is Wake.BUTTON)
        status.rests_when(lambda: mute.closed)
        watching = (*memory, *messages, *written, *pages, *asked, heartbeat, *light)
        loop.observe(latch, knocks, stage, muting, captions, status, terminal, *watching)
        if options.service:
            loop.beat(heartbeat.every or math.inf, heartbeat.beat)

        result: list[EndReason] = []
        over = threading.Event()

        def converse() -> None:
            try:
                result.append(loop.run(wrap(stage)))
            finally:
                over.set()

        speaks = partial(_speaks, voice_watch, streams)
        talk = PushToTalk(talk_key, speaks) if talk_key is not None else None
        take_keys(stack, captions, switch, loop.post, mute, typing=typed, talk=talk)
        hand = Hand(switch, mute, loop.post, lambda: loop.scene, speaks)
        take_hands(stack, settings, hand, warn)
        if options.wait:
            if not options.service:
                captions.line(captions.label(LABELS.get(wake, "waiting")), "2")
            _remind(stack, settings, captions, knocks, loop.post)

        thread = threading.Thread(target=converse, name="conversation", daemon=True)
        thread.start()
        ahead = partial(build_voice, settings, options.tts, lambda event: None, ahead=1, guest=options.guest)
        worker.prepare(ready_lines(library), ahead)
        ready = partial(_make_ready, first_words, library, learned, model)
        warm = threading.Thread(target=ready, name="warm-up", daemon=True)
        warm.start()
        stack.callback(warm.join, CLOSE_SECONDS)  # a library that is still loading must not meet a closing interpreter
        stack.callback(first_words.close)

        if recogniser is not None:
            hearers = Hearers(recogniser, _stop_words(settings, captions, loop.post), switch.trip, wake_word)
            streams.hear_with(
                lambda: build_listener(settings, talk_key), lambda: build_over_voice(streams.player.written), hearers
            )
            status.microphone(Microphone.LISTENING if talk_key is None else Microphone.OFF)
            if not _opened(streams.open_microphone, warn, told):
                missing.append("microphone")
                status.event(MicrophoneLost(), clock())
            if mute.muted:
                captions.line(captions.label("muted_from_before"), "33")
            terminal.redraw()

        if options.service:
            captions.line(captions.label("service_ready"))
        heartbeat.ready()
        watch_devices(stack, streams, loop.post, missing)

        _wait_for(over)
        for observer in written:
            observer.ran_dry(streams.ran_dry, clock())
        if not result:
            _last_words(streams, library, captions)
        return result[0] if result else EndReason.FAILED


def _terminal(
    captions: Captions, settings: Settings, clock: Clock, stop_label: str, *, may_draw: bool
) -> tuple[Status, Terminal]:
    """Captions go to a thread of their own from now on. For a person who types a row that moves is in the way."""
    status = Status(captions.phrases, stop_label=stop_label, blocks=shows_blocks(sys.stdout))
    row = may_draw and not settings.plain and not is_plain(sys.stdout)
    terminal = Terminal(sys.stdout, clock, status if row else None)
    terminal.start()
    captions.write_on(terminal, row=row)
    return status, terminal


def _opened(open_it: Callable[[], None], warn: Callable[[str], None], told: Collection[str]) -> bool:
    """Whether it could be; else why not is told, if it was not before."""
    try:
        open_it()
    except DeviceError as error:
        if error.code not in told:
            warn(error.hint)
        return False
    return True


def _recogniser(
    options: RunOptions, library: Library, others: Others, captions: Captions, post: Callable[[Event], None]
) -> Recogniser:
    """The one here, behind the other computer where there is one; what a small one means is told."""
    here = build_recogniser(library, options.settings, options.stt, lambda code: post(Trouble(code)))
    engine = hears_elsewhere(here, options.settings, others, post)
    if engine.name == "pocketsphinx":
        captions.failure("built-in-recogniser")
    return engine


def _make_ready(first_words: FirstWords, library: Library, learned: LearnedScreen, model: ModelWorker | None) -> None:
    """What takes long to load, once the first words are over; then memory is given back."""
    first_words.wait()
    warm_up(library)
    learned.load()
    if model is not None:
        model.warm_up()
    give_back_memory()


def _wait_for(over: threading.Event) -> None:
    """Ctrl-C comes between two looks."""
    while not over.wait(LOOK_SECONDS):
        pass


def _speaks(voice_watch: VoiceWatch, streams: Streams) -> bool:
    """Whether the voice is heard now, so that a press is a stop."""
    return voice_watch.speaks(streams.player.said)


def _remind(
    stack: ExitStack, settings: Settings, captions: Captions, knocks: KnockFile, post: Callable[[Event], None]
) -> None:
    """At the times that the person chose, until the stack closes."""
    schedule = settings.reminders.schedule(settings.check_in)
    rests = partial(captions.line, captions.label("reminders_rest"), "33")
    reminding = Reminding(schedule, knocks, local_time, post, rests)
    stack.callback(reminding.close)
    reminding.start()


def _stop_words(settings: Settings, captions: Captions, post: Callable[[Event], None]) -> EitherStop:
    """All of them; of one that cannot be loaded that is said: the others, the recogniser and the keys still stop."""
    stop_words = build_stop_words(settings)
    for stop_word in stop_words:
        try:
            stop_word.warm_up()
        except (EngineError, ConfigError) as error:
            captions.line(error.hint, "33")
    return EitherStop(stop_words, post)


def _last_words(streams: Streams, library: Library, captions: Captions) -> None:
    """The conversation itself broke: a recorded line, and people to reach. Never silence (law 8)."""
    captions.failure("something-broke")
    captions.support(library.support.for_kind(None))
    heard = threading.Event()

    def watch(event: Event) -> None:
        if isinstance(event, PlaybackFinished) and event.utterance_id == LAST_WORDS:  # not what was cut short by it
            heard.set()

    streams.player.on_event(watch)
    playout = streams.player.play(LAST_WORDS, streams.player.stops)
    layout = streams.recorded_layout(library)
    for part in layout.parts(Timeline((Recorded("something-broke", ""),)), lambda code: None):
        playout.append(part)
    playout.finish()
    heard.wait(15.0)


def play_once(library: Library, settings: Settings, speak: Speak, scene: str, speaker: str, captions: Captions) -> None:
    """An exercise, or a card, through the speaker, as if this scene said it; Ctrl-C stops it."""
    over = threading.Event()
    clock = monotonic_clock()
    status, terminal = _terminal(captions, settings, clock, "row_leave", may_draw=True)
    observers = (captions, status, terminal)

    def watch(event: Event) -> None:
        for observer in observers:
            observer.event(event, clock())
        if isinstance(event, PlaybackFinished):
            over.set()

    streams = Streams(settings, speaker, None, watch)
    voice = build_voice(settings, None, watch)
    try:
        streams.open_speaker()
        layout = build_layout(library, settings, voice, streams.player.rate, captions.notice)
        worker = VoiceWorker(layout, voice, watch)
        for observer in observers:
            observer.command(speak, clock(), scene)
        playout = streams.player.play(speak.utterance_id, 0, bed=speak.exercise_left is not None)
        worker.start()
        worker.speak(speak.utterance_id, speak.timeline, playout)
        _wait_for(over)
    finally:
        streams.close()
        voice.close()
        terminal.close()
