"""Who decides what is said next."""

from __future__ import annotations

from assistant.core.scenes.card import CardScene, card_script
from assistant.core.scenes.check_in import CheckInScene
from assistant.core.scenes.closing import Closing, Parking
from assistant.core.scenes.exercise import ExerciseScene, Worse
from assistant.core.scenes.flow import FlowScene
from assistant.core.scenes.forgetting import Confirm
from assistant.core.scenes.message import Message
from assistant.core.scenes.noting import Noting
from assistant.core.scenes.opening import Choosing, Greeting
from assistant.core.scenes.person import TowardsPerson
from assistant.core.scenes.scene import (
    Destination,
    Scene,
    ToCard,
    ToCheckIn,
    ToChoosing,
    ToClosing,
    ToExercise,
    ToFlow,
    ToForgetting,
    ToGreeting,
    ToInterrupt,
    ToMessage,
    ToNote,
    ToParking,
    ToPerson,
    ToSuggestion,
    ToTheirNumber,
    ToWorse,
)
from assistant.core.scenes.suggestion import Suggestion
from assistant.core.scenes.support import Interrupt
from assistant.core.scenes.their_number import TheirNumber


def scene_for(destination: Destination) -> Scene:
    """The scene a destination names."""
    match destination:
        case ToChoosing(first, second):
            return Choosing(first, second)
        case ToExercise(script):
            return ExerciseScene(script)
        case ToCheckIn(script, opens):
            return CheckInScene(script, opens)
        case ToFlow(flow, opens):
            return FlowScene(flow.script, flow, opens)
        case ToCard(card, others, offered):
            return CardScene(card_script(card), card, others, offered)
        case ToSuggestion(then):
            return Suggestion(then)
        case ToGreeting(chime):
            return Greeting(chime)
        case ToWorse():
            return Worse()
        case ToPerson():
            return TowardsPerson()
        case ToClosing(quiet, people):
            return Closing(quiet, people)
        case ToParking(states):
            return Parking(states)
        case ToForgetting(what, resumes):
            return Confirm(what, resumes=resumes)
        case ToTheirNumber(resumes):
            return TheirNumber(resumes=resumes)
        case ToMessage(resumes):
            return Message(resumes=resumes)
        case ToNote(bookmark, resumes):
            return Noting(bookmark, resumes=resumes)
        case ToInterrupt(kind):
            return Interrupt(kind)
