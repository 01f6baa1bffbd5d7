"""A recogniser behind OpenAI's protocol: a stronger computer hears."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from contextlib import AsyncExitStack
from io import BytesIO
from time import monotonic
from typing import Any

from numpy import float32
from numpy.typing import NDArray

from assistant.asking import open_client
from assistant.core.events import Event
from assistant.hearing.elsewhere import MOST_BYTES, HeardThere, RecogniserElsewhere
from assistant.hearing.recogniser import RATE, Recogniser
from assistant.hearing.trust import TRUSTED_LOGPROB
from assistant.hearing.voice_activity import VoiceActivity
from assistant.settings import HearingEndpoint
from assistant.sound import Sound, write_wav

NAME = "openai"
KEY = "GROUNDING_HEARING_KEY"
"""The environment variable with the server's key."""


class OpenAiRecogniser(RecogniserElsewhere):
    """A server at `endpoint`, which may want a `key`."""

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
        super().__init__(NAME, endpoint.seconds, local, post, activity, clock)
        self._endpoint = endpoint
        self._key = key
        self._language = language
        self._client: Any = None

    async def load(self) -> None:
        """The client, and what it loads at its first use."""
        self._requests()

    async def ask(self, samples: NDArray[float32]) -> HeardThere:
        """Raises ValueError for an answer without end, or none that can be read, and whatever the package does."""
        body = bytearray()
        async with AsyncExitStack() as stack:
            request = self._requests().create(
                model=self._endpoint.model, file=("turn.wav", _as_wav(samples), "audio/wav"), language=self._language,
                response_format="verbose_json", temperature=0,
            )  # fmt: skip
            answer = await stack.enter_async_context(request)
            async for piece in answer.iter_bytes():
                body += piece
                if len(body) > MOST_BYTES:
                    raise ValueError("an answer without end")
        return _read(bytes(body))

    def _requests(self) -> Any:
        if self._client is None:
            self._client = open_client(self._endpoint.base_url, self._key, self._endpoint.seconds)
        return self._client.audio.transcriptions.with_streaming_response


def _read(body: bytes) -> HeardThere:
    """Raises ValueError."""
    row = json.loads(body)
    if not isinstance(row, dict) or not isinstance(row.get("text"), str):
        raise ValueError("an answer without text")
    segments = row.get("segments")
    parts = [part for part in segments if isinstance(part, dict)] if isinstance(segments, list) else []
    no_speech = max((_number(part.get("no_speech_prob"), 0.0) for part in parts), default=0.0)
    return HeardThere(row["text"], _least(parts, "avg_logprob", TRUSTED_LOGPROB), no_speech)


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
