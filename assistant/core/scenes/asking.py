"""What may be said wherever one is: that one drives, the name of a flow, a question. Help comes before a card."""

from __future__ import annotations

from dataclasses import replace

from assistant.core.card_search import FITS
from assistant.core.commands import ShowResources
from assistant.core.limits import REASSURANCES
from assistant.core.scenes.card import CardScene
from assistant.core.scenes.closing import REST_SECONDS, Parking, Paused, Stopped
from assistant.core.scenes.common import aside
from assistant.core.scenes.exercise import ExerciseScene, Worse
from assistant.core.scenes.flow import FlowScene
from assistant.core.scenes.forgetting import Confirm
from assistant.core.scenes.routes import begin_exercise, choose, named_flow
from assistant.core.scenes.scene import Move, Scene, ToCard, ToFlow, ToParking
from assistant.core.scenes.support import Concern, Interrupt
from assistant.core.scenes.waiting import KnockScene, Waiting
from assistant.core.session import Session
from assistant.core.understanding import Intent, Understanding
from assistant.safety.screen import ScreenedText

CLOSED = (Interrupt, Concern, Confirm, KnockScene, Waiting, FlowScene, Worse, Parking)
"""Scenes with a question of their own that comes first, or in which what is said is an answer."""
ALSO_FITS = 0.6 * FITS
"""For "tell me more": less than what answers by itself."""
OTHERS = 2


def asked_for(session: Session, scene: Scene, said: Understanding, words: ScreenedText) -> Move | None:
    """A flow or a card, where one is asked for; None: the scene answers."""
    if isinstance(scene, CLOSED) or not said.clear:
        return None
    if said.intent is Intent.DRIVING:
        return Move(next=ToParking(said.states))
    if (flow := named_flow(session, words)) is not None:
        return Move(next=ToFlow(flow))
    move = _card(session, scene, said, words) if said.intent is None else None
    if move is not None and move.resume and isinstance(scene, Stopped | Paused):  # what they hold stays held
        return replace(move, resume=False, interjection=False, listen=REST_SECONDS)
    return move


def put_off(session: Session, words: ScreenedText) -> None:
    """A question that gave a faint sign of danger: people first. What is known of it may be offered at the end."""
    search = session.repertoire.cards
    if search is not None and search.wording.asks(words.text):
        session.later = search.answer(words)


def _card(session: Session, scene: Scene, said: Understanding, words: ScreenedText) -> Move | None:
    search, wording = session.repertoire.cards, session.repertoire.flow_wording
    if search is None or not search.wording.asks(words.text):
        return None
    performing = isinstance(scene, ExerciseScene) and not isinstance(scene, CardScene)
    card = search.answer(words)
    if card is None:
        return None if said.states or performing else aside(session, "learning.nothing_fits")
    if session.learned.count(card.id) >= REASSURANCES:  # each answer feeds the next question
        move = aside(session, "limits.reassurance")
        return replace(move, also=(ShowResources(session.fitting),))
    if performing:
        session.later = card
        return aside(session, "card.later")
    if wording is not None and wording.tells("now", words.text):
        session.later = card
        return choose(session, said.states) if said.states else begin_exercise(session, session.lead())
    others = [one.card for one in search.ranked(words) if one.fit >= ALSO_FITS]
    return Move(next=ToCard(card, tuple(other for other in others if other is not None and other is not card)[:OTHERS]))
