"""Turns a script into passages: timelines that run to the next place where the person may answer.

A passage is one utterance, so every pause in it is exact to the sample. Any place in it can be found again, to go on
after a pause, to repeat, to skip, or to change pace.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.core.script import Ask, Bell, Breathe, Rate, Rest, Say, Script, Step
from assistant.core.timeline import Chime, Pause, Segment, Speech, Tone, ToneName


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
        for segment in _segments(step, pace):
            segments.append(segment)
            owners.append(index)
    return Passage(tuple(segments), tuple(owners), None)


def spoken(lines: tuple[str, ...], pace: float = 1.0, gap: float = 0.6) -> tuple[Segment, ...]:
    """Lines with a rest of `gap` seconds between them (content.md: under one second inside a thought)."""
    segments: list[Segment] = []
    for line in lines:
        if segments:
            segments.append(Pause(gap))
        segments.append(Speech(line, pace))
    return tuple(segments)


def _segments(step: Step, pace: float) -> Iterator[Segment]:
    match step:
        case Say():
            for phrase in step.phrases:
                yield Speech(phrase, pace)
                yield Pause(step.gap / pace)
        case Rest():
            yield Pause(step.seconds)
        case Breathe():
            yield from _breaths(step, pace)
        case Bell():
            yield Chime(step.chime)
        case Ask() | Rate():
            return


def _breaths(step: Breathe, pace: float) -> Iterator[Segment]:
    """Words lead the first cycles; the tone alone carries the others, so that words never crowd a breath."""
    for cycle in range(step.cycles):
        if cycle < step.words_first or (step.word_every and cycle % step.word_every == 0):
            yield Speech(step.in_word, pace)
            yield Tone(ToneName.BREATHE_IN, step.seconds_in)
            yield Speech(step.out_word, pace)
        else:
            yield Tone(ToneName.BREATHE_IN, step.seconds_in)
        yield Tone(ToneName.BREATHE_OUT, step.seconds_out)
        if step.seconds_rest:
            yield Pause(step.seconds_rest)
