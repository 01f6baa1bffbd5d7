"""Rendered speech, kept: grounding text is fixed, so that after the first time speaking is reading a file."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np

from assistant.errors import AssistantError
from assistant.sound import Sound, parse_wav, wav_header, write_wav
from assistant.speaking.engine import VoiceEngine

VERSION = "3"
"""Changes when rendered sound is treated differently, so that old files are not used."""
MEMORY_SAMPLES = 2 * 1024 * 1024
"""8 MiB, a minute and a half of speech: what was just said and comes next. Lines that are rendered ahead would fill any
memory, and are read from their files within a millisecond."""


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
        self._memory: OrderedDict[str, Sound] = OrderedDict()
        self._held = 0

    def render(self, text: str, words_per_minute: int) -> Sound:
        """From memory, from a file, or from the engine. Raises EngineError."""
        key = self._key(text, words_per_minute)
        sound = self._memory.get(key) or self._read(key)
        if sound is None:
            sound = self.engine.render(text, words_per_minute)
            if self._may_keep(text):
                self._write(key, sound)
        self._remember(key, sound)
        return sound

    def holds(self, text: str, words_per_minute: int) -> bool:
        """Whether this needs no engine."""
        key = self._key(text, words_per_minute)
        return key in self._memory or (self._folder is not None and os.path.isfile(self._path(key)))  # noqa: PTH113 - unlike Path's, it never raises

    def close(self) -> None:
        """Close the engine."""
        self.engine.close()

    def _key(self, text: str, words_per_minute: int) -> str:
        parts = (VERSION, self.engine.name, self.engine.voice, str(words_per_minute), text)
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()

    def _path(self, key: str) -> Path:
        assert self._folder is not None
        return self._folder / key[:2] / f"{key}.wav"

    def _remember(self, key: str, sound: Sound) -> None:
        """The least recently wanted goes first."""
        if key not in self._memory:
            self._memory[key] = sound
            self._held += len(sound.samples)
        self._memory.move_to_end(key)
        while self._held > MEMORY_SAMPLES:
            _, oldest = self._memory.popitem(last=False)
            self._held -= len(oldest.samples)

    def _read(self, key: str) -> Sound | None:
        """None when it is not there, or not whole: then it is rendered again."""
        if self._folder is None:
            return None
        try:
            data = self._path(key).read_bytes()
            sound = parse_wav(data, "a cached line")
        except (AssistantError, OSError):
            return None
        whole = data.startswith(wav_header(sound.rate, len(sound.samples))) and bool(np.any(sound.samples))
        return sound if whole else None

    def _write(self, key: str, sound: Sound) -> None:
        if self._folder is None or not len(sound.samples):
            return
        path = self._path(key)
        part = ""
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".part", delete=False) as file:
                part = file.name
                write_wav(file, sound)
            os.replace(part, path)  # noqa: PTH105 - atomic, as the law of half-written files asks
        except OSError:
            with suppress(OSError):
                os.unlink(part)  # noqa: PTH108 - as above
            self._folder = None
            self._trouble("cache-unwritable")
