"""A flow: each question with time to think, answered in own words, in one word, or not at all; then it is handed on, or
gone. Detail of what was done to somebody is met with firm ground and kept for a person; it is not explored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from assistant.core.commands import EndReason, Record, ShowResources
from assistant.core.flows import Flow, FlowWording, Prompt, ReadBack, Reword, without_model
from assistant.core.pages import HandOver, Page, Place
from assistant.core.performance import seconds_from, spoken
from assistant.core.quoting import quoted
from assistant.core.scenes.common import common_answer, farewell
from assistant.core.scenes.exercise import ExerciseScene, note, reply_to
from assistant.core.scenes.flow_parts import (
    ANSWER_SECONDS,
    ANSWERS,
    BREATHER_SECONDS,
    GOODBYE_WORDS,
    KEEPS,
    MOST_KEPT,
    MOST_KEPT_AT_LENGTH,
    PAST,
    Part,
)
from assistant.core.scenes.rewording import correction, may_be_reworded, proposal, wished
from assistant.core.scenes.routes import choose
from assistant.core.scenes.scene import KEEP, Move, ToClosing, ToWorse
from assistant.core.script import Ask
from assistant.core.session import Session
from assistant.core.timeline import Pause
from assistant.core.understanding import Intent, Understanding
from assistant.safety.interrupt import compose_support
from assistant.safety.screen import ScreenedText
from assistant.safety.verdict import Kind
from assistant.safety.words import normalise


@dataclass
class FlowScene(ExerciseScene):
    """`opens`: the sitting begins with it, so it says what speaks. What was said is here alone."""

    flow: Flow
    opens: bool = False
    _part: Part = field(default=Part.QUESTIONS, init=False)
    _said: Mapping[str, str] = field(default_factory=dict, init=False, repr=False)
    _aside: str = field(default="", init=False, repr=False)
    """Waits for a yes, to be noted for a person."""
    _proposal: tuple[str, ...] = field(default=(), init=False, repr=False)
    _since: float = field(default=0.0, init=False)
    """When the question was asked."""
    _fresh: bool = field(default=True, init=False)
    """Nothing was said to this question yet: what comes replaces what stood there."""
    _smaller: bool = field(default=False, init=False)
    _unheard_told: bool = field(default=False, init=False)
    _returns: int | None = field(default=None, init=False)
    """After a change, back to this step."""

    @property
    def name(self) -> str:
        return f"flow:{self.script.id}"

    def begin(self, session: Session) -> Move:
        session.silences = 0  # silence here is thinking
        earlier = session.record()
        session.unrecorded = Record(self.script.id, session.state.value, None, None, stopped=True)
        heard = "flow.typed" if session.typed else "flow.spoken" if session.hears_words else "flow.set_phrases"
        keys = ("checkin.opening", *session.outside.notice(), heard) if self.opens else (heard,)
        opening = (*spoken(tuple(line for key in keys for line in session.lines(key))), Pause(BREATHER_SECONDS))
        move = self._perform(session)
        self._first_segment -= len(opening)
        return replace(move, say=(*opening, *move.say), also=(*earlier, *move.also))

    # What the person says ---------------------------------------------------------------------------------------------

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        wording = session.repertoire.flow_wording or FlowWording()
        if said.states and said.states[0] in session.repertoire.acute and wording.tells("now", words.text):
            return choose(session, said.states)
        if self._part is not Part.QUESTIONS:
            return self._between_answered(session, said, words)
        asked = self.asking
        if isinstance(asked, Ask) and said.intent is None and wording.goes_on(words.text):
            return self._answered(session, asked, said)
        if (move := self._steered(session, said, words, wording)) is not None:
            return move
        if not isinstance(asked, Ask):
            return super().answer(session, said, words) if said.intent is not None else KEEP
        if words.text and wording.tells("past", words.text):
            return self._put_aside(session, words)
        if self.flow.draft and wording.tells("fear", words.text):
            return self._human_route(session)
        if isinstance(asked, Prompt) and asked.people and not (said.intent is Intent.NO and said.clear):
            if said.intent is Intent.YES or self._smaller:
                return self._human_route(session)
            self._smaller = True  # asked once more; a second answer that is no clear no is a yes
            return Move(say=spoken((asked.question,), session.pace), listen=asked.wait)
        if isinstance(asked, ReadBack):
            return self._checked(session, asked, said, words, wording)
        if isinstance(asked, Reword):
            return self._offered(session, asked, said)
        if not said.clear or not words.text:
            return self._unheard(session, asked, said)
        return self._taken(session, asked, said, words)

    def _steered(self, session: Session, said: Understanding, words: ScreenedText, wording: FlowWording) -> Move | None:
        """What moves it on, back, smaller or away; None: the words are an answer, or for every scene."""
        asked = self.asking
        match said.intent:
            case Intent.GOODBYE if isinstance(asked, Ask):
                if wording.goes_on(words.text):
                    return self._answered(session, asked, said)
                return farewell(session) if len(normalise(words.text)) <= GOODBYE_WORDS else None
            case Intent.SKIP | Intent.SKIP_NUMBER | Intent.GO_ON if isinstance(asked, Ask):
                return self._after_question(session, session.lines("flow.next"))
            case Intent.BACK:
                return self._back(session)
            case Intent.CANT:
                return self._make_smaller(session)
            case Intent.WORSE:
                note(session, worse=True)
                return Move(next=ToWorse())
            case Intent.SOMETHING_ELSE:
                return Move(say=spoken(session.lines("flow.left")), next=ToClosing())
            case Intent.NOT_WORKING | Intent.WHY if not isinstance(asked, Ask):
                return Move(say=spoken((self.script.summary,)), resume=True, interjection=True)
            case Intent.FORGET_THAT:
                self._said, self._aside, self._proposal = {}, "", ()
                return Move(say=spoken(session.lines("flow.gone")), resume=True, interjection=True)
            case None:
                return None
        if isinstance(asked, Ask) and said.intent in ANSWERS:
            return None
        move = super().answer(session, replace(said, states=()), words)
        return None if move is KEEP else move

    def _unheard(self, session: Session, asked: Ask, said: Understanding) -> Move:
        """Told once; from then on what cannot be made out is taken as thought."""
        if self._unheard_told:
            return self._answered(session, asked, said)
        self._unheard_told = True
        return Move(say=spoken(session.lines("flow.unheard")), listen=asked.wait)

    def _taken(self, session: Session, asked: Ask, said: Understanding, words: ScreenedText) -> Move:
        if not isinstance(asked, Prompt) or not asked.keep:
            return self._answered(session, asked, said)
        before = "" if self._fresh else self._said.get(asked.keep, "")
        most = MOST_KEPT_AT_LENGTH if asked.seconds else MOST_KEPT
        self._fresh = False
        self._said = {**self._said, asked.keep: f"{before} {words.text}".strip()[:most]}
        if session.now - self._since < asked.seconds:
            return Move(listen=asked.wait)  # they may go on; nothing is said into it
        return self._answered(session, asked, said)

    def _checked(
        self, session: Session, asked: ReadBack, said: Understanding, words: ScreenedText, wording: FlowWording
    ) -> Move:
        """Their words were read to them: right, to be changed, or shorter."""
        part = self.flow.part_named(words.text)
        if said.intent in (Intent.YES, Intent.THANKS):
            return self._answered(session, asked, said)
        if part is not None:
            return self._change(session, part)
        if said.intent in (Intent.CHANGE, Intent.NO) and asked.which:
            self._part = Part.WHICH
            return Move(say=spoken((asked.which,)), listen=asked.wait)
        if wording.wants_it_shorter(words.text) and asked.short:
            say = quoted(session, self._rows(asked.short, session))
            return Move(say=(*say, *spoken((asked.question,), session.pace)), listen=asked.wait)
        return self._answered(session, asked, said)

    # Other words for it -----------------------------------------------------------------------------------------------

    def _offered(self, session: Session, asked: Reword, said: Understanding) -> Move:
        """Only a clear yes has the language model see it."""
        if said.intent is not Intent.YES or not said.clear:
            return self._after_question(session, asked.on_no or asked.on_answer)
        self._part = Part.REWORDING
        return wished(session, asked, self._said)

    def proposed(self, session: Session, sentences: tuple[str, ...]) -> Move:
        """A language model put it so, past the guard: read to them, and asked about."""
        self._part, self._proposal = Part.PROPOSED, sentences
        return Move(say=proposal(session, sentences), listen=ANSWER_SECONDS)

    def _kept(self, session: Session) -> Move:
        if isinstance(self.asking, Reword):
            self._said = {**self._said, self.asking.keep: " ".join(self._proposal)}
        return self._on_with(session, "flow.reworded_kept")

    def _corrected(self, session: Session) -> Move:
        """In their words now: the next question is theirs to answer, as every other."""
        self._part, self._fresh, self._since, self._proposal = Part.QUESTIONS, True, session.now, ()
        if not isinstance(self.asking, Reword):
            return self._perform(session)
        self.asking = correction(session, self.asking)
        return Move(say=spoken(session.lines("flow.change")), listen=self.asking.wait)

    # Silence ----------------------------------------------------------------------------------------------------------

    def silence(self, session: Session) -> Move:
        match self._part:
            case Part.REWORDING:
                return self._on_with(session, "flow.reworded_none")
            case Part.PROPOSED:
                return self._on_with(session, "flow.reworded_left")
            case Part.BOOKMARK:
                return self._on_with(session, "flow.past_left")
            case Part.WHICH:
                self._part = Part.QUESTIONS
                return self._after_question(session, session.lines("flow.next"))
            case Part.HANDING_ON:
                return self._over(session, session.lines("flow.gone"))
        asked = self.asking
        if not isinstance(asked, Ask):
            return self._perform(session)
        if not self._fresh:
            return self._answered(session, asked, Understanding())
        also = (ShowResources(session.support.for_kind(Kind.ABUSE)),) if self._is_about_fear else ()
        return replace(self._after_question(session, asked.on_silence or session.lines("flow.next")), also=also)

    def after_speech(self, session: Session) -> Move:
        if self._part is Part.REWORDING:  # nothing came in time that would do
            return self.silence(session)
        return Move(listen=ANSWER_SECONDS) if self._part is not Part.QUESTIONS else super().after_speech(session)

    def seconds_left(self, session: Session) -> float:
        """With time to think at every question, however many were passed over in silence."""
        at = self.step if self._passage is None else self._passage.ends_at
        if self._part is not Part.QUESTIONS or at is None:
            return 0.0
        wait = self.asking.wait if isinstance(self.asking, Ask) else 0.0
        first = at if self.asking is None else at + 1
        script = self.script if session.outside.model_may_see else without_model(self.script)
        return wait + seconds_from(script, first, session.pace, 0.0, len(script.steps))

    # Moving through it ------------------------------------------------------------------------------------------------

    def _ask(self, session: Session, step: Ask) -> Move:
        self._since, self._fresh, self._smaller = session.now, True, False
        if isinstance(step, Reword):
            self._said = {part: words for part, words in self._said.items() if part != step.keep}
            if not may_be_reworded(session, step, self._said):
                self.step += 1
                return self._perform(session)
        move = super()._ask(session, step)
        if not isinstance(step, ReadBack):
            return move
        read = quoted(session, self._rows(step.parts, session))
        if not read:  # nothing was said that could be read
            self.step += 1
            return self._perform(session)
        return replace(move, say=(*read, *move.say))

    def _answered(self, session: Session, asked: Ask, said: Understanding) -> Move:
        return self._after_question(session, reply_to(asked, said.intent))

    def _after_question(self, session: Session, lines: tuple[str, ...]) -> Move:
        if self._returns is not None:
            self.step, self._returns = self._returns - 1, None
        return super()._after_question(session, lines)

    def _back(self, session: Session) -> Move:
        """To the question before this one, or the beginning."""
        self._part = Part.QUESTIONS
        before = [at for at, step in enumerate(self.script.steps[: self._here(session)]) if isinstance(step, Ask)]
        return self._go_to(session, before[-1] if before else 0, "flow.back")

    def _change(self, session: Session, part: str) -> Move:
        self._part, self._returns = Part.QUESTIONS, self.step
        at = next(at for at, step in enumerate(self.script.steps) if isinstance(step, Prompt) and step.keep == part)
        return self._go_to(session, at, "flow.change")

    def _make_smaller(self, session: Session) -> Move:
        """One word is enough; and then none is. Never insisting."""
        asked = self.asking
        if not isinstance(asked, Ask):
            return self._go_to(session, self._here(session) + 1, "flow.next")
        if self._smaller:
            return self._after_question(session, session.lines("flow.next"))
        self._smaller = True
        easier = asked.easier if isinstance(asked, Prompt) else ()
        return Move(say=spoken(easier or session.lines("flow.one_word"), session.pace), listen=asked.wait)

    # What is for people -----------------------------------------------------------------------------------------------

    @property
    def _is_about_fear(self) -> bool:
        return isinstance(self.asking, Prompt) and self.asking.people

    def _human_route(self, session: Session) -> Move:
        """Fear of somebody: no words are drafted for them."""
        self._said = {}
        session.kind = Kind.ABUSE
        people = compose_support(session.support, session.repertoire.phrases, session.kind)
        say = spoken(
            (
                *session.lines("flow.fear"),
                *people,
                *session.repertoire.phrases.get(f"interrupt.person_{Kind.ABUSE}", ()),
            )
        )
        return Move(say=say, next=ToClosing(), also=(ShowResources(session.fitting),))

    def _put_aside(self, session: Session, words: ScreenedText) -> Move:
        self._part, self._aside = Part.BOOKMARK, words.text[:MOST_KEPT]
        return Move(say=spoken(session.lines("flow.past"), gap=2.0), listen=ANSWER_SECONDS)

    def _on_with(self, session: Session, key: str) -> Move:
        self._part, self._aside, self._proposal = Part.QUESTIONS, "", ()
        return self._after_question(session, session.lines(key))

    # Between the questions, and the end -------------------------------------------------------------------------------

    def _between_answered(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        match said.intent:
            case Intent.WORSE:
                note(session, worse=True)
                return Move(next=ToWorse())
            case Intent.BACK:
                return self._back(session)
            case Intent.GOODBYE if self._part is Part.HANDING_ON:
                return self._over(session, session.lines("flow.gone"))
        match self._part:
            case Part.BOOKMARK if said.intent in KEEPS | {Intent.YES} and said.clear:
                self._said = {**self._said, PAST: f"{self._said.get(PAST, '')} {self._aside}".strip()[:MOST_KEPT]}
                return self._on_with(session, "flow.past_noted")
            case Part.PROPOSED if said.clear and said.intent in KEEPS | {Intent.YES}:
                return self._kept(session)
            case Part.PROPOSED if said.intent is Intent.CHANGE:
                return self._corrected(session)
            case Part.PROPOSED if said.intent is Intent.AGAIN:
                return self.proposed(session, self._proposal)
            case Part.WHICH if (part := self.flow.part_named(words.text)) is not None:
                return self._change(session, part)
            case Part.HANDING_ON if said.clear and said.intent in KEEPS | {Intent.YES, Intent.SHOW}:
                return self._handed_on(session, said.intent)
        move = common_answer(session, said, words)
        if move is KEEP and self._part is Part.REWORDING and said.intent is None:
            return KEEP
        return self.silence(session) if move is KEEP or move.next is not None else move

    def _finish(self, session: Session) -> Move:
        note(session, stopped=False)
        if session.exports:
            return self._over(session, session.lines("flow.to_file"), HandOver(self._page(session), Place.FILE))
        if not self._said:
            sheet = HandOver(self._page(session), Place.SCREEN)
            return self._over(session, session.lines("flow.sheet"), sheet)
        self._part, self.asking, self._passage = Part.HANDING_ON, None, None
        key = "flow.keep_or_show" if session.remembers else "flow.show"
        return Move(say=spoken(session.lines(key)), listen=ANSWER_SECONDS)

    def _handed_on(self, session: Session, intent: Intent) -> Move:
        page = self._page(session)
        if intent is Intent.SHOW or not session.remembers:
            return self._over(session, session.lines("flow.shown"), HandOver(page, Place.SCREEN))
        return self._over(session, session.lines("flow.kept"), HandOver(page, Place.NOTE))

    def _over(self, session: Session, lines: tuple[str, ...], *page: HandOver) -> Move:
        if not self.opens:
            return Move(say=spoken(lines), next=ToClosing(), also=page)
        say = spoken((*lines, *session.lines("checkin.goodbye")))
        return Move(say=say, end=EndReason.FINISHED, also=page)

    def _page(self, session: Session) -> Page:
        rows = self._rows(tuple(prompt.keep for prompt in self.flow.prompts), session)
        for step in self.script.steps:
            if isinstance(step, Reword) and step.keep in self._said:
                rows += ((step.label, self._said[step.keep]),)
        if PAST in self._said:
            rows += ((" ".join(session.lines("screen.for_a_person")), self._said[PAST]),)
        return Page(self.script.title, rows, self.flow.for_person or PAST in self._said)

    def _rows(self, parts: tuple[str, ...], session: Session) -> tuple[tuple[str, str], ...]:
        labels = {prompt.keep: prompt.label for prompt in self.flow.prompts}
        return tuple((labels[part], self._said.get(part, "")) for part in parts)
