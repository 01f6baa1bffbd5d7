"""Gates that only an unlikely fault reaches: each is seen to find its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.content.countries import load_countries
from assistant.content.gates.interrupt import MOST_NUMBERS, interrupt_faults
from assistant.content.phrases import read_phrases
from assistant.safety.support import Line, Support
from assistant.safety.verdict import Kind

from .test_check import CHECK_IN, FEET, GB, LISTENING, PHRASES, SAFETY, change, check

ASK = '\n  - {id: %s, ask: "And now?", about: body, wait: 5}'
LONG_SENTENCE = "You see one thing near you and then two more things in the room."
GRAVE = "Stabilise extremities imaginatively."


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        (CHECK_IN, "gap: 6}", "gap: 6}" + "".join(ASK % name for name in "abcd"), "5 questions are asked"),
        (CHECK_IN, "Press your feet down.", GRAVE, "it reads at grade"),
        (FEET, "intensity: [0, 10]", "intensity: [10, 0]", "the range runs backwards"),
        (FEET, '"Press your feet down."', ", ".join([f'"{LONG_SENTENCE}"'] * 12), "sentences average"),
        ("scripts/en/exercises/look-around.yaml", "eyes: open", "eyes: choice", "eyes may close in flashback and diss"),
        (LISTENING, "  anger: [anger word, anger: 0.5]\n", "", "no words mean 'anger'"),
        (SAFETY, 'match: ["I want to die"]', "match: []", "wants-to-die shows no sentence it matches"),
        (
            PHRASES,
            "recorded:\n  voice-lost: Something has failed.",
            "recorded:\n  voice-lost: Calm down.",
            "'calm down'",
        ),
        (GB, 'phone: "116 123"', 'phone: ""', "Listeners cannot be reached"),
        (GB, "hours_spoken: day and night", "hours_spoken: calm down", "14:5: 'calm down' is not said here"),
        (GB, "You can text home to", "Calm down. Text home to", "'calm down' is not said here"),
    ],
)
def test_a_fault_is_found_by_its_gate(tree: Path, file: str, old: str, new: str, told: str) -> None:
    change(tree / file, old, new)
    if told == "Listeners cannot be reached":
        for line in ('    text_spoken: "You can text home to {digits}."\n', '    text_number: "85258"\n'):
            change(tree / file, line, "")
        change(tree / file, "web: https://example.org", 'web: ""')
    found = [str(fault) for fault in check(tree)]
    assert any(told in line for line in found), found


def test_a_list_that_is_looked_up_by_number_is_whole(tree: Path) -> None:
    text = (tree / PHRASES).read_text()
    at = text.index("digits:")
    line = text.index("-", at)
    (tree / PHRASES).write_text(text[:line] + text[text.index("-", line + 1) :])
    assert any("spoken.digits has 9 entries" in fault.what for fault in check(tree))


def test_a_country_has_a_line_to_call(tree: Path) -> None:
    text = (tree / GB).read_text()
    (tree / GB).write_text(text[: text.index("lines:")] + "lines: []\n" + text[text.index("review:") :])
    assert any("there is no line to call" in fault.what for fault in check(tree))


def test_a_recording_that_is_another_than_it_was_is_told(tree: Path) -> None:
    path = tree / "audio" / "en" / "voice-lost.wav"
    data = path.read_bytes()
    path.write_bytes(data[:-2] + b"\1\1")
    assert any("voice-lost.wav is not as" in fault.what for fault in check(tree))


def test_a_check_in_is_over_soon_after_the_knock(tree: Path) -> None:
    change(tree / CHECK_IN, "talk_s: 20", "talk_s: 25")
    text = (tree / PHRASES).read_text()
    at = text.index("Here it is.", text.index("knock:"))
    (tree / PHRASES).write_text(text[:at] + "Here it is. " * 40 + text[at + len("Here it is.") :])
    assert any("from the knock to the goodbye" in fault.what for fault in check(tree))


@pytest.mark.parametrize(
    ("key", "line", "told"),
    [
        ("interrupt.emergency", "Please call someone.", "the emergency number is not said"),
        ("interrupt.emergency", "Please call someone.", "the emergency number does not come first"),
        ("interrupt.person_abuse", "Quillon may be near.", "a name is said where the one who hurts may hear it"),
        ("interrupt.reopened", "I promise it.", "'promise' is never said here"),
    ],
)
def test_the_interrupt_is_held_to_its_lists(tree: Path, key: str, line: str, told: str) -> None:
    phrases = read_phrases(tree, "en", [])
    assert phrases is not None
    countries = load_countries(tree, [])
    assert list(interrupt_faults(phrases, "en", countries)) == []
    seeded = replace(phrases, lines=phrases.lines | {key: (line,)})
    assert any(told in fault.what for fault in interrupt_faults(seeded, "en", countries))


def test_no_more_ways_to_people_than_a_person_can_choose_from(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    phrases = read_phrases(tree, "en", [])
    assert phrases is not None
    (support, *_) = load_countries(tree, []).values()
    many: tuple[Line, ...] = support.lines * MOST_NUMBERS

    def all_of_them(self: Support, kind: Kind | None) -> Support:
        return replace(self, lines=many)

    monkeypatch.setattr(Support, "for_kind", all_of_them)
    found = interrupt_faults(phrases, "en", {"GB": support})
    assert any(f"more than {MOST_NUMBERS} ways to people are named" in fault.what for fault in found)
