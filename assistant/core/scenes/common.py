"""Replies every scene understands, wherever the person is."""

from __future__ import annotations

from dataclasses import replace

from assistant.core.commands import EndReason, HearElsewhere, HideScreen, ShowResources, ShowTrusted
from assistant.core.limits import reassured_enough
from assistant.core.past import Forgetting
from assistant.core.performance import spoken
from assistant.core.scenes.routes import begin_check_in
from assistant.core.scenes.scene import KEEP, Aside, Move, ToForgetting, ToMessage, ToNote, ToTheirNumber
from assistant.core.scenes.telling_number import number_said
from assistant.core.session import GAIN_STEP_DB, PACE_STEP, Session
from assistant.core.understanding import Intent, Understanding
from assistant.safety.interrupt import compose_support
from assistant.safety.screen import ScreenedText


def aside(session: Session, *keys: str) -> Move:
    """Say something in between, then go on where it was."""
    lines = tuple(line for key in keys for line in session.lines(key))
    return Move(say=spoken(lines), resume=True, interjection=True)


def farewell(session: Session) -> Move:
    """The close a person asked for."""
    return Move(say=spoken(session.lines("closing.goodbye")), end=EndReason.ASKED)


def hide() -> Move:
    """Silence, an empty screen, and the end: for someone who is not alone."""
    return Move(end=EndReason.ASKED, also=(HideScreen(),))


def _support(session: Session, *before: str) -> Move:
    lines = (*before, *compose_support(session.support, session.repertoire.phrases))
    return Move(say=spoken(lines), also=(ShowResources(session.fitting),), resume=True, interjection=True)


def _no_message(session: Session) -> Move:
    """None can be sent: that is said, and whom to call instead."""
    if not session.trusted.number:
        return _support(session, *session.lines("trusted.no_message"))
    say = (*spoken(session.lines("trusted.no_message")), *number_said(session))
    return Move(say=say, also=(ShowTrusted(session.trusted),), resume=True, interjection=True)


def _remembered(session: Session) -> Move:
    """How much, of what kind, and how to see it and have it forgotten."""
    if not session.remembers:
        return aside(session, "about.not_noted")
    match len(session.past):
        case 0:
            times: tuple[str, ...] = ()
        case 1:
            times = session.lines("about.remembered_one")
        case many:
            times = session.lines("about.remembered", times=str(many))
    lines = (*times, *session.lines("about.noted"), *session.lines("about.look"))
    return Move(say=spoken(lines), resume=True, interjection=True)


def reassurance(session: Session, *answer: str) -> Move:
    """What is known, twice; then people, who may know more."""
    if not reassured_enough(session):
        return Move(say=spoken(answer), resume=True, interjection=True)
    lines = session.lines("limits.reassurance")
    return Move(say=spoken(lines), also=(ShowResources(session.fitting),), resume=True, interjection=True)


def others(session: Session, *, agreed: bool) -> Move:
    """The person's word on other computers, for this sitting."""
    outside = session.outside
    if not outside.any:
        return aside(session, "outside.none")
    outside.agreed = agreed
    told = aside(session, "outside.agreed" if agreed else "outside.refused")
    return replace(told, also=(HearElsewhere(outside.may_hear),))


_FORGETTING = {
    Intent.FORGET_THAT: Forgetting.THAT,
    Intent.FORGET_TODAY: Forgetting.TODAY,
    Intent.FORGET_EVERYTHING: Forgetting.EVERYTHING,
}


def at_rest(move: Move) -> Move:
    """A reply to somebody who stopped: afterwards nothing goes on by itself."""
    if isinstance(move.next, Aside):
        return replace(move, next=replace(move.next, resumes=False), interjection=False)
    return move


def common_answer(session: Session, said: Understanding, words: ScreenedText) -> Move:
    """What holds in every scene; KEEP where the scene itself must know."""
    match said.intent:
        case Intent.CHECK_IN:
            return begin_check_in(session, words)
        case Intent.GOODBYE:
            return farewell(session)
        case Intent.HIDE:
            return hide()
        case Intent.WHO_ARE_YOU:
            return aside(session, "about.who", "about.noted" if session.remembers else "about.not_noted")
        case Intent.ARE_YOU_SURE | Intent.REASSURE:
            return reassurance(session, *session.lines("about.cannot_know"))
        case Intent.FORGET_THAT | Intent.FORGET_TODAY | Intent.FORGET_EVERYTHING:
            if not session.remembers:
                return aside(session, "forget.nothing_noted")
            return Move(next=ToForgetting(_FORGETTING[said.intent]), interjection=True)
        case Intent.WHAT_DO_YOU_REMEMBER:
            return _remembered(session)
        case Intent.NOTE | Intent.NOTE_FOR_THERAPIST:
            if not session.remembers:
                return aside(session, "note.not_now")
            return Move(next=ToNote(said.intent is Intent.NOTE_FOR_THERAPIST), interjection=True)
        case Intent.THEIR_NUMBER if session.trusted.number:
            return Move(next=ToTheirNumber(), interjection=True)
        case Intent.THEIR_NUMBER:
            return _support(session, *session.lines("trusted.no_number"))
        case Intent.SEND_MESSAGE if session.trusted.reachable:
            return Move(next=ToMessage(), interjection=True)
        case Intent.SEND_MESSAGE:
            return _no_message(session)
        case Intent.USE_OTHERS | Intent.KEEP_HERE:
            return others(session, agreed=said.intent is Intent.USE_OTHERS)
        case Intent.HELP | Intent.WHO_CAN_I_CALL:
            return _support(session)
        case Intent.OTHER_LANGUAGE:
            return _support(session, *session.lines("about.other_language"))
        case Intent.LOUDER:
            session.change_gain(GAIN_STEP_DB)
            return aside(session, "exercise.louder_ok")
        case Intent.SOFTER:
            session.change_gain(-GAIN_STEP_DB)
            return aside(session, "exercise.softer_ok")
        case Intent.SLOWER:
            session.change_pace(PACE_STEP)
            return aside(session, "exercise.slower_ok")
        case Intent.FASTER:
            session.change_pace(1 / PACE_STEP)
            return aside(session, "exercise.faster_ok")
        case Intent.WAKE:
            return aside(session, "about.here")
        case Intent.HOW_LONG:
            return aside(session, "about.how_long")
        case Intent.WHAT_IS_THIS | Intent.WHY:
            return aside(session, "about.what_happens")
        case Intent.GO_ON:
            return Move(resume=True)
        case _:
            return KEEP
