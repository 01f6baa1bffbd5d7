"""A recogniser behind OpenAI's protocol: a stronger computer hears, and the own one does whenever that one does not.

Nothing is sent before it is allowed. A turn that is not answered in time is heard here within the same turn; after a
failure the other computer is left alone for a while, so that nobody waits for it every time.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from concurrent.futures import CancelledError
from concurrent.futures import TimeoutError as LateError
from contextlib import AsyncExitStack
from dataclasses import replace
from io import BytesIO
from time import monotonic
from typing import Any

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.asking import Asker, open_client
from assistant.core.commands import Answer, Command, End, HearElsewhere
from assistant.core.events import Event, OtherLost
from assistant.hearing.recogniser import RATE, Recogniser
from assistant.hearing.trust import TRUSTED_LOGPROB, judge, voice_in
from assistant.hearing.voice_activity import Silero, VoiceActivity
from assistant.safety.transcript import Transcript, Trust, nothing_heard
from assistant.settings import HearingEndpoint
from assistant.sound import Sound, write_wav

NAME = "openai"
KEY = "GROUNDING_HEARING_KEY"
"""The environment variable with the server's key."""
LEFT_ALONE_SECONDS = 60.0
"""After a failure. A server that is starting again takes so long."""
MOST_BYTES = 262_144
"""Of an answer. A turn of thirty seconds has 2,000, with its times."""


class OpenAiRecogniser:
    """`local` hears what may not leave, and what comes back too late or not at all. As an observer of the conversation
    it learns whether sound may leave. `post`: is told of the first failure.
    """

    name = NAME

    def __init__(
        self,
        endpoint: HearingEndpoint,
        key: str | None,
        language: str,
        local: Recogniser,
        post: Callable[[Event], None] = lambda event: None,
        activity: VoiceActivity | None = None,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.local = local
        self.allowed = False
        self._endpoint = endpoint
        self._key = key
        self._language = language
        self._post = post
        self._activity = activity
        self._clock = clock
        self._asker: Asker | None = None
        self._client: Any = None
        self._not_before = -math.inf
        self._told = False

    def warm_up(self) -> None:
        """The own recogniser is ready in any case; the package is loaded, and nothing is sent. Raises EngineError."""
        self.local.warm_up()
        self._there().ask(self._ready())

    def event(self, event: Event, now: float) -> None:
        """As an observer: nothing to see."""

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

    def _answer(self, samples: NDArray[float32]) -> dict[str, Any] | None:
        """What the server made of it, in time; None for anything else."""
        question = self._there().ask(self._asked(_as_wav(samples)))
        try:
            row = json.loads(question.result(self._endpoint.seconds))
        except (LateError, CancelledError):
            question.cancel()
            return None
        except Exception:  # of a foreign server, or of the package: whatever it is, the own recogniser hears
            return None
        return row if isinstance(row, dict) and isinstance(row.get("text"), str) else None

    def _there(self) -> Asker:
        if self._asker is None:
            self._asker = Asker("hearing elsewhere")
        return self._asker

    async def _ready(self) -> Any:
        if self._client is None:
            self._client = open_client(self._endpoint.base_url, self._key, self._endpoint.seconds)
        return self._client.audio.transcriptions.with_streaming_response

    async def _asked(self, wav: bytes) -> bytes:
        """Raises ValueError for an answer without end, and whatever the package does."""
        body = bytearray()
        async with AsyncExitStack() as stack:
            request = (await self._ready()).create(
                model=self._endpoint.model, file=("turn.wav", wav, "audio/wav"), language=self._language,
                response_format="verbose_json", temperature=0,
            )  # fmt: skip
            answer = await stack.enter_async_context(request)
            async for piece in answer.iter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    raise ValueError("an answer without end")
        return bytes(body)

    def _judged(self, row: dict[str, Any], samples: NDArray[float32]) -> Transcript:
        """By the numbers that Whisper gives; a server that gives none is believed as far as a voice was heard here."""
        if self._activity is None:
            self._activity = Silero()
        text = " ".join(row["text"].split())
        segments = row.get("segments")
        parts = [part for part in segments if isinstance(part, dict)] if isinstance(segments, list) else []
        logprob = _least(parts, "avg_logprob", TRUSTED_LOGPROB)
        no_speech = max((_number(part.get("no_speech_prob"), 0.0) for part in parts), default=0.0)
        trust = judge(text, logprob, no_speech, voice_in(samples, self._activity)).trust
        if trust is Trust.EMPTY:
            return nothing_heard(self.name)
        return Transcript(text, trust, float(np.clip(np.exp(logprob), 0.0, 1.0)), self.name)


def _least(parts: list[dict[str, Any]], name: str, otherwise: float) -> float:
    return min((min(_number(part.get(name), otherwise), 0.0) for part in parts), default=otherwise)


def _number(value: object, otherwise: float) -> float:
    known = isinstance(value, int | float) and math.isfinite(value)
    return float(value) if known else otherwise  # type: ignore[arg-type] # it is a number


def _as_wav(samples: NDArray[float32]) -> bytes:
    """In memory only."""
    file = BytesIO()
    write_wav(file, Sound(samples, RATE))
    return file.getvalue()
