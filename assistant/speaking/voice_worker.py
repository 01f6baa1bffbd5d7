"""The thread that renders: the newest utterance first. A second one renders fixed lines ahead of time while nothing is
wanted, with a voice of its own: a slow engine or a distant one never keeps waiting what is said now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Condition, Thread

from assistant.core.events import Event, SynthesisFailed
from assistant.core.ids import UtteranceId
from assistant.core.timeline import Speech, Timeline
from assistant.speaking.cache import CachedVoice
from assistant.speaking.layout import Layout
from assistant.speaking.player import Playout

CLOSE_SECONDS = 2.0
AHEAD_PARTS = 720
"""Laid out before they are heard: a minute of speech (`layout.BLOCK`), 11 MB. A passage may last for many minutes."""
LOOK_SECONDS = 1.0
"""Between two looks at whether some of it was heard."""


@dataclass(frozen=True, slots=True)
class _Job:
    utterance: UtteranceId
    timeline: Timeline
    playout: Playout


class VoiceWorker:
    """A slot of one job, newest wins; `prepare` uses the pauses between jobs."""

    def __init__(self, layout: Layout, voice: CachedVoice, post: Callable[[Event], None]) -> None:
        self._layout = layout
        self._voice = voice
        self._post = post
        self._wake = Condition()
        self._job: _Job | None = None
        self._closed = False
        self._busy = False
        self._ahead: CachedVoice | None = None
        self._threads = [Thread(target=self._run, name="voice worker", daemon=True)]

    def start(self) -> None:
        """Begin to wait for work."""
        self._threads[0].start()

    def speak(self, utterance: UtteranceId, timeline: Timeline, playout: Playout) -> None:
        """Render into `playout`; what was being rendered is abandoned."""
        with self._wake:
            self._job = _Job(utterance, timeline, playout)
            self._wake.notify_all()

    def prepare(self, lines: Sequence[Speech], build: Callable[[], CachedVoice]) -> None:
        """Render these when there is time, in order, with the voice that `build` makes where one is missing. Once."""
        thread = Thread(target=self._run_ahead, args=(lines, build), name="voice ahead", daemon=True)
        self._threads.append(thread)
        thread.start()

    def close(self) -> None:
        """Stop; an engine that hangs is killed."""
        with self._wake:
            self._closed = True
            self._wake.notify_all()
            ahead = self._ahead
        if ahead is not None:
            ahead.close()
        for thread in self._threads:
            if thread.is_alive():
                thread.join(CLOSE_SECONDS)
        self._voice.close()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._busy = False
                self._wake.notify_all()
                while self._job is None and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                job, self._job = self._job, None
                self._busy = True
            assert job is not None
            try:
                self._lay_out(job, self._wait_for_room)
            except Exception:
                # Whatever it was: a thread that ends here leaves a conversation that waits for ever (law 8).
                self._post(SynthesisFailed(job.utterance, "voice-engine-failed"))
                job.playout.finish()

    def render(self, utterance: UtteranceId, timeline: Timeline, playout: Playout) -> None:
        """The work itself; a virtual clock calls it directly."""
        self._lay_out(_Job(utterance, timeline, playout), lambda playout: None)

    def _lay_out(self, job: _Job, wait: Callable[[Playout], None]) -> None:
        playout = job.playout
        for part in self._layout.parts(job.timeline, lambda code: self._post(SynthesisFailed(job.utterance, code))):
            playout.append(part)
            wait(playout)
            if playout.over or self._job is not None or self._closed:
                return
        playout.finish()

    def _wait_for_room(self, playout: Playout) -> None:
        if len(playout.parts) < AHEAD_PARTS:
            return
        with self._wake:
            self._busy = False
            self._wake.notify_all()
            while len(playout.parts) >= AHEAD_PARTS and not (playout.over or self._job or self._closed):
                self._wake.wait(LOOK_SECONDS)
            self._busy = True

    def _run_ahead(self, lines: Sequence[Speech], build: Callable[[], CachedVoice]) -> None:
        """Failures are told when a line is really needed; here trying on would only burn the processor."""
        paced = [(line.text, self._layout.words_per_minute(line.pace)) for line in lines]
        voice = self._voice
        for text, words_per_minute in paced:
            if voice.holds(text, words_per_minute):
                continue
            if voice is self._voice:
                voice = build()
            with self._wake:
                self._ahead = voice
                while (self._job is not None or self._busy) and not self._closed:
                    self._wake.wait()
                if self._closed:
                    break
            try:
                voice.render(text, words_per_minute)
            except Exception:  # of a foreign engine: it is told when the line is needed and fails again
                break
        with self._wake:
            self._ahead = None
        if voice is not self._voice:
            voice.close()
