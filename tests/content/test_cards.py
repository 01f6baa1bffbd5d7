"""A card that is too long, too hard, unsourced, or says what no card may say does not pass."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from assistant.content.check import check_content
from assistant.faults import Fault, Severity

from .tree import TODAY_ISO, but_for_its_size

QUESTIONS = [
    "what is anger", "why am i angry", "i see red", "my temper", "how do i cool off", "why do i shout", "is anger bad",
    "what is rage", "anger again", "fury",
]  # fmt: skip

CARD = """\
schema: 1
id: {id}
version: 1
lang: en
title: what {id} is
states: [{states}]
text:
  - "It makes the body hot and quick. Many people know it."
  - "Step away first."
sure: "This is known from many trials."
certainty: solid
refs: [tol-2020]
exercise: feet-on-floor
review: {{author: project, clinician: null, date: null, status: draft}}
words: [{id}]
questions:
{questions}
"""

WORDING = """\
skip: [the]
endings: {s: ""}
same: [[anger, angry]]
elsewhere: [what time is it]
"""
LONG = "You rest and look and slow down and cool off and go on now."
STATES = "panic, flashback, dissociation, anger, worry, sleep, overwhelm, shame, sensory, numb, practice, unsure"


def card(root: Path, name: str = "anger", states: str = STATES, questions: list[str] = QUESTIONS) -> Path:
    folder = root / "scripts" / "en" / "cards"
    folder.mkdir(exist_ok=True)
    (root / "scripts" / "en" / "cards.yaml").write_text(WORDING)
    path = folder / f"{name}.yaml"
    listed = "\n".join(f"  - {question}" for question in questions)
    path.write_text(CARD.format(id=name, states=states, questions=listed))
    return path


def check(root: Path) -> list[Fault]:
    today = datetime.date.fromisoformat(TODAY_ISO)
    return but_for_its_size(check_content(root, [root / "config.yaml"], today))


def test_a_sound_card_has_no_fault_and_none_is_needed(tree: Path) -> None:
    assert check(tree) == []
    card(tree)
    assert check(tree) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("Step away first.", "Step away first. Now. Go.", ":9:5: a passage has 3 sentences"),
        ("Step away first.", "Take a deep breath.", "'deep breath' is not said here"),
        ("Step away first.", "You must step away.", "'You must' is not said here"),
        ("Step away first.", "You have anxiety.", "'You have anxiety' is not said here, no diagnosis"),
        ("Step away first.", "It may be ADHD.", "'ADHD' is not said here, no diagnosis"),
        ("Step away first.", "You are avoidant.", "'You are avoidant' is not said here"),
        ("Step away first.", "You are safe.", "'you are safe' is not said here"),
        ("Step away first.", "It will pass.", "'will pass' is not said here"),
        ("Step away first.", "It takes 5 minutes.", "'5' cannot be said"),
        ("Step away first.", "word " * 15 + ".", "a sentence has 15 words, keep it to 14"),
        (
            "Step away first.",
            f"{LONG} {LONG}",
            "sentences average",
        ),
        ("Step away first.", "Physiological habituation necessitates repetition.", "it reads at grade"),
        (
            "This is known",
            "And so it is known here, one and all, " + "or so it seems. " * 6,
            "it is said aloud and has",
        ),
        ("[tol-2020]", "[tol-2019]", "tol-2019 is not in refs.yaml"),
        ("[tol-2020]", "[]", "it is called solid without a reference"),
        ("certainty: solid", "certainty: sure", "input should be 'solid', 'mixed' or 'debated'"),
        ("feet-on-floor", "feet-in-air", "there is no exercise feet-in-air"),
        ("id: anger", "id: rage", "id is 'rage', but the file lies at en/cards/anger.yaml"),
        ("sure:", "shure:", "sure is missing"),
        ("  - fury\n", "", "it is asked for in 9 ways"),
        ("  - fury\n", "  - What is anger?\n", "is asked of twice here"),
        ("  - fury\n", "  - i want to die\n", "this sounds like danger"),
        ("sleep, ", "", "no card is about sleep"),
    ],
)
def test_each_fault_of_a_card_is_told_with_its_line_and_its_mend(tree: Path, old: str, new: str, told: str) -> None:
    path = card(tree)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    found = [str(fault) for fault in check(tree)]
    assert any(told in fault and "cards/anger.yaml" in fault for fault in found), found


def test_a_long_card_is_told(tree: Path) -> None:
    path = card(tree)
    path.write_text(path.read_text().replace('  - "Step away first."', '  - "Go on, step by step."\n' * 23))
    assert any("it has 126 words, keep it to 120" in str(fault) for fault in check(tree))


def test_a_question_belongs_to_one_card(tree: Path) -> None:
    card(tree)
    card(tree, "rage", questions=[*(f"rage number {word}" for word in "abcdefghi"), "Is anger bad?"])
    (found,) = check(tree)
    assert "'Is anger bad?' is asked of anger too" in str(found) and found.path.name == "rage.yaml"


def test_what_is_elsewhere_has_no_card_and_a_word_one_group(tree: Path) -> None:
    card(tree)
    path = tree / "scripts" / "en" / "cards.yaml"
    path.write_text(path.read_text().replace("what time is it", "my temper").replace("]]", "], [angry, cross]]"))
    told = [str(fault) for fault in check(tree)]
    assert any("'my temper' has an answer: anger" in fault for fault in told), told
    assert any("'angry' stands in two groups" in fault for fault in told), told


def test_a_state_without_a_card_is_a_warning(tree: Path) -> None:
    card(tree, states="anger")
    found = check(tree)
    assert {fault.severity for fault in found} == {Severity.WARNING} and len(found) == 11


def test_cards_without_their_wording_are_told(tree: Path) -> None:
    card(tree)
    (tree / "scripts" / "en" / "cards.yaml").unlink()
    assert any("cards.yaml:1:1: the file is missing" in str(fault) for fault in check(tree))
