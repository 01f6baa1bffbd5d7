"""Endpointing: a click is no turn, who pauses is not cut off, a whole answer is not kept waiting, and nothing goes on
for ever.
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.hearing.segmenter import EndpointPolicy, Paused, Resumed, Segmenter, SegmentEvent, Started, Stopped

FRAME = 0.032
POLICY = EndpointPolicy()


class Person:
    """Somebody in front of a segmenter: speech and silence in seconds, and what came of them, each with its moment."""

    def __init__(self, policy: EndpointPolicy = POLICY) -> None:
        self.segmenter = Segmenter(policy)
        self.now = 0.0
        self.found: list[tuple[float, SegmentEvent]] = []

    def sounds(self, seconds: float, probability: float, *, over_voice: bool = False) -> Person:
        for _ in range(round(seconds / FRAME)):
            self.now += FRAME
            if (event := self.segmenter.process(FRAME, probability, -20.0, over_voice=over_voice)) is not None:
                self.found.append((round(self.now, 3), event))
        return self

    def speaks(self, seconds: float) -> Person:
        return self.sounds(seconds, 0.9)

    def is_silent(self, seconds: float) -> Person:
        return self.sounds(seconds, 0.0)

    def takes_a_turn(self, *, pause: float = 0.0) -> Person:
        """A sentence, with a pause in it, and as much silence after it as ends any."""
        self.speaks(1.0)
        if pause:
            self.is_silent(pause).speaks(1.0)
        return self.is_silent(4.0)

    @property
    def events(self) -> list[SegmentEvent]:
        return [event for _, event in self.found]

    @property
    def kinds(self) -> list[type[SegmentEvent]]:
        return [type(event) for event in self.events]

    def moment(self, kind: type[SegmentEvent]) -> float:
        """Of the last of its kind."""
        return next(at for at, event in reversed(self.found) if isinstance(event, kind))


@pytest.fixture
def person() -> Person:
    return Person()


# Beginning ------------------------------------------------------------------------------------------------------------


def test_a_click_starts_nothing_and_a_cough_holds_no_words(person: Person) -> None:
    assert person.speaks(0.06).is_silent(2.0).events == []
    assert person.speaks(0.13).is_silent(2.0).events[-1] == Stopped(too_short=True)


def test_over_the_voice_somebody_is_noticed_after_two_frames(person: Person) -> None:
    assert person.sounds(0.06, 0.9, over_voice=True).events == [Started()]


def test_below_the_floor_nothing_is_speech() -> None:
    segmenter = Segmenter()
    assert all(segmenter.process(FRAME, 0.99, -90.0) is None for _ in range(100))


# Ending ---------------------------------------------------------------------------------------------------------------


def test_an_open_sentence_ends_after_the_silence_of_somebody_who_thinks(person: Person) -> None:
    person.is_silent(0.5).speaks(1.0).is_silent(2.0)
    assert person.kinds == [Started, Paused, Stopped]
    assert person.moment(Paused) - 1.5 == pytest.approx(POLICY.speculative_silence_seconds, abs=2 * FRAME)
    assert person.moment(Stopped) - 1.5 == pytest.approx(1.2, abs=2 * FRAME)


def test_a_pause_inside_a_sentence_is_not_its_end(person: Person) -> None:
    person.speaks(1.0).is_silent(1.1).speaks(1.0).is_silent(2.0)
    assert person.kinds == [Started, Paused, Resumed, Paused, Stopped]


def test_a_whole_answer_ends_after_a_short_silence(person: Person) -> None:
    said = person.speaks(0.6).now
    person.is_silent(0.25).segmenter.end_soon()
    person.is_silent(2.0)
    assert person.kinds == [Started, Paused, Stopped]
    assert person.moment(Stopped) - said == pytest.approx(0.3, abs=2 * FRAME)


def test_a_whole_answer_that_was_understood_late_ends_at_once(person: Person) -> None:
    person.speaks(0.6).is_silent(0.8).segmenter.end_soon()
    before = person.now
    person.is_silent(0.5)
    assert person.moment(Stopped) - before <= FRAME + 1e-6


def test_speech_takes_back_that_the_answer_was_whole(person: Person) -> None:
    person.speaks(0.6).is_silent(0.25).segmenter.end_soon()
    said = person.speaks(0.6).now
    person.is_silent(3.0)
    assert person.moment(Stopped) - said == pytest.approx(1.2, abs=2 * FRAME), "they were not done"


def test_an_answer_is_not_whole_while_it_is_being_said(person: Person) -> None:
    person.speaks(0.6).segmenter.end_soon()
    said = person.now
    person.is_silent(3.0)
    assert person.moment(Stopped) - said == pytest.approx(1.2, abs=2 * FRAME)


def test_speech_without_end_is_ended() -> None:
    person = Person(EndpointPolicy(max_turn_seconds=5.0)).speaks(12.0)
    assert person.kinds[:3] == [Started, Stopped, Started]


@given(st.lists(st.tuples(st.floats(0.3, 2.0), st.floats(0.05, 1.1)), min_size=1, max_size=8), st.booleans())
def test_nobody_who_pauses_for_a_second_is_cut_off(breaths: list[tuple[float, float]], used_to_them: bool) -> None:
    person = Person()
    if used_to_them:
        for _ in range(5):
            person.takes_a_turn()
    begun = len(person.found)
    for speech, pause in breaths:
        person.speaks(speech).is_silent(pause)
    person.speaks(0.5)
    assert Stopped not in person.kinds[begun:]
    assert person.kinds[begun:].count(Started) == 1


# Going on -------------------------------------------------------------------------------------------------------------


def cut_off_for(seconds: float) -> Person:
    """A turn is over, and so much later there is speech again."""
    person = Person().speaks(1.0)
    while Stopped not in person.kinds:
        person.is_silent(FRAME)
    return person.is_silent(seconds).speaks(0.5)


@pytest.mark.parametrize("seconds", [0.1, 0.5, 0.9])
def test_who_speaks_again_at_once_goes_on_with_their_turn(seconds: float) -> None:
    assert cut_off_for(seconds).events[-1] == Started(joined=True)


@pytest.mark.parametrize("seconds", [1.1, 2.0, 30.0])
def test_who_speaks_later_begins_another(seconds: float) -> None:
    assert cut_off_for(seconds).events[-1] == Started(joined=False)


def test_nothing_goes_on_with_a_cough(person: Person) -> None:
    person.speaks(0.13).is_silent(1.3)
    assert person.events[-1] == Stopped(too_short=True)
    assert person.speaks(0.5).events[-1] == Started(joined=False)


def test_a_turn_that_was_as_long_as_can_be_is_not_gone_on_with() -> None:
    person = Person(EndpointPolicy(max_turn_seconds=5.0)).speaks(12.0)
    assert person.events[:3] == [Started(), Stopped(too_short=False), Started(joined=False)]


def test_a_turn_that_was_dealt_with_is_over(person: Person) -> None:
    person.speaks(0.6).is_silent(0.25).segmenter.forget()
    assert person.is_silent(3.0).kinds == [Started, Paused], "nothing more is told of it"
    assert person.speaks(0.5).events[-1] == Started(joined=False)


# Patience -------------------------------------------------------------------------------------------------------------


def test_who_makes_long_pauses_is_waited_for_longer_and_not_at_once(person: Person) -> None:
    patience = [person.segmenter.patience]
    for _ in range(12):
        person.takes_a_turn(pause=1.1)
        patience.append(person.segmenter.patience)
    assert patience[0] == pytest.approx(1.2)
    assert patience[1] - patience[0] < 0.25 * (1.1 * 1.3 - 1.2), "one pause is no habit"
    assert patience == sorted(patience)
    assert 1.1 * 1.15 < patience[-1] < 1.1 * 1.3 + 0.05


def test_being_cut_off_teaches_more_than_a_pause() -> None:
    assert cut_off_for(0.8).segmenter.patience > Person().takes_a_turn(pause=1.1).segmenter.patience + 0.2


def test_patience_wears_off_slowly(person: Person) -> None:
    for _ in range(8):
        person.takes_a_turn(pause=1.1)
    learned = person.segmenter.patience
    person.takes_a_turn()
    assert learned * 0.98 < person.segmenter.patience < learned
    for _ in range(200):
        person.takes_a_turn()
    assert person.segmenter.patience == pytest.approx(1.2, abs=0.01)


@given(
    st.lists(st.tuples(st.floats(0.05, 3.0), st.floats(0.0, 4.0), st.booleans()), max_size=60),
    st.sampled_from([POLICY, EndpointPolicy(silence_seconds=4.0), EndpointPolicy(silence_seconds=0.5)]),
)
def test_patience_stays_between_what_was_chosen_and_the_longest(
    said: list[tuple[float, float, bool]], policy: EndpointPolicy
) -> None:
    person = Person(policy)
    for speech, silence, whole in said:
        person.speaks(speech).is_silent(silence / 2)
        if whole:
            person.segmenter.end_soon()
        person.is_silent(silence / 2)
        longest = max(2.5, policy.silence_seconds)
        assert policy.silence_seconds - 1e-9 <= person.segmenter.patience <= longest + 1e-9


@given(st.lists(st.tuples(st.floats(0.02, 8.0), st.floats(0.0, 1.0)), max_size=40), st.data())
def test_every_turn_that_starts_stops_in_time(stretches: list[tuple[float, float]], data: st.DataObject) -> None:
    """Whatever is heard, starts and stops take turns, and quiet ends what is open."""
    person = Person(EndpointPolicy(max_turn_seconds=10.0))
    for seconds, probability in stretches:
        person.sounds(seconds, probability)
        if data.draw(st.booleans()):
            person.segmenter.end_soon()
    person.is_silent(2.6)
    turns = [(at, event) for at, event in person.found if isinstance(event, Started | Stopped)]
    assert [type(event) for _, event in turns] == [Started, Stopped] * (len(turns) // 2)
    for (began, _), (ended, _) in zip(turns[::2], turns[1::2], strict=True):
        assert ended - began <= 10.0 + 2 * FRAME
