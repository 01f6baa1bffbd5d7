"""How the parts are put together, for every way of running."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TextIO

from platformdirs import user_data_path, user_state_path

from assistant.app.help_lines import with_own_help
from assistant.app.places import NAME
from assistant.config import own_settings_file
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.core.conversation import Conversation
from assistant.core.events import Event
from assistant.core.floor import TurnPolicy
from assistant.core.numbers import read_number
from assistant.core.past import Past
from assistant.core.performance import manner
from assistant.core.scenes.check_in import CheckInScene
from assistant.core.scenes.scene import Scene
from assistant.core.scenes.waiting import Waiting
from assistant.core.script import Ask, Breathe, Rate, Say, Script
from assistant.core.session import Session
from assistant.core.timeline import Speech
from assistant.core.understanding import Intent
from assistant.errors import StoreError, UsageError
from assistant.faults import nearest
from assistant.hearing.by_key import KeyedListener, TalkKey
from assistant.hearing.listener import Listener
from assistant.hearing.over_voice import OverVoice
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.stop_word import SpottedStop
from assistant.hearing.voice_activity import VoiceActivity
from assistant.hearing.wake_word import OwnStop
from assistant.runtime.events_file import EventsFile
from assistant.runtime.stage import Observer
from assistant.safety.interrupt import compose_interrupt, compose_support, compose_texting
from assistant.safety.screen import RiskEstimator, Screen
from assistant.safety.transcript import Transcript, Trust
from assistant.safety.verdict import Kind, Level
from assistant.settings import RunOptions, Settings
from assistant.sound_ring import SoundRing
from assistant.speaking.bed import Bed, soft_noise
from assistant.speaking.cache import CachedVoice
from assistant.speaking.layout import Layout
from assistant.speaking.player import Player
from assistant.understanding.learned import LearnedScreen

PHRASES_AN_INTENT = 6
PHRASES_OF_STOP = 14
"""The likeliest come first in understanding.yaml; every phrase more makes the built-in recogniser slower, less sure."""


def load_library(settings: Settings) -> Library:
    """The content for these settings."""
    library = Library.load(content_root(), settings.language, settings.country, own_settings_file().parent)
    return with_own_help(library, recordings_folder())


def build_conversation(
    library: Library,
    settings: Settings,
    *,
    typed: bool,
    support_given: bool = False,
    learned: RiskEstimator | None = None,
    wording: int = 0,
    check_in: str | None = None,
    waits: bool = False,
    past: Past = (),
    began: datetime | None = None,
    remembers: bool = False,
) -> Conversation:
    """A fresh sitting. `support_given`: one not long ago ended with the interrupt. `learned`: where it is shared.
    `wording`: which of their wordings the exercises have. `check_in`: it begins with this one. `waits`: it waits
    to be spoken to. `past`: of earlier sittings. `began`: now, with its time zone. `remembers`: this one is noted.

    Raises UsageError for a check-in that there is none of.
    """
    session = Session(
        library.repertoire, library.support, settings.trusted_person, typed=typed, gain_db=settings.speaker.volume_db,
        support_given=support_given, wording=wording, cautions=set(settings.cautions),
        check_in=settings.check_in, past=past, began=began, remembers=remembers,
        pause_after_seconds=60.0 * settings.conversation.session_minutes,
        prefers=settings.conversation.prefer_what_helped,
    )  # fmt: skip
    policy = TurnPolicy(
        opening_silence_seconds=settings.conversation.opening_silence_seconds,
        over_voice_seconds=settings.turn.over_voice_seconds,
        max_turn_seconds=settings.turn.max_turn_seconds,
    )
    screen = build_screen(library, learned or LearnedScreen())
    opening: Scene | None = Waiting() if waits else None
    if check_in is not None:
        opening = CheckInScene(known_check_in(library, check_in), opens=True)
    return Conversation(session, screen, library.lexicon, policy, opening)


def known_check_in(library: Library, name: str) -> Script:
    """Raises UsageError, with the nearest."""
    known = library.repertoire.check_ins
    if name in known:
        return known[name]
    likely = ", ".join(nearest(name, known, 3) or known) or "none in this language"
    raise UsageError("check-in-unknown", f"There is no check-in {name!r}; there are: {likely}.")


def build_screen(library: Library, learned: RiskEstimator) -> Screen:
    """Rules and the learned layer, which is not asked about plain commands and numbers."""
    return Screen(library.rules, [learned], library.lexicon.plain)


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
    from assistant.hearing.stop_word import SpottedStop
    from assistant.hearing.voice_activity import Silero
    from assistant.hearing.wake_word import OwnStop

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


def build_recogniser(library: Library, settings: Settings, engine: str | None) -> Recogniser:
    """As asked for, as configured, or the best there is."""
    from assistant.hearing.choose import choose_recogniser

    speech = settings.speech_to_text
    return choose_recogniser(
        engine or speech.engine,
        model_directory(settings),
        settings.language,
        speech.threads,
        expected_phrases(library),
        urgent_phrases(library),
        expected_numbers(library),
    )


def build_layout(
    library: Library,
    settings: Settings,
    voice: CachedVoice,
    rate: int,
    redrawn: Callable[[str], None] = lambda code: None,
) -> Layout:
    """From timelines to samples at `rate`. `redrawn`: told when a chime's file cannot be used."""
    audio = library.root / "audio" if settings.voice.chimes else None
    return Layout(voice, rate, settings.voice.words_per_minute, audio, library.recordings, redrawn)


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


def recordings_folder() -> Path:
    """Where `setup` puts recorded help lines."""
    return user_data_path(NAME, appauthor=False) / "recorded"


def latch_path() -> Path:
    """Where it is noted, without a word, that support was given."""
    return user_state_path(NAME, appauthor=False) / "support-given"


def knocks_path() -> Path:
    """Where it is noted, without a word, when reminders were given."""
    return user_state_path(NAME, appauthor=False) / "reminders.json"


def expected_phrases(library: Library) -> list[str]:
    """What a recogniser of few words listens for: commands, numbers, whole sentences that the content names, and every
    plain way to say that one is in danger.
    """
    phrases = [phrase for known in library.lexicon.commands.values() for phrase in known[:PHRASES_AN_INTENT]]
    wanted = (phrases, _stops(library), library.recogniser, library.rules.must_catch)
    return sorted(set(chain.from_iterable(wanted)))


def urgent_phrases(library: Library) -> list[str]:
    """What must not be missed of that: a stop, a call for help, and all that the screen would act on."""
    screen = Screen(library.rules)
    flagged = [phrase for phrase in expected_phrases(library) if screen.judge(phrase).level is not Level.NONE]
    return [*library.rules.must_catch, *_stops(library), *flagged]


def expected_numbers(library: Library) -> list[str]:
    """What it listens for as well where a number was asked for. A number that is one only where nothing is said beside
    it, as "one" is, comes alone.
    """
    numbers = library.lexicon.numbers
    words = [word.lower() for word in library.repertoire.phrases["spoken.numbers"]]
    said = {
        wording.format(number=number, next=after)
        for wording in library.recogniser_numbers
        for number, after in zip(words, (*words[1:], ""), strict=True)
        if (after or "{next}" not in wording) and (number in numbers.words or wording == "{number}")
    }
    return sorted(phrase for phrase in said if read_number(phrase, numbers).number is not None)


def _stops(library: Library) -> tuple[str, ...]:
    return library.lexicon.commands[Intent.STOP][:PHRASES_OF_STOP] + library.lexicon.commands[Intent.HELP]


def fixed_lines(library: Library) -> list[Speech]:
    """Every sentence that needs no filling in, at the pace it has, the ones that may be needed soonest first."""
    phrases = library.repertoire.phrases
    soonest = ("greeting.", "choosing.lead", "interrupt.", "stopped.", "exercise.", "concern.", "failures.")
    keys = [key for start in soonest for key in phrases if key.startswith(start)]
    keys += [key for key in phrases if key not in keys and not key.startswith(("screen.", "spoken."))]
    lines = [Speech(line) for key in keys for line in phrases[key] if "{" not in line]
    for script in chain(library.repertoire.scripts.values(), library.repertoire.check_ins.values()):
        for index, step in enumerate(script.steps):
            pace = manner(script, index).pace
            match step:
                case Say():
                    lines += [Speech(line, pace) for line in chain.from_iterable(step.wordings)]
                case Breathe():
                    lines += [Speech(step.in_word, pace), Speech(step.out_word, pace)]
                case Ask():
                    replies = (step.on_answer, step.on_silence, step.on_yes, step.on_no)
                    lines += [Speech(line) for line in (step.question, *chain.from_iterable(replies))]
                case Rate() if step.question:
                    lines.append(Speech(step.question))
                case _:
                    pass
        lines += [Speech(line) for line in (script.summary, script.claim, *script.easier)]
    return list(dict.fromkeys(lines))


def ready_lines(library: Library) -> list[Speech]:
    """What is rendered ahead: the fixed lines, and those filled in with what is known before, which are the country's
    numbers and the answers to a question from zero to ten.
    """
    phrases, support = library.repertoire.phrases, library.support
    filled = [line for kind in Kind for line in compose_interrupt(kind, support, phrases, None)]
    filled += [*compose_support(support, phrases), *compose_texting(support.for_kind(None), phrases)]
    heard = phrases["rate.heard"]
    filled += [line.format(number=number.capitalize()) for number in phrases["spoken.numbers"] for line in heard]
    return list(dict.fromkeys([*fixed_lines(library), *map(Speech, filled)]))


@contextmanager
def events_observers(options: RunOptions, post: Callable[[Event], None]) -> Iterator[list[Observer]]:
    """The observers that `--events` asks for. Raises StoreError when the file cannot be opened."""
    if options.events is None:
        yield []
        return
    try:
        file: TextIO = options.events.open("a", encoding="utf-8")
    except OSError as error:
        raise StoreError(
            "events-unwritable", f"{options.events} cannot be written ({error.strerror}); choose another place."
        ) from None
    try:
        yield [EventsFile(file, post, with_words=options.with_words)]
    finally:
        _close(file)


def _close(file: TextIO) -> None:
    """On a full disk closing fails too; what was lost was told when it was lost."""
    try:
        file.close()
    except OSError:
        return
