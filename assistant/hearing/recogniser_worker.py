"""The thread that turns speech into words: one job, newest wins; it guesses during a pause, so the answer is ready."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Thread

from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event, PartialTranscript, TranscriptionFailed, TranscriptReady
from assistant.core.ids import AudioId
from assistant.errors import AssistantError
from assistant.hearing.recogniser import RATE, Recogniser
from assistant.safety.transcript import Transcript

CLOSE_SECONDS = 2.0
SAME_SPEECH_SECONDS = 2.0
"""A guess holds for the turn when only silence, of at most this length, followed it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    audio_id: AudioId
    samples: NDArray[float32]
    final: bool


@dataclass(frozen=True, slots=True)
class _Guess:
    audio_id: AudioId
    length: int
    transcript: Transcript


class RecogniserWorker:
    """`speculate` while the person pauses, `transcribe` when the turn is over."""

    def __init__(self, recogniser: Recogniser, post: Callable[[Event], None]) -> None:
        self._recogniser = recogniser
        self._post = post
        self._wake = Condition()
        self._job: _Job | None = None
        self._running: _Job | None = None
        self._guess: _Guess | None = None
        self._awaited: AudioId | None = None
        """The turn has ended while its guess was still being worked out."""
        self._closed = False
        self._thread = Thread(target=self._run, name="recogniser", daemon=True)

    def start(self) -> None:
        """Warm the engine up, then wait for work."""
        self._thread.start()

    def speculate(self, audio_id: AudioId, samples: NDArray[float32]) -> None:
        """The person has paused; this may be the whole turn."""
        self._put(_Job(audio_id, samples, final=False))

    def transcribe(self, audio_id: AudioId, samples: NDArray[float32]) -> None:
        """The turn is over. A guess of the same speech is used at once."""
        with self._wake:
            guess, running = self._guess, self._running
            if guess is not None and self._same(guess.audio_id, guess.length, audio_id, samples):
                self._guess = None
                self._post(TranscriptReady(audio_id, guess.transcript))
                return
            if (
                running is not None
                and self._job is None
                and self._same(running.audio_id, len(running.samples), audio_id, samples)
            ):
                self._awaited = audio_id
                return
        self._put(_Job(audio_id, samples, final=True))

    def close(self) -> None:
        """Stop, waiting at most `CLOSE_SECONDS` for an engine in the middle of its work."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join(CLOSE_SECONDS)
        if not self._thread.is_alive():
            self._recogniser.close()

    @staticmethod
    def _same(guessed: AudioId, length: int, audio_id: AudioId, samples: NDArray[float32]) -> bool:
        return guessed == audio_id and 0 <= len(samples) - length <= SAME_SPEECH_SECONDS * RATE

    def _put(self, job: _Job) -> None:
        with self._wake:
            self._job = job
            self._wake.notify()

    def _run(self) -> None:
        with suppress(AssistantError):
            # The first turn will say what is wrong, as a failure of that turn.
            self._recogniser.warm_up()
        while True:
            with self._wake:
                while self._job is None and not self._closed:
                    self._wake.wait()
                if self._closed:
                    return
                self._running, self._job = self._job, None
                job = self._running
            assert job is not None
            transcript = self._decode(job)
            with self._wake:
                self._running = None
                awaited, self._awaited = self._awaited, None
                final = job.final or awaited == job.audio_id
                if transcript is None:
                    if final:
                        self._post(TranscriptionFailed(job.audio_id, "recogniser-failed"))
                elif final:
                    self._post(TranscriptReady(job.audio_id, transcript))
                else:
                    self._guess = _Guess(job.audio_id, len(job.samples), transcript)
                    self._post(PartialTranscript(transcript, job.audio_id))

    def _decode(self, job: _Job) -> Transcript | None:
        """None when the engine failed: whatever an engine raises is a failed turn, and never ends the thread."""
        try:
            return self._recogniser.transcribe(job.samples)
        except Exception:
            return None
