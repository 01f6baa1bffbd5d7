"""A whole, sound content folder, small enough to read. Tests break one thing in it."""

from __future__ import annotations

import shutil
import wave
from collections.abc import Iterable
from pathlib import Path

from assistant.content.recordings import write_sums
from assistant.content.required import COUNTS, PLACEHOLDERS, RECORDED, REQUIRED
from assistant.core.understanding import Intent, State
from assistant.faults import Fault

CHECKOUT = Path(__file__).resolve().parents[2]

EXERCISE = """\
schema: 1
id: feet-on-floor
version: 1
lang: en
title: Feet on the floor
summary: You press your feet down and let go again.
family: orienting
states: [panic, overwhelm]
intensity: [0, 10]
needs: {voice: none, posture: any, eyes: open, props: []}
demands: {breath: paced, hold_s: 0, body_focus: contact, imagery: none, cold: none, touch: none, effort: none, memory: none}
avoid_if: [breath_trauma, asthma_flare, dissociating, flashback]
evidence: {grade: C, certainty: mixed, claim: "Many people find it helps a little.", refs: [tol-2020]}
review: {author: project, clinician: null, date: null, status: draft}
duration: {target_s: 54, tolerance: 0.15}
pace: {wpm: 125, ramp: none}
easier: ["Just notice where you sit."]
steps:
  - {id: press, say: ["Press your feet down.", "And let go."], gap: 1.3}
  - {id: rest-one, pause: 5}
  - {id: way-out, say: ["Leave the breath out if it feels wrong."], gap: 0}
  - {id: number-before, rate: before}
  - {id: breathing, breathe: {in: 3, out: 5, rest: 0.5, cycles: 2, in_word: "In, small and quiet.", out_word: "And out."}}
  - {id: notice, ask: "Can you find something blue?", wait: 12, on: {answer: ["Thank you."], silence: ["That is fine."]}}
  - {id: end-chime, chime: end}
  - {id: number-after, rate: after}
"""

CHECK_IN = """\
schema: 1
id: number-and-word
version: 1
lang: en
title: a number and a word
summary: One number, and one word.
review: {author: project, clinician: null, date: null, status: draft}
talk_s: 20
steps:
  - {id: number, number: "How is it now?"}
  - {id: feet, say: ["Press your feet down."], gap: 6}
  - {id: word, ask: "One word?", about: feeling, wait: 10, on: {answer: ["Okay."]}}
"""

DEMANDS = ("breath", "body_focus", "imagery", "cold", "touch", "effort", "memory")

SAFETY = """\
rules:
  - id: wants-to-die
    kind: suicide
    level: hard
    why: says it plainly
    any: ["(want|going) to die"]
    examples: {match: ["I want to die"], miss: ["I want to diet"]}
  - id: cannot-go-on
    kind: overwhelm
    level: soft
    why: may mean more than it says
    any: ["can't go on"]
    examples: {match: ["I can't go on"], miss: ["go on"]}
lowering:
  negation: [not, never, don't]
  idioms: [{pattern: "dying of laughter", why: a figure of speech}]
  past: ["years ago"]
  quoted: []
must_catch: ["I want to die"]
"""

RESOURCES = """\
schema: 1
country: {code}
name: {name}
emergency: "112"
emergency_also: ["999"]
lines:
  - name: Listeners
    phone: "116 123"
    text: "text HOME to 85258"
    text_spoken: "You can text home to {{digits}}."
    text_number: "85258"
    web: https://example.org
    hours: 24/7
    hours_spoken: day and night
    languages: [en]
    source: https://example.org/about
    checked: 2026-11-01
    confidence: high
    unverified: []
review: unreviewed
"""

_REVIEWED = "review: {author: project, clinician: null, date: null, status: draft}\nrefs: [tol-2020]\n"
TODAY_ISO = "2026-11-20"


def phrases() -> str:
    """Every required key, with the placeholders it must use."""
    rows = []
    for key in REQUIRED:
        filled = " and ".join(f"{{{name}}}" for name in sorted(PLACEHOLDERS.get(key, ())))
        lines = [f"Here is {filled}." if filled else "Here it is."] * COUNTS.get(key, 1)
        if key == "interrupt.program":
            lines = ["I am a computer program."]
        if key in ("interrupt.line", "interrupt.line_unsure"):
            lines = [f"Here is {filled}. Again: {{digits}}."]
        rows.append((key.split("."), lines))
    return (
        _REVIEWED
        + _nested(rows, 0)
        + "recorded:\n"
        + "".join(f"  {name}: Something has failed.\n" for name in RECORDED)
    )


def understanding() -> str:
    """One phrase an intent and a state."""
    commands = "".join(f"  {intent.value}: [{intent.value.replace('_', ' ')}]\n" for intent in Intent)
    states = "".join(f"  {state.value}: [{state.value} word, {state.value}: 0.5]\n" for state in State)
    order = "".join(f"  {state.value}: [feet-on-floor]\n" for state in (State.PANIC, State.OVERWHELM, State.UNSURE))
    return (
        f"commands:\n{commands}states:\n{states}order:\n{order}acute: [panic]\n"
        "numbers: {words: {zero: 0, seven: 7, ten: 10}, halves: [half], negators: [not, no]}\n"
        "fillers: [please]\nrecogniser: [stop]\n"
    )


def make_tree(root: Path) -> Path:
    """Write it. Only three states have an order: tests of `check` add what they need."""
    english = root / "scripts" / "en"
    (english / "exercises").mkdir(parents=True)
    (english / "checkins").mkdir()
    (root / "scripts" / "resources").mkdir()
    (english / "exercises" / "feet-on-floor.yaml").write_text(EXERCISE)
    (english / "checkins" / "number-and-word.yaml").write_text(CHECK_IN)
    (english / "phrases.yaml").write_text(phrases())
    (english / "understanding.yaml").write_text(understanding())
    (english / "safety.yaml").write_text(_REVIEWED + SAFETY)
    (english / "refs.yaml").write_text("tol-2020: {cite: Tol 2020, url: https://example.org}\n")
    for code, name in (("GB", "United Kingdom"), ("NO", "Norway"), ("ZZ", "any country")):
        (root / "scripts" / "resources" / f"{code}.yaml").write_text(RESOURCES.format(code=code, name=name))
    (root / "audio" / "en").mkdir(parents=True)
    for path in (root / "audio" / "end.wav", *(root / "audio" / "en" / f"{name}.wav" for name in RECORDED)):
        with wave.open(str(path), "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(16_000)
            sound.writeframes(b"\0\0" * 160)
    write_sums(root / "audio" / "en")
    shutil.copy(CHECKOUT / "config.yaml", root / "config.yaml")
    return root


def but_for_its_size(found: Iterable[Fault]) -> list[Fault]:
    """Without what one exercise in one wording cannot cover: that has stories of its own."""
    return [fault for fault in found if " has none " not in fault.what and "the tenth time" not in fault.what]


def complete_orders(root: Path) -> None:
    """Give every state its order, and the exercise every state."""
    path = root / "scripts" / "en" / "understanding.yaml"
    far = (State.FLASHBACK, State.DISSOCIATION)
    others = [state for state in State if state not in (State.PANIC, State.OVERWHELM, State.UNSURE)]
    names = {state: "look-around" if state in far else "feet-on-floor" for state in others}
    order = "".join(f"  {state.value}: [{name}]\n" for state, name in names.items())
    path.write_text(path.read_text().replace("order:\n", f"order:\n{order}"))
    folder = root / "scripts" / "en" / "exercises"
    near = ", ".join(state.value for state in State if state not in far)
    (folder / "feet-on-floor.yaml").write_text(EXERCISE.replace("panic, overwhelm", near))
    outward = "".join(line for line in EXERCISE.splitlines(keepends=True) if "breath" not in line.lower())
    outward = outward.replace("feet-on-floor", "look-around").replace("panic, overwhelm", "flashback, dissociation")
    demands = "demands: {" + ", ".join(f"{name}: none" for name in DEMANDS) + ", hold_s: 0}\navoid_if: []\n"
    (folder / "look-around.yaml").write_text(
        outward.replace("evidence:", f"{demands}evidence:").replace("target_s: 54", "target_s: 30")
    )


def _nested(rows: list[tuple[list[str], list[str]]], depth: int) -> str:
    indent = "  " * depth
    out = ""
    for name in dict.fromkeys(path[depth] for path, _ in rows):
        below = [(path, lines) for path, lines in rows if path[depth] == name]
        if len(below) == 1 and len(below[0][0]) == depth + 1:
            listed = "".join(f'{indent}  - "{line}"\n' for line in below[0][1])
            out += f"{indent}{name}:\n{listed}"
        else:
            out += f"{indent}{name}:\n{_nested(below, depth + 1)}"
    return out
