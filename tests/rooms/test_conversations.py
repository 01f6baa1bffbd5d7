"""Whole conversations in the virtual room: who says and hears what, when."""

from __future__ import annotations

import pytest

from assistant.core.commands import EndReason
from assistant.core.events import (
    MicrophoneLost,
    MicrophoneReturned,
    PauseRequested,
    SpeakerLost,
    SpeakerReturned,
    StopRequested,
    SupportRequested,
    Trouble,
)
from assistant.safety.transcript import Trust
from assistant.testing.room import Room
from tests.core.stories import a_conversation


@pytest.fixture
def room() -> Room:
    return Room(a_conversation())


def first_press() -> float:
    """When the first words of the first exercise are heard, with nobody speaking."""
    return next(heard.start for heard in Room(a_conversation()).run().heard if heard.text == "feet press one")


def test_silence_throughout_still_leads_through_an_exercise_to_a_kind_end(room: Room) -> None:
    room.run()
    assert room.ended is EndReason.FINISHED
    assert "greeting.quiet" in room.words
    assert "feet press one" in room.words
    assert room.words[-1] == "closing.goodbye"
    asked = sum("?" in words or words.startswith("rate.") for words in room.words)
    assert asked <= 2, "two silences: no more questions"


def test_a_plea_is_answered_with_the_exercise_that_fits_and_numbers_are_told_as_facts(room: Room) -> None:
    room.answers("i'm panicking", to="greeting.hello")
    room.answers("eight", to="rate.before")
    room.answers("a lamp", to="feet question?")
    room.answers("five", to="rate.after")
    room.answers("no", to="closing.offer")
    room.run()
    assert room.words[:3] == ["greeting.hello", "choosing.lead.panic", "feet press one"]
    assert "rate.heard Eight" in room.words and "feet answered" in room.words
    assert "rate.lower" in room.words
    assert (room.records[0].before, room.records[0].after) == (8.0, 5.0)
    assert room.ended is EndReason.ASKED


@pytest.mark.parametrize("moment", [0.1, 1.0, 9.5, 12.0, 15.0, 20.0, 25.0, 31.0, 40.0, 46.0])
def test_people_to_reach_by_key_at_every_step_without_a_crisis_and_it_goes_on(moment: float) -> None:
    room = Room(a_conversation())
    room.happens(SupportRequested("key"), at=moment)
    room.run()
    assert room.support_shown and any("interrupt.emergency" in words for words in room.words)
    assert "interrupt.acknowledge" not in room.words
    assert room.ended is EndReason.FINISHED


def test_people_to_reach_by_key_after_a_stop_and_in_the_middle_of_the_interrupt(room: Room) -> None:
    room.presses_stop(at=5.0)
    room.happens(SupportRequested("key"), at=9.0)
    room.says("i want to die", at=30.0)
    room.happens(SupportRequested("key"), at=60.0)
    room.run()
    assert sum("interrupt.emergency" in words for words in room.words) == 3
    assert room.ended is EndReason.SUPPORT_GIVEN


@pytest.mark.parametrize("moment", [0.1, 1.0, 9.5, 12.0, 15.0, 20.0, 25.0, 31.0, 40.0, 55.0, 70.0])
def test_stop_at_every_step_is_silence_and_nothing_resumes_by_itself(moment: float) -> None:
    room = Room(a_conversation())
    room.presses_stop(at=moment)
    room.run(until=600)
    assert not room.speaking_at(moment + 0.05)
    if room.ended is EndReason.SILENCE:
        assert room.said_after(moment) == ["stopped.said_once"], "the state is said once"


def test_a_spoken_stop_is_obeyed_before_the_turn_has_ended(room: Room) -> None:
    room.says("stop", at=20.0, lasting=0.5)
    room.run(until=60)
    assert not room.speaking_at(20.5 + 0.2 + 0.1)
    assert room.said_after(20.5)[-1] == "stopped.said_once"


def test_two_stops_in_a_row_end_it_without_another_word(room: Room) -> None:
    room.presses_stop(at=12.0)
    room.presses_stop(at=12.6)
    room.run()
    assert room.ended is EndReason.ASKED
    assert room.said_after(12.0) == []


def test_ctrl_c_leaves_at_once(room: Room) -> None:
    room.happens(StopRequested("sigint", leave=True), at=3.0)
    room.run()
    assert room.ended is EndReason.ASKED and room.said_after(3.0) == []


def test_after_a_stop_the_person_can_go_on_where_it_was(room: Room) -> None:
    room.presses_stop(at=11.0)
    room.answers("go on", to="stopped.said_once")
    room.run()
    assert "feet press two" in room.said_after(11.0)
    assert room.ended is EndReason.FINISHED


def test_a_cough_ducks_the_voice_and_lets_it_swell_back(room: Room) -> None:
    room.coughs(at=first_press(), lasting=0.3)
    room.run()
    assert any("DUCK" in line for line in room.log) and any("UNDUCK" in line for line in room.log)
    assert not any(heard.cut for heard in room.heard)


def test_talking_over_the_voice_pauses_it_and_the_sentence_is_said_again(room: Room) -> None:
    start = first_press()
    room.says("it was the letter and then the phone and then all of it", at=start + 0.2, lasting=5.0)
    room.run()
    times = [heard for heard in room.heard if heard.text.startswith("feet press")]
    cut = [heard for heard in times if heard.cut]
    assert all(not (start + 2.3 < heard.start < start + 5.2) for heard in room.heard), "never over the person"
    assert len(cut) <= 1
    assert times[-1].text == "feet press two"


def test_speaking_one_thing_seen_does_not_break_an_exercise(room: Room) -> None:
    room.says("a lamp", at=20.0)
    room.run()
    assert room.ended is EndReason.FINISHED
    assert not any(heard.cut for heard in room.heard)


def test_stuck_voice_activity_does_not_silence_it_for_ever(room: Room) -> None:
    room.coughs(at=1.0, lasting=3000.0)
    room.run(until=3000)
    assert any("press" in words for words in room.words)
    assert room.ended is not None


@pytest.mark.parametrize("how", ["fails", "hangs"])
def test_a_dead_recogniser_is_told_once_and_help_goes_on(room: Room, how: str) -> None:
    room.recogniser = how
    room.says("i'm panicking", at=4.0)
    room.says("hello", at=40.0)
    room.run()
    told = [words for words in room.words if words.startswith("failures.recogniser")]
    assert len(told) == 1
    assert "feet press one" in room.words and room.ended is EndReason.FINISHED


def test_a_dead_voice_engine_plays_the_recorded_line_and_captions_go_on(room: Room) -> None:
    room.voice_engine = "dead"
    room.run()
    assert room.words == ["recorded voice-lost"]
    assert any("CAPTION feet press two" in line for line in room.log)
    assert room.ended is EndReason.FINISHED


def test_the_microphone_unplugged_mid_exercise_is_told_and_the_exercise_goes_on(room: Room) -> None:
    room.happens(MicrophoneLost(), at=14.0)
    room.happens(MicrophoneReturned(), at=25.0)
    room.run()
    assert "failures.microphone-lost" in room.words and "failures.microphone-returned" in room.words
    assert room.words.count("feet press two") <= 2
    assert room.ended is EndReason.FINISHED


def test_a_lost_speaker_says_nothing_to_nobody_and_tells_when_it_is_back(room: Room) -> None:
    room.happens(SpeakerLost(), at=14.0)
    room.happens(SpeakerReturned(), at=20.0)
    room.run()
    assert "failures.speaker-returned" in room.words and room.ended is EndReason.FINISHED


def test_a_full_disk_is_told_once_and_nothing_stops(room: Room) -> None:
    room.happens(Trouble("disk-full"), at=15.0)
    room.happens(Trouble("disk-full"), at=30.0)
    room.run()
    assert room.words.count("failures.disk-full") == 1
    assert room.ended is EndReason.FINISHED


def test_a_crisis_mid_exercise_stops_it_and_gives_support_and_only_support(room: Room) -> None:
    room.says("i want to die", at=20.0, lasting=1.2)
    room.run()
    first = room.said_after(20.5)[0]
    after = room.said_after(20.5)
    assert first == "interrupt.acknowledge"
    assert after[1:4] == ["interrupt.program", "interrupt.emergency nine nine nine",
                          "interrupt.line Samaritans one one six, one two three"]  # fmt: skip
    assert all(words.startswith(("interrupt.", "closing.goodbye")) for words in after)
    assert room.support_shown and room.ended is EndReason.SUPPORT_GIVEN


def test_a_soft_signal_asks_one_plain_question_and_a_clear_no_goes_on(room: Room) -> None:
    room.says("there is no point in living", at=20.0)
    room.answers("no", to="concern.number_ready")
    room.run()
    assert "concern.ask.suicide" in room.words and "concern.no_thanks" in room.words
    assert "interrupt.acknowledge" not in room.words
    assert room.ended is EndReason.FINISHED


@pytest.mark.parametrize("answer", ["yes", "i don't know", "pause", None])
def test_yes_unclear_or_silence_after_a_soft_signal_leads_to_support(room: Room, answer: str | None) -> None:
    room.says("there is no point in living", at=20.0)
    if answer:
        room.answers(answer, to="concern.number_ready")
    room.run()
    assert "interrupt.acknowledge" in room.words


def test_soft_signals_add_up(room: Room) -> None:
    room.says("there is no point in living", at=20.0)
    room.answers("no", to="concern.number_ready")
    room.says("there is no point in living", at=45.0)
    room.run()
    assert room.words.count("concern.ask.suicide") == 1
    assert "interrupt.acknowledge" in room.said_after(45.0)


def test_after_a_nine_a_soft_signal_is_enough_for_support(room: Room) -> None:
    room.answers("i'm panicking", to="greeting.hello")
    room.answers("nine", to="rate.before")
    room.answers("there is no point in living", to="feet question?")
    room.run()
    assert "concern.ask.suicide" not in room.words and "interrupt.acknowledge" in room.words


def test_a_denied_disclosure_is_asked_about_and_never_dropped(room: Room) -> None:
    room.says("i don't want to die", at=20.0)
    room.run(until=60)
    assert "concern.ask.suicide" in room.words


def test_hard_words_heard_doubtfully_ask_instead_of_accusing(room: Room) -> None:
    room.says("i want to die", at=20.0, trust=Trust.DOUBTFUL)
    room.run(until=40)
    assert "concern.ask.suicide" in room.words


def test_worse_leaves_the_exercise_within_one_utterance_and_leads_to_a_person(room: Room) -> None:
    room.says("worse", at=20.0)
    room.answers("nine", to="rate.after")
    room.run()
    after = room.said_after(20.6)
    assert after[0] == "exercise.worse"
    assert "rate.towards_person" in after and room.support_shown == ["GB"]


def test_i_cant_makes_it_smaller_once_and_then_changes_family(room: Room) -> None:
    room.says("i can't", at=20.0)
    room.answers("i can't", to="easier", after=1.5)
    room.run()
    assert "feet easier" in room.words and "exercise.cant_switch" in room.words
    assert "senses press one" in room.words


def test_pause_waits_and_go_on_continues(room: Room) -> None:
    room.happens(PauseRequested(), at=13.0)
    room.answers("go on", to="exercise.pause_ok", after=20.0)
    room.run()
    assert "exercise.pause_ok" in room.words and room.ended is EndReason.FINISHED


def test_its_own_echo_does_not_answer_itself(room: Room) -> None:
    room.echo = 0.3
    room.run()
    assert not any("HEARS" in line for line in room.log)


def test_an_hour_is_simulated_the_same_way_every_time() -> None:
    def an_hour() -> list[str]:
        room = Room(a_conversation())
        room.says("pause", at=15.0)
        for minute in range(59):
            room.says("a lamp", at=60.0 * minute + 40)
            room.coughs(at=60.0 * minute + 70)
        room.run(until=3600)
        assert room.ended is None
        return room.log

    assert an_hour() == an_hour()


def test_a_number_heard_badly_is_confirmed_once_and_a_yes_is_enough(room: Room) -> None:
    room.answers("i'm panicking", to="greeting.hello")
    room.answers("eight", to="rate.before", trust=Trust.DOUBTFUL)
    room.answers("yes", to="rate.confirm eight")
    room.answers("same", to="rate.after")
    room.run()
    assert "rate.heard Eight" in room.words and "rate.same" not in room.words, "an eight leads towards a person"
    assert (room.records[0].before, room.records[0].after) == (8.0, 8.0)


def test_a_number_is_never_confirmed_twice(room: Room) -> None:
    room.answers("i'm panicking", to="greeting.hello")
    room.answers("eight", to="rate.before", trust=Trust.DOUBTFUL)
    room.answers("four", to="rate.confirm eight", trust=Trust.DOUBTFUL)
    room.run()
    assert [words for words in room.words if words.startswith("rate.confirm")] == ["rate.confirm eight"]
    assert room.records[0].before == 4.0


@pytest.mark.parametrize("answer", ["no", None])
def test_a_number_that_was_not_that_stays_unknown_and_it_goes_on(room: Room, answer: str | None) -> None:
    room.answers("i'm panicking", to="greeting.hello")
    room.answers("eight", to="rate.before", trust=Trust.DOUBTFUL)
    if answer:
        room.answers(answer, to="rate.confirm eight")
    room.run()
    assert room.records[0].before is None and room.ended is EndReason.FINISHED


def test_higher_than_before_without_a_number_leaves_the_exercise_and_leads_to_a_person(room: Room) -> None:
    room.answers("i'm panicking", to="greeting.hello")
    room.answers("five", to="rate.before")
    room.answers("higher", to="rate.after")
    room.run()
    assert "exercise.worse" in room.words and "rate.towards_person" in room.words


def test_what_comes_in_between_does_not_record_an_exercise_twice(room: Room) -> None:
    room.answers("i'm panicking", to="greeting.hello")
    room.answers("four", to="rate.before")
    room.answers("a lamp", to="feet question?")
    room.answers("three", to="rate.after")
    room.answers("who are you", to="closing.offer")
    room.run()
    assert "about.who" in room.words
    assert [record.exercise for record in room.records] == ["feet"]
