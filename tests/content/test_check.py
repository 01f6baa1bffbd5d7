"""`check` finds each fault, says where it is, and what to do; and finds nothing in what is sound."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.content.check import check_content
from assistant.content.gates.assets import DRAWN
from assistant.content.root import content_root
from assistant.core.performance import spoken
from assistant.core.scenes.exercise import ExerciseScene
from assistant.core.scenes.scene import Move
from assistant.faults import Fault, Severity
from assistant.speaking.tones import CHIMES

from .tree import TODAY_ISO, but_for_its_size

TODAY = datetime.date.fromisoformat(TODAY_ISO)
FEET = "scripts/en/exercises/feet-on-floor.yaml"
LOOK = "scripts/en/exercises/look-around.yaml"
CHECK_IN = "scripts/en/checkins/number-and-word.yaml"
PHRASES = "scripts/en/phrases.yaml"
LISTENING = "scripts/en/understanding.yaml"
SAFETY = "scripts/en/safety.yaml"
GB = "scripts/resources/GB.yaml"


def check(root: Path, today: datetime.date = TODAY) -> list[Fault]:
    return but_for_its_size(check_content(root, [root / "config.yaml"], today))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text, f"the test would change nothing: {old!r} is not in {path.name}"
    path.write_text(text.replace(old, new, 1))


def test_nothing_is_wrong_with_what_is_sound(tree: Path) -> None:
    assert check(tree) == []


def test_nothing_is_wrong_with_what_is_shipped() -> None:
    root = content_root()
    newest = datetime.date(2026, 11, 23)
    assert [str(fault) for fault in check_content(root, [root / "config.yaml"], newest)] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "told"),
    [
        # Shapes
        (FEET, "easier: [", "easyer: [", "17:1: easyer is not a key known here, did you mean 'easier'?"),
        (FEET, "pause: 5", "pause: long", "20:20: steps.1.pause: input should be a valid number"),
        (FEET, "pause: 5", "paws: 5", "20:5: steps.1: a step has exactly one of say, pause, breathe"),
        (FEET, "pause: 5}", "pause: 5, chime: end}", "a step has exactly one of"),
        (FEET, "cycles: 2,", "cycles: 2, hold: 4,", "steps.4.breathe.hold is not a key known here"),
        (FEET, "title: Feet on the floor\n", "", "title is missing, add it"),
        (FEET, "grade: C", "grade: D", "evidence.grade: input should be 'A', 'B' or 'C'"),
        (FEET, "asthma_flare,", "asthma,", "avoid_if.1: input should be 'breath_trauma'"),
        (FEET, "id: press", "id: press, id: press", "'id' is here twice"),
        (FEET, "summary: You press", "summary: You: press", "this is not YAML"),
        (PHRASES, "greeting:\n", "greeting:\n  half: 5\n", "greeting.half is not a list of lines"),
        (GB, '"116 123"', "116", "lines.0.phone"),
        (FEET, "avoid_if: [", "avoid_if: pregnancy # [", "avoid_if is no list, write a list: [this, that]"),
        ("config.yaml", "voice:\n", "voice: loud\nx:\n", "voice needs keys under it, write keys and values"),
        (
            "config.yaml",
            "words_per_minute: ",
            "words_per_minute: quick # ",
            "words_per_minute is no whole number, write a",
        ),
        (SAFETY, '["(want|going) to die"]', '["(want|going to die"]', "'(' without ')'"),
        (SAFETY, "kind: suicide", "kind: sadness", "rules.0.kind: input should be 'suicide'"),
        ("config.yaml", "patient: false", "patiens: false", "patiens is not a key known here, did you mean 'patient'?"),
        ("config.yaml", "language: en", "language: de", "language: there is none of the name 'de', write en"),
        (
            "config.yaml",
            "check_in: number-and-word",
            "check_in: nope",
            "check_in: there is none of the name 'nope', write",
        ),
        (
            "config.yaml",
            "  engine: auto\n  # Folder",
            "  engine: nope\n  # Folder",
            "speech_to_text.engine: input should be",
        ),
        (CHECK_IN, "about: feeling", "about: weather", "steps.2.about: input should be 'feeling', 'body' or 'plan'"),
        (CHECK_IN, "talk_s: 20", "talk_s: 40", "talk_s: input should be less than or equal to 25"),
        # A check-in: the number first, feelings after something steady, few words
        (
            CHECK_IN,
            "id: number-and-word",
            "id: number",
            "id is 'number', but the file lies at en/checkins/number-and-word.yaml",
        ),
        (CHECK_IN, "lang: en", "lang: de", "lang is 'de', but the file lies at en/checkins"),
        (CHECK_IN, "gap: 6", "gap: 1", "12:5: a feeling is asked for too early"),
        (CHECK_IN, '  - {id: number, number: "How is it now?"}\n', "", "a feeling is asked for too early"),
        (CHECK_IN, "gap: 6}", 'gap: 6}\n  - {id: late, number: "And now?"}', "the number comes late"),
        (CHECK_IN, "talk_s: 20", "talk_s: 5", "and 5 s are promised"),
        (CHECK_IN, "id: word", "id: feet", "two steps are called 'feet'"),
        (CHECK_IN, '"Okay."', '"Well done."', "'well done' is not said here"),
        # Whose words they are, and what nobody may claim
        (PHRASES, "review: {author: project, clinician: null, date: null, status: draft}\n", "", "review is missing"),
        (PHRASES, "refs: [tol-2020]", "refs: []", "refs: tuple should have at least 1 item"),
        (PHRASES, "refs: [tol-2020]", "refs: [tol-2021]", "2:8: tol-2021 is not in refs.yaml"),
        (SAFETY, "review: {author: project, clinician: null, date: null, status: draft}\n", "", "review is missing"),
        (SAFETY, "status: draft", "status: signed", "review.status: input should be 'draft', 'peer' or 'clinician'"),
        (FEET, "status: draft", "status: clinician", "review: status is clinician and no date says when"),
        (FEET, "date: null, status: draft", "date: 2026-11-01, status: clinician", "and nobody is named"),
        (CHECK_IN, "status: draft", "status: peer", "review: status is peer and no date says when"),
        # Names that match, references that lead somewhere
        (
            FEET,
            "id: feet-on-floor",
            "id: feet",
            "2:1: id is 'feet', but the file lies at en/exercises/feet-on-floor.yaml",
        ),
        (FEET, "lang: en", "lang: de", "lang is 'de'"),
        (FEET, "id: rest-one", "id: press", "two steps are called 'press'"),
        (FEET, "refs: [tol-2020]", "refs: [tol-2021]", "tol-2021 is not in refs.yaml"),
        (FEET, "chime: end", "chime: gong", "there is no chime 'gong', add audio/gong.wav, or use one of end"),
        (LISTENING, "panic: [feet-on-floor]", "panic: [feet-on-flor]", "did you mean feet-on-floor?"),
        (LISTENING, "  unsure: [feet-on-floor]\n", "", "unsure has no order"),
        (LISTENING, "  go_on: [go on]\n", "", "no phrase means 'go_on'"),
        (LISTENING, "stop: [stop]", "stop: [stop, pause]", "means stop already"),
        (FEET, "panic, anger,", "panic,", "feet-on-floor does not say it is for anger"),
        (GB, "country: GB", "country: UK", "country is 'UK', but the file is GB.yaml"),
        # What the program says by name
        (PHRASES, "  quiet:\n", "  quite:\n", "greeting.quiet is missing"),
        (
            PHRASES,
            "Here is {digits} and {line}. Again: {digits}.",
            "Here is {line}.",
            "interrupt.line does not say {digits}",
        ),
        (PHRASES, "Here is {number}.", "Here is {numbr}.", "uses {numbr}, which nothing fills in"),
        (PHRASES, '- "Here it is."', '- "Here { it is."', "has a brace that cannot be read"),
        (PHRASES, "  voice-lost:", "  voice-gone:", "recorded.voice-lost is missing"),
        (PHRASES, "  voice-lost:", "  voice-gone:", "audio/en/voice-gone.wav is missing"),
        # The screen keeps its word
        (SAFETY, 'match: ["I want to die"]', 'match: ["I want to sleep"]', "wants-to-die does not match"),
        (SAFETY, 'miss: ["I want to diet"]', 'miss: ["they want to die"]', "wants-to-die matches"),
        (SAFETY, 'must_catch: ["I want to die"]', 'must_catch: ["I can\'t go on"]', "is soft, and must be hard"),
        (SAFETY, "id: cannot-go-on", "id: wants-to-die", "two rules are called"),
        # Wording
        (FEET, "Press your feet down.", "Take a deep breath.", "19:23: 'deep breath' is not said here"),
        (FEET, "Press your feet down.", "You should press now.", "'should' is not said here"),
        (FEET, "Press your feet down.", "You have to press now.", "'you have to' is not said here"),
        (FEET, "Press your feet down.", "Keep still for a bit.", "'keep still' is not said here"),
        (FEET, "Press your feet down.", "Just breathe.", "'just breathe' is not said here"),
        (FEET, "Press your feet down.", "Go to your safe place.", "'safe place' is not said here"),
        (FEET, "Press your feet down.", "Press 5 times.", "'5' cannot be said"),
        (FEET, "Press your feet down.", "Press and/or lift.", "'/' cannot be said"),
        (FEET, "Press your feet down.", "Press ... and rest.", "'...' cannot be said"),
        (FEET, "Press your feet down.", "Press " + "and press " * 7 + "down.", "a sentence has 16 words"),
        (
            FEET,
            "Press your feet down.",
            "You can press. You may rest. If you like, stay.",
            "permission is given 3 times",
        ),
        (FEET, "a little.", "a little " + "and more " * 12 + ".", "it is said aloud and has 31 words"),
        (PHRASES, "Here it is.", "Calm down.", "'calm down' is not said here"),
        # Time, silence, breath
        (FEET, "pause: 5", "pause: 12", "13.3 s of silence come unannounced"),
        (
            FEET,
            'feels wrong."], gap: 0}',
            'feels wrong."], gap: 7}\n  - {id: q, ask: Yes?, wait: 3}\n  - {id: r, pause: 4}',
            "11 s of silence come unannounced",
        ),
        (FEET, "in: 3, out: 5", "in: 5, out: 9", "one breath takes 14.5 s"),
        (FEET, "hold_s: 0", "hold_s: 4", "the breath is held"),
        (FEET, "In, small and quiet.", "In.", "nothing says that the breath is small"),
        (FEET, "In, small and quiet.", "In. And some quiet.", "nothing says that the breath is small"),
        (FEET, "breath: paced", "breath: none", "the breath is paced, and not declared"),
        (FEET, "Leave the breath out if it feels wrong.", "And now with tones.", "how to do without the breath"),
        (FEET, "Leave the breath out if it feels wrong.", "Look at one thing near you.", "how to do without the brea"),
        (FEET, 'wrong."], gap: 0}', 'wrong."], gap: 0, variants: [["Now tones."]]}', "how to do without the breath"),
        (FEET, '"And let go."], gap: 1.3}', '"Quiet."], gap: 6, variants: [["Press.", "Go."]]}', "11 s of silence"),
        (FEET, "gap: 1.3}", "gap: 1.3, variants: [[Press.]]}", "this wording takes 1.8 s, and the first 6.0 s"),
        (FEET, "gap: 1.3}", 'gap: 1.3, variants: [["Relax your feet now.", "And go."]]}', "'relax' is not said here"),
        # Questions, the end, how it reads
        (FEET, "{id: rest-one, pause: 5}", '{id: rest-one, ask: "Is it red?", wait: 3}', "2 questions are asked"),
        (
            FEET,
            "Press your feet down.",
            "Stabilise extremities imaginatively, approximately simultaneously.",
            "it reads at grade",
        ),
        # Who it is for
        (FEET, "[breath_trauma, ", "[", "the breath is paced, and nobody is kept from it, add breath_trauma"),
        (FEET, "dissociating, flashback]", "dissociating]", "the breath is paced, and nobody is kept from it, add"),
        (FEET, "posture: any", "posture: standing", "needs.posture: input should be 'any'"),
        (LOOK, "imagery: none", "imagery: core", "pictures are its core, and nobody is kept from it"),
        (FEET, "body_focus: contact", "body_focus: inner", "it looks inside the body, and nobody is kept from it"),
        (FEET, "family: orienting", "family: movement", "it tenses or pushes, and nobody is kept from it, add injury"),
        (FEET, "family: orienting", "family: touch", "it is a touch, and nobody is kept from it"),
        (FEET, "cold: none", "cold: hands", "it is cold, and nobody is kept from it"),
        (FEET, "cold: none", "cold: face", "it cools the face, and nobody is kept from it, add cardiac"),
        (FEET, "states: [panic,", "states: [panic, flashback,", "this leads inward, and is"),
        ("config.yaml", "threads: 2", f"threads: {'1' * 5000}", "this number is too long, write a shorter one"),
        # Support
        (GB, "source: https://example.org/about", 'source: ""', "Listeners names no source"),
        (GB, "{digits}", "{number}", "text_spoken uses {number}"),
        (GB, 'text_number: "85258"', 'text_number: ""', "has one of text_spoken and text_number"),
        (GB, "checked: 2026-11-01", "checked: 2027-11-01", "was checked in the future"),
    ],
)
def test_a_fault_is_found_where_it_is(tree: Path, file: str, old: str, new: str, told: str) -> None:
    change(tree / file, old, new)
    found = [str(fault).removeprefix(f"{tree}/") for fault in check(tree)]
    fitting = [line for line in found if told in line]
    assert fitting, found


def test_a_wrong_length_is_told_with_the_right_one(tree: Path) -> None:
    change(tree / FEET, "target_s: 54", "target_s: 90")
    (fault,) = check(tree)
    assert (fault.line, fault.what) == (15, "it lasts 53 s, and 90 s is promised")
    assert fault.mend.startswith("write target_s: 53")


def test_whoever_is_not_asleep_is_told_that_it_is_over(tree: Path) -> None:
    change(tree / FEET, "  - {id: end-chime, chime: end}\n", "")
    assert check(tree) == [], "it is for sleep too"
    change(tree / FEET, " sleep,", "")
    assert "nothing tells that it is over" in [fault.what for fault in check(tree)]


def test_a_chime_that_is_gone_is_drawn_again_by_a_command(tree: Path) -> None:
    (tree / "audio" / "end.wav").unlink()
    told = [fault for fault in check(tree) if "no chime" in fault.what]
    assert told and {fault.mend for fault in told} == {"python -m assistant.app.cues draws end.wav again"}
    assert set(DRAWN) == set(CHIMES)


def test_silence_that_was_announced_is_no_fault(tree: Path) -> None:
    change(tree / FEET, '"And let go."]', '"And let go.", "Now some seconds of quiet."]')
    change(tree / FEET, "pause: 5", "pause: 12")
    change(tree / FEET, "target_s: 54", "target_s: 63")
    assert check(tree) == []


def test_help_begins_within_twelve_seconds(tree: Path) -> None:
    change(tree / FEET, "steps:\n", "steps:\n  - {id: wait, pause: 13}\n")
    assert "the first words come late" in [fault.what for fault in check(tree)]


@pytest.mark.parametrize(
    ("checked", "severity"),
    [("2026-06-01", None), ("2026-05-01", Severity.WARNING), ("2025-11-01", Severity.FAULT)],
)
def test_a_number_grows_old(tree: Path, checked: str, severity: Severity | None) -> None:
    change(tree / GB, "checked: 2026-11-01", f"checked: {checked}")
    assert [fault.severity for fault in check(tree)] == ([severity] if severity else [])


@pytest.mark.parametrize(
    "damage",
    [
        lambda root: (root / "audio" / "end.wav").unlink(),
        lambda root: (root / "audio" / "end.wav").write_bytes(b"ID3 this is an MP3"),
        lambda root: (root / "audio" / "end.wav").write_bytes(b""),
        lambda root: (root / "scripts" / "resources" / "ZZ.yaml").unlink(),
        lambda root: (root / "scripts" / "en" / "phrases.yaml").unlink(),
        lambda root: (root / "scripts" / "en" / "safety.yaml").unlink(),
        lambda root: (root / "scripts" / "en" / "safety.yaml").write_bytes(b"\xff\xfe\x00"),
        lambda root: (root / "scripts" / "en" / "safety.yaml").write_text("rules: [\x07]"),
        lambda root: (root / "scripts" / "en" / "phrases.yaml").write_text("[]"),
        lambda root: (root / "config.yaml").write_text(""),
    ],
)
def test_a_damaged_or_missing_file_is_a_fault_and_never_a_traceback(
    tree: Path, damage: Callable[[Path], object]
) -> None:
    damage(tree)
    assert check(tree)


def test_all_faults_are_told_at_once(tree: Path) -> None:
    change(tree / FEET, "grade: C", "grade: D")
    change(tree / FEET, "wpm: 125", "wpm: 300")
    change(tree / GB, "confidence: high", "confidence: certain")
    change(tree / "config.yaml", "threads: 2", "threads: 0")
    assert {fault.path.name for fault in check(tree)} >= {"feet-on-floor.yaml", "GB.yaml", "config.yaml"}
    assert len([fault for fault in check(tree) if fault.path.name == "feet-on-floor.yaml"]) == 2
    assert not [fault for fault in check(tree) if fault.path.name == "understanding.yaml"], "one fault is told once"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("I am a computer program.", "I am here.", "it does not say that it is a computer program"),
        ("Here is {emergency}.", "Here it is, {emergency}. I have to stop now.", "'I have to stop' is never said here"),
        ('  stay:\n    - "Here it is."', '  stay:\n    - "I have called them."', "claims to have called"),
        ('  person_abuse:\n    - "Here it is."', '  person_abuse:\n    - "Confront him."', "it confronts"),
        ("Here is {digits} and {line}. Again: {digits}.", "Here is {digits} and {line}.", "is not said twice"),
    ],
)
def test_the_interrupt_says_what_it_must_and_nothing_it_must_not(tree: Path, old: str, new: str, told: str) -> None:
    change(tree / PHRASES, old, new)
    assert any(told in fault.what for fault in check(tree))


def test_a_state_with_too_little_to_offer_is_a_warning(tree: Path) -> None:
    found = check_content(tree, [tree / "config.yaml"], TODAY)
    told = {fault.what for fault in found if fault.severity is Severity.WARNING}
    assert {
        "panic has none besides its 1",
        "panic has none without breath work",
        "panic has none of five to six minutes",
    } <= told
    assert "panic has none that needs no voice" not in told, "the one there is needs none"


def test_an_exercise_that_sounds_the_same_the_tenth_time_is_a_warning(tree: Path) -> None:
    def told() -> list[tuple[str, Severity]]:
        found = check_content(tree, [tree / "config.yaml"], TODAY)
        ours = [fault for fault in found if fault.path == tree / FEET]
        return [(fault.what, fault.severity) for fault in ours if "tenth time" in fault.what]

    def again_after(times: int) -> list[tuple[str, Severity]]:
        what = f"before the tenth time it is said again as it was the first, after {times}"
        return [(what, Severity.WARNING)]

    assert told() == again_after(1)
    some = ", variants: [[Push both feet down., And let go.], [Feet down., And let go.], [Lean down., And go.]]"
    change(tree / FEET, "gap: 1.3}", f"gap: 1.3{some}}}")
    assert told() == again_after(4)
    more = ", variants: [[If it feels wrong leave the breath out.], [Feels it wrong? Leave the breath out.]]"
    change(tree / FEET, "gap: 0}", f"gap: 0{more}}}")
    assert told() == []
    same = "".join(f"  - {{id: s{step}, say: [One.], gap: 0}}\n" for step in range(9))
    change(tree / FEET, "  - {id: end-chime", f"{same}  - {{id: end-chime")
    assert told() == [("the tenth time 9% of its steps with words are said otherwise", Severity.WARNING)]


def test_every_step_is_rehearsed_with_every_reply(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A scene that answers "skip" with the same step again would never end."""
    monkeypatch.setattr(ExerciseScene, "_go_to", lambda self, session, step, key: self._perform(session))
    monkeypatch.setattr(ExerciseScene, "_finish", lambda self, session: Move(say=spoken(("Again.",))))
    faults = [str(fault).removeprefix(f"{tree}/") for fault in check(tree)]
    assert any(line.startswith(f"{FEET}:19:") and "has not ended after" in line for line in faults), faults[:3]


def test_a_wrong_item_of_a_list_is_told_in_the_file_that_has_it(tree: Path) -> None:
    own = tree / "own.yaml"
    own.write_text("cautions: [astma]\n")
    (fault,) = [found for found in check_content(tree, [tree / "config.yaml", own], TODAY) if "cautions" in found.what]
    assert (fault.path, fault.line, fault.column) == (own, 1, 12)
