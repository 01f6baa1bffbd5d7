"""A recogniser on another computer: that one hears, and the own one does whenever that one does not.

Nothing is sent before it is allowed. A turn that is not answered in time is heard here within the same turn; after a
failure the other computer is left alone for a while, so that nobody waits for it every time.
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as LateError
from dataclasses import dataclass, replace
from time import monotonic

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.asking import Asker
from assistant.core.commands import Answer, Command, End, HearElsewhere
from assistant.core.events import Event, OtherLost
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.trust import TRUSTED_LOGPROB, judge, voice_in
from assistant.hearing.voice_activity import Silero, VoiceActivity
from assistant.safety.transcript import Transcript, Trust, nothing_heard, readable

LEFT_ALONE_SECONDS = 60.0
"""After a failure. A server that is starting again takes so long."""
MOST_BYTES = 262_144
"""Of an answer. A turn of thirty seconds has 2,000, with its times."""


@dataclass(frozen=True, slots=True)
class HeardThere:
    """What was heard there, with Whisper's two numbers. A server that gives none is believed as far as this computer
    heard a voice.
    """

    text: str
    logprob: float = TRUSTED_LOGPROB
    no_speech: float = 0.0


class RecogniserElsewhere(ABC):
    """`local` hears what may not leave, and what comes back too late or not at all. As an observer of the conversation
    it learns whether sound may leave. `seconds`: for an answer. `post`: is told of the first failure.
    """

    def __init__(
        self,
        name: str,
        seconds: float,
        local: Recogniser,
        post: Callable[[Event], None] = lambda event: None,
        activity: VoiceActivity | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.name = name
        self.local = local
        self.allowed = False
        self._seconds = seconds
        self._post = post
        self._activity = activity
        self._clock = clock
        self._asker: Asker | None = None
        self._not_before = -math.inf
        self._told = False

    @abstractmethod
    async def load(self) -> None:
        """Whatever can be made ready while nothing is sent."""

    @abstractmethod
    async def ask(self, samples: NDArray[float32]) -> HeardThere:
        """One turn, there; in the asker's thread. May raise anything: then the turn is heard here."""

    def warm_up(self) -> None:
        """The own recogniser is ready in any case; the package is loaded, and nothing is sent. Raises EngineError."""
        self.local.warm_up()
        self._there().ask(self.load())

    def event(self, event: Event, now: float) -> None:  # noqa: B027 # no subclass sees anything there either
        """Ignores events."""

    def command(self, command: Command, now: float, scene: str) -> None:
        """What the person was told and agreed to holds for one sitting."""
        match command:
            case HearElsewhere(allowed):
                self.allowed = allowed
            case End():
                self.allowed = False

    def transcribe(self, samples: NDArray[float32], expected: Answer = Answer.ANYTHING) -> Transcript:
        """One turn. Raises EngineError where neither can."""
        if self.allowed and self._clock() >= self._not_before:
            answer = self._answer(samples)
            if answer is not None:
                heard = self._judged(answer, samples)
                if heard.trust is not Trust.EMPTY:
                    return heard
                # Law 5: no other computer decides that nobody spoke.
                return replace(self.local.transcribe(samples, expected), engine=self.name)
            self._not_before = self._clock() + LEFT_ALONE_SECONDS
            if not self._told:
                self._told = True
                self._post(OtherLost("hearing", "no-answer"))
        return replace(self.local.transcribe(samples, expected), engine=self.name)

    def close(self) -> None:
        """Cancel what is under way, and let the own one go."""
        if self._asker is not None:
            self._asker.close()
            self._asker = None
        self.local.close()

    def _answer(self, samples: NDArray[float32]) -> HeardThere | None:
        """What the server made of it, in time; None for anything else."""
        question = self._there().ask(self.ask(samples))
        try:
            return question.result(self._seconds)
        except (LateError, CancelledError):
            question.cancel()
            return None
        except Exception:  # of a foreign server, or of the package: whatever it is, the own recogniser hears
            return None

    def _there(self) -> Asker:
        if self._asker is None:
            self._asker = Asker("hearing elsewhere")
        return self._asker

    def _judged(self, answer: HeardThere, samples: NDArray[float32]) -> Transcript:
        if self._activity is None:
            self._activity = Silero()
        text = " ".join(readable(answer.text).split())
        trust = judge(text, answer.logprob, answer.no_speech, voice_in(samples, self._activity)).trust
        if trust is Trust.EMPTY:
            return nothing_heard(self.name)
        return Transcript(text, trust, float(np.clip(np.exp(answer.logprob), 0.0, 1.0)), self.name)
