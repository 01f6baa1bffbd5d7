"""How far a decoded turn may be believed: by its words, by the two numbers of Whisper, by how much voice it holds.

Whisper writes words for silence and noise (two clips in five of pure noise: Baranski et al. 2025, arXiv 2501.11378),
and no single number tells. Law 5 holds here: a doubt makes words DOUBTFUL, and EMPTY needs two things that agree.
"""

from __future__ import annotations

import zlib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from numpy import float32
from numpy.typing import NDArray

from assistant.hearing.recogniser import RATE
from assistant.hearing.voice_activity import FRAME, VoiceActivity
from assistant.safety.minimal import MINIMAL_RULES
from assistant.safety.transcript import Trust
from assistant.safety.verdict import Level
from assistant.safety.words import normalise

NO_SPEECH, POOR_LOGPROB = 0.6, -1.0
"""faster-whisper's own joint gate: only both together mean that nothing was said. Alone, the first drops quiet speech
(engines.md section 2)."""
TRUSTED_LOGPROB = -0.7
GHOST_LOGPROB = -0.5
"""For words that Whisper is known to invent: surer than for others, as it invents them with -0.3 to -0.4
(faster-whisper#621)."""
REPETITIVE = 2.4
"""Compression ratio beyond which Whisper repeats itself (its own default)."""
CLEAR, FAINT = 0.5, 0.15
"""Silero's probability of a frame. The first begins a turn (`EndpointPolicy.speech_threshold`). The second is there for
the quiet: of 65 turns spoken 40 dB down, over a microphone's noise, 31 hold no clear voice, and 6 not even a faint one.
"""
NO_VOICE_SECONDS = 0.05
"""Of faint voice. One frame of 32 ms is a click."""
VOICE_SECONDS, GHOST_VOICE_SECONDS = 0.1, 0.2
"""Of clear voice, for words to be trusted: what begins a turn, and what holds a word (`EndpointPolicy.start_seconds`,
`words_seconds`). Of the same 65 turns, 20 dB down, 1 and 3 hold less."""
WORDS_A_SECOND, WORDS_MORE = 6.0, 2
"""Beyond what people say: 360 words a minute. Silero trims the ends of a turn, so that "go on" at a synthesiser's 280
words a minute comes to 7 a second; two words more let it pass."""
LIST = Path(__file__).with_name("ghosts.txt")


class Ghost(StrEnum):
    """What kind of invented phrase a turn may be."""

    NEVER = "never"
    MAYBE = "maybe"


@dataclass(frozen=True, slots=True)
class Voice:
    """Seconds of a turn that hold a voice, by Silero: `clear`, and `faint`, which counts the clear ones too."""

    clear: float
    faint: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """`reasons`: what spoke against the words, strongest first; empty exactly when they are trusted."""

    trust: Trust
    reasons: tuple[str, ...] = ()


def judge(text: str, logprob: float, no_speech: float, voice: Voice) -> Judgement:
    """Whether `text` was said.

    `logprob`: mean log-probability of its tokens, at most 0. `no_speech`: Whisper's probability that nobody spoke.
    `voice`: from `voice_in`. Never fails, whatever the text.
    """
    words = normalise(text)
    if not words:
        return Judgement(Trust.EMPTY, ("no-words",))
    if no_speech > NO_SPEECH and logprob < POOR_LOGPROB:
        return Judgement(Trust.EMPTY, ("no-speech", "unsure"))
    ghost = ghost_of(words)
    doubts = {
        "no-voice": voice.faint < NO_VOICE_SECONDS,
        "ghost": ghost is Ghost.NEVER,
        "no-speech": no_speech > NO_SPEECH,
        "unsure": logprob < TRUSTED_LOGPROB,
        "little-voice": voice.clear < (VOICE_SECONDS if ghost is None else GHOST_VOICE_SECONDS),
        "ghost-unsure": ghost is Ghost.MAYBE and logprob < GHOST_LOGPROB,
        "too-many-words": len(words) > WORDS_MORE + WORDS_A_SECOND * voice.faint,
        "repetitive": repetition(text) > REPETITIVE,
    }
    reasons = tuple(reason for reason, holds in doubts.items() if holds)
    if not reasons:
        return Judgement(Trust.TRUSTED)
    unheard = doubts["no-voice"] and (doubts["ghost"] or doubts["no-speech"] or doubts["unsure"])
    # Law 5: a whisper has no voice that Silero knows, and what it might say is asked about.
    if unheard and MINIMAL_RULES.judge(text).level is Level.NONE:
        return Judgement(Trust.EMPTY, reasons)
    return Judgement(Trust.DOUBTFUL, reasons)


def voice_in(samples: NDArray[float32], activity: VoiceActivity) -> Voice:
    """Of one turn, mono at `RATE`; never written into. `activity` forgets what it heard before."""
    activity.reset()
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    heard = [activity.probability(frame) for frame in frames]
    clear, faint = (sum(one >= least for one in heard) * FRAME / RATE for least in (CLEAR, FAINT))
    return Voice(clear, faint)


def repetition(text: str) -> float:
    """How well `text` compresses, Whisper's measure of a loop: about 1 for a sentence, 2.4 and more for a loop."""
    data = text.encode()
    return len(data) / len(zlib.compress(data))


def ghost_of(words: list[str]) -> Ghost | None:
    """Whether `words`, normalised, are nothing but listed phrases, once or over and over.

    NEVER only where every one of them is: "thanks for watching bye" may hold somebody's goodbye.
    """
    listed = ghosts()
    if _made_of(words, {phrase for phrase, kind in listed.items() if kind is Ghost.NEVER}):
        return Ghost.NEVER
    return Ghost.MAYBE if _made_of(words, listed.keys()) else None


def _made_of(words: list[str], phrases: AbstractSet[tuple[str, ...]]) -> bool:
    reached = {0}
    for start in range(len(words)):
        if start in reached:
            ends = range(start + 1, min(start + _longest(), len(words)) + 1)
            reached.update(end for end in ends if tuple(words[start:end]) in phrases)
    return bool(words) and len(words) in reached


@cache
def ghosts() -> dict[tuple[str, ...], Ghost]:
    """The published phrases of `LIST`, by their normalised words."""
    found: dict[tuple[str, ...], Ghost] = {}
    kind = Ghost.MAYBE
    for row in LIST.read_text(encoding="utf-8").splitlines():
        if row.startswith("["):
            kind = Ghost(row.strip("[]").split()[0])
        elif row and not row.startswith("#"):
            found[tuple(normalise(row))] = kind
    return found


@cache
def _longest() -> int:
    return max(map(len, ghosts()))
