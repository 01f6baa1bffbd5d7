"""Is the first word later with a language model on than off? `python -m benchmarks.model_beside [--trials 60]`.

Paired in one run: each plea without a model, and with one that answers after each of several delays, in turn. The real
loop, screen, voice thread and player, and the real client over HTTP to a fake server in a process of its own. It is
asked for a sentence and, where the rules are unsure, for a choice among all that there is. Measured from the words, as
a recogniser gives them, to the first sample at the player; what comes before and after is the same, on or off.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.app.outside import build_model
from assistant.app.parts import build_conversation, load_library
from assistant.config import load_settings
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.core.events import Event, PlaybackFinished, StopRequested, TranscriptReady
from assistant.core.ids import AudioId
from assistant.core.outside import Outside, Whose
from assistant.llm.model import Model
from assistant.llm.usage import Usage
from assistant.llm.worker import ModelWorker
from assistant.runtime.clock import monotonic_clock
from assistant.runtime.live import LiveStage
from assistant.runtime.loop import Loop
from assistant.runtime.memory import give_back_memory
from assistant.safety.transcript import Transcript, Trust
from assistant.settings import Settings
from assistant.speaking.cache import CachedVoice
from assistant.speaking.layout import Layout
from assistant.speaking.player import Player
from assistant.speaking.voice_worker import VoiceWorker
from assistant.testing.fake_model_server import a_model_server
from assistant.testing.fake_voice import FakeVoice
from assistant.testing.measures import Figure
from assistant.understanding.learned import LearnedScreen

PLEAS = ("i'm panicking and my chest is tight", "my boss wants to see me about the report on monday")
"""One that the rules know, and one that they are unsure of: there a choice is asked for, too."""
DELAYS = (0.0, 0.3, 1.0, 5.0)
RATE, BLOCK = 48_000, 512
PATIENCE_SECONDS = 10.0
SETTLE_SECONDS = 0.02


def main() -> None:
    """One row for each plea, without a model and with each delay."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--trials", type=int, default=60)
    trials = parser.parse_args().trials
    library = load_library(load_settings([content_root() / "config.yaml"]))
    learned = LearnedScreen()
    learned.load()
    took: dict[tuple[str, float | None], list[float]] = {}
    with ExitStack() as stack:
        asked = {delay: stack.enter_context(_asked(library, learned, delay)) for delay in DELAYS}
        give_back_memory()  # as a conversation does when it has started
        order = [(plea, delay) for plea in PLEAS for delay in (None, *DELAYS)]
        for trial in range(trials + 1):
            random.Random(trial).shuffle(order)  # noqa: S311 - an order, the same on every run
            for plea, delay in order:
                seconds = _trial(library, learned, plea, asked[delay] if delay is not None else None)
                if trial:  # the first loads what is loaded late
                    took.setdefault((plea, delay), []).append(seconds)
    print(f"From the words to the first sample; {trials} trials each, in turn.\n")
    print("| plea | model | median | p95 |\n|---|---|---|---|")
    for plea, delay in [(plea, delay) for plea in PLEAS for delay in (None, *DELAYS)]:
        figure = Figure("", "s", tuple(took[plea, delay]))
        model = "off" if delay is None else f"answers after {delay:g} s"
        print(f"| {plea} | {model} | {1000 * figure.median:.1f} ms | {1000 * figure.p95:.1f} ms |")


class _Asked:
    """A model that was loaded long before, as it is in a conversation. `post`: whom its answers go to."""

    def __init__(self, build: Callable[[], Model]) -> None:
        self.post: Callable[[Event], None] = lambda event: None
        self.worker = ModelWorker(build, self._hand_on, lambda code: None)
        self.worker.warm_up()

    def _hand_on(self, event: Event) -> None:
        self.post(event)


@contextmanager
def _asked(library: Library, learned: LearnedScreen, delay: float) -> Iterator[_Asked]:
    with _server(delay) as url, tempfile.TemporaryDirectory() as folder:
        usage = Usage(Path(folder) / "today.json", 10_000_000)
        asked = _Asked(lambda: build_model(library, _settings(url), learned, usage))
        try:
            yield asked
        finally:
            asked.worker.close()


def _trial(library: Library, learned: LearnedScreen, plea: str, asked: _Asked | None) -> float:
    with ExitStack() as stack:
        settings = _settings(None)
        loop: Loop
        greeted: list[bool] = []

        def post(event: object) -> None:
            greeted.extend([True] if isinstance(event, PlaybackFinished) else [])
            loop.post(event)  # type: ignore[arg-type] # the player and the worker post events

        conversation = build_conversation(library, settings, typed=True, learned=learned)
        conversation.session.outside = _Told(model=Whose.HERE, told=True) if asked else Outside()
        loop = Loop(conversation, monotonic_clock())
        player = Player(RATE, post)
        voice = CachedVoice(FakeVoice(), None)
        worker = VoiceWorker(Layout(voice, RATE, 125, None, {}), voice, post)
        stack.callback(worker.close)
        worker.start()
        stage = LiveStage(player, worker, None, _no_sound, lambda audio_id: None)
        watching: list[Any] = [stage]
        if asked is not None:
            asked.post = post
            watching.append(asked.worker)
        loop.observe(*watching)
        thread = Thread(target=loop.run, args=(stage,), daemon=True)
        thread.start()
        out = np.zeros(BLOCK, dtype=np.float32)
        limit = time.perf_counter() + PATIENCE_SECONDS
        while not greeted and time.perf_counter() < limit:
            player.fill(out)
        time.sleep(SETTLE_SECONDS)
        out[:] = 0.0
        began = time.perf_counter()
        loop.post(TranscriptReady(None, Transcript(plea, Trust.TRUSTED, 1.0, "benchmark")))
        while not out.any() and time.perf_counter() < began + PATIENCE_SECONDS:
            time.sleep(0.0005)  # a sound card sleeps too, and the other threads are the ones that are timed
            player.fill(out)
        seconds = time.perf_counter() - began  # a block is on its way as soon as it is filled
        player.mute()
        loop.post(StopRequested("benchmark", leave=True))
        thread.join(PATIENCE_SECONDS)
        return seconds


def _no_sound(audio_id: AudioId) -> NDArray[np.float32]:
    """Nobody speaks here."""
    return np.zeros(0, np.float32)


class _Told(Outside):
    """Told of, but not said: so that the greeting is the same."""

    def notice(self) -> tuple[str, ...]:
        return ()


def _settings(url: str | None) -> Settings:
    given = {"llm.enabled": True, "llm.base_url": url} if url else {}
    return load_settings([content_root() / "config.yaml"], given)


@contextmanager
def _server(delay: float) -> Iterator[str]:
    """Its address; in a process of its own, as every server is."""
    context = get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_serve, args=(there, delay), daemon=True)
    process.start()
    try:
        yield str(here.recv())
    finally:
        here.send("over")
        process.join(PATIENCE_SECONDS)


def _serve(pipe: Connection, delay: float) -> None:
    def says(request: dict[str, Any]) -> str:
        time.sleep(delay)
        return json.dumps({"choice": "none"}) if "response_format" in request else "It sounds like a lot right now."

    with a_model_server() as state:
        state.says = says
        pipe.send(state.base_url)
        pipe.recv()


if __name__ == "__main__":
    main()
