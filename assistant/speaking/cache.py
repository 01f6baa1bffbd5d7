"""Rendered speech, kept: grounding text is fixed, so that after the first time speaking is reading a file."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from assistant.errors import AssistantError
from assistant.sound import Sound, read_wav, write_wav
from assistant.speaking.engine import VoiceEngine

VERSION = "1"
"""Changes when rendered sound is treated differently, so that old files are not used."""


class CachedVoice:
    """A voice engine with a memory, and with files in `folder` when one is given.

    File names are hashes, and only lines for which `may_keep` says yes are written: words that are somebody's own stay
    in memory. A folder that cannot be written is told once, through `trouble`, and then done without.
    """

    def __init__(
        self,
        engine: VoiceEngine,
        folder: Path | None,
        may_keep: Callable[[str], bool] = lambda text: True,
        trouble: Callable[[str], None] = lambda code: None,
    ) -> None:
        self.engine = engine
        self._folder = folder
        self._may_keep = may_keep
        self._trouble = trouble
        self._memory: dict[str, Sound] = {}

    def render(self, text: str, words_per_minute: int) -> Sound:
        """From memory, from a file, or from the engine. Raises EngineError."""
        key = self._key(text, words_per_minute)
        sound = self._memory.get(key) or self._read(key)
        if sound is None:
            sound = self.engine.render(text, words_per_minute)
            if self._may_keep(text):
                self._write(key, sound)
        self._memory[key] = sound
        return sound

    def holds(self, text: str, words_per_minute: int) -> bool:
        """Whether this needs no engine."""
        key = self._key(text, words_per_minute)
        return key in self._memory or (self._folder is not None and self._path(key).exists())

    def close(self) -> None:
        """Close the engine."""
        self.engine.close()

    def _key(self, text: str, words_per_minute: int) -> str:
        parts = (VERSION, self.engine.name, self.engine.voice, str(words_per_minute), text)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / key[:2] / f"{key}.wav"

    def _read(self, key: str) -> Sound | None:
        """None when it is not there, or not whole: then it is rendered again."""
        if self._folder is None or not self._path(key).exists():
            return None
        try:
            return read_wav(self._path(key))
        except AssistantError:
            return None

    def _write(self, key: str, sound: Sound) -> None:
        if self._folder is None or not len(sound.samples):
            return
        path = self._path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
                write_wav(file, sound)
            os.replace(file.name, path)  # noqa: PTH105 - atomic, as the law of half-written files asks
        except OSError:
            self._folder = None
            self._trouble("cache-unwritable")
