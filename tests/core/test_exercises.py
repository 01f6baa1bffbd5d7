"""What an exercise is for somebody: other words each time, nothing that is wrong for them, quiet for a sleeper."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.core.performance import manner
from assistant.core.rehearsal import FLASHBACK as FLASHBACK_SAID
from assistant.core.rehearsal import REPLIES, DeadEnd, rehearse
from assistant.core.scenes.exercise import ExerciseScene
from assistant.core.scenes.routes import choose
from assistant.core.scenes.scene import KEEP, Move, ToClosing, ToExercise
from assistant.core.script import Ask, Caution, Rate, Rest, Say, Script
from assistant.core.session import Session
from assistant.core.timeline import Speech
from assistant.core.understanding import Intent, State, Understanding
from assistant.safety.rules import Rules
from assistant.safety.screen import Screen, ScreenedText
from assistant.safety.transcript import Transcript, Trust

from .stories import SCRIPTS, SUPPORT, a_repertoire


def worded(script: Script, time: int) -> list[str]:
    return [phrase for step in script.worded(time).steps if isinstance(step, Say) for phrase in step.phrases]


def test_the_tenth_time_does_not_sound_like_the_first() -> None:
    steps = (
        Say("a", ("look",), variants=(("see",), ("watch",))),
        Say("b", ("listen",)),
        Say("c", ("touch",), variants=(("feel",),)),
    )
    script = replace(SCRIPTS["feet"], steps=steps)
    assert worded(script, 0) == ["look", "listen", "touch"]
    assert worded(script, 6) == worded(script, 0)
    assert len({tuple(worded(script, time)) for time in range(6)}) == 6, "every combination before one comes again"


def test_the_next_time_all_that_can_be_said_otherwise_is() -> None:
    twice = tuple(Say(name, ("this",), variants=(("that",),)) for name in "abcde")
    script = replace(SCRIPTS["feet"], steps=twice)
    assert worded(script, 0) == ["this"] * 5
    assert worded(script, 1) == ["that"] * 5
    assert worded(script, 9).count("that") == 4, "and the tenth time too: until now it was two of five"
    assert len({tuple(worded(script, time)) for time in range(32)}) == 32


def test_what_is_wrong_for_a_person_is_never_offered() -> None:
    scripts = SCRIPTS | {"breath": replace(SCRIPTS["breath"], avoid_if=frozenset({"asthma_flare"}))}
    session = Session(replace(a_repertoire(), scripts=scripts), SUPPORT, cautions={"asthma_flare"})
    session.turn_to(State.ANGER)
    offered = []
    while (script := session.next_script()) is not None:
        offered.append(script.id)
        session.tried.append(script.id)
    assert "breath" not in offered and "feet" in offered


def test_a_flashback_rules_out_what_leads_inward_for_the_whole_sitting() -> None:
    scripts = SCRIPTS | {"breath": replace(SCRIPTS["breath"], avoid_if=frozenset({"flashback"}))}
    session = Session(replace(a_repertoire(), scripts=scripts), SUPPORT)
    choose(session, (State.FLASHBACK,))
    session.turn_to(State.ANGER)
    script = session.next_script()
    assert script is not None and script.id != "breath"


@pytest.mark.parametrize(("number", "first"), [(None, "breath"), (6.0, "breath"), (9.0, "feet")])
def test_what_is_not_meant_for_so_high_a_number_comes_after_what_is(number: float | None, first: str) -> None:
    scripts = SCRIPTS | {"breath": replace(SCRIPTS["breath"], intensity=(0, 7))}
    repertoire = a_repertoire()
    order = dict.fromkeys(State, ("breath", "feet"))
    session = Session(replace(repertoire, scripts=scripts, order=order), SUPPORT, before=number)
    offered = []
    while (script := session.next_script()) is not None:
        offered.append(script.id)
        session.tried.append(script.id)
    assert offered == [first, "feet" if first == "breath" else "breath"], "and nothing is locked away by a number"
    session.tried.clear()
    session.before, session.after = 9.0, number
    script = session.next_script()
    assert script is not None and (number is None or script.id == first), "the newer number counts"


WORDS = Screen(Rules(())).screen(Transcript("something", Trust.TRUSTED, 1.0, "test"))
FLASHBACK = Understanding(states=(State.FLASHBACK,))


def in_the_middle(said: Understanding, avoid_if: frozenset[Caution], asking: Ask | Rate | None = None) -> Move:
    """What "breath" answers, whose states name no flashback."""
    scripts = SCRIPTS | {"breath": replace(SCRIPTS["breath"], states=(State.ANGER,), avoid_if=avoid_if)}
    session = Session(replace(a_repertoire(), scripts=scripts), SUPPORT, state=State.ANGER, tried=["breath"])
    scene = ExerciseScene(scripts["breath"])
    scene.begin(session)
    scene.asking = asking
    move = scene.answer(session, said, WORDS)
    assert ("flashback" in session.cautions) is (said is FLASHBACK)
    return move


def test_a_flashback_in_the_middle_ends_what_leads_inward() -> None:
    """Whatever was asked: until now it was taken for no answer, and the breath went on."""
    for asking in (None, Ask("q", "What do you see?", 5.0), Rate("r", after=False)):
        move = in_the_middle(FLASHBACK, frozenset({"flashback"}), asking)
        assert isinstance(move.next, ToExercise) and move.next.script.id != "breath"


def test_what_is_not_meant_for_a_flashback_gives_way_but_not_to_the_name_of_a_thing() -> None:
    assert isinstance(in_the_middle(FLASHBACK, frozenset()).next, ToExercise)
    assert in_the_middle(FLASHBACK, frozenset(), Ask("q", "What do you hear?", 5.0)).next is None


def test_a_flashback_heard_badly_or_beside_a_command_changes_nothing_by_itself() -> None:
    doubtful = replace(FLASHBACK, clear=False)
    assert in_the_middle(doubtful, frozenset({"flashback"})) is KEEP
    assert in_the_middle(replace(FLASHBACK, intent=Intent.LOUDER), frozenset({"flashback"})).next is None


@pytest.mark.parametrize("intent", [Intent.SOMETHING_ELSE, Intent.GOODBYE, Intent.NOT_WORKING, Intent.AGAIN])
def test_a_cough_that_sounds_like_a_command_leaves_no_passage(intent: Intent) -> None:
    assert in_the_middle(Understanding(intent, clear=False), frozenset()) is KEEP
    assert in_the_middle(Understanding(intent), frozenset()) is not KEEP
    asked = in_the_middle(Understanding(intent, clear=False), frozenset(), Ask("q", "What do you see?", 5.0))
    assert asked is not KEEP, "where something was asked, it is an answer"


@pytest.mark.parametrize(
    "intent",
    [Intent.HELP, Intent.WHO_CAN_I_CALL, Intent.THEIR_NUMBER, Intent.SEND_MESSAGE, Intent.OTHER_LANGUAGE, Intent.HIDE,
     Intent.CANT, Intent.WORSE],
)  # fmt: skip
def test_a_need_heard_badly_is_met_in_the_middle_of_a_passage(intent: Intent) -> None:
    assert in_the_middle(Understanding(intent, clear=False), frozenset()) is not KEEP


PANICKING = Understanding(states=(State.PANIC,), certain=(State.PANIC,))
BREATHLESS = replace(PANICKING, intent=Intent.CANT)


@pytest.mark.parametrize("said", [PANICKING, BREATHLESS, Understanding(states=(State.PANIC,))])
@pytest.mark.parametrize("asking", [None, Ask("q", "What do you hear?", 5.0)])
def test_who_panics_or_cannot_breathe_is_led_away_from_paced_breath(said: Understanding, asking: Ask | None) -> None:
    """ "I can't breathe" was taken for "I can't", and had the breath made smaller."""
    move = in_the_middle(said, frozenset(), asking)
    assert isinstance(move.next, ToExercise) and move.next.script.family != "breath"


def test_an_acute_state_named_outright_changes_what_is_not_meant_for_it() -> None:
    """ "I'm scared I'll lose my job" may be the worry that was asked for; "I'm panicking" is none."""
    session = Session(a_repertoire(), SUPPORT, state=State.WORRY, tried=["senses"])
    scene = ExerciseScene(SCRIPTS["senses"])
    scene.begin(session)
    assert scene.answer(session, Understanding(states=(State.PANIC,)), WORDS) is KEEP
    move = scene.answer(session, PANICKING, WORDS)
    assert isinstance(move.next, ToExercise) and move.next.script.id == "feet"
    meant_for_it = ExerciseScene(SCRIPTS["feet"])
    meant_for_it.begin(session)
    assert meant_for_it.answer(session, PANICKING, WORDS) is KEEP


def test_paced_breath_that_goes_on_for_who_cannot_breathe_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExerciseScene, "_told_a_state", lambda *_: None)
    found = {(end.reply, end.what) for end in rehearse(SCRIPTS["breath"], a_repertoire(), SUPPORT)}
    assert found == {("i can't breathe", "paced breath goes on for somebody who cannot breathe")}


def test_an_exercise_that_goes_on_in_a_flashback_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExerciseScene, "_told_a_state", lambda *_: None)
    script = replace(SCRIPTS["senses"], avoid_if=frozenset({"flashback"}))
    assert {found.reply for found in rehearse(script, a_repertoire(), SUPPORT)} == {FLASHBACK_SAID}


@pytest.mark.parametrize("state", [State.SLEEP, State.ANGER])
def test_nobody_is_asked_anything_who_may_be_asleep(state: State) -> None:
    session = Session(a_repertoire(), SUPPORT, state=state)
    scene = ExerciseScene(replace(SCRIPTS["breath"], steps=(Rest("rest", 1.0),)))
    scene.begin(session)
    assert scene.after_speech(session).next == ToClosing(quiet=state is State.SLEEP)


def test_every_step_with_every_reply_comes_to_an_end() -> None:
    for script in SCRIPTS.values():
        assert list(rehearse(script, a_repertoire(), SUPPORT)) == []
    assert len(REPLIES) >= 19


def test_an_exercise_that_is_not_left_on_worse_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    answer = ExerciseScene.answer

    def deaf(self: ExerciseScene, session: Session, said: Understanding, words: ScreenedText) -> Move:
        return KEEP if said.intent is Intent.WORSE else answer(self, session, said, words)

    monkeypatch.setattr(ExerciseScene, "answer", deaf)
    found = list(rehearse(SCRIPTS["feet"], a_repertoire(), SUPPORT))
    assert {(end.reply, end.what) for end in found} == {("worse", "the exercise is not left at once")}
    assert len(found) == len(SCRIPTS["feet"].steps)


def test_a_ten_that_leads_to_nobody_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Session, "needs_person", False)
    found = list(rehearse(SCRIPTS["feet"], a_repertoire(), SUPPORT))
    assert DeadEnd(6, "ten", "nothing leads to people") in found


def test_a_voice_that_settles_ends_a_tenth_slower_and_four_decibels_softer_and_asks_plainly() -> None:
    script = replace(SCRIPTS["feet"], settles=True, words_per_minute=100)
    first, last = manner(script, 0), manner(script, len(script.steps) - 1)
    assert [first.pace, first.gain_db] == pytest.approx([0.8, 0.0])
    assert [last.pace, last.gain_db] == pytest.approx([0.72, -4.0])
    assert manner(script, 0, pace=0.5).pace == pytest.approx(0.4), "on top of what the person asked for"
    assert manner(replace(script, settles=False), 6).gain_db == 0.0
    session = Session(a_repertoire(), SUPPORT)
    scene = ExerciseScene(script)
    scene.step = 3
    (question,) = scene.begin(session).say
    assert question == Speech("feet question?")
