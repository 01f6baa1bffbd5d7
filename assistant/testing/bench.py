"""The performance figures of this machine: the real program as a process on a virtual sound card, read off the sound.

Every trial starts `python -m assistant run`, so that what is measured is what a person would meet.

It measures on the real clock, so it lets time pass where a person would: to fall on another moment of the voice, and to
hear what comes after. No test runs it but those on the virtual sound card.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np

from assistant.core.ids import UtteranceId
from assistant.core.timeline import Speech, Timeline
from assistant.errors import EngineError
from assistant.speaking.cache import CachedVoice
from assistant.speaking.layout import Layout
from assistant.speaking.player import Player
from assistant.speaking.voice_worker import VoiceWorker
from assistant.testing.measures import Figure, first_sound, last_sound, silence_before, silences
from assistant.testing.sound_card import RATE, Recording, SoundCard

PATIENCE_SECONDS = 30.0
ASKED_SECONDS = 0.001
"""How often a player without a sound card is asked."""
POLL_SECONDS = 0.02
APART_SECONDS, MOMENTS = 0.05, 7
"""So that stops fall on other moments of a word."""
WATCHED_SECONDS = 0.55
"""After a stop: eleven times what is promised, and less than what it says next is away."""
AFTERWARDS_SECONDS = 1.0
"""Of support, once it has begun."""
QUIET = 0.001
"""-60 dBFS RMS."""
BLOCK = 512
"""Samples that a sound card asks for at once."""
METRONOME_PAUSE_SECONDS = 1.3
"""The pause after an ordinary phrase."""


class Process:
    """One run of the program, with its events file. `state`: what it remembers; by default nothing of other runs."""

    def __init__(
        self, card: SoundCard, arguments: Sequence[str], *, hang: str | None = None, state: Path | None = None
    ) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="grounding-bench-")
        self._events = Path(self._folder.name) / "events.jsonl"
        module = ["assistant.cli.hanging", hang] if hang else ["assistant"]
        self._keyboard, keyboard = os.openpty()
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", *module, "run", "--country", "GB", "--events", str(self._events), *arguments],
            env=card.environment
            | {"XDG_STATE_HOME": str(state or self._folder.name), "GROUNDING_MEMORY": self._folder.name + "/memory"},
            stdin=keyboard, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        os.close(keyboard)

    def press_a_key(self) -> None:
        """As a person would, at the terminal."""
        os.write(self._keyboard, b"\n")

    def type(self, words: str) -> None:
        """A line, as a person would who cannot speak."""
        os.write(self._keyboard, f"{words}\n".encode())

    def signal(self, number: int) -> None:
        """From outside."""
        self.process.send_signal(number)

    def events(self) -> list[dict[str, object]]:
        """What the program says has happened so far."""
        if not self._events.exists():
            return []
        return [json.loads(row) for row in self._events.read_text(encoding="utf-8").splitlines() if row.endswith("}")]

    def resident_megabytes(self) -> float:
        """Resident memory of the program and its children."""
        pids = [self.process.pid, *_children(self.process.pid)]
        return sum(_resident(pid) for pid in pids) / 1e6

    def cpu_seconds(self) -> float:
        """Processor time used so far by the program and its children."""
        return sum(cpu_seconds(pid) for pid in [self.process.pid, *_children(self.process.pid)])

    def close(self) -> None:
        """End it, whatever it does."""
        self.process.kill()
        self.process.communicate()
        os.close(self._keyboard)
        self._folder.cleanup()


@contextmanager
def running(card: SoundCard, *arguments: str, hang: str | None = None, state: Path | None = None) -> Iterator[Process]:
    """The program, for as long as the block lasts."""
    process = Process(card, arguments, hang=hang, state=state)
    try:
        yield process
    finally:
        process.close()


def wait_until(true: Callable[[], bool], what: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Raises EngineError when it does not come true in time."""
    limit = time.monotonic() + seconds
    while not true():
        if time.monotonic() > limit:
            raise EngineError("bench-failed", f"The measurement waited in vain for {what}.")
        time.sleep(POLL_SECONDS)


def wait_for_voice(recording: Recording, process: Process) -> None:
    """Until the voice has been heard for a moment."""

    def speaking() -> bool:
        if process.process.poll() is not None:
            said = process.process.stderr.read() if process.process.stderr else ""
            raise EngineError("bench-failed", f"The program ended with {process.process.returncode}: {said[-300:]}")
        return recording.level(0.15) > 0.01

    wait_until(speaking, "the voice")


STOPS: dict[str, Callable[[Process], None]] = {
    "key": Process.press_a_key,
    "SIGUSR1": lambda process: process.signal(signal.SIGUSR1),
    "SIGINT": lambda process: process.signal(signal.SIGINT),
}


def stop_to_silence(card: SoundCard, how: str, trials: int, hang: str | None = None) -> Figure:
    """From the trigger to the last sound at the speaker. There is a recogniser only where it is to hang."""
    took: list[float] = []
    arguments = () if hang == "recogniser" else ("--mic", "none")
    for trial in range(trials):
        with card.listening() as recording, running(card, *arguments, hang=hang) as process:
            wait_for_voice(recording, process)
            time.sleep(APART_SECONDS * (trial % MOMENTS))
            wait_for_voice(recording, process)
            pressed = time.monotonic()
            STOPS[how](process)
            time.sleep(WATCHED_SECONDS + POLL_SECONDS)
            last = last_sound(recording.samples, RATE, after=0.0, before=pressed + WATCHED_SECONDS - recording.origin)
            took.append(max((last or 0.0) + recording.origin - pressed, 0.0))
    name = f"stop by {how} to silence" + (f", {hang} hanging" if hang else "")
    return Figure(name, "s", tuple(took), 0.050)


def signal_to_support(card: SoundCard, trials: int) -> list[Figure]:
    """From a hard signal in the person's words, over the voice, to silence; and to the first word of support."""
    silent: list[float] = []
    support: list[float] = []
    for _ in range(trials):
        with card.listening() as recording, running(card, "--mic", "none") as process:
            wait_for_voice(recording, process)
            said = time.monotonic()
            process.type("i want to die")
            wait_until(partial(_supporting, process), "support", 10.0)
            time.sleep(AFTERWARDS_SECONDS)
            greeting, spoken = _begun(process)[:2]
            first = first_sound(recording.samples, RATE, after=0.0)
            ended, began = silence_before(recording.samples, RATE, (first or 0.0) + spoken - greeting)
            silent.append(ended + recording.origin - said)
            support.append(began + recording.origin - said)
    return [
        Figure("a hard signal in the words to silence", "s", tuple(silent), 0.050),
        Figure("a hard signal in the words to the first word of support", "s", tuple(support), 0.300),
    ]


def start_to_first_word(card: SoundCard, trials: int, rendered: Path | None) -> Figure:
    """From the start of the process to the first sound. `rendered`: a cache with every line; None: an empty one."""
    took: list[float] = []
    for trial in range(trials):
        card.environment["XDG_CACHE_HOME"] = str(rendered or Path(card.environment["HOME"]) / f"cache-{trial}")
        with card.listening() as recording, running(card, "--mic", "none") as process:
            wait_for_voice(recording, process)
            first = first_sound(recording.samples, RATE, after=max(process.began - recording.origin, 0.0))
            took.append((first or 0.0) + recording.origin - process.began)
    del card.environment["XDG_CACHE_HOME"]
    lines = "nothing" if rendered is None else "every line"
    return Figure(f"start of the process to the first word, {lines} rendered", "s", tuple(took), 1.5)


def choice_to_first_word(card: SoundCard, trials: int) -> Figure:
    """From the words that say what is wrong, typed once the greeting has ended, to the first sound of what helps."""
    took: list[float] = []
    for _ in range(trials):
        with card.listening() as recording, running(card, "--mic", "none") as process:
            wait_until(partial(_finished, process), "the greeting")
            wait_until(lambda: recording.level(0.1) < QUIET, "the end of the greeting")
            chosen = time.monotonic()
            process.type("i'm having a panic attack")
            wait_until(partial(_sounding, recording), "the exercise", 10.0)
            first = first_sound(recording.samples, RATE, after=chosen - recording.origin)
            took.append((first or 0.0) + recording.origin - chosen)
    return Figure("the choice, typed, to the first word of the exercise", "s", tuple(took), 1.0)


def cached_line(voice: Callable[[], CachedVoice], words_per_minute: int, lines: Sequence[Speech]) -> Figure:
    """From a line that is wanted to its first sample, at the player: the files are there, the memory is empty.

    With the worker's real thread. A sound card asks every 10 ms, and is not counted; here the player is asked every
    millisecond, because who asks without a rest takes the interpreter from the worker.
    """
    took: list[float] = []
    out = np.zeros(BLOCK, dtype=np.float32)
    for number, line in enumerate(lines):
        kept = voice()
        worker = VoiceWorker(Layout(kept, RATE, words_per_minute, None, {}), kept, lambda event: None)
        worker.start()
        player = Player(RATE, lambda event: None)
        wanted = time.perf_counter()
        utterance = UtteranceId(number)
        worker.speak(utterance, Timeline((line,)), player.play(utterance, 0))
        while not out.any() and time.perf_counter() < wanted + PATIENCE_SECONDS:
            time.sleep(ASKED_SECONDS)
            player.fill(out)
        took.append(time.perf_counter() - wanted)
        out[:] = 0.0
        worker.close()
    return Figure("a line that is rendered to its first sample, at the player", "s", tuple(took), 0.030)


def speech_to_answer(card: SoundCard, plea: Path, trials: int, allowed: float, *arguments: str) -> Figure:
    """From the end of the person's speech at the microphone to the first sample of the answer.

    The plea is spoken when the greeting has ended, so the answer is the next sound.
    """
    took: list[float] = []
    for _ in range(trials):
        with (
            card.listening() as speaker,
            card.listening("mic.monitor") as microphone,
            running(card, *arguments) as process,
        ):
            wait_until(partial(_finished, process), "the greeting")
            card.play(plea).wait()
            spoken_by = last_sound(microphone.samples, RATE, after=0.0)
            assert spoken_by is not None
            ended = spoken_by + microphone.origin
            wait_until(partial(_sounding, speaker), "an answer", 10.0)
            first = first_sound(speaker.samples, RATE, after=ended - speaker.origin)
            took.append((first or 0.0) + speaker.origin - ended)
    return Figure("end of speech to the first sample of the answer", "s", tuple(took), allowed)


def idle_listening(card: SoundCard, seconds: float, megabytes: float, *arguments: str) -> list[Figure]:
    """Processor share and memory while the program waits for a person who is silent."""
    with running(card, *arguments) as process:
        wait_until(lambda: _finished(process), "the greeting")
        process.signal(signal.SIGUSR1)
        wait_until(lambda: _said_stopped(process), "the line after a stop")
        wait_until(lambda: len(_children(process.process.pid)) <= 1, "the lines that are rendered ahead", 120.0)
        before, at = process.cpu_seconds(), time.monotonic()
        time.sleep(seconds)
        share = (process.cpu_seconds() - before) / (time.monotonic() - at)
        return [
            Figure("idle listening, share of one core", "", (share,), 0.05),
            Figure("resident memory while listening", "MB", (process.resident_megabytes(),), megabytes),
        ]


def exactness(card: SoundCard, seconds: float) -> Figure:
    """How far pauses at the speaker are from what was written, over one long exercise of tones and pauses."""
    with card.listening() as recording:
        subprocess.run(
            [sys.executable, "-m", "assistant.app.metronome", str(seconds)], env=card.environment, check=True
        )
        wait_until(lambda: recording.level(0.3) == 0.0, "the end of the metronome")
        heard = silences(recording.samples, RATE, at_least=0.2)
    off = [abs((end - start) - METRONOME_PAUSE_SECONDS) for start, end in heard]
    return Figure(f"pauses at the speaker over {seconds:.0f} s, error", "s", tuple(off) or (1.0,), 0.005)


def _sounding(recording: Recording) -> bool:
    return recording.level(0.1) > 0.003


def _begun(process: Process) -> list[float]:
    """When each thing that it said began, on the program's clock."""
    return [float(str(event["t"])) for event in process.events() if event["type"] == "playback_started"]


def _supporting(process: Process) -> bool:
    return len(_begun(process)) > 1


def _finished(process: Process) -> bool:
    return any(event["type"] == "playback_finished" for event in process.events())


def _said_stopped(process: Process) -> bool:
    events = process.events()
    stops = [index for index, event in enumerate(events) if event["type"] == "stop_requested"]
    return bool(stops) and any(event["type"] == "playback_finished" for event in events[stops[0] + 1 :])


def _children(pid: int) -> list[int]:
    listing = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(child) for child in listing.stdout.split()]


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def cpu_seconds(pid: int) -> float:
    """Of the processor, by a process and those of its children that have ended; nothing where it is gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")
