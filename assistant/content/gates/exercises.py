"""The gate every exercise passes (content.md, section 6)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from assistant.content import models
from assistant.content.exercises import ExerciseSource
from assistant.content.gates.reading import GRADE, grade
from assistant.content.gates.timing import (
    computed_seconds,
    seconds_before,
    seconds_to_first_words,
    speech_seconds,
    spoken_lines,
)
from assistant.content.gates.wording import (
    MEAN_SENTENCE,
    PERMISSIONS_A_MINUTE,
    mean_sentence,
    permissions,
    wording_problems,
    words,
)
from assistant.core.script import Breathe, Say, Step
from assistant.core.understanding import State
from assistant.faults import Fault
from assistant.yaml_marks import Place

LONGEST_BREATH_SECONDS = 14.0
"""One cycle. Slower than this leaves people short of air."""
FIRST_WORDS_SECONDS = 12.0
"""To the first helpful action."""
ACUTE_SILENCE_SECONDS = 10.0
"""Longer than this without a word first, and a person in an acute state wonders whether it is still there."""
PRACTICE_SILENCE_SECONDS = 45.0
"""The same, where nothing is urgent."""
WORDING_SECONDS = 2.5
"""By which another wording of a step may be longer or shorter."""
WAY_OUT_SECONDS = 20.0
"""From the first paced breath to a way to leave it."""
ASK_EVERY_SECONDS = 60.0
"""More questions than this feel like a test."""
QUIET_ENDS = ("sleep", "low_input")
"""Families that end without a tone: somebody may be asleep, or have had enough of sounds."""
CLAIM_WORDS = 30
"""The evidence line is said aloud on "are you sure?"."""
SUMMARY_WORDS = 25
"""The summary is said aloud on "what is this?"."""

_ANNOUNCES = {"en": re.compile(r"\b(quiet|silence|silent|pause|seconds?|minutes?|rest)\b", re.IGNORECASE)}
_WHEN = r"(\b(if|when|whenever|while|any time)\b|\?)"
_INSTEAD = (
    r"\b(leave|let (it|the \w+) (be|go)|go back to|stop|skip|instead|breathe as you|"
    r"(only|just|keep) (look|listen|trac)\w*)\b"
)
_WAY_OUT = {"en": re.compile(f"(?=.*{_WHEN}).*{_INSTEAD}", re.IGNORECASE)}
"""When to leave the breath, and for what: "look at one thing" alone is no way out."""
_SMALL = {"en": re.compile(r"\b(small|little|gentle|gently|soft|softly|(quiet|easy) breaths?)\b", re.IGNORECASE)}


def exercise_faults(source: ExerciseSource, references: Collection[str], acute: Collection[State]) -> Iterator[Fault]:
    """Everything that is wrong with one exercise. `references`: the keys of refs.yaml."""
    marked, exercise, script = source.marked, source.exercise, source.script
    yield from _wording(source)
    yield from _silences(source, acute)
    yield from _breaths(source)
    length = computed_seconds(script)
    target = exercise.duration.target_s
    if abs(length - target) > target * exercise.duration.tolerance:
        mend = f"write target_s: {round(length)}, or change rests and words"
        yield marked.fault(("duration", "target_s"), f"it lasts {length:.0f} s, and {target:g} s is promised", mend)
    yield from _wordings(source)
    if seconds_to_first_words(script) > FIRST_WORDS_SECONDS:
        mend = f"begin with words within {FIRST_WORDS_SECONDS:g} s"
        yield marked.fault(("steps", 0), "the first words come late", mend)
    for index, name in enumerate(exercise.evidence.refs):
        if name not in references:
            yield marked.fault(
                ("evidence", "refs", index), f"{name} is not in refs.yaml", "add it there, or correct it"
            )
    asks = [at for at, step in enumerate(exercise.steps) if isinstance(step, models.AskStep)]
    if len(asks) > max(1.0, length / ASK_EVERY_SECONDS):
        mend = f"keep one question in {ASK_EVERY_SECONDS:g} s; say the action itself"
        yield marked.fault(("steps", asks[-1]), f"{len(asks)} questions are asked", mend)
    bells = [step.chime for step in exercise.steps if isinstance(step, models.ChimeStep)]
    if "end" not in bells and exercise.family not in QUIET_ENDS and State.SLEEP not in exercise.states:
        yield marked.fault(("steps",), "nothing tells that it is over", "end with a line and chime: end")
    if exercise.lang == "en" and (level := grade(spoken_lines(script))) > GRADE:
        yield marked.fault(("steps",), f"it reads at grade {level:.1f}", f"use shorter words, to grade {GRADE:g}")
    if exercise.intensity[0] > exercise.intensity[1]:
        yield marked.fault(("intensity",), "the range runs backwards", "write the lower number first")
    seen: set[str] = set()
    for index, step in enumerate(exercise.steps):
        if step.id in seen:
            yield marked.fault(("steps", index, "id"), f"two steps are called {step.id!r}", "rename one")
        seen.add(step.id)


def _wordings(source: ExerciseSource) -> Iterator[Fault]:
    """Another wording takes about as long, so that the whole keeps its length."""
    rate = source.script.words_per_minute
    for at, step in enumerate(source.exercise.steps):
        if isinstance(step, models.SayStep):
            first, *others = (
                sum(speech_seconds(line, rate) + step.gap for line in wording) for wording in (step.say, *step.variants)
            )
            for number, seconds in enumerate(others):
                if abs(seconds - first) > WORDING_SECONDS:
                    mend = f"bring it within {WORDING_SECONDS:g} s of that"
                    what = f"this wording takes {seconds:.1f} s, and the first {first:.1f} s"
                    yield source.marked.fault(("steps", at, "variants", number), what, mend)


def _wording(source: ExerciseSource) -> Iterator[Fault]:
    marked, exercise, script = source.marked, source.exercise, source.script
    for place, line in _spoken_places(exercise):
        for what, mend in wording_problems(line, exercise.lang):
            yield marked.fault(place, what, mend)
    lines = spoken_lines(script)
    if (average := mean_sentence(lines)) > MEAN_SENTENCE:
        yield marked.fault(("steps",), f"sentences average {average:.1f} words", f"keep them to {MEAN_SENTENCE:g}")
    allowed = PERMISSIONS_A_MINUTE * max(script.seconds / 60.0, 1.0)
    if (given := permissions(lines, exercise.lang)) > allowed:
        mend = f"keep to {PERMISSIONS_A_MINUTE} a minute: say the action itself"
        yield marked.fault(("steps",), f"permission is given {given} times", mend)
    for key, text, most in (
        (("evidence", "claim"), script.claim, CLAIM_WORDS),
        (("summary",), script.summary, SUMMARY_WORDS),
    ):
        if (count := len(words(text))) > most:
            yield marked.fault(key, f"it is said aloud and has {count} words", f"keep it to {most}")


def _spoken_places(exercise: models.Exercise) -> Iterator[tuple[Place, str]]:
    yield ("title",), exercise.title
    yield ("summary",), exercise.summary
    yield ("evidence", "claim"), exercise.evidence.claim
    for index, line in enumerate(exercise.easier):
        yield ("easier", index), line
    for at, step in enumerate(exercise.steps):
        match step:
            case models.SayStep():
                for index, line in enumerate(step.say):
                    yield ("steps", at, "say", index), line
                for number, wording in enumerate(step.variants):
                    for index, line in enumerate(wording):
                        yield ("steps", at, "variants", number, index), line
            case models.AskStep():
                yield ("steps", at, "ask"), step.ask
                for reply in ("answer", "silence", "yes", "no"):
                    for index, line in enumerate(getattr(step.on, reply)):
                        yield ("steps", at, "on", reply, index), line
            case models.BreatheStep():
                yield ("steps", at, "breathe", "in_word"), step.breathe.in_word
                yield ("steps", at, "breathe", "out_word"), step.breathe.out_word


def _silences(source: ExerciseSource, acute: Collection[State]) -> Iterator[Fault]:
    exercise = source.exercise
    urgent = any(state in acute for state in exercise.states)
    limit = ACUTE_SILENCE_SECONDS if urgent else PRACTICE_SILENCE_SECONDS
    announces = _ANNOUNCES.get(exercise.lang)
    before: tuple[str, ...] = ()
    rest = 0.0
    for at, step in enumerate(exercise.steps):
        seconds = 0.0
        match step:
            case models.PauseStep():
                seconds = rest = rest + step.pause
            case models.SayStep():
                before = tuple(wording[-1] for wording in (step.say, *step.variants))
                rest = seconds = step.gap
            case models.BreatheStep():
                before, rest = (), 0.0
            # A question is left out for somebody who is silent: the rests before and after it are then one.
        announced = announces is None or (bool(before) and all(map(announces.search, before)))
        if seconds > limit and not announced:
            mend = f"announce it in the words before, or keep it to {limit:g} s"
            yield source.marked.fault(("steps", at), f"{seconds:g} s of silence come unannounced", mend)


def _breaths(source: ExerciseSource) -> Iterator[Fault]:
    marked, exercise = source.marked, source.exercise
    breaths = [(at, step.breathe) for at, step in enumerate(exercise.steps) if isinstance(step, models.BreatheStep)]
    for at, breath in breaths:
        cycle = breath.seconds_in + breath.seconds_out + breath.rest
        if cycle > LONGEST_BREATH_SECONDS:
            mend = f"keep in, out and rest to {LONGEST_BREATH_SECONDS:g} s together"
            yield marked.fault(("steps", at, "breathe"), f"one breath takes {cycle:g} s", mend)
    if exercise.demands.hold_s > 0:
        yield marked.fault(("demands", "hold_s"), "the breath is held", "write 0: breath is never held here")
    small = _SMALL.get(exercise.lang)
    if breaths and small and not any(_says(step, small) for step in source.script.steps[: breaths[0][0] + 1]):
        mend = "say that the breath is small, quiet or gentle: it keeps people from over-breathing"
        yield marked.fault(("steps", breaths[0][0]), "nothing says that the breath is small", mend)
    way_out = _WAY_OUT.get(exercise.lang)
    if breaths and way_out:
        until = seconds_before(source.script, breaths[0][0]) + WAY_OUT_SECONDS
        steps = enumerate(source.script.steps)
        if not any(_says(step, way_out) for at, step in steps if seconds_before(source.script, at) <= until):
            mend = f"say how to leave the breath, within {WAY_OUT_SECONDS:g} s of the first one"
            yield marked.fault(("steps", breaths[0][0]), "nothing says how to do without the breath", mend)
    if breaths and exercise.demands.breath != "paced":
        yield marked.fault(("demands", "breath"), "the breath is paced, and not declared", "write breath: paced")


def _says(step: Step, what: re.Pattern[str]) -> bool:
    """Whether a step says it, in each of its wordings."""
    match step:
        case Say():
            return all(what.search(" ".join(wording)) for wording in step.wordings)
        case Breathe():
            return what.search(f"{step.in_word} {step.out_word}") is not None
        case _:
            return False
