"""The keyboard: any key stops the voice at once, but `h` gives people to reach and `m` closes or opens the microphone;
in typed mode a line is an answer, unless it is one of these two letters alone.

By choice the space bar opens the microphone for a turn. It stops the voice first, as any key does.
"""

from __future__ import annotations

import contextlib
import io
import os
import signal
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from threading import Thread
from types import FrameType
from typing import TextIO

from assistant.core.events import (
    Event,
    InputEnded,
    PlaybackFinished,
    PlaybackStarted,
    SupportRequested,
    TranscriptReady,
    UserStartedSpeaking,
    UserStoppedSpeaking,
)
from assistant.core.ids import UtteranceId
from assistant.hearing.by_key import TalkKey
from assistant.runtime.stop_switch import StopSwitch
from assistant.safety.transcript import Transcript, Trust, readable
from assistant.sound import INAUDIBLE
from assistant.sound_ring import SoundRing

ENGINE = "keyboard"
HELP_KEYS = ("h", "H")
MUTE_KEYS = ("m", "M")
TALK_KEY = " "
JUST_SECONDS = 0.4
"""Sound so short ago is the voice speaking; a gap between two words is shorter, a pause to breathe in is longer."""
AT_ONCE = 256
"""Bytes that are read together: the longest that one key sends are some ten."""


def typed(line: str) -> tuple[Event, ...]:
    """A typed line as a turn, or as the key `h`; empty when it holds no words."""
    text = readable(line).strip()
    if not text:
        return ()
    if text in HELP_KEYS:
        return (SupportRequested("key"),)
    answer = TranscriptReady(None, Transcript(text, Trust.TRUSTED, 1.0, ENGINE))
    return UserStartedSpeaking(), UserStoppedSpeaking(None), answer


def is_mute(line: str) -> bool:
    """Whether a typed line is the key `m`."""
    return line.strip() in MUTE_KEYS


@contextlib.contextmanager
def single_keys(terminal: TextIO) -> Iterator[None]:
    """Let keys arrive one by one, and give the terminal back as it was. Does nothing where that cannot be. For the
    main thread, which has the signals.
    """
    try:
        import termios
        import tty

        number = terminal.fileno()
        before = termios.tcgetattr(number)
    except (ImportError, OSError, ValueError):
        yield
        return

    def again(signal_number: int, frame: FrameType | None) -> None:
        # After Ctrl-Z and `fg`: the shell has had the terminal. In the background it has it still.
        with contextlib.suppress(OSError, termios.error):
            if os.tcgetpgrp(number) == os.getpgrp():
                tty.setcbreak(number, termios.TCSANOW)

    continued = signal.signal(signal.SIGCONT, again)
    try:
        tty.setcbreak(number)
        yield
    finally:
        signal.signal(signal.SIGCONT, continued)
        termios.tcsetattr(number, termios.TCSADRAIN, before)


def keys_of(source: TextIO) -> Iterator[str]:
    """Key by key, until there is no more to read. Bytes that are no text are a key as well, and what would be the
    beginning of a letter is no reason to wait for the rest: a key stops the voice (law 3).
    """
    if not isinstance(source, io.TextIOWrapper):
        yield from iter(lambda: source.read(1), "")
        return
    while pressed := source.buffer.read1(AT_ONCE):
        yield from pressed.decode(source.encoding, "replace").replace("\r\n", "\n")


class VoiceWatch:
    """Whether the voice speaks at this moment, known without asking the conversation, which may hang (law 3)."""

    def __init__(self) -> None:
        self._sounding: UtteranceId | None = None

    def event(self, event: Event) -> None:
        """From the player, as it reports."""
        match event:
            case PlaybackStarted(utterance):
                self._sounding = utterance
            case PlaybackFinished(utterance) if utterance == self._sounding:
                self._sounding = None

    def speaks(self, written: SoundRing) -> bool:
        """`written`: what the player wrote. Not in a pause that the script leaves, nor once it has finished."""
        if self._sounding is None:
            return False
        count = round(JUST_SECONDS * written.rate)
        return bool(abs(written.read(written.count - count, count)).max() > INAUDIBLE)


@dataclass(frozen=True, slots=True)
class PushToTalk:
    """What the space bar does. `speaking`: whether the voice speaks now."""

    key: TalkKey
    speaking: Callable[[], bool]


class Keyboard:
    """Reads keys or lines on a thread of its own. `talk`: the space bar opens the microphone; None: it is any key."""

    def __init__(
        self,
        source: TextIO,
        switch: StopSwitch,
        post: Callable[[Event], None],
        *,
        typing: bool,
        talk: PushToTalk | None = None,
        mute: Callable[[], None] | None = None,
    ) -> None:
        """`mute`: what `m` does; None: it is any key, or a word where lines are typed."""
        self._source = source
        self._switch = switch
        self._post = post
        self._typing = typing
        self._talk = talk
        self._mute = mute

    def start(self) -> None:
        """The thread is a daemon: a read that never returns must not keep the program alive."""
        Thread(target=self._read_lines if self._typing else self._read_keys, name="keyboard", daemon=True).start()

    def _read_keys(self) -> None:
        for key in keys_of(self._source):
            if key in HELP_KEYS:
                self._post(SupportRequested("key"))
            elif key in MUTE_KEYS and self._mute is not None:
                self._mute()
            elif key == TALK_KEY and self._talk is not None:
                self._space(self._talk)
            else:
                self._switch.trip("key")

    def _space(self, talk: PushToTalk) -> None:
        """A stop only where there is something to stop: a second one in a row would end the sitting."""
        if not talk.key.open and talk.speaking():
            self._switch.trip("key")
        talk.key.press()

    def _read_lines(self) -> None:
        for line in self._source:
            if is_mute(line) and self._mute is not None:
                self._mute()
            elif not (events := typed(line)):
                self._switch.trip("key")
            else:
                for event in events:
                    self._post(event)
        self._post(InputEnded())


def interactive() -> bool:
    """Whether a person sits at this terminal."""
    return sys.stdin is not None and sys.stdin.isatty()


def has_space_bar() -> bool:
    """Whether a key arrives here by itself, without Enter."""
    return interactive() and find_spec("termios") is not None
