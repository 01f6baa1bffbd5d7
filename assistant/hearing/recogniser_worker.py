"""The thread that turns speech into words: one job, newest wins; it guesses during a pause, so the answer is ready."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from threading import Condition, Thread

from numpy import float32
from numpy.typing import NDArray

from assistant.core.commands import Answer
from assistant.core.events import Event, PartialTranscript, TranscriptionFailed, TranscriptReady
from assistant.core.ids import AudioId
from assistant.hearing.recogniser import RATE, Recogniser
from assistant.safety.transcript import Transcript

CLOSE_SECONDS = 2.0
SAME_SPEECH_SECONDS = 2.0
"""A guess holds for the turn when only silence, of at most this length, followed it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    audio_id: AudioId
    samples: NDArray[float32]
    expected: Answer
    final: bool


@dataclass(frozen=True, slots=True)
class _Guess:
    audio_id: AudioId
    length: int
    expected: Answer
    transcript: Transcript


class RecogniserWorker:
    """`speculate` while the person pauses, `transcribe` when the turn is over."""

    def __init__(self, recogniser: Recogniser, post: Callable[[Event], None]) -> None:
        self._recogniser = recogniser
        self._post = post
        self._wake = Condition()
        self._expected = Answer.ANYTHING
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

    def expect(self, expected: Answer) -> None:
        """What was asked for, from now on. A guess under another expectation is none."""
        with self._wake:
            self._expected = expected

    def speculate(self, audio_id: AudioId, samples: NDArray[float32]) -> None:
        """The person has paused; this may be the whole turn."""
        self._put(audio_id, samples, final=False)

    def transcribe(self, audio_id: AudioId, samples: NDArray[float32]) -> None:
        """The turn is over. A guess of the same speech is used at once."""
        with self._wake:
            guess, running = self._guess, self._running
            if guess is not None and self._same(guess, guess.length, audio_id, samples):
                self._guess = None
                self._post(TranscriptReady(audio_id, guess.transcript))
                return
            if (
                running is not None
                and self._job is None
                and self._same(running, len(running.samples), audio_id, samples)
            ):
                self._awaited = audio_id
                return
        self._put(audio_id, samples, final=True)

    def close(self) -> None:
        """Stop, waiting at most `CLOSE_SECONDS` for an engine in the middle of its work."""
        with self._wake:
            self._closed = True
            self._wake.notify()
        self._thread.join(CLOSE_SECONDS)
        if not self._thread.is_alive():
            self._recogniser.close()

    def _same(self, before: _Job | _Guess, length: int, audio_id: AudioId, samples: NDArray[float32]) -> bool:
        longer = len(samples) - length
        return (
            before.audio_id == audio_id
            and before.expected is self._expected
            and 0 <= longer <= SAME_SPEECH_SECONDS * RATE
        )

    def _put(self, audio_id: AudioId, samples: NDArray[float32], *, final: bool) -> None:
        with self._wake:
            self._job = _Job(audio_id, samples, self._expected, final)
            self._wake.notify()

    def _run(self) -> None:
        # Whatever a foreign engine raises: the first turn will say what is wrong, as a failure of that turn.
        with suppress(Exception):
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
                    self._guess = _Guess(job.audio_id, len(job.samples), job.expected, transcript)
                    self._post(PartialTranscript(transcript, job.audio_id))

    def _decode(self, job: _Job) -> Transcript | None:
        """None when the engine failed: whatever an engine raises is a failed turn, and never ends the thread."""
        try:
            return self._recogniser.transcribe(job.samples, job.expected)
        except Exception:  # of a foreign engine: a turn that failed is told as that, by the caller
            return None
