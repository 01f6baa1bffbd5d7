"""The gate every flow passes: plain and short, an answer to silence everywhere, something steady first, nothing that
probes or promises, and no message drafted before fear was asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from assistant.content import models
from assistant.content.flow_models import BackStep, PromptStep, RewordStep
from assistant.content.flows import FlowSource
from assistant.content.gates.reading import GRADE, grade
from assistant.content.gates.timing import speech_seconds, spoken_lines
from assistant.content.gates.wording import MEAN_SENTENCE, mean_sentence, wording_problems, words
from assistant.core.performance import USUAL_WPM
from assistant.core.understanding import Lexicon
from assistant.faults import Fault
from assistant.safety.rules import Rules
from assistant.safety.verdict import Level
from assistant.safety.words import normalise
from assistant.yaml_marks import Place

STEADY_SECONDS = 3.0
"""Of quiet with the body or the room, before the first question that looks inward (content.md section 4: a reflection
is of the present day, and ends with orienting)."""
MOST_QUESTIONS = 9
TALK_SECONDS = 120.0
"""Of speech, when nothing is answered: the time is the person's."""
LEAST_WAIT = 12.0
"""Seconds to think, after a question about oneself; people who are upset pause longer."""
SURE_WORDS = 30
"""As for exercises: it is said aloud on "are you sure?"."""

_PROBING = {
    "en": {
        r"why (did|do|didn't|don't|were|was|are) (you|he|she|they)": "it probes; ask what or how",
        r"(your|the) (childhood|trauma|abuse|parents|past)": "this is for a person; keep to today",
        r"(when you were|as a) (a )?(child|kid|young|little)": "this is for a person; keep to today",
        r"(remember|recall|relive|go back to)": "a memory is for a person; keep to today",
        r"(tell me|describe) (everything|exactly|in detail|what happened to you)": "detail is for a person",
        r"(it|this|that) (means|shows) (that )?you": "nothing is interpreted",
        r"(well done|good job|proud of you|i understand how you feel|i care)": "no praise, no feeling of its own",
        r"you (must|have to|need to|ought to)": "invite: say what to do, or 'you can'",
        r"(ptsd|adhd|ocd|bipolar|borderline|depressi\w+|narciss\w+)": "no diagnosis",
    }
}
"""Per language: pattern -> why not, and what instead; besides what no sentence here may say."""


def flow_faults(source: FlowSource, rules: Rules | None) -> Iterator[Fault]:
    """Everything that is wrong with one flow. `rules`: the screen's, where they can be read."""
    marked, written = source.marked, source.written
    for place, line in _lines(source):
        for what, mend in wording_problems(line, written.lang):
            yield marked.fault(place, what, mend)
        for pattern, why in _PROBING.get(written.lang, {}).items():
            if (found := re.search(rf"\b{pattern}\b", line.replace("\u2019", "'"), re.IGNORECASE)) is not None:
                yield marked.fault(place, f"{found[0]!r} is not said here", why)
    lines = [*spoken_lines(source.flow.script), *(line for _, line in _lines(source))]
    if (average := mean_sentence(lines)) > MEAN_SENTENCE:
        yield marked.fault(("steps",), f"sentences average {average:.1f} words", f"keep them to {MEAN_SENTENCE:g}")
    if written.lang == "en" and (level := grade(lines)) > GRADE:
        yield marked.fault(("steps",), f"it reads at grade {level:.1f}", f"use shorter words, to grade {GRADE:g}")
    if (count := len(words(written.sure))) > SURE_WORDS:
        yield marked.fault(("sure",), f"it is said aloud and has {count} words", f"keep it to {SURE_WORDS}")
    if (talk := talk_seconds(source)) > TALK_SECONDS:
        yield marked.fault(("steps",), f"it talks for {talk:.0f} s", f"keep it to {TALK_SECONDS:g} s")
    yield from _order(source)
    for index, phrase in enumerate(written.begins):
        if rules is not None and rules.judge(phrase).level is not Level.NONE:
            yield marked.fault(("begins", index), "this sounds like danger", "take it out: the screen comes first")


def flows_faults(flows: Mapping[str, FlowSource], lexicon: Lexicon | None) -> Iterator[Fault]:
    """What holds between flows: each phrase begins one, and is no command."""
    asked: dict[tuple[str, ...], str] = {}
    for name, source in flows.items():
        for index, phrase in enumerate(source.written.begins):
            said = tuple(normalise(phrase))
            place = ("begins", index)
            if (other := asked.setdefault(said, name)) != name:
                yield source.marked.fault(place, f"{phrase!r} begins {other} already", "keep it in one of the two")
            if lexicon is not None and said in lexicon.plain:
                yield source.marked.fault(place, f"{phrase!r} is a command already", "say it in other words")


def talk_seconds(source: FlowSource) -> float:
    """Speech when nothing is answered."""
    return _seconds(
        line
        for step in source.written.steps
        for line in (
            step.say if isinstance(step, models.SayStep)
            else (step.ask, *step.on.silence) if isinstance(step, PromptStep) else ()
        )
    )  # fmt: skip


def _seconds(lines: Iterable[str]) -> float:
    return sum(speech_seconds(line, USUAL_WPM) for line in lines)


def _order(source: FlowSource) -> Iterator[Fault]:
    marked, written = source.marked, source.written
    steady, asked_about_fear, asked = 0.0, False, 0
    seen: set[str] = set()
    for at, step in enumerate(written.steps):
        place: Place = ("steps", at)
        if step.id in seen:
            yield marked.fault((*place, "id"), f"two steps are called {step.id!r}", "rename one")
        seen.add(step.id)
        match step:
            case models.SayStep():
                steady += step.gap * len(step.say)
            case models.PauseStep():
                steady += step.pause
            case PromptStep() | BackStep() | RewordStep():
                asked += not isinstance(step, RewordStep)
                if asked == 1 and steady < STEADY_SECONDS:
                    mend = f"begin with {STEADY_SECONDS:g} s of something that steadies"
                    yield marked.fault(place, "it asks before anything steadies", mend)
                if step.wait < LEAST_WAIT:
                    yield marked.fault(
                        (*place, "wait"), f"{step.wait:g} s are short to think", f"give {LEAST_WAIT:g} s"
                    )
                if not step.on.silence:
                    yield marked.fault((*place, "on"), "silence has no answer here", "add one under silence")
                if not (step.on.answer or (step.on.yes and step.on.no) or (_people(step) and step.on.no)):
                    yield marked.fault((*place, "on"), "an answer has no reply here", "add one under answer")
                if written.draft and not asked_about_fear and not _people(step):
                    yield marked.fault(place, "a message is worded before fear was asked about", "ask that first")
                asked_about_fear |= _people(step)
    if asked > MOST_QUESTIONS:
        yield marked.fault(("steps",), f"{asked} questions are asked", f"keep to {MOST_QUESTIONS}")
    if not any(isinstance(step, PromptStep) and step.keep for step in written.steps):
        yield marked.fault(("steps",), "nothing of it has a place on the page", "give a question keep and label")


def _people(step: PromptStep | BackStep | RewordStep) -> bool:
    return isinstance(step, PromptStep) and step.people


def _lines(source: FlowSource) -> Iterator[tuple[Place, str]]:
    written = source.written
    yield from ((("title",), written.title), (("summary",), written.summary), (("sure",), written.sure))
    for at, step in enumerate(written.steps):
        match step:
            case models.SayStep():
                yield from ((("steps", at, "say", index), line) for index, line in enumerate(step.say))
            case PromptStep() | BackStep() | RewordStep():
                yield ("steps", at, "ask"), step.ask
                for reply in ("answer", "silence", "yes", "no"):
                    lines = enumerate(getattr(step.on, reply))
                    yield from ((("steps", at, "on", reply, index), line) for index, line in lines)
                if isinstance(step, BackStep):
                    yield ("steps", at, "which"), step.which
                elif isinstance(step, RewordStep):
                    yield ("steps", at, "label"), step.label
                else:
                    yield from ((("steps", at, "easier", index), line) for index, line in enumerate(step.easier))
                    if step.label is not None:
                        yield ("steps", at, "label"), step.label
