"""The flows as a document to read and to review."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from assistant.content import models
from assistant.content.flow_models import AStep, BackStep, PromptStep, RewordStep
from assistant.content.flows import FlowSource
from assistant.content.gates.flows import talk_seconds
from assistant.content.gates.reading import grade
from assistant.content.gates.timing import computed_seconds, spoken_lines
from assistant.core.flows import without_model

HEAD = """\
# The flows

Made by `grounding flow --markdown`; a test keeps it true. Length: when nothing is answered. Talk: what of it is speech,
the rest is time to think. Grade: school years by Flesch and Kincaid. Review: `draft` means that no clinician has signed
it; none here is signed yet.

Every question may be answered in one word, in many, or not at all. "Next", "back", "I can't", "something else", "it's
worse" and "stop" work everywhere. What is said lives in memory until the end: then it is kept as an encrypted note,
shown, or, without an answer, gone. What comes up of old harm is met with firm ground and, with a yes, noted for a
person; it is not asked about. Where somebody is afraid of the person a message is for, there is no draft, but people to
reach. What a language model may do in a flow, where there is one and after a yes, is in `docs/language-model.md`;
without one nothing of it is said.

| flow | title | begin it with | length | talk | grade | review |
|---|---|---|---|---|---|---|
"""


def flow_catalogue(sources: Iterable[FlowSource]) -> str:
    """As Markdown."""
    flows = list(sources)
    return HEAD + "".join(_row(source) for source in flows) + "".join(_whole(source) for source in flows)


def _row(source: FlowSource) -> str:
    written, script = source.written, without_model(source.flow.script)
    return (
        f'| `{written.id}` | {written.title} | "{written.begins[0]}" | {computed_seconds(script):.0f} s '
        f"| {talk_seconds(source):.0f} s | {grade(spoken_lines(script)):.1f} | {written.review.status} |\n"
    )


def _whole(source: FlowSource) -> str:
    written = source.written
    head = f"\n## {written.title}\n\n{written.summary}\n\nAre you sure? {written.sure}\n\n"
    return head + "".join(f"{row}\n" for step in written.steps for row in _rows(step))


def _rows(step: AStep) -> Iterator[str]:
    match step:
        case models.SayStep():
            yield f"- {' '.join(step.say)}"
        case models.PauseStep():
            yield f"- (quiet, {step.pause:g} s)"
        case BackStep():
            yield f"- (reads back: {', '.join(step.back)}) **{step.ask}**"
        case RewordStep():
            yield f"- (with a language model only: {', '.join(step.reword)} put another way) **{step.ask}**"
        case PromptStep():
            yield f"- **{step.ask}** ({step.seconds or step.wait:g} s)"
            replies = {"smaller": step.easier, "answer": step.on.answer, "yes": step.on.yes, "no": step.on.no}
            for name, lines in (replies | {"silence": step.on.silence}).items():
                if lines:
                    yield f"  - {name}: {' '.join(lines)}"
