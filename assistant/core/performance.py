"""Turns a script into passages: timelines that run to the next place where the person may answer.

A passage is one utterance, so every pause in it is exact to the sample. Any place in it can be found again, to go on
after a pause, to repeat, to skip, or to change pace.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.core.script import Ask, Bell, Breathe, Rate, Rest, Say, Script, Step
from assistant.core.timeline import Chime, Pause, Recorded, Segment, Speech, Tone, ToneName

USUAL_WPM = 125
"""Words a minute at a pace of 1: calm narration measures 110 to 150 (content.md section 2)."""
SETTLED_PACE, SETTLED_DB = 0.9, -4.0
"""What a voice that settles comes to at the end of a script: a tenth slower, 3 to 6 dB softer. One that did so lowered
muscle tension more than an even one (Knowlton & Larkin 2006). Questions and all other words stay plain."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a step is said: `pace` and `gain_db` as in `Speech`."""

    pace: float
    gain_db: float


def manner(script: Script, step: int, pace: float = 1.0) -> Manner:
    """Of one step of a script; `pace`: what the person asked for."""
    on_the_way = step / max(len(script.steps) - 1, 1) if script.settles else 0.0
    own = script.words_per_minute / USUAL_WPM * (1.0 - (1.0 - SETTLED_PACE) * on_the_way)
    return Manner(pace * own, SETTLED_DB * on_the_way + 0.0)


@dataclass(frozen=True, slots=True)
class Passage:
    """`owners[i]` is the index of the step that segment `i` belongs to. `ends_at`: the Ask or Rate it leads to."""

    segments: tuple[Segment, ...]
    owners: tuple[int, ...]
    ends_at: int | None

    def step_at(self, segment: int) -> int:
        """The step being heard at a segment; the last one when past the end."""
        return self.owners[min(segment, len(self.owners) - 1)] if self.owners else (self.ends_at or 0)


def passage(script: Script, first_step: int, pace: float) -> Passage:
    """Everything from `first_step` up to, and not including, the next question."""
    segments: list[Segment] = []
    owners: list[int] = []
    for index in range(first_step, len(script.steps)):
        step = script.steps[index]
        if isinstance(step, Ask | Rate):
            return Passage(tuple(segments), tuple(owners), index)
        for segment in _segments(step, manner(script, index, pace), pace):
            segments.append(segment)
            owners.append(index)
    return Passage(tuple(segments), tuple(owners), None)


def seconds_of(segments: Iterable[Segment]) -> float:
    """About how long they take, at `USUAL_WPM`; what is a chime counts as nothing."""
    total = 0.0
    for segment in segments:
        match segment:
            case Speech(text, pace):
                total += len(text.split()) * 60.0 / (USUAL_WPM * pace)
            case Recorded(_, text):
                total += len(text.split()) * 60.0 / USUAL_WPM
            case Pause(seconds) | Tone(_, seconds):
                total += seconds
    return total


def seconds_from(script: Script, step: int, pace: float, number_wait: float, questions: int) -> float:
    """About how long a script takes from a step on, with no answers.

    So many `questions` are asked still, and a number is waited for `number_wait` seconds.
    """
    part = passage(script, step, pace)
    total = seconds_of(part.segments)
    while part.ends_at is not None:
        asked = script.steps[part.ends_at]
        if questions > 0 and isinstance(asked, Ask):
            total += asked.wait + seconds_of(spoken((asked.question, *asked.on_silence), pace))
        elif questions > 0:
            total += number_wait
        questions -= 1
        part = passage(script, part.ends_at + 1, pace)
        total += seconds_of(part.segments)
    return total


def spoken(lines: tuple[str, ...], pace: float = 1.0, gap: float = 0.6) -> tuple[Segment, ...]:
    """Lines with a rest of `gap` seconds between them (content.md: under one second inside a thought)."""
    segments: list[Segment] = []
    for line in lines:
        if segments:
            segments.append(Pause(gap))
        segments.append(Speech(line, pace))
    return tuple(segments)


def _segments(step: Step, how: Manner, pace: float) -> Iterator[Segment]:
    match step:
        case Say():
            for phrase in step.phrases:
                yield Speech(phrase, how.pace, how.gain_db)
                yield Pause(step.gap / pace)
        case Rest():
            yield Pause(step.seconds)
        case Breathe():
            yield from _breaths(step, how)
        case Bell():
            yield Chime(step.chime)
        case Ask() | Rate():
            return


def _breaths(step: Breathe, how: Manner) -> Iterator[Segment]:
    """Words lead the first cycles; the tone alone carries the others, so that words never crowd a breath."""
    for cycle in range(step.cycles):
        if cycle < step.words_first or (step.word_every and cycle % step.word_every == 0):
            yield Speech(step.in_word, how.pace, how.gain_db)
            yield Tone(ToneName.BREATHE_IN, step.seconds_in)
            yield Speech(step.out_word, how.pace, how.gain_db)
        else:
            yield Tone(ToneName.BREATHE_IN, step.seconds_in)
        yield Tone(ToneName.BREATHE_OUT, step.seconds_out)
        if step.seconds_rest:
            yield Pause(step.seconds_rest)
