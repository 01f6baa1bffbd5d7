"""How a language model's answer joins a conversation that does not wait for it.

The reviewed words of a move begin at once. While they are heard, an answer may come: which exercise fits, where the
rules were unsure, one guarded sentence, and whether danger was heard where the screen heard none. What has come when
they are over is used; what has not is forgotten. In a flow it is asked, after a yes, for other words in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.core.commands import AskModel, AskWording, EndReason, HearElsewhere, Option, ShowResources, TakeBack
from assistant.core.events import ModelChose, ModelDoubts, ModelSaid, ModelWorded, OtherLost
from assistant.core.floor import Floor
from assistant.core.flows import FlowWording
from assistant.core.guard import GuardedSentence
from assistant.core.performance import spoken
from assistant.core.quoting import may_be_read
from assistant.core.scenes.doubt import Doubt
from assistant.core.scenes.flow import FlowScene
from assistant.core.scenes.opening import Choosing, Greeting
from assistant.core.scenes.routes import choose
from assistant.core.scenes.scene import Move, Scene, ToCard, ToChoosing, ToExercise, ToFlow, ToSuggestion
from assistant.core.scenes.support import Interrupt
from assistant.core.session import Session
from assistant.core.tellings import SILENT, Tellings
from assistant.core.timeline import Segment, Speech
from assistant.core.understanding import State, Understanding
from assistant.core.wording import WORDING_SECONDS, Wish
from assistant.safety.screen import Screen, ScreenedText
from assistant.safety.transcript import Transcript, Trust
from assistant.safety.verdict import Kind, Level
from assistant.safety.words import normalise

FEWEST_WORDS = 3
"""In two words there is nothing to say back, and nothing to choose by."""
NOTHING_FITS = "none"


@dataclass(slots=True)
class _Asked:
    """`move`: the one whose words are heard meanwhile. `until`: when an answer comes too late; before the question was
    asked there is none.
    """

    ask_id: int
    options: frozenset[str]
    move: Move
    until: float = -math.inf
    choice: str | None = None
    sentence: GuardedSentence | None = None
    wording: tuple[GuardedSentence, ...] = ()
    level: Level = Level.NONE
    """The highest that was answered."""


class Consulting(Tellings):
    """Asks while it speaks, and takes back what it asked as soon as something else happens."""

    def __init__(self, session: Session, floor: Floor, scene: Scene, screen: Screen) -> None:
        super().__init__(session, floor, scene, screen)
        self._asked: _Asked | None = None
        self._asks = 0
        self._question: AskModel | AskWording | None = None
        """Decided, and asked once the words that are said meanwhile begin to be heard: nothing goes before those."""
        session.outside.closed |= session.support_given

    def _consult(self, move: Move, said: Understanding, words: ScreenedText) -> Move:
        """The move that is made, and the model asked about `words` where it may be. A command is not for it."""
        outside = self.session.outside
        if move.wish is not None:
            self._ask_wording(move, move.wish)
            return move
        screened = words.trusted and words.verdict.level is Level.NONE
        if not (outside.model_may_see and screened and self._is_told_what_happens(move, said, words)):
            return move
        options: tuple[Option, ...] = ()
        if isinstance(move.next, ToChoosing):
            options = _options(self.session, words)
            move = replace(move, say=spoken(self.session.lines("choosing.considering")))
        self._stands(move, options)
        danger = outside.may_raise and not outside.raised
        self._question = AskModel(self._asks, words, options, outside.window_seconds, danger)
        return move

    def _ask_wording(self, move: Move, wish: Wish) -> None:
        """The words were screened one by one; together they are once more, as whoever sees them sees them together."""
        words = self._screen.screen(Transcript(wish.words, Trust.TRUSTED, 1.0, "flow"))
        if words.verdict.level is not Level.NONE:
            self.session.outside.closed = True
            self._commands.append(ShowResources(self.session.fitting))
        elif self.session.outside.model_may_see:
            self._stands(move)
            self._question = AskWording(self._asks, words, wish.form, WORDING_SECONDS)

    def _begun(self, now: float) -> None:
        """The words are heard: now there is time to ask."""
        if self._question is not None and self._asked is not None:
            self._asked.until = now + self._question.seconds
            self._commands.append(self._question)
            self._question = None

    def _stands(self, move: Move, options: tuple[Option, ...] = ()) -> None:
        """One more question, for which there may be an answer."""
        self._asks += 1
        ids = frozenset(option.id for option in options)
        self._asked = _Asked(self._asks, ids, replace(move, also=()))

    def _is_told_what_happens(self, move: Move, said: Understanding, words: ScreenedText) -> bool:
        """Whether the words are somebody's own about how they are, and help comes next."""
        first = isinstance(self._scene, Greeting) or (isinstance(self._scene, Choosing) and bool(said.states))
        leads_on = isinstance(move.next, ToExercise | ToChoosing)
        return first and leads_on and said.intent is None and len(normalise(words.text)) >= FEWEST_WORDS

    def _model_answered(
        self, event: ModelChose | ModelSaid | ModelWorded | ModelDoubts | OtherLost, now: float
    ) -> None:
        """Kept until the words that are heard now are over. What nobody asked for, or comes too late, is nothing."""
        if isinstance(event, OtherLost):
            if not isinstance(self._scene, SILENT):
                self._tell_between(f"{event.what}-lost", now)
            return
        asked = self._asked
        if asked is None or event.ask_id != asked.ask_id or now > asked.until:
            return
        match event:
            case ModelSaid(_, sentence):
                asked.sentence = sentence
            case ModelWorded(_, sentences):
                asked.wording = sentences
            case ModelDoubts(_, level):
                asked.level = max(asked.level, level)
            case ModelChose(_, choice) if choice in asked.options:
                asked.choice = choice

    def _spoken(self, now: float) -> None:
        asked = self._asked
        self._take_back()
        if asked is None or self._move != asked.move:
            return super()._spoken(now)
        if asked.level is not Level.NONE and self.session.outside.may_raise and not self.session.outside.raised:
            return self._doubt(now)
        if (proposed := self._proposed(asked)) is not None:
            self._floor.voice_ended()
            return self._apply(proposed, now)
        chosen = _chosen(self.session, asked.choice) if asked.choice is not None else None
        said = (asked.sentence.text,) if asked.sentence is not None else ()
        if chosen is None and not said:
            return super()._spoken(now)
        after = chosen or replace(self._move, say=())
        self._floor.voice_ended()
        return self._apply(replace(after, say=(*spoken(said), *after.say)), now)

    def _doubt(self, now: float) -> None:
        """Level NONE became SOFT: what was decided is kept, and a question comes first."""
        self.session.outside.raised = True
        self._floor.voice_ended()
        self.session.at = len(self._move.say)
        self._hold()
        self._enter(Doubt(Kind.OVERWHELM), now)

    def _proposed(self, asked: _Asked) -> Move | None:
        """Other words for what was said in a flow, once more as they will be heard: all together."""
        lines = tuple(sentence.text for sentence in asked.wording)
        wording = self.session.repertoire.flow_wording or FlowWording()
        if (
            not lines
            or not isinstance(self._scene, FlowScene)
            or not may_be_read(" ".join(lines), self._screen, wording)
        ):
            return None
        return self._scene.proposed(self.session, lines)

    def _heard_out(self, segments: Iterable[Segment], now: float) -> None:
        super()._heard_out(segments, now)
        outside = self.session.outside
        if outside.any and not outside.told and self._last_told in {s.text for s in segments if isinstance(s, Speech)}:
            outside.told = True
            self._commands.append(HearElsewhere(outside.may_hear))

    @property
    def _last_told(self) -> str:
        """The sentence that ends what is told of other computers."""
        return self.session.lines(self.session.outside.notice()[-1])[-1]

    def _enter(self, scene: Scene, now: float) -> None:
        if isinstance(scene, Interrupt):
            self.session.outside.closed = True  # by a hard signal, or by an answer to the question about safety
        super()._enter(scene, now)

    def _silence_voice(self) -> bool:
        spoke = super()._silence_voice()  # a stop silences first
        self._take_back()
        return spoke

    def _end(self, reason: EndReason) -> None:
        self._take_back()
        super()._end(reason)

    def _take_back(self) -> None:
        if self._asked is not None and self._question is None:
            self._commands.append(TakeBack())
        self._asked = self._question = None


def _options(session: Session, words: ScreenedText) -> tuple[Option, ...]:
    """What there is to choose from: what may be going on, exercises that nothing rules out, and things to read or to
    think about, unless `words` tell of distress at this moment. What is always there comes first: a server that keeps
    what it has read of a prompt reads it once.
    """
    states = tuple(Option(f"state:{state}", f"the person may be in this: {state}") for state in State)
    scripts = (script for name, script in session.repertoire.scripts.items() if name not in session.tried)
    fitting = (script for script in scripts if session.cautions.isdisjoint(script.avoid_if))
    exercises = tuple(Option(f"exercise:{script.id}", script.title) for script in fitting)
    return (*states, *_calmer(session, words), *exercises, Option(NOTHING_FITS, "nothing here clearly fits"))


def _calmer(session: Session, words: ScreenedText) -> tuple[Option, ...]:
    """Cards that were not read yet, and flows. Help comes before both."""
    wording, search = session.repertoire.flow_wording, session.repertoire.cards
    if wording is None or wording.tells("now", words.text):
        return ()
    cards = (card for card in (search.cards if search is not None else ()) if card.id not in session.learned)
    known = tuple(Option(f"card:{card.id}", f"what is known of: {card.title}") for card in cards)
    flows = session.repertoire.flows.items()
    return (*known, *(Option(f"flow:{name}", f"questions to think about: {flow.script.title}") for name, flow in flows))


def _chosen(session: Session, choice: str) -> Move | None:
    """What follows a choice; None where it says that nothing fits. A card and a flow are offered first."""
    kind, _, name = choice.partition(":")
    if kind == "state" and name != State.UNSURE:
        return choose(session, (State(name),))
    if kind == "exercise":
        script = session.repertoire.scripts[name]
        session.tried.append(name)
        return Move(say=spoken(session.lead()), next=ToExercise(script))
    if kind == "flow":
        return Move(next=ToSuggestion(ToFlow(session.repertoire.flows[name])))
    if kind == "card" and (search := session.repertoire.cards) is not None:
        return Move(next=ToSuggestion(ToCard(next(card for card in search.cards if card.id == name))))
    return None
