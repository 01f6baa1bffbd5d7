"""Rendered speech, kept: grounding text is fixed, so that after the first time speaking is reading a file."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from assistant.errors import AssistantError, EngineError
from assistant.sound import Sound, parse_wav, wav_header, write_wav
from assistant.speaking.engine import DeclinedLineError, VoiceEngine
from assistant.speaking.plausible import Rendering, judged

VERSION = "3"
"""Changes when rendered sound is treated differently, so that old files are not used. Level and edges are seen to
when a line is played (`levelling.py`): a file holds what the engine gave."""
MEMORY_SAMPLES = 2 * 1024 * 1024
"""8 MiB, a minute and a half of speech: what was just said and comes next. Lines that are rendered ahead would fill any
memory, and are read from their files within a millisecond."""
FAILURES = 2
"""In a row: after so many an engine is passed over, as each costs its time limit. The last one is always asked."""


class CachedVoice:
    """Voice engines in the order they are wanted, with a memory, and with files in `folder` when one is given.

    What an engine gives is taken when it is plausible; otherwise the next one speaks the line. File names are hashes
    that hold on any machine, and only lines for which `may_keep` says yes are written: words that are somebody's own
    stay in memory. `trouble` is told once when the folder cannot be written, and once when an engine is replaced.
    """

    def __init__(
        self,
        engines: VoiceEngine | Sequence[VoiceEngine],
        folder: Path | None,
        may_keep: Callable[[str], bool] = lambda text: True,
        trouble: Callable[[str], None] = lambda code: None,
    ) -> None:
        self.engines: tuple[VoiceEngine, ...] = tuple(engines) if isinstance(engines, Sequence) else (engines,)
        self._folder = folder
        self._may_keep = may_keep
        self._trouble = trouble
        self._memory: OrderedDict[str, Sound] = OrderedDict()
        self._held = 0
        self._failures: Counter[str] = Counter()
        self._replaced = False

    def render(self, text: str, words_per_minute: int) -> Sound:
        """From memory, from a file, or from the first engine that can. Raises EngineError when none can."""
        return self._rendered(text, words_per_minute)

    @property
    def unkept(self) -> Unkept:
        """For the person's own words: rendered anew each time, and kept nowhere."""
        return Unkept(self._rendered)

    def _rendered(self, text: str, words_per_minute: int, *, kept: bool = True) -> Sound:
        error: EngineError | None = None
        odd: Sound | None = None
        for engine in self.engines:
            key = _key(engine, text, words_per_minute)
            sound = (self._memory.get(key) or self._read(key, text, words_per_minute)) if kept else None
            if sound is None and not self._passed_over(engine):
                try:
                    sound, worth = self._made(engine, text, words_per_minute)
                except DeclinedLineError:
                    continue
                except EngineError as failure:
                    error = error or failure
                    self._failures[engine.name] += 1
                    continue
                if worth is Rendering.FINE:
                    self._failures[engine.name] = 0
                    if kept and self._may_keep(text):
                        self._write(key, sound)
                else:
                    self._failures[engine.name] += 1
                    odd, sound = odd or sound, None
            if sound is not None:
                if error is not None or odd is not None:
                    self._tell_replaced()
                if kept:
                    self._remember(key, sound)
                return sound
        if odd is not None:
            return odd
        raise error or _failed()

    def holds(self, text: str, words_per_minute: int) -> bool:
        """Whether the engine that is wanted most has spoken this already, as far as file names tell."""
        key = _key(self.engines[0], text, words_per_minute)
        return key in self._memory or (self._folder is not None and os.path.isfile(self._path(key)))  # noqa: PTH113 - unlike Path's, it never raises

    def close(self) -> None:
        """Close every engine."""
        for engine in self.engines:
            engine.close()

    def _made(self, engine: VoiceEngine, text: str, words_per_minute: int) -> tuple[Sound, Rendering]:
        """Raises EngineError, also where it made what nobody can hear."""
        sound = engine.render(text, words_per_minute)
        worth = judged(sound, text, words_per_minute)
        if worth is Rendering.USELESS:
            raise _failed()
        return sound, worth

    def _passed_over(self, engine: VoiceEngine) -> bool:
        return self._failures[engine.name] >= FAILURES and engine is not self.engines[-1]

    def _tell_replaced(self) -> None:
        if not self._replaced:
            self._replaced = True
            self._trouble("voice-replaced")

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

    def _read(self, key: str, text: str, words_per_minute: int) -> Sound | None:
        """None when it is not there, not whole, or not these words: then it is rendered again."""
        if self._folder is None:
            return None
        try:
            data = self._path(key).read_bytes()
            sound = parse_wav(data, "a cached line")
        except (AssistantError, OSError):
            return None
        whole = data.startswith(wav_header(sound.rate, len(sound.samples)))
        return sound if whole and judged(sound, text, words_per_minute) is Rendering.FINE else None

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


class Unkept:
    """The same voice, without its memory and its files."""

    def __init__(self, rendered: Callable[..., Sound]) -> None:
        self._rendered = rendered

    def render(self, text: str, words_per_minute: int) -> Sound:
        """Raises EngineError when no engine of this machine can."""
        return self._rendered(text, words_per_minute, kept=False)


def _key(engine: VoiceEngine, text: str, words_per_minute: int) -> str:
    """Of the words and the voice only, not of this machine: what was rendered on a fast one serves a slow one."""
    parts = (VERSION, engine.name, engine.voice, str(words_per_minute), text)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _failed() -> EngineError:
    return EngineError(
        "voice-engine-failed", "The voice engine gave no speech that could be used; run `grounding doctor`."
    )
