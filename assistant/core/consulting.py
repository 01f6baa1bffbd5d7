"""How a language model's answer joins a conversation that does not wait for it.

The reviewed words of a move begin at once. While they are heard, an answer may come: which exercise fits, where the
rules were unsure, and one guarded sentence. What has come when they are over is used; what has not is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.core.commands import AskModel, EndReason, HearElsewhere, Option, TakeBack
from assistant.core.events import ModelChose, ModelSaid, OtherLost
from assistant.core.floor import Floor
from assistant.core.guard import GuardedSentence
from assistant.core.performance import spoken
from assistant.core.scenes.opening import Choosing, Greeting
from assistant.core.scenes.routes import choose
from assistant.core.scenes.scene import Move, Scene, ToCard, ToChoosing, ToExercise, ToFlow, ToSuggestion
from assistant.core.scenes.support import Interrupt
from assistant.core.session import Session
from assistant.core.tellings import SILENT, Tellings
from assistant.core.timeline import Segment, Speech
from assistant.core.understanding import State, Understanding
from assistant.safety.screen import Screen, ScreenedText
from assistant.safety.verdict import Level
from assistant.safety.words import normalise

FEWEST_WORDS = 3
"""In two words there is nothing to say back, and nothing to choose by."""
NOTHING_FITS = "none"


@dataclass(slots=True)
class _Asked:
    """`move`: the one whose words are heard meanwhile. `until`: when an answer comes too late."""

    ask_id: int
    options: frozenset[str]
    move: Move
    until: float
    choice: str | None = None
    sentence: GuardedSentence | None = None


class Consulting(Tellings):
    """Asks while it speaks, and takes back what it asked as soon as something else happens."""

    def __init__(self, session: Session, floor: Floor, scene: Scene, screen: Screen) -> None:
        super().__init__(session, floor, scene, screen)
        self._asked: _Asked | None = None
        self._asks = 0
        session.outside.closed |= session.support_given

    def _consult(self, move: Move, said: Understanding, words: ScreenedText, now: float) -> Move:
        """The move that is made, and the model asked about `words` where it may be. A command is not for it."""
        outside = self.session.outside
        screened = words.trusted and words.verdict.level is Level.NONE
        if not (outside.model_may_see and screened and self._is_told_what_happens(move, said, words)):
            return move
        options: tuple[Option, ...] = ()
        if isinstance(move.next, ToChoosing):
            options = _options(self.session, words)
            move = replace(move, say=spoken(self.session.lines("choosing.considering")))
        self._asks += 1
        self._asked = _Asked(
            self._asks, frozenset(option.id for option in options), replace(move, also=()), now + outside.window_seconds
        )
        self._commands.append(AskModel(self._asks, words, options, outside.window_seconds))
        return move

    def _is_told_what_happens(self, move: Move, said: Understanding, words: ScreenedText) -> bool:
        """Whether the words are somebody's own about how they are, and help comes next."""
        first = isinstance(self._scene, Greeting) or (isinstance(self._scene, Choosing) and bool(said.states))
        leads_on = isinstance(move.next, ToExercise | ToChoosing)
        return first and leads_on and said.intent is None and len(normalise(words.text)) >= FEWEST_WORDS

    def _model_answered(self, event: ModelChose | ModelSaid | OtherLost, now: float) -> None:
        """Kept until the words that are heard now are over. What nobody asked for, or comes too late, is nothing."""
        if isinstance(event, OtherLost):
            if not isinstance(self._scene, SILENT):
                self._tell_between(f"{event.what}-lost", now)
            return
        asked = self._asked
        if asked is None or event.ask_id != asked.ask_id or now > asked.until:
            return
        if isinstance(event, ModelSaid):
            asked.sentence = event.sentence
        elif event.choice in asked.options:
            asked.choice = event.choice

    def _spoken(self, now: float) -> None:
        asked = self._asked
        self._take_back()
        if asked is None or self._move != asked.move:
            return super()._spoken(now)
        chosen = _chosen(self.session, asked.choice) if asked.choice is not None else None
        said = (asked.sentence.text,) if asked.sentence is not None else ()
        if chosen is None and not said:
            return super()._spoken(now)
        after = chosen or replace(self._move, say=())
        self._floor.voice_ended()
        return self._apply(replace(after, say=(*spoken(said), *after.say)), now)

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
        if self._asked is not None:
            self._asked = None
            self._commands.append(TakeBack())


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
