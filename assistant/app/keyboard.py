"""How a running conversation is reached without words: signals, and the keys of the terminal."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from types import FrameType

from assistant.core.events import Event, SupportRequested
from assistant.hearing.by_key import TalkKey
from assistant.runtime.captions import Captions
from assistant.runtime.keys import Keyboard, PushToTalk, has_space_bar, interactive, single_keys
from assistant.runtime.mute import MuteSwitch
from assistant.runtime.status import Microphone, Status
from assistant.runtime.stop_switch import StopSwitch
from assistant.runtime.terminal import Terminal
from assistant.settings import Settings


def take_signals(switch: StopSwitch, post: Callable[[Event], None]) -> None:
    """Ctrl-C and SIGTERM stop the voice and leave; a second one leaves at once.

    SIGUSR1 stops the voice, SIGUSR2 gives people to reach: for a button, or another program.
    """
    leaving: list[int] = []

    def leave(number: int, frame: FrameType | None) -> None:
        if leaving:
            os._exit(130)
        leaving.append(number)
        switch.trip(signal.Signals(number).name.lower(), leave=True)

    signal.signal(signal.SIGINT, leave)
    signal.signal(signal.SIGTERM, leave)
    if hasattr(signal, "SIGUSR1"):
        signal.signal(signal.SIGUSR1, lambda number, frame: switch.trip("sigusr1"))
        signal.signal(signal.SIGUSR2, lambda number, frame: post(SupportRequested("sigusr2")))


def talk_key_of(settings: Settings, captions: Captions, mic: str, status: Status, terminal: Terminal) -> TalkKey | None:
    """What opens the microphone, where the person chose to; None: it is always open. Where there is no space bar
    nobody could be heard at all, so that is said, and listening is as usual.
    """
    if not settings.microphone.push_to_talk or mic == "none" or mic.lower().endswith(".wav"):
        return None
    if not has_space_bar():
        captions.line(captions.label("talk_nowhere"), "33")
        return None

    def told(is_open: bool) -> None:
        status.microphone(Microphone.LISTENING if is_open else Microphone.OFF)
        terminal.redraw()
        captions.line(captions.label("talk_open" if is_open else "talk_closed"), "2")

    return TalkKey(told)


def take_keys(
    stack: ExitStack,
    captions: Captions,
    switch: StopSwitch,
    post: Callable[[Event], None],
    mute: MuteSwitch,
    *,
    typing: bool,
    talk: PushToTalk | None,
) -> None:
    """Until the stack closes, any key stops, or whole lines are read; how is said first. Nothing where there are none.

    Before the first word, so that a key stops that one too; a terminal throws away what was pressed earlier.
    """
    if sys.stdin is None or not (typing or interactive()):
        return
    captions.line(captions.label("type_hint" if typing else "stop_hint" if talk is None else "talk_hint"), "2")
    if not typing:
        stack.enter_context(single_keys(sys.stdin))

    def nothing_to_mute() -> None:
        captions.line(captions.label("mute_typed"), "33")

    on_mute = nothing_to_mute if typing else mute.toggle
    Keyboard(sys.stdin, switch, post, typing=typing, talk=talk, mute=on_mute).start()
