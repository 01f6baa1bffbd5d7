"""A flow that probes, promises, asks before anything steadies, or leaves silence without an answer does not pass."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from assistant.content.check import check_content
from assistant.core.scenes.flow import FlowScene
from assistant.core.scenes.scene import KEEP, Move
from assistant.core.session import Session
from assistant.core.understanding import Intent, Understanding
from assistant.safety.screen import ScreenedText

from .tree import TODAY_ISO, but_for_its_size

FLOW = """\
schema: 1
id: untangle
version: 1
lang: en
title: a thought
summary: "One worry and one step."
sure: "It may help a little."
review: {author: project, clinician: null, date: null, status: draft}
begins: [untangle a thought]
names: {worry: worry}
steps:
  - {id: feet, say: ["Press your feet down."], gap: 4}
  - {id: worry, ask: "What is the worry?", wait: 20, keep: worry, label: "The worry:", easier: ["One word."],
     on: {answer: ["Okay."], silence: ["That's fine."]}}
  - {id: rest, pause: 5}
  - {id: check, back: [worry], ask: "Is that right?", wait: 15, short: [worry], which: "Which part?",
     on: {answer: ["Okay."], silence: ["Fine."]}}
"""
WORDING = """\
past: ["when i was a child"]
fear: ["(i'm|i am) afraid of (him|her)"]
harsh: ["i hate you"]
now: ["can't breathe"]
onward: [next]
shorter: [shorter]
"""
QUESTION = '  - {id: more, ask: "And what else?", wait: 20, on: {answer: ["Okay."], silence: ["Fine."]}}'

QUESTIONS = "\n".join(QUESTION.replace("more", f"more-{number}") for number in range(8))


def flow(root: Path, name: str = "untangle") -> Path:
    folder = root / "scripts" / "en" / "flows"
    folder.mkdir(exist_ok=True)
    (root / "scripts" / "en" / "flows.yaml").write_text(WORDING)
    path = folder / f"{name}.yaml"
    path.write_text(FLOW.replace("id: untangle", f"id: {name}"))
    return path


def told(root: Path) -> list[str]:
    today = datetime.date.fromisoformat(TODAY_ISO)
    return [str(fault) for fault in but_for_its_size(check_content(root, [root / "config.yaml"], today))]


def test_a_sound_flow_has_no_fault_and_none_is_needed(tree: Path) -> None:
    assert told(tree) == []
    flow(tree)
    assert told(tree) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("What is the worry?", "Why did you do that?", "'Why did you' is not said here, it probes"),
        ("What is the worry?", "What was your childhood like?", "'your childhood' is not said here"),
        ("What is the worry?", "What do you remember?", "'remember' is not said here"),
        ("What is the worry?", "Tell me everything.", "'Tell me everything' is not said here"),
        ('answer: ["Okay."]', 'answer: ["It means you care."]', "'It means you' is not said here"),
        ('answer: ["Okay."]', 'answer: ["Well done."]', "'Well done' is not said here"),
        ('answer: ["Okay."]', 'answer: ["You must rest."]', "'You must' is not said here"),
        ('answer: ["Okay."]', 'answer: ["It may be PTSD."]', "'PTSD' is not said here"),
        ('answer: ["Okay."]', 'answer: ["You are safe."]', "'you are safe' is not said here"),
        ('answer: ["Okay."]', 'answer: ["It will pass."]', "'will pass' is not said here"),
        ("The worry:", "Worry 1:", "'1' cannot be said"),
        ("One word.", "word " * 15, "a sentence has 15 words"),
        ("Which part?", "Should we?", "'should' is not said here"),
        ("Press your feet down.", "Physiological habituation necessitates repetition.", "it reads at grade"),
        (
            "Press your feet down.",
            "You rest and look and slow down and cool off and go on. " * 20,
            "sentences average",
        ),
        ("It may help a little.", "It may help a little. " * 8, "it is said aloud and has 40 words"),
        ("Press your feet down.", "Look up and around now. " * 60, "it talks for"),
        ("gap: 4", "gap: 1", "it asks before anything steadies"),
        ("wait: 20", "wait: 5", "5 s are short to think"),
        (', silence: ["That\'s fine."]', "", "silence has no answer here"),
        ('answer: ["Okay."], silence: ["That\'s', 'silence: ["That\'s', "an answer has no reply here"),
        ("id: rest", "id: worry", "two steps are called 'worry'"),
        ('keep: worry, label: "The worry:", ', "", "'worry' was not asked for before it is read back"),
        ('label: "The worry:", ', "", "keep and label stand together"),
        ("{worry: worry}", "{worry: wory}", "nothing is kept as 'wory'"),
        ("review:", "draft: true\nreview:", "a message is worded before fear was asked about"),
        ("[untangle a thought]", "[i want to die]", "this sounds like danger"),
        ("[untangle a thought]", "[go on]", "'go on' is a command already"),
        ("id: untangle", "id: tangle", "id is 'tangle', but the file lies at en/flows/untangle.yaml"),
        ("pause: 5", "pause: 5, say: [a]", "a step has exactly one of ask, say, pause"),
        ("  - {id: rest, pause: 5}", QUESTIONS, "10 questions are asked"),
    ],
)  # fmt: skip
def test_each_fault_of_a_flow_is_told_with_its_line_and_its_mend(tree: Path, old: str, new: str, says: str) -> None:
    path = flow(tree)
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    found = told(tree)
    assert any(says in fault and "flows/untangle.yaml:" in fault for fault in found), found


def test_a_flow_without_a_place_on_the_page_is_told(tree: Path) -> None:
    path = flow(tree)
    text = path.read_text().replace('keep: worry, label: "The worry:", ', "").replace("names: {worry: worry}\n", "")
    path.write_text(text[: text.index("  - {id: check")])
    assert any("nothing of it has a place on the page" in fault for fault in told(tree))


def test_a_phrase_begins_one_flow_only(tree: Path) -> None:
    flow(tree)
    flow(tree, "untie")
    assert any("'untangle a thought' begins untangle already" in fault for fault in told(tree))


def test_without_what_is_listened_for_flows_are_told(tree: Path) -> None:
    flow(tree)
    (tree / "scripts" / "en" / "flows.yaml").unlink()
    assert any("flows.yaml:1:1: the file is missing" in fault for fault in told(tree))


def test_a_pattern_that_cannot_be_read_is_told(tree: Path) -> None:
    flow(tree)
    path = tree / "scripts" / "en" / "flows.yaml"
    path.write_text(path.read_text().replace("i hate you", "(i hate you"))
    assert any("flows.yaml:3:" in fault and "'(' without ')'" in fault for fault in told(tree))


def test_a_flow_that_does_not_leave_on_worse_is_told(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flow(tree)
    answer = FlowScene.answer

    def deaf(self: FlowScene, session: Session, said: Understanding, words: ScreenedText) -> Move:
        return KEEP if said.intent is Intent.WORSE else answer(self, session, said, words)

    monkeypatch.setattr(FlowScene, "answer", deaf)
    assert any("after 'worse' here, the exercise is not left at once" in fault for fault in told(tree))


def test_a_flow_that_asks_for_ever_is_told(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flow(tree)
    monkeypatch.setattr(FlowScene, "silence", lambda self, session: Move(listen=10.0))
    assert any("the sitting has not ended after" in fault for fault in told(tree))
