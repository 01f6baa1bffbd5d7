"""What the code says by name. A key it needs and does not find would be silence where a sentence was due."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.core.limits import Limit
from assistant.core.outside import Whose
from assistant.core.past import Forgetting
from assistant.core.preference import Reason
from assistant.core.understanding import State
from assistant.safety.verdict import Kind

_FIXED = """
greeting.hello greeting.typed greeting.quiet
choosing.unclear choosing.default choosing.offer_two choosing.considering choosing.suggest
outside.ask outside.agreed outside.refused outside.none
rate.before rate.after rate.heard rate.confirm rate.skip_ok rate.lower rate.same rate.higher rate.towards_person
rate.somebody
exercise.doubtful_once exercise.silence_first exercise.silence_second exercise.skip_ok exercise.again_ok
exercise.slower_ok exercise.faster_ok exercise.louder_ok exercise.softer_ok exercise.switching exercise.not_working
exercise.left exercise.left_least exercise.cant_switch exercise.worse exercise.worse_after exercise.pause_ok
exercise.still_here
trusted.nameless trusted.test trusted.message trusted.number trusted.no_number trusted.no_message
trusted.ask trusted.sending trusted.kept
note.what note.ask note.kept note.not_kept note.unheard note.not_now
about.here about.how_long about.remembered about.remembered_one about.look
about.who about.program about.cannot_know about.noted about.not_noted about.what_happens about.other_language
limits.next_small limits.reassurance
stopped.said_once driving.stop_first
knock.say knock.later checkin.opening checkin.fine checkin.high checkin.offer checkin.goodbye
forget.done forget.kept forget.nothing_noted
concern.number_ready concern.no_thanks
interrupt.acknowledge interrupt.program interrupt.emergency interrupt.line interrupt.line_unsure interrupt.no_line
interrupt.trusted interrupt.trusted_number interrupt.barrier_message
interrupt.person_abuse interrupt.reopened
interrupt.person interrupt.distance interrupt.barrier interrupt.stay interrupt.heard interrupt.orient
interrupt.still_here
support.asked support.some_line
learning.nothing_fits learning.people_first learning.now learning.may_fit
card.intro card.about card.later card.offered card.exercise card.people card.no_more
flow.spoken flow.typed flow.set_phrases flow.unheard flow.next flow.back flow.change flow.one_word flow.more flow.left
flow.gone flow.not_read flow.fear flow.past flow.past_noted flow.past_left flow.keep_or_show flow.show flow.kept
flow.shown flow.sheet flow.to_file
flow.reworded flow.reworded_ask flow.reworded_kept flow.reworded_left flow.reworded_none
closing.offer closing.ask_again closing.goodbye closing.goodbye_short closing.towards_people
spoken.digits spoken.numbers spoken.star spoken.plus
screen.you screen.stopped screen.support screen.emergency screen.unreviewed screen.checked
screen.trusted screen.message
screen.waiting screen.reminders_rest screen.answer_file screen.endpoint screen.stop_hint screen.type_hint
screen.mute_typed
screen.for_a_person screen.model screen.hearing screen.talk_hint screen.talk_open screen.talk_closed
screen.talk_nowhere
screen.breathe_in screen.breathe_out screen.breathe_rest screen.left screen.left_one screen.left_least
screen.row_stop screen.row_leave
screen.microphone_muted screen.muted_from_before screen.status_waits screen.status_talks screen.service_ready
screen.waiting_by_name screen.waiting_by_word screen.waiting_by_button
screen.microphone_off screen.microphone_listening screen.microphone_hearing screen.microphone_heard
"""

FAILURES = (
    "microphone-lost",
    "microphone-returned",
    "speaker-lost",
    "speaker-returned",
    "disk-full",
    "knocks-unwritable",
    "model-lost",
    "hearing-broke",
    "hearing-lost",
    "recogniser-failed",
    "recogniser-slow",
    "recogniser-smaller",
    "stop-word-failed",
    "wake-word-failed",
    "settings-newer",
    "no-sound",
    "built-in-recogniser",
    "something-broke",
    "cache-unwritable",
    "voice-replaced",
    "latch-unwritable",
    "screen-model",
    "microphone-muted",
    "microphone-unmuted",
    "mute-unwritable",
    "memory-aside",
    "memory-damaged",
    "memory-full",
    "memory-locked",
    "memory-newer",
    "memory-not-forgotten",
    "memory-read-only",
    "memory-unusable",
    "note-not-kept",
    "page-unwritable",
    "chime-redrawn",
    "message-sent",
    "message-failed",
    "message-unsure",
    "channel-unusable",
    "note-key-beside",
)
"""Codes of `Trouble` and of what is lost and found again; each has a sentence."""

RECORDED = ("voice-lost", "something-broke", "support")
"""Lines that must also exist as sound, because the voice engine is what failed."""

REQUIRED: tuple[str, ...] = (
    *_FIXED.split(),
    *(f"choosing.lead.{state}" for state in State),
    *(f"outside.{what}_{whose}" for what in ("model", "hearing") for whose in Whose),
    *(f"limits.{limit}" for limit in Limit),
    *(f"why.{reason}" for reason in Reason),
    *(f"forget.ask.{what}" for what in Forgetting),
    *(f"concern.ask.{kind}" for kind in Kind),
    *(f"failures.{code}" for code in FAILURES),
)
"""Dotted keys that phrases.yaml must have."""

PLACEHOLDERS: Mapping[str, frozenset[str]] = {
    "choosing.offer_two": frozenset({"first", "second"}),
    "choosing.suggest": frozenset({"title"}),
    "rate.heard": frozenset({"number"}),
    "rate.confirm": frozenset({"number"}),
    "interrupt.emergency": frozenset({"emergency"}),
    "interrupt.line": frozenset({"line", "digits"}),
    "interrupt.line_unsure": frozenset({"line", "digits"}),
    "interrupt.trusted": frozenset({"trusted"}),
    "card.about": frozenset({"title"}),
    "card.offered": frozenset({"title"}),
    "card.exercise": frozenset({"title"}),
    "interrupt.barrier_message": frozenset({"trusted"}),
    "trusted.number": frozenset({"trusted", "digits"}),
    "trusted.ask": frozenset({"trusted"}),
    "about.remembered": frozenset({"times"}),
    "exercise.left": frozenset({"minutes"}),
    "screen.left": frozenset({"minutes"}),
}
"""What the code fills in. A key named here uses each of its placeholders, and no other key uses any."""

COUNTS: Mapping[str, int] = {"spoken.digits": 10, "spoken.numbers": 11}
"""Lists that are looked up by number: zero to nine, and zero to ten."""

TEXT_SPOKEN = frozenset({"digits"})
"""What is filled into `text_spoken` of a support line."""
