"""Captions on every kind of screen: rows that move on a terminal, lines elsewhere, and nobody who waits for either."""

from __future__ import annotations

import io
import threading
from collections.abc import Callable

import pytest

from assistant.app.parts import load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.commands import HideScreen, Speak
from assistant.core.events import PlaybackProgressed, StopRequested
from assistant.core.ids import UtteranceId
from assistant.core.timeline import Segment, Speech, Timeline, Tone, ToneName
from assistant.runtime.captions import Captions
from assistant.runtime.stop_switch import StopSwitch
from assistant.runtime.terminal import Terminal, is_plain, shows_blocks

PHRASES = load_library(load_settings([content_root() / "config.yaml"])).repertoire.phrases
IN, OUT = Tone(ToneName.BREATHE_IN, 4.0), Tone(ToneName.BREATHE_OUT, 6.0)
BREATHS: tuple[Segment, ...] = (Speech("A small breath in."), IN, OUT)
ONE = UtteranceId(1)


class Screen(io.StringIO):
    """A terminal that remembers what was written."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


class Stuck(Screen):
    """One that does not read, as after Ctrl-S, until it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.reached = threading.Event()
        self.let_go = threading.Event()

    def write(self, text: str) -> int:
        self.reached.set()
        self.let_go.wait(30.0)
        return super().write(text)


class Row:
    """What a test says it is."""

    shown = "in ##--"

    def redrawn_after(self) -> float | None:
        return None

    def row(self, now: float, columns: int) -> str:
        return self.shown


def seen(written: str) -> list[str]:
    """What a person sees: a carriage return goes back, and what comes after it writes over what was there."""
    rows = []
    for line in written.split("\n"):
        cells: list[str] = []
        for piece in line.split("\r"):
            cells[: len(piece)] = piece
        rows.append("".join(cells).rstrip())
    return rows


def on(out: io.StringIO, row: Row | None, work: Callable[[Terminal], None]) -> list[str]:
    terminal = Terminal(out, lambda: 0.0, row)
    terminal.start()
    work(terminal)
    terminal.close()
    return seen(out.getvalue())


def test_lines_go_above_the_row_and_the_row_is_gone_at_the_end() -> None:
    row = Row()

    def work(terminal: Terminal) -> None:
        terminal.redraw()
        terminal.print("Let your feet find the floor.")
        row.shown = "out #"
        terminal.redraw()
        terminal.print("And ease off.")

    assert on(Screen(), row, work) == ["Let your feet find the floor.", "And ease off.", ""]


def test_a_row_that_grows_shorter_leaves_nothing_behind() -> None:
    out, row = Screen(), Row()
    terminal = Terminal(out, lambda: 0.0, row)
    terminal._draw()
    row.shown = "in"
    terminal._draw()
    assert seen(out.getvalue()) == ["in"]
    before = out.getvalue()
    terminal._draw()
    assert out.getvalue() == before, "what has not changed is not drawn again"


def test_without_a_row_there_are_lines_only() -> None:
    def work(terminal: Terminal) -> None:
        terminal.redraw()
        terminal.print("one")
        terminal.print("two")

    out = Screen()
    on(out, None, work)
    assert out.getvalue() == "one\ntwo\n"


def test_a_terminal_that_does_not_read_holds_up_neither_captions_nor_a_stop() -> None:
    out = Stuck()
    terminal = Terminal(out, lambda: 0.0, Row())
    terminal.start()
    captions = Captions(out, PHRASES)
    captions.write_on(terminal, row=True)
    captions.line("the first one is stuck")
    assert out.reached.wait(10.0)
    muted: list[str] = []
    switch = StopSwitch(lambda: muted.append("muted"), lambda event: captions.event(event, 0.0))
    done = threading.Event()

    def converse() -> None:
        for _ in range(100):
            captions.event(StopRequested("key"), 0.0)
            terminal.redraw()
        switch.trip("key")
        done.set()

    threading.Thread(target=converse, daemon=True).start()
    assert done.wait(10.0) and muted, "the conversation and the stop went on"
    out.let_go.set()
    terminal.close()
    assert out.getvalue().count("(stopped)") == 101, "and nothing is lost when it reads again"


def test_a_terminal_that_was_closed_stops_nothing() -> None:
    out = Screen()
    terminal = Terminal(out, lambda: 0.0)
    terminal.start()
    out.close()
    terminal.print("nobody reads this")
    terminal.print("nor this")
    terminal.close()
    assert not terminal._thread.is_alive()


def captioned(out: io.StringIO, *, said: bool = True) -> list[str]:
    captions = Captions(out, PHRASES, said=said)
    captions.command(Speak(ONE, Timeline(BREATHS), exercise_left=90.0), 0.0, "exercise:breath")
    for segment in range(len(BREATHS)):
        captions.event(PlaybackProgressed(ONE, segment), 0.0)
    captions.event(StopRequested("key"), 0.0)
    return out.getvalue().splitlines()


def test_where_no_row_moves_its_news_is_told_in_words() -> None:
    """A tone that words have just announced is not announced once more."""
    assert captioned(io.StringIO()) == ["(about 2 minutes left)", "A small breath in.", "(out)", "(stopped)"]


def test_who_wants_no_captions_sees_only_what_happened() -> None:
    assert captioned(io.StringIO(), said=False) == ["(stopped)"]


def test_where_a_row_moves_lines_are_words_that_are_said() -> None:
    out = io.StringIO()
    captions = Captions(out, PHRASES)
    terminal = Terminal(out, lambda: 0.0, Row())
    captions.write_on(terminal, row=True)
    terminal.start()
    captions.command(Speak(ONE, Timeline(BREATHS), exercise_left=90.0), 0.0, "exercise:breath")
    for segment in range(len(BREATHS)):
        captions.event(PlaybackProgressed(ONE, segment), 0.0)
    terminal.close()
    assert [line for line in seen(out.getvalue()) if line] == ["A small breath in."]


@pytest.mark.parametrize(
    ("name", "value", "coloured"), [("NO_COLOR", "", False), ("TERM", "dumb", False), ("X", "", True)]
)
def test_colour_only_where_it_is_wanted(monkeypatch: pytest.MonkeyPatch, name: str, value: str, coloured: bool) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv(name, value)
    assert ("\033[" in "".join(captioned(Screen()))) is coloured
    assert "\033[" not in "".join(captioned(io.StringIO()))


def test_a_screen_is_plain_where_nothing_can_be_drawn_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert is_plain(io.StringIO()) and not is_plain(Screen())
    monkeypatch.setenv("TERM", "dumb")
    assert is_plain(Screen())


def test_blocks_only_where_the_encoding_has_them() -> None:
    assert shows_blocks(Screen())
    assert not shows_blocks(io.TextIOWrapper(io.BytesIO(), encoding="ascii"))


def test_hide_leaves_nothing_on_a_terminal_and_a_file_as_it_was() -> None:
    for out, left in ((Screen(), "\033[H"), (io.StringIO(), "hello\n")):
        captions = Captions(out, PHRASES)
        captions.line("hello")
        captions.command(HideScreen(), 0.0, "interrupt")
        assert out.getvalue().endswith(left)
