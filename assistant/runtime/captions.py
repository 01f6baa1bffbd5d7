"""The screen: every word said aloud as it is heard, what failed, and people to reach. Colours only on a terminal."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Mapping, Sequence
from typing import TextIO

from assistant.core.commands import Command, HideScreen, ShowResources, Speak
from assistant.core.events import (
    Event,
    MicrophoneLost,
    MicrophoneReturned,
    PlaybackProgressed,
    SpeakerLost,
    SpeakerReturned,
    StopRequested,
    SynthesisFailed,
    TranscriptionFailed,
    TranscriptReady,
    Trouble,
)
from assistant.core.ids import UtteranceId
from assistant.core.timeline import Recorded, Speech, Timeline
from assistant.safety.support import Line, Support
from assistant.safety.transcript import Trust

_LOST = {
    MicrophoneLost: "microphone-lost",
    MicrophoneReturned: "microphone-returned",
    SpeakerLost: "speaker-lost",
    SpeakerReturned: "speaker-returned",
}


class Captions:
    """Prints a caption when its sentence begins to be heard: the player is the only witness of that."""

    def __init__(self, out: TextIO, phrases: Mapping[str, Sequence[str]], *, show_heard: bool = True) -> None:
        self._out = out
        self._phrases = phrases
        self._show_heard = show_heard
        self._colour = out.isatty() and "NO_COLOR" not in os.environ and os.environ.get("TERM") != "dumb"
        self._current: tuple[UtteranceId, Timeline] | None = None
        self._failed = ""
        """The last failure shown; when it is then also said, it need not stand there twice."""

    def event(self, event: Event, now: float) -> None:
        """What was said, heard, lost."""
        match event:
            case PlaybackProgressed(utterance, segment) if self._current and self._current[0] == utterance:
                match self._current[1].segments[segment]:
                    case Speech(text) | Recorded(_, text) if text != self._failed:
                        self.line(text, "1")
            case TranscriptReady(_, transcript) if self._show_heard and transcript.trust is not Trust.EMPTY:
                # Shown to the person alone, on their own screen; never stored.
                self.line(f"{self._label('you')}: {transcript.text}", "2")
            case StopRequested():
                self.line(self._label("stopped"), "2")
            case MicrophoneLost() | MicrophoneReturned() | SpeakerLost() | SpeakerReturned():
                self.failure(_LOST[type(event)])
            case Trouble(code) | TranscriptionFailed(_, code) | SynthesisFailed(_, code):
                self.failure(code)

    def command(self, command: Command, now: float, scene: str) -> None:
        """What will be said, and support, which is shown at once."""
        match command:
            case Speak(utterance, timeline):
                self._current = (utterance, timeline)
            case ShowResources(support):
                self.support(support)
            case HideScreen() if self._out.isatty():
                self._out.write("\033[2J\033[3J\033[H")  # what is visible, what was, and back to the top
                self._out.flush()

    def failure(self, code: str) -> None:
        """The printed form of a failure's sentence."""
        self._failed = " ".join(self._phrases.get(f"failures.{code}", (code,)))
        self.line(self._failed, "33")

    def support(self, support: Support) -> None:
        """People to reach: the emergency number first, at most three lines, each with its source and review status."""
        label = self._label
        rows = [f"{label('support')} ({support.name})", f"  {label('emergency')}: {support.emergency}"]
        rows += [row for line in support.lines[:3] for row in self._support_line(line)]
        if support.review == "unreviewed":
            rows.append(f"  {label('unreviewed')}")
        self.line("\n".join(rows), "1;36")

    def line(self, text: str, style: str = "") -> None:
        """One line, or a few; wrapped for narrow screens."""
        wrapped = "\n".join(
            textwrap.fill(row, 100, subsequent_indent="    ", break_long_words=False) for row in text.splitlines()
        )
        self._out.write(f"\033[{style}m{wrapped}\033[0m\n" if self._colour and style else f"{wrapped}\n")
        self._out.flush()

    def _support_line(self, line: Line) -> list[str]:
        rows = [f"  {line.name}: {line.phone}" + (f" ({line.hours})" if line.hours else "")]
        if line.phone_note:
            rows.append(f"    {line.phone_note}")
        if line.text:
            rows.append(f"    {line.text}")
        if line.web:
            rows.append(f"    {line.web}")
        if line.checked:
            rows.append(f"    {self._label('checked')} {line.checked}")
        return rows

    def _label(self, name: str) -> str:
        return " ".join(self._phrases.get(f"screen.{name}", (name,)))
