"""The child process that asks a speech endpoint: `... assistant.speaking.openai_child URL MODEL VOICE KEY-NAME`."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from assistant.speaking.serving import Serving, serve

NATURAL_WPM = 185.0
"""What such voices speak at speed 1, about; as for Piper. One that ignores `speed` is judged like any other."""
SPEEDS = (0.25, 4.0)
"""The protocol's limits."""
MOST_BYTES = 16 * 1024 * 1024
"""Over a minute at the highest rate; more is no line."""
SECONDS = 20.0
"""For a connection, and for each piece of an answer; the parent ends the whole."""


class Renderer:
    """`client` is an `openai.OpenAI`."""

    def __init__(self, client: Any, model: str, voice: str, folder: str) -> None:
        self._client = client
        self._model = model
        self._voice = voice
        self._folder = Path(folder)
        self._files = 0

    def render(self, text: str, words_per_minute: int) -> str | None:
        """The path of what came, as it came; None for an error, for nothing, and for too much."""
        from openai import OpenAIError

        speed = min(max(words_per_minute / NATURAL_WPM, SPEEDS[0]), SPEEDS[1])
        data = bytearray()
        try:
            with self._client.audio.speech.with_streaming_response.create(
                model=self._model, voice=self._voice, input=text, response_format="wav", speed=round(speed, 3)
            ) as answer:
                for piece in answer.iter_bytes(65_536):
                    data += piece
                    if len(data) > MOST_BYTES:
                        return None
        except OpenAIError:
            return None
        if not data:
            return None
        self._files += 1
        path = self._folder / f"{self._files}.wav"
        path.write_bytes(data)
        return str(path)


def start(folder: str) -> Serving:
    """A client that tries once, goes to no other address, and knows of no other account in the environment."""
    address, model, voice, key_name = sys.argv[1:5]
    key = os.environ.get(key_name) or "none"
    for name in [name for name in os.environ if name.startswith("OPENAI_")]:
        del os.environ[name]
    import openai

    here_only = openai.DefaultHttpxClient(base_url=address, timeout=SECONDS, follow_redirects=False)
    client = openai.OpenAI(base_url=address, api_key=key, timeout=SECONDS, max_retries=0, http_client=here_only)
    return Renderer(client, model, voice, folder).render, f"{model}/{voice}"


if __name__ == "__main__":
    serve(start)
