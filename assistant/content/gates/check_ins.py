"""The gate every check-in passes: the number first, feelings only after something steady, and few words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.content import models
from assistant.content.check_ins import CheckInSource, NumberStep, QuestionStep
from assistant.content.gates.reading import GRADE, grade
from assistant.content.gates.timing import speech_seconds, spoken_lines
from assistant.content.gates.wording import wording_problems
from assistant.content.phrases import PhrasesSource
from assistant.core.performance import USUAL_WPM
from assistant.core.script import Ask, Rate, Say, Script
from assistant.faults import Fault
from assistant.yaml_marks import Place

STEADY_SECONDS = 5.0
"""Between the number and the first word for a feeling. Naming it before regulating made people feel worse
(n=80 and n=60; Nook 2021, doi 10.1007/s42761-021-00036-y)."""
MOST_QUESTIONS = 4
AROUND = ("checkin.opening", "checkin.goodbye")
KNOCK_TO_GOODBYE_SECONDS = 25.0
"""Of speech, where a reminder begins it."""


def check_in_faults(source: CheckInSource, phrases: PhrasesSource | None) -> Iterator[Fault]:
    """Everything that is wrong with one format."""
    marked, check_in = source.marked, source.check_in
    for place, line in _spoken_places(source):
        for what, mend in wording_problems(line, check_in.lang):
            yield marked.fault(place, what, mend)
    yield from _order(source)
    asked = [at for at, step in enumerate(check_in.steps) if isinstance(step, QuestionStep)]
    if len(asked) > MOST_QUESTIONS:
        what = f"{len(asked)} questions are asked"
        yield marked.fault(("steps", asked[-1]), what, f"keep to {MOST_QUESTIONS}, or make two check-ins of it")
    if check_in.lang == "en" and (level := grade(spoken_lines(source.script))) > GRADE:
        yield marked.fault(("steps",), f"it reads at grade {level:.1f}", f"use shorter words, to grade {GRADE:g}")
    if phrases is None:
        return
    longest, knock = talk_seconds(source.script, phrases), _seconds(phrases.lines.get("knock.say", ()))
    if longest > check_in.talk_s:
        what = f"it may talk for {longest:.1f} s, and {check_in.talk_s:g} s are promised"
        yield marked.fault(("talk_s",), what, "say less, or promise more")
    if longest + knock > KNOCK_TO_GOODBYE_SECONDS:
        what = f"from the knock to the goodbye it may talk for {longest + knock:.1f} s"
        yield marked.fault(("steps",), what, f"keep it to {KNOCK_TO_GOODBYE_SECONDS:g} s")


def _order(source: CheckInSource) -> Iterator[Fault]:
    marked, numbered, steady = source.marked, False, 0.0
    seen: set[str] = set()
    for at, step in enumerate(source.check_in.steps):
        if step.id in seen:
            yield marked.fault(("steps", at, "id"), f"two steps are called {step.id!r}", "rename one")
        seen.add(step.id)
        match step:
            case NumberStep() if at > 0:
                yield marked.fault(("steps", at), "the number comes late", "ask for it first")
            case NumberStep():
                numbered = True
            case models.SayStep():
                steady += step.gap
            case models.PauseStep():
                steady += step.pause
            case QuestionStep(about="feeling") if not numbered or steady < STEADY_SECONDS:
                mend = f"ask for the number first, then give {STEADY_SECONDS:g} s of something that steadies"
                yield marked.fault(("steps", at), "a feeling is asked for too early", mend)


def talk_seconds(script: Script, phrases: PhrasesSource) -> float:
    """Speech from the opening to the goodbye, with the longest reply to every answer."""
    lines = [line for key in AROUND for line in phrases.lines.get(key, ())]
    for step in script.steps:
        match step:
            case Say():
                lines += _longest(step.wordings)
            case Rate():
                lines += (step.question, *phrases.lines.get("rate.heard", ()))
            case Ask():
                fine = phrases.lines.get("checkin.fine", ())
                replies = (step.on_answer, step.on_silence or fine, step.on_yes, step.on_no)
                lines += (step.question, *_longest(replies))
    return _seconds(lines)


def _longest(replies: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    return max(replies, key=_seconds)


def _seconds(lines: Iterable[str]) -> float:
    return sum(speech_seconds(line, USUAL_WPM) for line in lines)


def _spoken_places(source: CheckInSource) -> Iterator[tuple[Place, str]]:
    yield ("title",), source.check_in.title
    yield ("summary",), source.check_in.summary
    for at, step in enumerate(source.check_in.steps):
        match step:
            case NumberStep():
                yield ("steps", at, "number"), step.number
            case models.SayStep():
                for index, line in enumerate(step.say):
                    yield ("steps", at, "say", index), line
            case QuestionStep():
                yield ("steps", at, "ask"), step.ask
                for reply in ("answer", "silence", "yes", "no"):
                    for index, line in enumerate(getattr(step.on, reply)):
                        yield ("steps", at, "on", reply, index), line
