"""The exercises as a table: what each is for, how long and how quiet it is, how it reads, and what is known of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.content.exercises import ExerciseSource
from assistant.content.gates.reading import grade
from assistant.content.gates.timing import computed_seconds, speech_seconds, spoken_lines
from assistant.content.gates.wording import mean_sentence, sentences, words
from assistant.core.script import Ask, Breathe, Say

HEAD = """\
# The exercises

Made by `grounding scripts --markdown`; a test keeps it true. Length: when nothing is answered. Quiet: its share
without words. Words: in a sentence, mean and most. Grade: school years by Flesch and Kincaid. Evidence: A trials of
the exercise itself, B small trials or close relatives, C practice with little testing. Review: `draft` means that no
clinician has signed it; none here is signed yet.

| exercise | for | family | length | quiet | words | grade | evidence | review |
|---|---|---|---|---|---|---|---|---|
"""


def catalogue(sources: Iterable[ExerciseSource]) -> str:
    """As Markdown."""
    rows = list(sources)
    return HEAD + "".join(f"| {' | '.join(_row(source))} |\n" for source in rows) + "\n" + "".join(_notes(rows))


def _row(source: ExerciseSource) -> Iterator[str]:
    exercise, script = source.exercise, source.script
    seconds = computed_seconds(script)
    spoken = sum(speech_seconds(line, script.words_per_minute) for line in said(source))
    lines = spoken_lines(script)
    yield f"`{exercise.id}`"
    yield ", ".join(state.value for state in exercise.states)
    yield exercise.family.replace("_", " ")
    yield f"{seconds:.0f} s"
    yield f"{1 - spoken / seconds:.0%}"
    yield f"{mean_sentence(lines):.1f}, {max(len(words(sentence)) for sentence in sentences(lines))}"
    yield f"{grade(lines):.1f}"
    yield f"{exercise.evidence.grade}, {exercise.evidence.certainty}"
    yield exercise.review.status


def said(source: ExerciseSource) -> Iterator[str]:
    """What is heard in its first wording, when nothing is answered."""
    for step in source.script.steps:
        match step:
            case Say():
                yield from step.phrases
            case Ask():
                yield from (step.question, *step.on_silence)
            case Breathe():
                for cycle in range(step.cycles):
                    if cycle < step.words_first or (step.word_every and cycle % step.word_every == 0):
                        yield from (step.in_word, step.out_word)


def _notes(sources: Iterable[ExerciseSource]) -> Iterator[str]:
    yield '## What is said on "are you sure?"\n\n'
    for source in sources:
        evidence = source.exercise.evidence
        kept = ", ".join(source.exercise.avoid_if).replace("_", " ")
        away = f" Kept from: {kept}." if kept else ""
        refs = ", ".join(f"`{name}`" for name in evidence.refs) or "none"
        yield f"* `{source.exercise.id}`: {evidence.claim} (References: {refs}.){away}\n"
