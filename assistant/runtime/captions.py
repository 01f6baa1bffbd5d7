"""The screen: every word said aloud as it is heard, what failed, and people to reach. Colours only on a terminal.

Where no row moves at its foot (`terminal.py`), what the row would show is told in words, a line each.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Mapping, Sequence
from typing import TextIO

from assistant.core.commands import Command, HideScreen, ShowResources, ShowTrusted, Speak
from assistant.core.events import (
    Event,
    MessageEnded,
    OtherLost,
    PlaybackProgressed,
    SpeakerLost,
    StopRequested,
    SynthesisFailed,
    TranscriptionFailed,
    TranscriptReady,
    Trouble,
)
from assistant.core.pages import HandOver, Page, Place
from assistant.core.performance import seconds_of
from assistant.core.tellings import NEWS
from assistant.core.timeline import Recorded, Speech, Tone
from assistant.runtime.status import BREATHS, is_announced, minutes_left
from assistant.runtime.terminal import Lines, Paper, is_plain
from assistant.safety.support import Line, Support
from assistant.safety.transcript import Trust

_TOLD = {**NEWS, SpeakerLost: "speaker-lost"}


class Captions:
    """Prints a caption when its sentence begins to be heard: the player is the only witness of that."""

    def __init__(self, out: TextIO, phrases: Mapping[str, Sequence[str]], *, said: bool = True) -> None:
        """`said`: whether what is said aloud is shown too; failures and people to reach always are."""
        self.phrases = phrases
        self._said = said
        self._colour = not is_plain(out) and "NO_COLOR" not in os.environ
        self._paper: Paper = Lines(out)
        self._row = False
        self._current: Speak | None = None
        self._scene = ""
        self._failed = ""
        """The last failure shown; when it is then also said, it need not stand there twice."""

    def event(self, event: Event, now: float) -> None:
        """What was said, heard, lost."""
        match event:
            case PlaybackProgressed(utterance, segment) if self._current and self._current.utterance_id == utterance:
                self._progressed(self._current, segment)
            case TranscriptReady(_, transcript) if transcript.trust is not Trust.EMPTY:
                # Shown to the person alone, on their own screen; never stored.
                self.line(f"{self.label('you')}: {transcript.text}", "2")
            case StopRequested():
                self.line(self.label("stopped"), "2")
            case OtherLost(what):
                self.failure(f"{what}-lost")
            case _ if (code := _TOLD.get(type(event))) is not None:
                self.failure(code)
            case Trouble(code) | TranscriptionFailed(_, code) | SynthesisFailed(_, code):
                self.failure(code)
            case MessageEnded(_, ending):
                self.failure(ending)

    def command(self, command: Command, now: float, scene: str) -> None:
        """What will be said, and support, which is shown at once."""
        match command:
            case Speak():
                self._current = command
                if command.exercise_left is not None and scene != self._scene:
                    self._exercise_begins(seconds_of(command.timeline.segments) + command.exercise_left)
                self._scene = scene
            case ShowResources(support):
                self.support(support)
            case HandOver(page, Place.SCREEN):
                self.page(page)
            case ShowTrusted(contact, message):
                self.line(f"{contact.name or self.label('trusted')}: {contact.number}".rstrip(": "), "1;36")
                if message:
                    self.line(f"{self.label('message')}: {message}", "1;36")
            case HideScreen():
                self._paper.clear()

    def write_on(self, paper: Paper, *, row: bool) -> None:
        """Somewhere else from now on. `row`: what moves is shown there, and need not be told."""
        self._paper, self._row = paper, row

    def _progressed(self, speak: Speak, segment: int) -> None:
        segments = speak.timeline.segments
        match segments[segment]:
            case Speech(text) | Recorded(_, text) if self._said and text != self._failed:
                self.line(text, "1")
            case Tone(name) if self._said and not self._row and not is_announced(segments, segment):
                self.line(f"({self.label(BREATHS[name])})", "2")

    def _exercise_begins(self, seconds: float) -> None:
        if self._said and not self._row:
            self.line(f"({minutes_left(seconds, self.phrases)})", "2")

    def notice(self, code: str) -> None:
        """Something was mended without the person: one line, not said, with the code for whoever looks after it."""
        self.line(f"{' '.join(self.phrases.get(f'failures.{code}', ()))} ({code})", "33")

    def failure(self, code: str) -> None:
        """The printed form of a failure's sentence."""
        self._failed = " ".join(self.phrases.get(f"failures.{code}", (code,)))
        self.line(self._failed, "33")

    def support(self, support: Support) -> None:
        """People to reach: the emergency number first, at most three lines, each with its source and review status."""
        label = self.label
        rows = [f"{label('support')} ({support.name})", f"  {label('emergency')}: {support.emergency}"]
        rows += [row for line in support.lines[:3] for row in self._support_line(line)]
        if support.review == "unreviewed":
            rows.append(f"  {label('unreviewed')}")
        self.line("\n".join(rows), "1;36")

    def page(self, page: Page) -> None:
        """What was said in a flow, for whoever said it: shown when they ask, and cleared by "hide"."""
        self.line(page.text(), "36")

    def line(self, text: str, style: str = "") -> None:
        """One line, or a few; wrapped for narrow screens."""
        wrapped = "\n".join(
            textwrap.fill(row, 100, subsequent_indent="    ", break_long_words=False) for row in text.splitlines()
        )
        self._paper.print(f"\033[{style}m{wrapped}\033[0m" if self._colour and style else wrapped)

    def _support_line(self, line: Line) -> list[str]:
        named = f"{line.name}: {line.phone}" if line.phone else line.name
        rows = [f"  {named}" + (f" ({line.hours})" if line.hours else "")]
        if line.phone_note:
            rows.append(f"    {line.phone_note}")
        if line.text:
            rows.append(f"    {line.text}")
        if line.web:
            rows.append(f"    {line.web}")
        if line.checked:
            rows.append(f"    {self.label('checked')} {line.checked}")
        return rows

    def label(self, name: str) -> str:
        """A word of the screen's own, never said."""
        return " ".join(self.phrases.get(f"screen.{name}", (name,)))
