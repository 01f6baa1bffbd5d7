"""From a timeline to samples: speech rendered, pauses counted, tones drawn, one segment at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.core.timeline import Chime, Pause, Recorded, Segment, Speech, Timeline, Tone
from assistant.errors import AssistantError, ContentError
from assistant.sound import Sound, read_wav, resampled
from assistant.speaking.levelling import between_edges, levelled
from assistant.speaking.limiter import limited
from assistant.speaking.player import Part
from assistant.speaking.tones import breath_tone, drawn_chime

EDGE_SECONDS = 0.002
"""So softly begins and ends whatever engines and files give: a file that was cut off ends in a click."""
BLOCK = 4096
"""Samples a part: an abandoned job stops after at most this much more."""


class Renderer(Protocol):
    """Text to sound; `CachedVoice` is one."""

    def render(self, text: str, words_per_minute: int) -> Sound:
        """Raises EngineError."""
        ...


class Layout:
    """Lays timelines out at the player's rate.

    `audio` is the folder with chimes, None: none are wanted; `recordings` are the recorded lines by name. `redrawn` is
    told once with a code when a chime's file is missing or broken, and the chime is drawn instead. `quoting`: what
    speaks the person's own words, and keeps nothing.
    """

    def __init__(
        self,
        voice: Renderer,
        rate: int,
        words_per_minute: int,
        audio: Path | None,
        recordings: Mapping[str, Path],
        redrawn: Callable[[str], None] = lambda code: None,
        quoting: Renderer | None = None,
    ) -> None:
        self._voice = voice
        self._quoting = quoting or voice
        self._rate = rate
        self._words_per_minute = words_per_minute
        self._audio = audio
        self._recordings = recordings
        self._redrawn = redrawn
        self._told_redrawn = False

    def parts(self, timeline: Timeline, on_failure: Callable[[str], None]) -> Iterator[Part]:
        """Every segment in order, as soon as it is rendered. `on_failure(code)` at most once."""
        told = False
        total, heard = 0.0, 0
        gain = 10 ** (timeline.gain_db / 20.0)
        for index, segment in enumerate(timeline.segments):
            if isinstance(segment, Pause | Tone):
                # The running total is rounded, not each pause, so errors do not add up.
                total += segment.seconds * self._rate
                count = round(total) - heard
                heard += count
                if isinstance(segment, Pause):
                    yield Part(index, count)
                    continue
                tone = breath_tone(segment.name, count / self._rate, self._rate)
                yield from _blocks(index, limited(tone * float32(gain), self._rate))
                continue
            try:
                samples = self._samples(segment)
            except AssistantError as error:
                if not told:
                    told = True
                    on_failure(error.code)
                yield Part(index, round(self._estimated(segment) * self._rate))
                continue
            louder = gain * (10 ** (segment.gain_db / 20.0) if isinstance(segment, Speech) else 1.0)
            if louder != 1.0 or isinstance(segment, Chime):  # lines come under the ceiling
                samples = limited(samples * float32(louder), self._rate)
            yield from _blocks(index, _softly(between_edges(samples), self._rate))

    def words_per_minute(self, pace: float) -> int:
        """The voice's rate at a pace."""
        return round(self._words_per_minute * pace)

    def _samples(self, segment: Speech | Chime | Recorded) -> NDArray[float32]:
        match segment:
            case Speech(text, pace, _, quoted):
                voice = self._quoting if quoted else self._voice
                return levelled(voice.render(text, self.words_per_minute(pace)), self._rate)
            case Chime(name):
                return self._chime(name) if self._audio is not None else np.zeros(0, dtype=float32)
            case Recorded(name, _) if name in self._recordings:
                return levelled(read_wav(self._recordings[name]), self._rate)
            case Recorded(name, _):
                raise ContentError(
                    "recording-missing", f"The recorded line {name!r} is missing: see 'grounding check'."
                )

    def _chime(self, name: str) -> NDArray[float32]:
        assert self._audio is not None
        try:
            return resampled(read_wav(self._audio / f"{name}.wav"), self._rate)
        except AssistantError:
            if not self._told_redrawn:
                self._told_redrawn = True
                self._redrawn("chime-redrawn")
            return drawn_chime(name, self._rate)

    def _estimated(self, segment: Segment) -> float:
        """How long the words would last; a caption stands in for them."""
        match segment:
            case Speech(text, pace):
                return len(text.split()) * 60.0 / self.words_per_minute(pace)
            case Recorded(_, text):
                return len(text.split()) * 60.0 / self._words_per_minute
            case _:
                return 0.0


def _softly(samples: NDArray[float32], rate: int) -> NDArray[float32]:
    """With its beginning and its end faded."""
    faded = samples.copy()
    ramp = np.linspace(0.0, np.pi, min(round(EDGE_SECONDS * rate), len(faded) // 2), dtype=float32)
    fade = 0.5 - 0.5 * np.cos(ramp)
    faded[: len(fade)] *= fade
    faded[len(faded) - len(fade) :] *= fade[::-1]
    return faded


def _blocks(segment: int, samples: NDArray[float32]) -> Iterator[Part]:
    if not len(samples):
        yield Part(segment, 0)
    for start in range(0, len(samples), BLOCK):
        yield Part(segment, samples[start : start + BLOCK])
