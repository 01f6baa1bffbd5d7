"""Performs one script: its passages, its questions, the number before and after, and every reply in between."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from assistant.core.commands import Record, ShowResources
from assistant.core.numbers import Against
from assistant.core.performance import Passage, passage, seconds_from, spoken
from assistant.core.scenes.common import aside, common_answer, reassurance
from assistant.core.scenes.number import NumberQuestion
from assistant.core.scenes.routes import begin_exercise
from assistant.core.scenes.scene import KEEP, Move, Scene, ToClosing, ToPerson, ToWorse
from assistant.core.script import STATE_CAUTIONS, Ask, Rate, Script, Step
from assistant.core.session import PACE_STEP, Session
from assistant.core.understanding import Intent, State, Understanding
from assistant.safety.screen import ScreenedText
from assistant.safety.words import normalise

UNWELL = (None, Intent.SOMETHING_ELSE, Intent.NOT_WORKING, Intent.CANT, Intent.WORSE)
"""What is meant where a state said in an exercise is what it sounds like: "too loud" is mostly a command."""
NEEDS = (
    None, Intent.CANT, Intent.WORSE, Intent.HELP, Intent.WHO_CAN_I_CALL, Intent.THEIR_NUMBER, Intent.SEND_MESSAGE,
    Intent.OTHER_LANGUAGE, Intent.HIDE, Intent.LOUDER, Intent.SOFTER,
)  # fmt: skip
"""What is heeded in a passage although it was not heard well: what is too much, the ways to people, and out of sight.
Anything else may be a cough, which sounds like "another" to a recogniser of few words; a stop and a pause count before
a scene is asked."""
BREATH = "breath"
"""The family of paced breath: in panic it comes after orienting, and is left when air is short (content.md, 0)."""
NAMED = 5
"""Words: as many things as an exercise asks for at once."""
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
        earlier = session.record()
        number = session.before if session.after is None else session.after
        # The last number is the one before: it is not asked for again, and what comes after is held against it.
        session.before, session.after = number, None
        session.unrecorded = Record(self.script.id, session.state.value, number, None, stopped=True)
        move = self._perform(session)
        return replace(move, also=(*earlier, *move.also))

    # What the person says ---------------------------------------------------------------------------------------------

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if isinstance(self.asking, Rate):
            self._number, number = self._number.hear(session, said)
            if number is not None:
                return number if isinstance(number, Move) else self._rated(session, number)
            if said.against is Against.LOWER and self.asking.after:
                return self._after_question(session, session.lines("rate.lower"))
        if (move := self._told_a_state(session, said)) is not None:
            return move
        if self.asking is None and not said.clear and said.intent not in NEEDS:
            return KEEP
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
                note(session, worse=True)
                return Move(next=ToWorse())
            case Intent.WHAT_IS_THIS:
                return Move(say=spoken((self.script.summary,)), resume=True, interjection=True)
            case Intent.HOW_LONG:
                return self._told_how_long(session)
            case Intent.WHY:
                reason = session.lines(f"why.{session.why_this(self.script)}")
                return Move(say=spoken((*reason, self.script.summary)), resume=True, interjection=True)
            case Intent.ARE_YOU_SURE:
                return reassurance(session, self.script.claim)
        if self.asking is not None and said.intent is Intent.OTHER_LANGUAGE and _names_things(words):
            said = replace(said, intent=None)
        if (move := common_answer(session, said, words)) is not KEEP:
            return move
        if self.asking is None:
            return KEEP
        if not said.clear and not self._number.asked_again:
            self._number = NumberQuestion(asked_again=True)
            wait = self.asking.wait if isinstance(self.asking, Ask) else NUMBER_SECONDS
            return Move(say=spoken(session.lines("exercise.doubtful_once")), listen=wait)
        if isinstance(self.asking, Ask):
            return self._after_question(session, reply_to(self.asking, said.intent))
        return self._after_question(session, session.lines("rate.skip_ok"))

    def _told_a_state(self, session: Session, said: Understanding) -> Move | None:
        """What rules exercises out, or is acute and named outright, comes up in the middle: what is wrong for it ends
        at once, paced breath in panic too. What is only not meant for it gives way, but not to what may be the name of
        a thing ("a train, far away").
        """
        wrong = {state for state, caution in STATE_CAUTIONS.items() if caution in self.script.avoid_if}
        if self.script.family == BREATH:
            wrong.add(State.PANIC)
        weighty = {*wrong, *STATE_CAUTIONS, *session.repertoire.acute.intersection(said.certain)}
        told = next((state for state in said.states if state in weighty), None)
        if told is None or not said.clear or said.intent not in UNWELL:
            return None
        session.turn_to(told)
        if told in wrong and said.intent in (None, Intent.CANT):
            return begin_exercise(session, session.lead(), other_than_family=self.script.family)
        unlike = bool(self.script.states) and told not in self.script.states and not isinstance(self.asking, Ask)
        return begin_exercise(session, session.lead()) if unlike and said.intent is None else None

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
            return self._ask(session, step)
        return Move(say=spoken(_rate_lines(session, step)), listen=NUMBER_SECONDS)

    def _ask(self, session: Session, step: Ask) -> Move:
        return Move(say=spoken((step.question,), session.pace), listen=step.wait)

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

    def seconds_left(self, session: Session) -> float:
        """After the passage or the question that is being said."""
        script, pace, questions = self.script, session.pace, session.questions_left
        if isinstance(self.asking, Ask | Rate):
            wait = self.asking.wait if isinstance(self.asking, Ask) else NUMBER_SECONDS
            return wait + seconds_from(script, self.step + 1, pace, NUMBER_SECONDS, questions - 1)
        step = self.step if self._passage is None else self._passage.ends_at
        return 0.0 if step is None else seconds_from(script, step, pace, NUMBER_SECONDS, questions)

    def _told_how_long(self, session: Session) -> Move:
        minutes = round(self.seconds_left(session) / 60)
        if minutes < 2:
            return aside(session, "exercise.left_least")
        left = session.lines("exercise.left", minutes=session.spoken_number(minutes))
        return Move(say=spoken(left), resume=True, interjection=True)

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
            _rated_after(session, number)
            heard += compared(session)
        else:
            session.before = number
            note(session, before=number)
        return self._after_question(session, heard)

    # Leaving ----------------------------------------------------------------------------------------------------------

    def _leave(self, session: Session, key: str) -> Move:
        """To another family; after two switches, towards people."""
        session.switches += 1
        if session.switches > 2:
            say = spoken(session.lines("closing.towards_people"))
            return Move(say=say, next=ToClosing(people=True), also=(ShowResources(session.fitting),))
        return begin_exercise(session, session.lines(key), other_than_family=self.script.family)

    def _finish(self, session: Session) -> Move:
        session.done += 1
        note(session, stopped=False)
        if session.needs_person:
            return Move(next=ToPerson())
        quiet = self.script.family == "sleep" or session.state is State.SLEEP  # somebody may be asleep
        return Move(next=ToClosing(quiet=quiet))


def _names_things(words: ScreenedText) -> bool:
    """ "Lamp, curtain, teacup": an answer of a few words may be without any that English is known by."""
    return words.text.isascii() and len(normalise(words.text)) <= NAMED


def note(session: Session, **known: float | bool) -> None:
    """What is known of the exercise that is going on, for when it is recorded."""
    if session.unrecorded is not None:
        session.unrecorded = replace(session.unrecorded, **known)  # type: ignore[arg-type] # fields of a Record


def _rated_after(session: Session, number: float) -> None:
    session.after = number
    noted = session.unrecorded
    if noted is not None:
        worse = noted.worse or (noted.before is not None and number > noted.before)
        session.unrecorded = replace(noted, after=number, worse=worse)


def reply_to(asked: Ask, intent: Intent | None) -> tuple[str, ...]:
    """What follows an answer."""
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
    """ "It's worse": the exercise is left within one utterance; eyes open, feet, the room, and a number. What is done
    after it is simple, whatever was going on.
    """

    name: str = field(default="worse", init=False)

    def begin(self, session: Session) -> Move:
        session.turn_to(State.UNSURE)
        return Move(say=spoken((*session.lines("exercise.worse"), *session.lines("rate.after"))), listen=NUMBER_SECONDS)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if said.number is None:
            move = common_answer(session, said, words)
            if move.say and move.resume:  # told in between; the number is asked for still
                return replace(move, resume=False, interjection=False, listen=NUMBER_SECONDS)
            return self.silence(session) if move is KEEP or move.resume else move
        _rated_after(session, said.number)
        return self._on(session) if not session.needs_person else self.silence(session)

    def silence(self, session: Session) -> Move:
        """Without a number, worse leads towards a person."""
        return Move(next=ToPerson())

    def after_speech(self, session: Session) -> Move:
        return Move(listen=NUMBER_SECONDS)

    def _on(self, session: Session) -> Move:
        return Move(say=spoken(session.lines("exercise.worse_after")), next=ToClosing())


def seconds_left(scene: Scene, session: Session) -> float | None:
    """Of an exercise, after what it says now, when nothing is answered; None: this scene is no exercise."""
    return scene.seconds_left(session) if isinstance(scene, ExerciseScene) else None


def asks_for_a_number(scene: Scene) -> bool:
    """Whether the next answer may be one, so that "for" is four."""
    return isinstance(scene, Worse) or (isinstance(scene, ExerciseScene) and isinstance(scene.asking, Rate))
