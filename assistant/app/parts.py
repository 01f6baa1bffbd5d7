"""How the parts are put together, for every way of running."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TextIO

from numpy import float32
from numpy.typing import NDArray
from platformdirs import user_data_path

from assistant.app.help_lines import with_own_help
from assistant.app.lines import expected_numbers, expected_phrases, urgent_phrases
from assistant.app.places import NAME, recordings_folder
from assistant.app.screens import build_learned, screen_of
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.core.conversation import Conversation
from assistant.core.events import Event
from assistant.core.fitting import TURN_SECONDS
from assistant.core.floor import TurnPolicy
from assistant.core.flows import Flow
from assistant.core.outside import Outside
from assistant.core.pages import Page
from assistant.core.past import Past
from assistant.core.scenes.check_in import CheckInScene
from assistant.core.scenes.flow import FlowScene
from assistant.core.scenes.scene import Scene
from assistant.core.scenes.waiting import Waiting
from assistant.core.script import Script
from assistant.core.session import Session
from assistant.core.trusted import TrustedPerson
from assistant.core.waking import Wake
from assistant.errors import StoreError, UsageError
from assistant.faults import did_you_mean
from assistant.hearing.by_key import KeyedListener, TalkKey
from assistant.hearing.listener import Listener
from assistant.hearing.over_voice import OverVoice
from assistant.hearing.own_stop import OwnStop
from assistant.hearing.recogniser import RATE, Recogniser
from assistant.hearing.stop_word import SpottedStop
from assistant.hearing.voice_activity import VoiceActivity
from assistant.runtime.events_file import EventsFile
from assistant.runtime.page_file import PageFile
from assistant.runtime.stage import Observer
from assistant.safety.screen import RiskEstimator, Screen
from assistant.safety.transcript import Transcript, Trust
from assistant.settings import RunOptions, Settings
from assistant.settings_files import own_settings_file
from assistant.sound import read_wav, resampled
from assistant.sound_ring import SoundRing
from assistant.speaking.bed import Bed, soft_noise
from assistant.speaking.cache import CachedVoice
from assistant.speaking.layout import Layout
from assistant.speaking.player import Player


def load_library(settings: Settings) -> Library:
    """The content for these settings."""
    library = Library.load(content_root(), settings.language, settings.country, own_settings_file().parent)
    named = replace(library.lexicon, trusted_name=settings.trusted_person.name or "")
    return with_own_help(replace(library, lexicon=named), recordings_folder())


def build_conversation(
    library: Library,
    settings: Settings,
    *,
    typed: bool,
    support_given: bool = False,
    learned: RiskEstimator | None = None,
    wording: int = 0,
    check_in: str | None = None,
    flow: str | None = None,
    exports: bool = False,
    hears_words: bool = True,
    wake: Wake | None = None,
    past: Past = (),
    began: datetime | None = None,
    remembers: bool = False,
    reachable: bool = False,
    outside: Outside | None = None,
) -> Conversation:
    """A fresh sitting. `support_given`: one not long ago ended with the interrupt. `learned`: where it is shared.
    `wording`: which of their wordings the exercises have. `check_in`, `flow`: it begins with this one.
    `exports`: a file was named for what is said in a flow. `hears_words`: free speech is understood. `wake`: it waits
    to be spoken to, so. `past`: of earlier sittings. `began`: now, with its time zone. `remembers`: this one is noted.
    `reachable`: the trusted person can be sent a message. `outside`: other computers that it may use; None: none.

    Raises UsageError for a check-in or a flow that there is none of.
    """
    own = settings.trusted_person
    trusted = TrustedPerson(own.name or "", own.number or "", own.message or "", reachable)
    session = Session(
        library.repertoire, library.support, trusted, typed=typed, gain_db=settings.speaker.volume_db,
        support_given=support_given, wording=wording, cautions=set(settings.cautions),
        check_in=settings.check_in, past=past, began=began, remembers=remembers,
        pause_after_seconds=60.0 * settings.conversation.session_minutes,
        prefers=settings.conversation.prefer_what_helped, exports=exports, hears_words=hears_words,
        outside=outside or Outside(),
    )  # fmt: skip
    policy = TurnPolicy(
        opening_silence_seconds=settings.conversation.opening_silence_seconds,
        over_voice_seconds=settings.turn.over_voice_seconds,
        max_turn_seconds=settings.turn.max_turn_seconds,
    )
    screen = build_screen(library, learned or build_learned())
    opening: Scene | None = Waiting(wake) if wake is not None else None
    if check_in is not None:
        opening = CheckInScene(known_check_in(library, check_in), opens=True)
    if flow is not None:
        named = known_flow(library, flow)
        opening = FlowScene(named.script, named, opens=True)
    return Conversation(session, screen, library.lexicon, policy, opening)


def known_check_in(library: Library, name: str) -> Script:
    """Raises UsageError, with the did_you_mean."""
    known = library.repertoire.check_ins
    if name in known:
        return known[name]
    listing = did_you_mean(name, known, "grounding checkin --list")
    raise UsageError("check-in-unknown", f"There is no check-in {name!r}.{listing}")


def known_flow(library: Library, name: str) -> Flow:
    """Raises UsageError, with the did_you_mean."""
    known = library.repertoire.flows
    if name in known:
        return known[name]
    listing = did_you_mean(name, known, "grounding flow")
    raise UsageError("flow-unknown", f"There is no flow {name!r}.{listing}")


def build_screen(library: Library, learned: RiskEstimator) -> Screen:
    """That of this library."""
    repertoire = library.repertoire
    return screen_of(library.rules, library.lexicon, repertoire.cards, repertoire.flows, learned)


def hears_words(settings: Settings, engine: str | None) -> bool:
    """Whether the recogniser that will be chosen understands free speech."""
    from assistant.hearing.choose import understands_free_speech

    return understands_free_speech(engine or settings.speech_to_text.engine, model_directory(settings))


def warm_up(library: Library) -> None:
    """Make ready what is listened for: compiling patterns takes as long as an answer may."""
    heard = Transcript("ready", Trust.TRUSTED, 1.0, "warm-up")
    library.lexicon.understand(Screen(library.rules).screen(heard))


def build_over_voice(played: SoundRing) -> OverVoice:
    """Hearing while `played` is heard in the room."""
    from assistant.hearing.echo_canceller import webrtc_canceller
    from assistant.hearing.over_voice import OverVoice
    from assistant.hearing.voice_activity import Silero

    return OverVoice(played, Silero, webrtc_canceller)


def build_stop_words(settings: Settings) -> list[SpottedStop | OwnStop]:
    """The detectors that need no recogniser: the shipped one, and the person's own."""
    from assistant.hearing.own_stop import OwnStop
    from assistant.hearing.stop_word import SpottedStop
    from assistant.hearing.voice_activity import Silero

    own = settings.turn.stop_word_model
    return [SpottedStop(Silero()), *([OwnStop(own)] if own else [])]


def build_listener(settings: Settings, key: TalkKey | None = None, activity: VoiceActivity | None = None) -> Listener:
    """Voice activity and endpointing, as configured. `key`: it begins and ends the turns instead."""
    from assistant.hearing.segmenter import EndpointPolicy, Segmenter
    from assistant.hearing.voice_activity import Silero

    turn = settings.turn
    policy = EndpointPolicy(
        speech_threshold=turn.speech_threshold,
        silence_seconds=turn.quiet_seconds,
        max_turn_seconds=turn.max_turn_seconds,
    )
    activity = activity or Silero()
    return Listener(activity, Segmenter(policy)) if key is None else KeyedListener(activity, key, policy)


def build_recogniser(
    library: Library,
    settings: Settings,
    engine: str | None,
    tell: Callable[[str], None] | None = None,
    more: Collection[str] = (),
) -> Recogniser:
    """As asked for, as configured, or the best there is; on this computer, which hears in any case. With `tell` one
    that nobody named is held to its time, and `tell` is told when a smaller one stands in. `more`: phrases that one of
    few words listens for beside the usual ones.
    """
    from assistant.hearing.choose import choose_recogniser

    speech = settings.speech_to_text
    wanted = engine or speech.engine

    def build(name: str) -> Recogniser:
        return choose_recogniser(
            name,
            model_directory(settings),
            settings.language,
            speech.threads,
            [*expected_phrases(library), *more],
            urgent_phrases(library),
            expected_numbers(library),
        )

    best = build(wanted)
    if tell is None or wanted != "auto" or best.name != "faster-whisper":
        return best
    from assistant.hearing.in_time import InTime

    return InTime(best, build("pocketsphinx"), timed_turn(), tell)


def timed_turn() -> NDArray[float32]:
    """Speech by which a recogniser is timed: 16 kHz, `TURN_SECONDS`."""
    import numpy as np

    speech = resampled(read_wav(content_root() / "audio" / "demo-panic-short.wav"), RATE)
    return np.resize(speech, round(TURN_SECONDS * RATE))


def build_layout(
    library: Library,
    settings: Settings,
    voice: CachedVoice,
    rate: int,
    redrawn: Callable[[str], None] = lambda code: None,
) -> Layout:
    """From timelines to samples at `rate`. `redrawn`: told when a chime's file cannot be used."""
    audio = library.root / "audio" if settings.voice.chimes else None
    return Layout(voice, rate, settings.voice.words_per_minute, audio, library.recordings, redrawn, voice.unkept)


def build_player(settings: Settings, rate: int, post: Callable[[Event], None]) -> Player:
    """A player, with the soft bed where the person wants one."""
    if settings.voice.bed == "none":
        return Player(rate, post)
    return Player(rate, post, Bed(soft_noise(rate, settings.speaker.volume_db), rate))


def model_directory(settings: Settings) -> Path:
    """Where the Whisper model is, or would be; `GROUNDING_MODEL` names another folder for one run."""
    if named := os.environ.get("GROUNDING_MODEL"):
        return Path(named)
    return settings.speech_to_text.model_dir or user_data_path(NAME, appauthor=False) / "model"


@contextmanager
def events_observers(options: RunOptions, post: Callable[[Event], None]) -> Iterator[list[EventsFile]]:
    """The observers that `--events` asks for. Raises StoreError when the file cannot be opened."""
    if options.events is None:
        yield []
        return
    try:
        opened = os.open(options.events, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)  # words may be in it
        file: TextIO = os.fdopen(opened, "a", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            "events-unwritable", f"{options.events} cannot be written ({error.strerror}); choose another place."
        ) from None
    try:
        yield [EventsFile(file, post, with_words=options.with_words)]
    finally:
        _close(file)


def page_observers(options: RunOptions, failed: Callable[[str], None], show: Callable[[Page], None]) -> list[Observer]:
    """Who writes the page of a flow into the file that was named."""
    return [] if options.page is None else [PageFile(options.page, failed, show)]


def _close(file: TextIO) -> None:
    """On a full disk closing fails too; what was lost was told when it was lost."""
    try:
        file.close()
    except OSError:
        return
