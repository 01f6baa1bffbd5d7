"""The recorded help line of a country: made at set-up, so that its number plays with no voice engine and no network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from assistant.content.library import Library
from assistant.content.recordings import sound_recordings, write_sums
from assistant.errors import StoreError
from assistant.safety.interrupt import compose_line
from assistant.sound import Sound, resampled, write_wav

NAME = "support"
"""Of the recorded line, here and in audio/<lang>/."""
WORDS = "words.sha256"
"""What was recorded: when the country's numbers change, the old recording is not played."""


def help_words(library: Library) -> tuple[str, ...]:
    """What the recording says."""
    shipped = library.repertoire.recorded.get(NAME, "")
    line = compose_line(library.support.for_kind(None), library.repertoire.phrases)
    return (shipped, *line)


def record_help(library: Library, folder: Path, render: Callable[[str], Sound]) -> Path:
    """Render it into `folder`. Raises EngineError; StoreError when it cannot be written."""
    import numpy as np

    own = _folder(library, folder)
    sounds = [render(words) for words in help_words(library)]
    rate = max(sound.rate for sound in sounds)
    rest = np.zeros(rate // 2, dtype=np.float32)
    samples = np.concatenate([part for sound in sounds for part in (resampled(sound, rate), rest)])
    try:
        own.mkdir(parents=True, exist_ok=True)
        with (own / f"{NAME}.wav").open("wb") as file:
            write_wav(file, Sound(samples, rate))
        (own / WORDS).write_text(_words_digest(library), encoding="utf-8")
        write_sums(own)
    except OSError as error:
        raise StoreError(
            "recording-unwritable",
            f"The help line cannot be recorded in {own} ({error.strerror}), so without a voice only the shipped lines "
            "are heard; make room, or mend its permissions, then: grounding setup",
        ) from None
    return own / f"{NAME}.wav"


def with_own_help(library: Library, folder: Path) -> Library:
    """The library with the country's recording, where there is a whole one of the present words."""
    own = _folder(library, folder)
    try:
        fitting = (own / WORDS).read_text(encoding="utf-8") == _words_digest(library)
    except (OSError, UnicodeDecodeError):
        return library
    path = sound_recordings(own)[0].get(NAME)
    if not fitting or path is None:
        return library
    words = {**library.repertoire.recorded, NAME: " ".join(help_words(library))}
    repertoire = replace(library.repertoire, recorded=words)
    return replace(library, repertoire=repertoire, recordings={**library.recordings, NAME: path})


def _folder(library: Library, folder: Path) -> Path:
    return folder / f"{library.repertoire.language}-{library.support.country}"


def _words_digest(library: Library) -> str:
    return sha256("\n".join(help_words(library)).encode()).hexdigest()
