"""The row at the foot of the screen: the breath as a bar, the time that is left, the microphone, and how to stop.

Pure, with `now` as an argument: the conversation's thread tells what happens, and whoever draws asks for the row.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from assistant.core.commands import Command, HideScreen, Rest, Speak, Unduck
from assistant.core.events import (
    Event,
    MicrophoneLost,
    MicrophoneMuted,
    MicrophoneReturned,
    MicrophoneUnmuted,
    PlaybackFinished,
    PlaybackProgressed,
    StopRequested,
    TranscriptionFailed,
    TranscriptReady,
    UserStartedSpeaking,
    UserStoppedSpeaking,
)
from assistant.core.performance import seconds_of
from assistant.core.timeline import Pause, Speech, Tone, ToneName

WIDEST, NARROWEST = 24, 6
"""Cells of the bar: six a second at a breath of four; fewer would no longer seem to move."""
MOVING_SECONDS: Final = 0.1
"""Between two drawings of a bar that moves: less than a cell of it."""
RESTING_SECONDS: Final = 5.0
"""Between two looks at the time that is left, which is told in minutes."""
GAP = "   "


class Microphone(StrEnum):
    """As it is shown: the name of a label in `screen:` of phrases.yaml."""

    ABSENT = ""
    OFF = "microphone_off"
    MUTED = "microphone_muted"
    LISTENING = "microphone_listening"
    HEARING = "microphone_hearing"
    HEARD = "microphone_heard"


class Breath(StrEnum):
    """What a breath does now: the name of a label."""

    IN = "breathe_in"
    OUT = "breathe_out"
    REST = "breathe_rest"


BREATHS = {ToneName.BREATHE_IN: Breath.IN, ToneName.BREATHE_OUT: Breath.OUT}


@dataclass(frozen=True, slots=True)
class Cue:
    """Part of a breath that began to be heard at `began`. `held`: since when the voice waits, if it does."""

    breath: Breath
    began: float
    seconds: float
    held: float | None = None

    def share(self, now: float) -> float:
        """Of it that has passed, from 0 to 1."""
        until = now if self.held is None else self.held
        return min(max((until - self.began) / self.seconds, 0.0), 1.0) if self.seconds else 1.0


class Status:
    """An observer that remembers what the row shows. Each field is set whole, so that another thread may read it."""

    def __init__(self, phrases: Mapping[str, Sequence[str]], *, stop_label: str = "", blocks: bool = True) -> None:
        self._phrases = phrases
        self._stop_label = stop_label
        self._full, self._empty = ("\u2588", "\u2591") if blocks else ("#", "-")
        self._speak: Speak | None = None
        self._cue: Cue | None = None
        self._ends_at: float | None = None
        self._microphone = self._returns_to = Microphone.ABSENT
        self._hidden = False
        self._closed: Callable[[], bool] = lambda: False

    # What happens -----------------------------------------------------------------------------------------------------

    def microphone(self, state: Microphone) -> None:
        """It listens, or is off until a key opens it."""
        self._microphone = self._returns_to = state

    def rests_when(self, closed: Callable[[], bool]) -> None:
        """`closed`: whether the microphone is closed on purpose, until a button is pressed."""
        self._closed = closed

    def event(self, event: Event, now: float) -> None:
        """A segment began, the voice ended, somebody spoke."""
        match event:
            case PlaybackProgressed(utterance, segment) if self._speak and self._speak.utterance_id == utterance:
                self._progressed(self._speak, segment, now)
            case PlaybackFinished() | StopRequested():
                self._cue = None
            case UserStartedSpeaking() if self._microphone is Microphone.LISTENING:
                self._microphone = Microphone.HEARING
            case UserStoppedSpeaking(audio_id) if self._microphone is Microphone.HEARING:
                self._microphone = Microphone.LISTENING if audio_id is None else Microphone.HEARD
            case TranscriptReady() | TranscriptionFailed() if self._microphone is Microphone.HEARD:
                self._microphone = Microphone.LISTENING
            case MicrophoneLost() if self._microphone is not Microphone.ABSENT:
                self._microphone = Microphone.OFF
            case MicrophoneReturned() | MicrophoneUnmuted():
                self._microphone = self._returns_to
            case MicrophoneMuted():
                self._microphone = Microphone.MUTED

    def command(self, command: Command, now: float, scene: str) -> None:
        """What will be said; the voice waits, or goes on."""
        match command:
            case Speak():
                self._speak, self._cue = command, None
                if command.exercise_left is not None:
                    self._ends_at = now + seconds_of(command.timeline.segments) + command.exercise_left
                elif not scene.startswith("exercise:"):
                    self._ends_at = None
            case Rest() if self._cue is not None:
                self._cue = Cue(self._cue.breath, self._cue.began, self._cue.seconds, now)
            case Unduck() if self._cue is not None and self._cue.held is not None:
                self._cue = Cue(self._cue.breath, self._cue.began + now - self._cue.held, self._cue.seconds)
            case HideScreen():
                self._hidden = True

    def _progressed(self, speak: Speak, segment: int, now: float) -> None:
        segments = speak.timeline.segments
        before, after = segments[max(segment - 1, 0)], segments[min(segment + 1, len(segments) - 1)]
        self._cue = None
        match segments[segment]:
            case Tone(name, seconds):
                self._cue = Cue(BREATHS[name], now, seconds)
            case Speech() if isinstance(after, Tone):
                self._cue = Cue(BREATHS[after.name], now, math.inf)  # its words come first, and the bar waits for it
            case Pause(seconds) if isinstance(before, Tone):
                self._cue = Cue(Breath.REST, now, seconds)
        if speak.exercise_left is not None:
            self._ends_at = now + seconds_of(segments[segment:]) + speak.exercise_left

    @property
    def shown(self) -> Microphone:
        """The microphone, as it is."""
        resting = self._microphone is not Microphone.MUTED and self._closed()
        return Microphone.OFF if resting else self._microphone

    @property
    def listens(self) -> bool:
        """Whether the microphone is open."""
        return self.shown not in (Microphone.ABSENT, Microphone.OFF, Microphone.MUTED)

    @property
    def cue(self) -> Cue | None:
        """The breath that is under way."""
        return self._cue

    # What is shown ----------------------------------------------------------------------------------------------------

    def redrawn_after(self) -> float | None:
        """Seconds after which the row looks different by itself; None: it stays."""
        if self._cue is not None:
            return MOVING_SECONDS
        return RESTING_SECONDS if self._ends_at is not None else None

    def row(self, now: float, columns: int) -> str:
        """At most `columns - 1` wide, so that no terminal breaks it; what matters least goes first."""
        if self._hidden:
            return ""
        shown = [self._label(self.shown), self._label(self._stop_label)]
        cue, room = self._cue, columns - 1
        left = self._left(now)
        fixed = GAP.join(text for text in shown if text)
        if left and len(fixed) + len(left) + len(GAP) + (self._bar_room(NARROWEST) if cue else 0) <= room:
            fixed = GAP.join(text for text in (left, fixed) if text)
        if cue is None:
            return fixed[:room]
        bar = self._bar(cue, now, max(min(WIDEST, room - len(fixed) - self._bar_room(0)), NARROWEST))
        return f"{bar}{GAP}{fixed}"[:room].rstrip()

    def _bar_room(self, cells: int) -> int:
        return self._widest_breath + 1 + cells + len(GAP)

    @property
    def _widest_breath(self) -> int:
        return max(len(self._label(breath)) for breath in Breath)

    def _bar(self, cue: Cue, now: float, cells: int) -> str:
        """In fills it and out empties it; at rest it is empty. The word says so too."""
        share = cue.share(now)
        filled = {Breath.IN: share, Breath.OUT: 1.0 - share, Breath.REST: 0.0}[cue.breath]
        full = round(filled * cells)
        word = self._label(cue.breath).ljust(self._widest_breath)
        return f"{word} {self._full * full}{self._empty * (cells - full)}"

    def _left(self, now: float) -> str:
        if self._ends_at is None:
            return ""
        return minutes_left(self._ends_at - now, self._phrases)

    def _label(self, name: str) -> str:
        return " ".join(self._phrases.get(f"screen.{name}", (name,))) if name else ""


def minutes_left(seconds: float, phrases: Mapping[str, Sequence[str]]) -> str:
    """Whole minutes: a count of seconds would hurry somebody."""
    minutes = round(seconds / 60.0)
    key = "screen.left_least" if seconds < 60.0 else "screen.left_one" if minutes == 1 else "screen.left"
    return " ".join(phrases.get(key, (key,))).format(minutes=minutes)


def is_announced(segments: Sequence[object], segment: int) -> bool:
    """Whether words have just told what a tone means."""
    return segment > 0 and isinstance(segments[segment - 1], Speech)
