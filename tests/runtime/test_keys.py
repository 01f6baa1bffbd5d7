"""The keyboard, and push to talk: who is heard when, and that a stop is a stop in any case."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import (
    Event,
    PlaybackFinished,
    PlaybackStarted,
    StopRequested,
    SupportRequested,
    TranscriptReady,
    UserStartedSpeaking,
    UserStoppedSpeaking,
)
from assistant.core.ids import AudioId, UtteranceId
from assistant.core.understanding import Intent
from assistant.hearing.by_key import FORGOTTEN_SECONDS, LATE_SECONDS, KeyedListener, KeyedSegmenter, TalkKey
from assistant.hearing.listener import FRAME_SECONDS, Speculation
from assistant.hearing.segmenter import EndpointPolicy, Started, Stopped
from assistant.hearing.voice_activity import FRAME
from assistant.runtime.ears import Ears, Hearers
from assistant.runtime.keys import Keyboard, PushToTalk, VoiceWatch
from assistant.runtime.stop_switch import StopSwitch
from assistant.sound_ring import SoundRing
from assistant.testing.room import Room
from tests.core.stories import a_conversation


def frame(level: float) -> NDArray[float32]:
    return np.asarray(level * np.random.default_rng(0).standard_normal(FRAME), dtype=float32)


SPEECH, QUIET = frame(0.1), frame(1e-5)
MINUTE = 60.0


class ByLevel:
    """A voice is what is loud."""

    def probability(self, frame: NDArray[float32]) -> float:
        return 0.95 if float(np.abs(frame).max()) > 0.05 else 0.0

    def reset(self) -> None:
        """Nothing is kept."""


class Over:
    """Hears somebody over the voice as if there were no voice."""

    def process(self, frame: NDArray[float32]) -> tuple[NDArray[float32], float]:
        return frame, ByLevel().probability(frame)

    def skip(self, count: int) -> None:
        """Nothing is kept."""


def keyed() -> tuple[TalkKey, KeyedListener]:
    key = TalkKey()
    listener = KeyedListener(ByLevel(), key)
    listener.hear_over(Over())  # type: ignore[arg-type]
    return key, listener


def heard(
    listener: KeyedListener, sound: NDArray[float32], seconds: float, *, playing: bool = False
) -> list[Event | Speculation]:
    count = round(seconds / FRAME_SECONDS)
    return [found for _ in range(count) for found in listener.feed(sound, playing=playing)]


def turns(found: Sequence[Event | Speculation]) -> list[type]:
    return [type(event) for event in found if not isinstance(event, Speculation)]


# The gate -------------------------------------------------------------------------------------------------------------


def test_nothing_that_is_said_with_the_key_closed_is_a_turn() -> None:
    _, listener = keyed()
    for _ in range(100):
        assert listener.feed(SPEECH) == [] and not listener.in_turn


def test_the_key_begins_a_turn_and_ends_it_at_once() -> None:
    key, listener = keyed()
    key.press()
    assert turns(heard(listener, QUIET, 0.1)) == [UserStartedSpeaking]
    assert turns(heard(listener, SPEECH, 1.0)) == []
    key.press()
    assert heard(listener, SPEECH, LATE_SECONDS + FRAME_SECONDS)[-1] == UserStoppedSpeaking(AudioId(1))
    assert len(listener.audio(AudioId(1))) > 16_000
    assert heard(listener, SPEECH, 2.0) == [], "closed again"


def test_a_long_pause_does_not_end_a_turn_by_key_and_is_decoded_meanwhile() -> None:
    key, listener = keyed()
    key.press()
    heard(listener, SPEECH, 1.0)
    paused = heard(listener, QUIET, FORGOTTEN_SECONDS / 2)
    assert [type(found) for found in paused] == [Speculation], "once a pause"
    listener.end_soon(AudioId(1))
    assert turns(heard(listener, QUIET, 1.0)) == []
    assert key.open


def test_a_word_that_is_hardly_a_voice_is_listened_to_and_silence_is_not() -> None:
    key, listener = keyed()
    for sound, said in ((SPEECH, True), (QUIET, False)):
        key.press()
        heard(listener, QUIET, 0.5)
        heard(listener, sound, FRAME_SECONDS)
        key.press()
        stopped = heard(listener, QUIET, 0.5)[-1]
        assert isinstance(stopped, UserStoppedSpeaking)
        assert (stopped.audio_id is not None) is said


@pytest.mark.parametrize(("probability", "seconds"), [(0.95, 30.0), (0.0, FORGOTTEN_SECONDS)])
def test_a_forgotten_key_closes_by_itself_and_says_so(probability: float, seconds: float) -> None:
    told: list[bool] = []
    key = TalkKey(told.append)
    segmenter = KeyedSegmenter(key)
    key.press()
    frames = round((seconds - 0.5) / FRAME_SECONDS)
    found = [segmenter.process(FRAME_SECONDS, probability, -20.0) for _ in range(frames)]
    assert isinstance(found[0], Started) and not any(isinstance(one, Stopped) for one in found) and key.open
    found = [segmenter.process(FRAME_SECONDS, probability, -20.0) for _ in range(50)]
    assert [one for one in found if one is not None] == [Stopped(too_short=probability == 0.0)]
    assert told == [True, False]


def test_over_the_voice_a_closed_key_lets_nothing_through_but_what_may_be_a_stop() -> None:
    key, listener = keyed()
    found = heard(listener, QUIET, 1.0, playing=True)
    found += heard(listener, SPEECH, 0.5, playing=True) + heard(listener, QUIET, 2.0, playing=True)
    assert [type(one) for one in found] == [Speculation]
    assert isinstance(found[0], Speculation) and found[0].stop_word_only and found[0].over_voice
    heard(listener, SPEECH, 0.5, playing=True)
    key.press()
    assert turns(heard(listener, SPEECH, 0.5)) == [UserStartedSpeaking], "what was aside makes no turn, the key does"
    key.press()
    assert heard(listener, QUIET, 0.5)[-1] == UserStoppedSpeaking(AudioId(1))


# Ears -----------------------------------------------------------------------------------------------------------------


@dataclass
class Said:
    """A microphone that hears one word, and then nothing."""

    blocks_: list[NDArray[float32]]

    def blocks(self) -> Iterator[NDArray[float32]]:
        yield from self.blocks_


@dataclass
class Spotter:
    means: Intent | None
    asked: int = 0

    def heard(self, samples: NDArray[float32]) -> Intent | None:
        self.asked += 1
        return self.means

    def said_alone(self, samples: NDArray[float32]) -> bool:
        return False


@dataclass
class Decoder:
    guesses: list[AudioId] = field(default_factory=list)

    def speculate(self, audio_id: AudioId, samples: NDArray[float32]) -> None:
        self.guesses.append(audio_id)


@pytest.mark.parametrize(("means", "stops"), [(Intent.STOP, ["stop word"]), (Intent.HELP, ["stop word"]), (None, [])])
def test_a_spoken_stop_over_the_voice_works_though_listening_is_by_key(means: Intent | None, stops: list[str]) -> None:
    _, listener = keyed()
    spotter, decoder = Spotter(means), Decoder()
    stopped: list[str] = []
    posted: list[Event] = []
    hearers = Hearers(decoder, spotter, stopped.append)  # type: ignore[arg-type]
    word = [QUIET] * 10 + [SPEECH] * 15 + [QUIET] * 20
    ears = Ears(Said(word), listener, hearers, lambda: True, posted.append)
    ears.start()
    ears.join()
    assert spotter.asked == 1 and stopped == stops
    assert posted == ([SupportRequested("stop word")] if means is Intent.HELP else [])
    assert decoder.guesses == [], "a closed key: nobody else hears it"


# Keys -----------------------------------------------------------------------------------------------------------------


@dataclass
class Desk:
    """A keyboard, and everything that happened, in order."""

    speaking: bool = False
    talks: bool = True
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.key = TalkKey(lambda is_open: self.log.append("open" if is_open else "closed"))

    def press(self, keys: str) -> list[str]:
        switch = StopSwitch(lambda: self.log.append("mute"), self._post)
        talk = PushToTalk(self.key, lambda: self.speaking) if self.talks else None
        keyboard = Keyboard(io.StringIO(keys), switch, self._post, typing=False, talk=talk)
        keyboard._read_keys()
        return self.log

    def _post(self, event: Event) -> None:
        self.log.append(type(event).__name__)


STOP = ["mute", "StopRequested"]


@pytest.mark.parametrize(
    ("keys", "speaking", "happens"),
    [
        (" ", False, ["open"]),
        ("  ", False, ["open", "closed"]),
        (" ", True, [*STOP, "open"]),
        ("  ", True, [*STOP, "open", "closed"]),
        ("x", False, STOP),
        ("x", True, STOP),
        (" x", False, ["open", *STOP]),
        ("h", True, ["SupportRequested"]),
        (" H", False, ["open", "SupportRequested"]),
    ],
)
def test_space_talks_and_stops_the_voice_first_and_any_other_key_is_as_ever(
    keys: str, speaking: bool, happens: list[str]
) -> None:
    assert Desk(speaking=speaking).press(keys) == happens


@pytest.mark.parametrize(("keys", "happens"), [("m", ["muted"]), ("Mm", ["muted"] * 2), ("mx", ["muted", *STOP])])
def test_m_closes_the_microphone_and_opens_it_and_is_no_stop(keys: str, happens: list[str]) -> None:
    log: list[str] = []
    switch = StopSwitch(lambda: log.append("mute"), lambda event: log.append(type(event).__name__))
    Keyboard(io.StringIO(keys), switch, lambda event: None, typing=False, mute=lambda: log.append("muted"))._read_keys()
    assert log == happens


class OneByOne(io.RawIOBase):
    """A terminal that hands over what each press sends, and knows what has been read of it."""

    def __init__(self, *presses: bytes) -> None:
        self.presses = list(presses)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        pressed = self.presses.pop(0) if self.presses else b""
        buffer[: len(pressed)] = pressed
        return len(pressed)


@pytest.mark.parametrize("errors", ["strict", "surrogateescape"])
def test_a_key_that_is_no_text_stops_at_once_and_so_does_every_key_after_it(errors: str) -> None:
    """Alt in a terminal of eight bits: some are where UTF-8 would go on, and the next press must not be waited for."""
    presses = [b"\xff", b"\xe1", "\u00e9".encode(), b"x", b"h"]
    terminal = OneByOne(*presses)
    log: list[tuple[str, int]] = []
    switch = StopSwitch(lambda: None, lambda event: log.append(("stop", len(terminal.presses))))
    source = io.TextIOWrapper(io.BufferedReader(terminal), encoding="utf-8", errors=errors)
    Keyboard(source, switch, lambda event: log.append(("help", len(terminal.presses))), typing=False)._read_keys()
    assert log == [("stop", 4), ("stop", 3), ("stop", 2), ("stop", 1), ("help", 0)]


def test_a_typed_line_is_an_answer_without_what_is_no_text_and_a_stop_where_nothing_else_is_in_it() -> None:
    posted: list[Event] = []
    source = io.TextIOWrapper(io.BytesIO(b"\xff\ncaf\xe9 \x1b[2Jnoir\n"), encoding="utf-8", errors="surrogateescape")
    Keyboard(source, StopSwitch(lambda: None, posted.append), posted.append, typing=True)._read_lines()
    assert posted[0] == StopRequested("key")
    assert [event.transcript.text for event in posted if isinstance(event, TranscriptReady)] == ["caf   [2Jnoir"]


@pytest.mark.parametrize(
    ("line", "happens"),
    [("h", ["SupportRequested"]), (" H ", ["SupportRequested"]), ("m", ["muted"]), ("M", ["muted"])],
)
def test_in_typed_mode_a_key_alone_on_a_line_is_that_key(line: str, happens: list[str]) -> None:
    """The guide promises people to reach for `h`, and whoever types has learned it there."""
    log: list[str] = []

    def post(event: Event) -> None:
        log.append(type(event).__name__)

    source = io.StringIO(f"{line}\n")
    Keyboard(source, StopSwitch(lambda: None, post), post, typing=True, mute=lambda: log.append("muted"))._read_lines()
    assert log == [*happens, "InputEnded"]


def test_without_push_to_talk_space_is_any_key() -> None:
    assert Desk(talks=False).press(" ") == STOP


def test_the_voice_speaks_from_its_report_to_its_end_but_not_in_the_pauses_a_script_leaves() -> None:
    watch, written = VoiceWatch(), SoundRing(1000, 4.0)
    written.write(np.full(500, 0.1, dtype=float32))
    assert not watch.speaks(written), "a chime of another program"
    watch.event(PlaybackStarted(UtteranceId(2)))
    assert watch.speaks(written)
    written.write(np.zeros(200, dtype=float32))
    assert watch.speaks(written), "between two words"
    written.write(np.zeros(300, dtype=float32))
    assert not watch.speaks(written), "time to breathe"
    written.write(np.full(500, 0.1, dtype=float32))
    watch.event(PlaybackFinished(UtteranceId(1), 0, interrupted=True))
    assert watch.speaks(written), "another was refused"
    watch.event(PlaybackFinished(UtteranceId(2), 0, interrupted=False))
    assert not watch.speaks(written), "an answer as quick as that is no stop"


# Stories --------------------------------------------------------------------------------------------------------------


class KeyRoom(Room):
    """A room in which the person is heard by key."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.key = TalkKey()
        self._segmenter: KeyedSegmenter = KeyedSegmenter(self.key, EndpointPolicy())
        self._presses: list[float] = []

    def holds(self, start: float, end: float) -> None:
        """Presses to begin, and again to end."""
        self._presses += [start, end]

    def _frame(self, now: float) -> list[Event]:
        while self._presses and self._presses[0] <= now:
            self._presses.pop(0)
            self.key.press()
        if not self.key.open and not self._segmenter.by_key:
            self._turn = []  # what a closed microphone hears is nobody's turn
        return super()._frame(now)


def test_a_plea_by_key_is_answered_and_what_is_said_without_it_is_not_heard() -> None:
    room = KeyRoom(a_conversation())
    room.says("i want to die", at=3.0)
    room.holds(5.5, 7.5)
    room.says("i'm panicking", at=6.0)
    room.run(until=MINUTE)
    assert "choosing.lead.panic" in room.words
    assert room.support_shown == []


def test_danger_said_by_key_is_met_with_support_before_the_key_closes() -> None:
    room = KeyRoom(a_conversation())
    room.holds(5.5, 12.0)
    room.says("i want to die", at=6.0)
    room.run(until=11.0)
    assert room.conversation.latched and room.key.open
    room.run(until=MINUTE)
    assert any(words.startswith("interrupt.") for words in room.said_after(12.0)), "and the voice waited for its turn"


def test_a_stop_in_the_middle_of_a_turn_by_key_is_a_stop() -> None:
    room = KeyRoom(a_conversation())
    room.happens(StopRequested("key"), at=0.5)
    room.holds(0.6, 4.0)
    room.says("go on", at=2.0)
    room.run(until=MINUTE)
    assert room.heard[0].cut and room.said_after(0.5)
