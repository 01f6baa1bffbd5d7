"""How long an exercise takes, as it is performed: by its own wording, rests and breaths, answered by silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import chain

from assistant.content.gates.wording import words
from assistant.core.performance import USUAL_WPM, passage
from assistant.core.script import Ask, Breathe, Rate, Say, Script
from assistant.core.timeline import Pause, Segment, Speech, Tone


def speech_seconds(text: str, words_per_minute: float) -> float:
    """How long `text` takes to say."""
    return len(words(text)) * 60.0 / words_per_minute


def computed_seconds(script: Script) -> float:
    """The whole exercise when nothing is answered. Asking the number is left out: a person may skip it."""
    total = 0.0
    first = 0
    while first < len(script.steps):
        part = passage(script, first, 1.0)
        total += _seconds(part.segments)
        if part.ends_at is None:
            break
        asked = script.steps[part.ends_at]
        if isinstance(asked, Ask):
            said = (asked.question, *asked.on_silence)
            total += asked.wait + sum(speech_seconds(line, USUAL_WPM) for line in said)
        first = part.ends_at + 1
    return total


def seconds_before(script: Script, step: int) -> float:
    """How long it takes to come to a step, when nothing is answered."""
    return computed_seconds(replace(script, steps=script.steps[:step]))


def seconds_to_first_words(script: Script) -> float:
    """From the start of the exercise to its first spoken phrase; infinite where there is none."""
    if any(isinstance(step, Rate | Ask) for step in script.steps[:1]):
        return 0.0
    passed = 0.0
    for segment in passage(script, 0, 1.0).segments:
        if isinstance(segment, Speech):
            return passed
        passed += _seconds((segment,))
    return float("inf")


def spoken_lines(script: Script) -> list[str]:
    """Every sentence the exercise can say, once each."""
    lines = [*script.easier]
    for step in script.steps:
        match step:
            case Say():
                lines += chain.from_iterable(step.wordings)
            case Ask():
                lines += (step.question, *step.on_answer, *step.on_silence, *step.on_yes, *step.on_no)
            case Breathe():
                lines += (step.in_word, step.out_word)
    return lines


def segment_seconds(segment: Segment) -> float:
    """How long it takes, by words a minute; what was recorded or is a chime counts as nothing."""
    match segment:
        case Speech(text, pace):
            return speech_seconds(text, USUAL_WPM * pace)
        case Pause(seconds) | Tone(_, seconds):
            return seconds
        case _:
            return 0.0


def _seconds(segments: Iterable[Segment]) -> float:
    return sum(map(segment_seconds, segments))
