"""The ruler: the same trials for any program that uses the default sound device, read off the recorded sound.

A trial speaks a known word into the microphone of a `SoundCard`, finds it again in what the microphone heard (echo and
all), and reads at the speaker what the program did. Nothing is taken from a program's own log, except what a recording
cannot tell (whether a silence is a stop or a pause); a program without `--events` is judged by waiting longer.

It measures on the real clock, so it lets time pass where a person would. What judges a recording is tested without
that; what makes one runs in no test.

What it takes of a program: that it speaks for a while by itself, best a continuous text, and answers when spoken to.
"""

from __future__ import annotations

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import numpy as np
from numpy import float32
from numpy.random import Generator
from numpy.typing import NDArray

from assistant.errors import EngineError
from assistant.sound import Sound, write_wav
from assistant.testing.bench import wait_until
from assistant.testing.measures import back_at_full_level, dip, dips, first_sound, located, sounding_share
from assistant.testing.program import Program, Run, running
from assistant.testing.sound_card import RATE, Recording, SoundCard

LEAD_SECONDS: Final = 3.0
"""So long a voice has to have been speaking, mostly, before anything is said over it."""
MOSTLY: Final = 0.5
"""The share of those seconds that sounds; a slow reading has 0.6."""
STOP_WITHIN_SECONDS: Final = 2.0
"""From the beginning of the word to the last sound of a program that stopped."""
STILL_SECONDS: Final = 1.2
"""So long it is then silent; this program says after two seconds that it has stopped."""
AFTERWARDS_SECONDS: Final = 8.0
"""After a stop, a program without an events file is watched so long from the word on, and may say one sentence."""
SENTENCE_SECONDS: Final = 4.0
AHEAD_SECONDS: Final = 0.1
"""Of silence before what is played: a resampler takes most of the first millisecond, and a click is over then."""
BACK_WITHIN_SECONDS: Final = 1.5
"""From the end of a sound that was no speech to a voice at full level."""
GOES_ON_SECONDS: Final = 3.0
ANSWER_SECONDS: Final = 5.0
"""What comes later is no answer: it is what the program says to somebody who is silent (this one after 8 seconds)."""
QUESTION_PAUSE_SECONDS: Final = 1.2
"""A voice silent for so long has finished its sentence and listens."""
SELF_INTERRUPTIONS: Final = ("user_started_speaking", "duck", "stop_playback", "show_resources")
"""Nobody is there: each of these events is the program hearing itself, the last one as a person in danger."""
LATE_MS: Final = 100
"""Nothing is timed while it speaks alone."""
ARRIVAL_SECONDS: Final = 1.0
ARRIVAL_LOOK_SECONDS: Final = 0.1
"""Between two searches of a whole recording."""
TRIES: Final = 5
PATIENCE_SECONDS: Final = 40.0

T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What was recorded of one trial over the voice. `onset`, `end`: of the sound, seconds into `speaker`."""

    speaker: NDArray[float32]
    onset: float
    end: float
    events: tuple[dict[str, object], ...]
    """What the program reported after the sound began."""
    tells: bool


@dataclass(frozen=True, slots=True)
class Stop:
    """One "stop" over the voice. Seconds are from the beginning of the word; None: never."""

    label: str
    stopped: bool
    to_quiet: float | None
    to_silence: float | None
    reported: tuple[str, ...] = ()
    """What the program says has happened since, to find out why."""


@dataclass(frozen=True, slots=True)
class Disturbance:
    """One sound over the voice that was no speech."""

    label: str
    went_on: bool
    """At full level `BACK_WITHIN_SECONDS` after it at the latest, speaking on, not stopped, no help called up."""
    lowest_share: float
    """The share of the sound's time, and of the second after it, in which the voice sounded."""
    back_after: float | None
    """Seconds from the sound's end to the voice at full level."""
    reported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """One thing said while the program listens."""

    label: str
    latency: float | None
    """Seconds from the end of the words at the microphone to the first sound of the answer; None: no answer."""
    cut: bool
    """The program began to speak, or by its own report ended the turn, before the words were over."""
    reported: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Alone:
    """What a program does to itself: `seconds` of its voice with its echo, and nobody there."""

    seconds: float
    share: float
    """Of the time, in which it sounded."""
    dips: int
    """`measures.dips`. Only what exceeds the same program without an echo is its own doing."""
    reported: Mapping[str, Sequence[object]]
    """Of each of `SELF_INTERRUPTIONS` in the events file: when, in seconds since the program began."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """The first seconds of a program's voice with nobody there. `reported`: which of `SELF_INTERRUPTIONS`, and why."""

    reported: tuple[str, ...]


def stop_over_voice(
    card: SoundCard, program: Program, words: Sequence[tuple[str, Sound]], rng: Generator
) -> Iterator[Stop]:
    """Say each of `words` (label, sound) over the voice, at a moment that `rng` picks.

    Stopped: its last sound came within `STOP_WITHIN_SECONDS`, it was silent for `STILL_SECONDS`, and it did not go on
    by itself: by its events it is in the scene `stopped`, or without events it spoke for no more than one sentence in
    the `AFTERWARDS_SECONDS`.
    """
    watched = STOP_WITHIN_SECONDS + STILL_SECONDS + 0.3
    for label, heard in _over_voice(card, program, words, watched if program.tells else AFTERWARDS_SECONDS, rng):
        yield judge_stop(label, heard)


def judge_stop(label: str, heard: Heard) -> Stop:
    """Read one trial."""
    yielded = dip(heard.speaker, RATE, heard.onset)
    silent = yielded.to_silence is not None and yielded.to_silence <= STOP_WITHIN_SECONDS
    still = silent and yielded.silent_seconds >= STILL_SECONDS
    if heard.tells:
        stays = _scene_is(heard.events, "stopped")
    else:
        after = heard.speaker[int((heard.onset + (yielded.to_silence or 0.0)) * RATE) :]
        stays = sounding_share(after, RATE) * len(after) / RATE <= SENTENCE_SECONDS
    # A pause of the text's own is no stop, and has no latency.
    counts = stays or not heard.tells
    quiet, silence = (yielded.to_quiet, yielded.to_silence) if counts else (None, None)
    return Stop(label, still and stays, quiet, silence, _kinds(heard.events))


def noise_over_voice(
    card: SoundCard, program: Program, noises: Sequence[tuple[str, Sound]], rng: Generator
) -> Iterator[Disturbance]:
    """Play each of `noises` (label, sound) over the voice; it ought to go on."""
    for label, heard in _over_voice(card, program, noises, BACK_WITHIN_SECONDS + GOES_ON_SECONDS, rng, from_end=True):
        yield judge_disturbance(label, heard)


def judge_disturbance(label: str, heard: Heard) -> Disturbance:
    """Read one trial."""
    back = back_at_full_level(heard.speaker, RATE, heard.onset, heard.end)
    during = heard.speaker[int(heard.onset * RATE) : int((heard.end + 1.0) * RATE)]
    afterwards = heard.speaker[int((heard.end + BACK_WITHIN_SECONDS) * RATE) :]
    speaks = sounding_share(afterwards, RATE) >= MOSTLY / 2
    stopped = _scene_is(heard.events, "stopped") or any(event.get("type") == "show_resources" for event in heard.events)
    went_on = back is not None and back <= BACK_WITHIN_SECONDS and speaks and not stopped
    return Disturbance(label, went_on, sounding_share(during, RATE), back, _kinds(heard.events))


def answer_latency(card: SoundCard, program: Program, words: Sequence[tuple[str, Sound]]) -> Iterator[Answer]:
    """Say each of `words` when the program has finished its first sentences and listens; a run each."""
    with _files([sound for _, sound in words]) as files:
        for (label, sound), file in zip(words, files, strict=True):
            yield _unbroken(partial(_one_answer, card, program, label, sound, file))


def alone(card: SoundCard, program: Program, seconds: float) -> Alone:
    """Let it speak for so long, with nobody there."""
    with running(card, program) as run:
        _wait_until_it_speaks(card, run)
        time.sleep(program.settle_seconds)
        with card.listening() as speaker:
            _wait_for(run, lambda: _speaks_on(speaker), "its reading")
        told = len(run.events())
        with card.listening(late_ms=LATE_MS) as speaker:
            time.sleep(seconds)
        since = run.events()[told:]
        run.check_running()
    return Alone(
        seconds,
        sounding_share(speaker.samples, RATE),
        dips(speaker.samples, RATE),
        {kind: [event["t"] for event in since if event["type"] == kind] for kind in SELF_INTERRUPTIONS},
    )


def beginnings(card: SoundCard, program: Program, count: int, seconds: float) -> Iterator[Beginning]:
    """Start it so often, and let it speak for so long each time, with nobody there: it knows no room yet."""
    for _ in range(count):
        with running(card, program) as run:
            _wait_until_it_speaks(card, run)
            time.sleep(seconds)
            run.check_running()
            itself = [event for event in run.events() if event["type"] in (*SELF_INTERRUPTIONS, "stop_requested")]
            yield Beginning(_kinds(itself))


def _over_voice(
    card: SoundCard,
    program: Program,
    sounds: Sequence[tuple[str, Sound]],
    watched_seconds: float,
    rng: Generator,
    *,
    from_end: bool = False,
) -> Iterator[tuple[str, Heard]]:
    """Every sound over the voice."""
    reader = _Reader(card, program)
    try:
        with _files([sound for _, sound in sounds]) as files:
            for (label, sound), file in zip(sounds, files, strict=True):
                until = watched_seconds + (sound.seconds if from_end else 0.0)
                yield label, _unbroken(partial(reader.over_voice, sound, file, until, float(rng.uniform(0, 2))))
    finally:
        reader.close()


class _Reader:
    """A program that is made to speak: one that goes on speaking is used again, any other is started anew."""

    def __init__(self, card: SoundCard, program: Program) -> None:
        self._card = card
        self._program = program
        self._run: Run | None = None

    def over_voice(self, sound: Sound, file: Path, watched_seconds: float, delay: float) -> Heard:
        """One trial."""
        if self._run is not None:
            # What was said before may have led it elsewhere, where it does not read on: that is no fault of this trial.
            with suppress(EngineError):
                return self._trial(self._run, sound, file, watched_seconds, delay)
            self.close()
        self._run = Run(self._card, self._program)
        _wait_until_it_speaks(self._card, self._run)
        time.sleep(self._program.settle_seconds)
        return self._trial(self._run, sound, file, watched_seconds, delay)

    def _trial(self, run: Run, sound: Sound, file: Path, watched_seconds: float, delay: float) -> Heard:
        goes_on = False
        try:
            heard = _one_over_voice(self._card, run, sound, file, watched_seconds, delay)
            sounds = sounding_share(heard.speaker[-RATE:], RATE) >= MOSTLY / 2
            goes_on = sounds and not any(event.get("type") == "scene" for event in heard.events)
            return heard
        finally:
            if not goes_on:
                self.close()

    def close(self) -> None:
        """End its run, if there is one."""
        if self._run is not None:
            self._run.close()
            self._run = None


def _one_over_voice(card: SoundCard, run: Run, sound: Sound, file: Path, watched_seconds: float, delay: float) -> Heard:
    with card.listening() as speaker, card.listening("mic.monitor") as microphone:
        _wait_for(run, lambda: _speaks_on(speaker), "its continuous voice")
        time.sleep(delay)
        _wait_for(run, lambda: speaker.level(0.06) > 0.01, "its voice")
        told, asked = len(run.events()), time.monotonic()
        _play(card, file)
        onset = _moment(sound, microphone, asked)
        limit = onset + watched_seconds
        wait_until(lambda: time.monotonic() > limit, "the end of a trial")
        return Heard(
            speaker.samples, onset - speaker.origin, onset - speaker.origin + sound.seconds,
            tuple(run.events()[told:]), run.program.tells,
        )  # fmt: skip


def _one_answer(card: SoundCard, program: Program, label: str, sound: Sound, file: Path) -> Answer:
    with card.listening() as speaker, card.listening("mic.monitor") as microphone, running(card, program) as run:
        _wait_for(run, lambda: _has_finished_a_sentence(speaker), "its first sentence")
        told, asked = len(run.events()), time.monotonic()
        _play(card, file)
        onset = _moment(sound, microphone, asked)
        ended = onset + sound.seconds
        limit = ended + ANSWER_SECONDS
        wait_until(lambda: time.monotonic() > limit or _first_after(speaker, onset) is not None, "an answer")
        first = _first_after(speaker, onset)
        events = run.events()[told:]
    began_early = first is not None and first < ended
    turns = [event for event in events if event["type"] == "user_stopped_speaking"]
    cut = began_early or sum(event.get("audio_id") is not None for event in turns) > 1
    return Answer(label, None if first is None else first - ended, cut, _kinds(events))


def _wait_until_it_speaks(card: SoundCard, run: Run) -> None:
    with card.listening() as speaker:
        _wait_for(run, lambda: speaker.level(0.15) > 0.01, "its voice")


def _wait_for(run: Run, true: Callable[[], bool], what: str) -> None:
    def happened() -> bool:
        run.check_running()
        return true()

    wait_until(happened, f"{what} ({run.program.name})", PATIENCE_SECONDS)


def _speaks_on(speaker: Recording) -> bool:
    recent = speaker.samples[-int(LEAD_SECONDS * RATE) :]
    return len(recent) >= int(LEAD_SECONDS * RATE) and sounding_share(recent, RATE) >= MOSTLY


def _has_finished_a_sentence(speaker: Recording) -> bool:
    recent = speaker.samples
    pause = int(QUESTION_PAUSE_SECONDS * RATE)
    return sounding_share(recent[:-pause], RATE) * len(recent) / RATE > 1.0 and not recent[-pause:].any()


def _play(card: SoundCard, file: Path) -> None:
    """To its end, with room for a busy machine: a word that arrives in pieces is no trial."""
    subprocess.run(["paplay", "-d", "mic", "--latency-msec=200", str(file)], env=card.environment, check=True)


def _moment(sound: Sound, microphone: Recording, asked: float) -> float:
    """When `sound` began at the microphone, on `time.monotonic`'s clock."""
    # The recorder may be some blocks behind when the player has played all.
    limit = time.monotonic() + ARRIVAL_SECONDS
    while time.monotonic() < limit:
        at = located(sound.samples, microphone.samples, RATE, after=max(asked - microphone.origin - 0.1, 0.0))
        if at is not None:
            return at + microphone.origin
        time.sleep(ARRIVAL_LOOK_SECONDS)
    raise _BrokenError("ruler-failed", "What was said reached the microphone in pieces: the machine is too busy.")


class _BrokenError(EngineError):
    """A trial that says nothing about the program."""


def _unbroken(trial: Callable[[], T]) -> T:
    """The trial, made again where the sound card lost a part of what was said."""
    for _ in range(TRIES - 1):
        try:
            return trial()
        except _BrokenError:
            continue
    return trial()


def _first_after(speaker: Recording, moment: float) -> float | None:
    first = first_sound(speaker.samples, RATE, after=max(moment - speaker.origin, 0.0))
    return None if first is None else first + speaker.origin


def _kinds(events: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """Without what the player reports all the time."""
    details = (event.get("trust") or event.get("name") or event.get("source") or "" for event in events)
    told = [f"{event.get('type')} {detail}".strip() for event, detail in zip(events, details, strict=True)]
    return tuple(kind for kind in told if not kind.startswith("playback_progressed"))


def _scene_is(events: Sequence[Mapping[str, object]], name: str) -> bool:
    return any(event.get("type") == "scene" and event.get("name") == name for event in events)


@contextmanager
def _files(sounds: Sequence[Sound]) -> Iterator[list[Path]]:
    with tempfile.TemporaryDirectory(prefix="grounding-ruler-") as folder:
        files = [Path(folder) / f"{index}.wav" for index in range(len(sounds))]
        for file, sound in zip(files, sounds, strict=True):
            with file.open("wb") as opened:
                silence = np.zeros(round(AHEAD_SECONDS * sound.rate), dtype=float32)
                write_wav(opened, Sound(np.concatenate([silence, sound.samples]), sound.rate))
        yield files
