"""The thread that renders: the newest utterance first, and fixed lines ahead of time when nothing else is wanted."""

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


@dataclass(frozen=True, slots=True)
class _Job:
    utterance: UtteranceId
    timeline: Timeline
    playout: Playout


class VoiceWorker:
    """A slot of one job, newest wins; `prepare` fills the pauses between jobs."""

    def __init__(self, layout: Layout, voice: CachedVoice, post: Callable[[Event], None]) -> None:
        self._layout = layout
        self._voice = voice
        self._post = post
        self._wake = Condition()
        self._job: _Job | None = None
        self._ahead: list[Speech] = []
        self._closed = False
        self._thread = Thread(target=self._run, name="voice worker", daemon=True)

    def start(self) -> None:
        """Begin to wait for work."""
        self._thread.start()

    def speak(self, utterance: UtteranceId, timeline: Timeline, playout: Playout) -> None:
        """Render into `playout`; what was being rendered is abandoned."""
        with self._wake:
            self._job = _Job(utterance, timeline, playout)
            self._wake.notify()

    def prepare(self, lines: Sequence[Speech]) -> None:
        """Render these when there is time, in order."""
        with self._wake:
            self._ahead = list(reversed(lines))
            self._wake.notify()

    def close(self) -> None:
        """Stop; an engine that hangs is killed."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)
        self._voice.close()

    def _run(self) -> None:
        while True:
            with self._wake:
                while self._job is None and not self._ahead and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                job, self._job = self._job, None
                ahead = self._ahead.pop() if job is None else None
            if job is None:
                if ahead is not None:
                    self._render_ahead(ahead)
                continue
            try:
                self.render(job.utterance, job.timeline, job.playout)
            except Exception:
                # Whatever it was: a thread that ends here leaves a conversation that waits for ever (law 8).
                self._post(SynthesisFailed(job.utterance, "voice-engine-failed"))
                job.playout.finish()

    def render(self, utterance: UtteranceId, timeline: Timeline, playout: Playout) -> None:
        """The work itself; a virtual clock calls it directly."""
        for part in self._layout.parts(timeline, lambda code: self._post(SynthesisFailed(utterance, code))):
            playout.append(part)
            if playout.over or self._job is not None or self._closed:
                return
        playout.finish()

    def _render_ahead(self, line: Speech) -> None:
        words_per_minute = self._layout.words_per_minute(line.pace)
        try:
            if not self._voice.holds(line.text, words_per_minute):
                self._voice.render(line.text, words_per_minute)
        except Exception:
            # It is told when the line is really needed; trying on would only burn the processor.
            with self._wake:
                self._ahead.clear()
