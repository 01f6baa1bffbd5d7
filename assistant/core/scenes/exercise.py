"""Performs one script: its passages, its questions, the number before and after, and every reply in between."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.core.commands import Record, ShowResources
from assistant.core.numbers import Against
from assistant.core.performance import Passage, passage, spoken
from assistant.core.scenes.common import aside, common_answer, reassurance
from assistant.core.scenes.number import NumberQuestion
from assistant.core.scenes.routes import begin_exercise
from assistant.core.scenes.scene import KEEP, Move, Scene, ToClosing, ToWorse
from assistant.core.script import Ask, Rate, Script, Step
from assistant.core.session import PACE_STEP, Session
from assistant.core.understanding import Intent, State, Understanding
from assistant.safety.screen import ScreenedText

NUMBER_SECONDS = 10.0
"""Time to find a number (content.md section 2)."""


@dataclass
class ExerciseScene:
    """`step` is where the script stands. Nothing has to be answered: with no reply at all it runs to its end."""

    script: Script
    step: int = field(default=0, init=False)
    asking: Ask | Rate | None = field(default=None, init=False)
    _passage: Passage | None = field(default=None, init=False)
    _first_segment: int = field(default=0, init=False)
    _made_easier: bool = field(default=False, init=False)
    _number: NumberQuestion = field(default=NumberQuestion(), init=False)

    @property
    def name(self) -> str:
        return f"exercise:{self.script.id}"

    def begin(self, session: Session) -> Move:
        self.script = self.script.worded(session.wording)
        return self._perform(session)

    # What the person says ---------------------------------------------------------------------------------------------

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if isinstance(self.asking, Rate):
            self._number, number = self._number.hear(session, said)
            if number is not None:
                return number if isinstance(number, Move) else self._rated(session, number)
            if said.against is Against.LOWER and self.asking.after:
                return self._after_question(session, session.lines("rate.lower"))
        match said.intent:
            case Intent.SKIP | Intent.SKIP_NUMBER:
                return self._go_to(session, self._here(session) + 1, "exercise.skip_ok")
            case Intent.AGAIN:
                return self._go_to(session, self._here(session), "exercise.again_ok")
            case Intent.SLOWER | Intent.FASTER:
                return self._change_pace(session, said.intent)
            case Intent.SOMETHING_ELSE:
                return self._leave(session, "exercise.switching")
            case Intent.NOT_WORKING:
                return self._leave(session, "exercise.not_working")
            case Intent.CANT:
                return self._make_easier(session)
            case Intent.WORSE:
                return Move(next=ToWorse(), also=(self._record(session, stopped=True),))
            case Intent.WHAT_IS_THIS | Intent.WHY:
                return Move(say=spoken((self.script.summary,)), resume=True, interjection=True)
            case Intent.ARE_YOU_SURE:
                return reassurance(session, self.script.claim)
        if (move := common_answer(session, said, words)) is not KEEP:
            leaves = said.intent is Intent.CHECK_IN
            return replace(move, also=(*move.also, self._record(session, stopped=True))) if leaves else move
        if self.asking is None:
            return KEEP
        if not said.clear and not self._number.asked_again:
            self._number = NumberQuestion(asked_again=True)
            wait = self.asking.wait if isinstance(self.asking, Ask) else NUMBER_SECONDS
            return Move(say=spoken(session.lines("exercise.doubtful_once")), listen=wait)
        if isinstance(self.asking, Ask):
            return self._after_question(session, _reply(self.asking, said.intent))
        return self._after_question(session, session.lines("rate.skip_ok"))

    def silence(self, session: Session) -> Move:
        asked = self.asking
        if asked is None:
            return self._perform(session)
        session.silences += 1
        if isinstance(asked, Ask) and asked.on_silence:
            return self._after_question(session, asked.on_silence)
        key = "exercise.silence_second" if session.silent else "exercise.silence_first"
        return self._after_question(session, session.lines(key))

    def after_speech(self, session: Session) -> Move:
        if self._passage is None:
            return self._perform(session)
        ends_at, self._passage = self._passage.ends_at, None
        if ends_at is None:
            return self._finish(session)
        self.step = ends_at
        step = self.script.steps[ends_at]
        if session.silent or (isinstance(step, Rate) and not step.after and session.before is not None):
            self.step += 1
            return self._perform(session)
        self.asking = step if isinstance(step, Ask | Rate) else None
        if isinstance(step, Ask):
            return Move(say=spoken((step.question,), session.pace), listen=step.wait)
        return Move(say=spoken(_rate_lines(session, step)), listen=NUMBER_SECONDS)

    # Moving through the script ----------------------------------------------------------------------------------------

    def _perform(self, session: Session) -> Move:
        self.asking = None
        if self.step >= len(self.script.steps):
            return self._finish(session)
        self._passage = passage(self.script, self.step, session.pace)
        self._first_segment = 0
        if not self._passage.segments:
            return self.after_speech(session)
        return Move(say=self._passage.segments)

    def _here(self, session: Session) -> int:
        if self._passage is None:
            return self.step
        return self._passage.step_at(max(self._first_segment + session.at, 0))

    def _go_to(self, session: Session, step: int, key: str) -> Move:
        self.step, self._passage, self.asking = step, None, None
        return Move(say=spoken(session.lines(key)))

    def _change_pace(self, session: Session, intent: Intent) -> Move:
        """Acknowledge, then go on from the same sentence in the new pace."""
        session.change_pace(PACE_STEP if intent is Intent.SLOWER else 1 / PACE_STEP)
        key = "exercise.slower_ok" if intent is Intent.SLOWER else "exercise.faster_ok"
        if self._passage is None:
            return aside(session, key)
        segment = max(self._first_segment + session.at, 0)
        first_step = self._passage.owners[0]
        self._passage = passage(self.script, first_step, session.pace)
        self._first_segment = segment
        acknowledged = spoken(session.lines(key), session.pace)
        self._first_segment -= len(acknowledged)
        return Move(say=(*acknowledged, *self._passage.segments[segment:]))

    def _after_question(self, session: Session, lines: tuple[str, ...]) -> Move:
        self.step += 1
        self.asking, self._passage = None, None
        return Move(say=spoken(lines, session.pace)) if lines else self._perform(session)

    def _make_easier(self, session: Session) -> Move:
        """The step made smaller once; then another family. Never insisting."""
        if self._made_easier or not self.script.easier:
            return self._leave(session, "exercise.cant_switch")
        self._made_easier = True
        if self.asking is not None:
            return self._after_question(session, self.script.easier)
        self.step, self._passage = self._here(session) + 1, None
        return Move(say=spoken(self.script.easier, session.pace))

    def _rated(self, session: Session, number: float) -> Move:
        heard = session.lines("rate.heard", number=session.spoken_number(number).capitalize())
        if isinstance(self.asking, Rate) and self.asking.after:
            session.after = number
            heard += compared(session)
        else:
            session.before = number
        return self._after_question(session, heard)

    # Leaving ----------------------------------------------------------------------------------------------------------

    def _leave(self, session: Session, key: str) -> Move:
        """To another family; after two switches, towards people."""
        session.switches += 1
        record = self._record(session, stopped=True)
        if session.switches > 2:
            say = spoken(session.lines("closing.towards_people"))
            return Move(say=say, next=ToClosing(), also=(ShowResources(session.fitting), record))
        move = begin_exercise(session, session.lines(key), other_than_family=self.script.family)
        return Move(say=move.say, next=move.next, also=(*move.also, record))

    def _finish(self, session: Session) -> Move:
        session.done += 1
        record = self._record(session, stopped=False)
        if session.needs_person:
            say = spoken(session.lines("rate.towards_person"))
            return Move(say=say, next=ToClosing(), also=(ShowResources(session.fitting), record))
        quiet = self.script.family == "sleep" or session.state is State.SLEEP  # somebody may be asleep
        return Move(next=ToClosing(quiet=quiet), also=(record,))

    def _record(self, session: Session, *, stopped: bool) -> Record:
        return Record(self.script.id, session.state.value, session.before, session.after, stopped)


def _reply(asked: Ask, intent: Intent | None) -> tuple[str, ...]:
    own = {Intent.YES: asked.on_yes, Intent.NO: asked.on_no}
    return (own.get(intent) if intent is not None else None) or asked.on_answer


def _rate_lines(session: Session, step: Step) -> tuple[str, ...]:
    if isinstance(step, Rate) and step.question:
        return (step.question,)
    return session.lines("rate.after" if isinstance(step, Rate) and step.after else "rate.before")


def compared(session: Session) -> tuple[str, ...]:
    """The two numbers beside each other, as facts: no praise, no cause."""
    if session.before is None or session.after is None or session.needs_person:
        return ()
    if session.after < session.before:
        return session.lines("rate.lower")
    return session.lines("rate.same" if session.after == session.before else "rate.higher")


@dataclass
class Worse:
    """ "It's worse": the exercise is left within one utterance; eyes open, feet, the room, and a number."""

    name: str = field(default="worse", init=False)

    def begin(self, session: Session) -> Move:
        return Move(say=spoken((*session.lines("exercise.worse"), *session.lines("rate.after"))), listen=NUMBER_SECONDS)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.number is None:
            move = common_answer(session, said, words)
            return self.silence(session) if move is KEEP or move.resume else move
        session.after = said.number
        return self._on(session) if not session.needs_person else self.silence(session)

    def silence(self, session: Session) -> Move:
        """Without a number, worse leads towards a person."""
        return Move(
            say=spoken(session.lines("rate.towards_person")), also=(ShowResources(session.fitting),), next=ToClosing()
        )

    def after_speech(self, session: Session) -> Move:
        return Move(listen=NUMBER_SECONDS)

    def _on(self, session: Session) -> Move:
        return Move(say=spoken(session.lines("exercise.worse_after")), next=ToClosing())


def asks_for_a_number(scene: Scene) -> bool:
    """Whether the next answer may be one, so that "for" is four."""
    return isinstance(scene, Worse) or (isinstance(scene, ExerciseScene) and isinstance(scene.asking, Rate))
