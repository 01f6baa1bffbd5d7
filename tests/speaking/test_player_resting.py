"""A voice that waits for somebody: it holds still, goes on from the word in which it was lowered, and loses nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event, PlaybackFinished, PlaybackProgressed
from assistant.core.ids import UtteranceId
from assistant.speaking.player import DUCKED, Part, Player, Playout

RATE, BLOCK = 8_000, 128
PART = 400
"""Samples a part, as the voice worker cuts speech."""
WORD, GAP = 1_600, 400
"""Samples: 0.2 s of sound, 0.05 s between two words."""
REWOUND = round(0.6 * RATE)
"""Samples: longer than most words."""
STEP = 2.0**-22


def speech(start: int, words: int = 8, word: int = WORD, gap: int = GAP) -> NDArray[float32]:
    """Words with gaps between them. Each sample tells its own number, counted from `start`, below its loudness."""
    numbers = np.arange(start + 1, start + 1 + words * (word + gap))
    sounding = np.tile(np.repeat([0.5, 0.0], [word, gap]), words)
    sound: NDArray[float32] = (sounding + numbers * STEP).astype(float32)
    return sound


def numbers(samples: NDArray[float32]) -> list[int]:
    """The numbers that samples tell; 0 is silence."""
    return [int(number) for number in np.rint((samples.astype(np.float64) % 0.5) / STEP)]


class Plain(Player):
    """What it takes is heard as it is; `gains` is what it would be multiplied by."""

    def __init__(self, events: list[Event]) -> None:
        super().__init__(RATE, events.append)
        self.gains = np.ones(0, dtype=float32)

    def _apply_gain(self, out: NDArray[float32]) -> None:
        self.gains = np.ones_like(out)
        super()._apply_gain(self.gains)


def block(player: Player, count: int = BLOCK) -> NDArray[float32]:
    out = np.full(count, 9.0, dtype=float32)
    player.fill(out)
    return out


def opened(player: Player, *segments: NDArray[float32] | int, utterance: int = 1) -> Playout:
    """An utterance of sounds and silences, and the block in which it enters."""
    playout = player.play(UtteranceId(utterance), player.stops)
    for number, samples in enumerate(segments):
        for part in parts(number, samples):
            playout.append(part)
    playout.finish()
    block(player)
    return playout


def parts(segment: int, samples: NDArray[float32] | int) -> list[Part]:
    if isinstance(samples, int):
        return [Part(segment, samples)]
    return [Part(segment, samples[start : start + PART]) for start in range(0, len(samples), PART)]


def heard_until(player: Player, number: int) -> int:
    """Play on until this sample was heard; the number of the last one that was."""
    last = 0
    while last < number:
        last = numbers(block(player))[-1]
    return last


def waits(player: Player) -> None:
    """Somebody speaks: lowered, then resting."""
    player.duck()
    for _ in range(4):
        block(player)
    player.rest()
    block(player)


def rest_of_it(player: Player) -> list[int]:
    """Everything that is still heard."""
    found: list[int] = []
    while (new := numbers(block(player))) and any(new):
        found += new
    return found


@pytest.fixture
def events() -> list[Event]:
    return []


@pytest.fixture
def player(events: list[Event]) -> Plain:
    return Plain(events)


# Silence --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lowered", [True, False])
def test_a_rest_is_silence_within_one_block_and_fades(lowered: bool) -> None:
    player = Player(RATE, lambda event: None)
    opened(player, np.full(RATE, 0.5, dtype=float32))
    before = 0.5
    if lowered:
        player.duck()
        before = float([block(player) for _ in range(4)][-1][-1])
        assert before == pytest.approx(0.5 * DUCKED)
    player.rest()
    out = block(player)
    assert out[0] == pytest.approx(before) and np.all(np.diff(out) <= 0) and out[-1] == 0.0
    assert not any(block(player).any() for _ in range(50))
    assert player.level == 0.0


def test_it_swells_back_after_a_rest(player: Plain) -> None:
    opened(player, speech(0))
    heard_until(player, 2_000)
    waits(player)
    player.unduck()
    blocks = int(0.15 * RATE / BLOCK)
    gains = np.concatenate([(block(player), player.gains)[1] for _ in range(blocks + 3)])
    assert gains[0] == 0.0 and np.all(np.diff(gains) >= 0) and gains[-1] == 1.0
    assert gains[BLOCK * blocks // 2] < 0.7, "and not at once"


def test_the_timeline_does_not_move_while_it_rests(player: Plain, events: list[Event]) -> None:
    opened(player, speech(0), 800, speech(16_800))
    heard_until(player, 2_500)
    waits(player)
    before = len(events)
    for _ in range(2_000):
        assert not block(player).any()
    assert len(events) == before, "nothing is reported of a voice that waits"
    player.unduck()
    assert heard_until(player, 16_800 + 15_900), "and it goes on to its end"


# Going on -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("into_the_word", [0.2, 0.5, 0.9])
@pytest.mark.parametrize("word", [0, 1, 4])
def test_it_goes_on_from_the_beginning_of_the_word_in_which_it_was_lowered(
    player: Plain, word: int, into_the_word: float
) -> None:
    opened(player, speech(0))
    began = word * (WORD + GAP)
    heard_until(player, began + round(into_the_word * WORD))
    waits(player)
    player.unduck()
    again = numbers(block(player))[0] - 1
    assert began - GAP < again <= began, "the whole word, and no other"


def test_a_long_word_is_not_said_again_from_further_back_than_words_are_long(player: Plain) -> None:
    opened(player, speech(0, words=1, word=4 * REWOUND))
    lowered = heard_until(player, 3 * REWOUND)
    waits(player)
    player.unduck()
    again = numbers(block(player))[0]
    assert lowered - REWOUND - 2 * BLOCK <= again <= lowered


def test_nothing_is_lost_and_nothing_is_doubled_but_that_word(player: Plain) -> None:
    opened(player, speech(0))
    total = 8 * (WORD + GAP)
    heard_until(player, 5_000)
    player.duck()
    for _ in range(4):
        block(player)
    player.rest()
    last = numbers(block(player))[-1]
    player.unduck()
    after = rest_of_it(player)
    said = [number for number in after if number]
    assert said == list(range(said[0], total + 1)), "every sample from there on, in order, to the last"
    assert last - said[0] <= REWOUND + 6 * BLOCK


def test_only_lowered_it_goes_on_without_saying_anything_again(player: Plain) -> None:
    opened(player, speech(0))
    last = heard_until(player, 2_500)
    player.duck()
    found = [*numbers(block(player)), *numbers(block(player))]
    player.unduck()
    found += rest_of_it(player)
    assert [number for number in found if number] == list(range(last + 1, 8 * (WORD + GAP) + 1))


def test_it_goes_back_within_its_segment_and_no_segment_is_announced_again(player: Plain, events: list[Event]) -> None:
    first = speech(0, words=4)
    opened(player, first, speech(len(first)), 500, speech(24_500))
    heard_until(player, len(first) + 300)
    waits(player)
    player.unduck()
    assert numbers(block(player))[0] == len(first) + 1, "the beginning of the second sentence"
    rest_of_it(player)
    for _ in range(200):
        block(player)
    assert [e.segment for e in events if isinstance(e, PlaybackProgressed)] == [0, 1, 2, 3]
    assert events[-1] == PlaybackFinished(UtteranceId(1), 3, interrupted=False)


def test_in_a_pause_nothing_is_said_again_and_the_pause_keeps_its_length(player: Plain) -> None:
    first, pause = speech(0, words=1), 6_000
    opened(player, first, pause, speech(len(first) + pause, words=1))
    heard = len(first) + 10 * BLOCK
    for _ in range(heard // BLOCK):
        block(player)
    player.duck()
    block(player)
    player.rest()
    block(player)
    for _ in range(100):
        block(player)
    player.unduck()
    left = np.concatenate([block(player) for _ in range(60)])
    silent = int(np.flatnonzero(left)[0])
    assert silent == len(first) + pause - (heard // BLOCK + 2) * BLOCK
    assert numbers(left)[silent] == len(first) + pause + 1


def test_somebody_who_sobs_is_waited_for_each_time_at_the_same_word(player: Plain) -> None:
    """One sound soon after another, before the voice has swollen back, must not take it further and further back."""
    opened(player, speech(0))
    heard_until(player, 5 * (WORD + GAP) + 500)
    again = []
    for _ in range(6):
        waits(player)
        player.unduck()
        again.append(numbers(block(player))[0])
    began = 5 * (WORD + GAP)
    assert all(began - GAP < number <= began + 1 for number in again), again


# What overrules it ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["mute", "stop"])
def test_a_stop_while_it_rests_is_final(player: Plain, events: list[Event], how: str) -> None:
    playout = opened(player, speech(0))
    heard_until(player, 2_500)
    waits(player)
    getattr(player, how)()
    assert not block(player).any()
    assert events[-1] == PlaybackFinished(UtteranceId(1), 0, interrupted=True) and playout.over
    player.unduck()
    assert not any(block(player).any() for _ in range(100)), "nothing resumes"


def test_a_new_utterance_while_it_rests_is_heard_at_once_and_whole() -> None:
    events: list[Event] = []
    player = Player(RATE, events.append)
    opened(player, np.full(RATE, 0.25, dtype=float32))
    block(player)
    waits(player)
    opened(player, np.full(10 * BLOCK, 0.5, dtype=float32), utterance=2)
    assert all(np.all(block(player) == 0.5) for _ in range(10))
    block(player)
    assert [e for e in events if isinstance(e, PlaybackFinished)] == [
        PlaybackFinished(UtteranceId(1), 0, interrupted=True), PlaybackFinished(UtteranceId(2), 0, interrupted=False),
    ]  # fmt: skip


def test_a_rest_of_the_last_utterance_takes_nothing_of_the_next_back(player: Plain) -> None:
    opened(player, speech(0))
    heard_until(player, 12_000)
    waits(player)
    opened(player, speech(0), utterance=2)
    heard_until(player, WORD // 2)
    waits(player)
    player.unduck()
    assert numbers(block(player))[0] == 1, "its own beginning"


def test_a_rest_that_was_taken_back_before_the_next_block_is_none(player: Plain) -> None:
    opened(player, speech(0))
    last = heard_until(player, 2_500)
    player.rest()
    player.unduck()
    assert numbers(block(player))[0] == last + 1


# Whatever happens -----------------------------------------------------------------------------------------------------


class Ear:
    """Follows what is heard, sample by sample, against what was laid out."""

    def __init__(self, segments: list[NDArray[float32] | int]) -> None:
        self.laid_out = np.concatenate([np.zeros(s) if isinstance(s, int) else numbers(s) for s in segments])
        self.segment = np.repeat(range(len(segments)), [s if isinstance(s, int) else len(s) for s in segments])
        self.available = 0
        self.at = 0
        self.lowered = 0
        """Samples heard since it was lowered, or went on."""
        self.low = self.rest_wanted = self.resting = False

    def hears(self, out: list[int]) -> None:
        if self.resting and self.rest_wanted:
            assert not any(out), "it rests"
            return
        if self.resting:
            self._goes_on(out)
        for number in out:
            if self.at == self.available:
                assert number == 0, "the voice engine is late"
                continue
            assert number == self.laid_out[self.at], "the next sample, and no other"
            self.at += 1
            self.lowered += 1
        self.resting = self.rest_wanted

    def _goes_on(self, out: list[int]) -> None:
        self.resting = False
        if out[0] and out[0] != self.at + 1:
            again = out[0] - 1
            assert self.at - again <= REWOUND + self.lowered, "too far back"
            assert self.segment[again] == self.segment[self.at - 1], "across a segment"
            assert again < self.at, "something is lost"
            self.at = again
        self.lowered = 0


DEEDS = st.lists(
    st.one_of(
        st.sampled_from(["duck", "rest", "unduck", "unduck"]).map(lambda deed: (deed, 0)),
        st.tuples(st.just("fill"), st.integers(1, 300)),
        st.tuples(st.just("fill a lot"), st.integers(1, 30)),
        st.tuples(st.just("append"), st.integers(1, 12)),
    ),
    max_size=60,
)
SENTENCES = st.tuples(st.integers(1, 5), st.integers(30, 2_000), st.integers(0, 500), st.integers(0, 900))
"""Words, samples a word, samples between two, and in the pause after the sentence."""


@given(st.lists(SENTENCES, max_size=4), DEEDS)
def test_what_is_heard_is_what_was_laid_out_but_for_words_said_again(
    lengths: list[tuple[int, int, int, int]], deeds: list[tuple[str, int]]
) -> None:
    events: list[Event] = []
    player = Plain(events)
    segments: list[NDArray[float32] | int] = []
    start = 0
    for words, word, gap, pause in [(2, 900, 200, 0), *lengths]:
        segments += [speech(start, words, word, gap), pause]
        start += words * (word + gap) + pause
    ear = Ear(segments)
    waiting = [part for number, samples in enumerate(segments) for part in parts(number, samples)]
    playout = player.play(UtteranceId(1), 0)
    block(player)

    def worker_appends(count: int) -> None:
        for _ in range(min(count, len(waiting))):
            part = waiting.pop(0)
            playout.append(part)
            ear.available += part.length
        if not waiting:
            playout.finish()

    for deed, count in deeds:
        match deed:
            case "append":
                worker_appends(count)
            case "fill":
                ear.hears(numbers(block(player, count)))
            case "fill a lot":
                for _ in range(count):
                    ear.hears(numbers(block(player)))
            case _:
                getattr(player, deed)()
                ear.rest_wanted = (ear.rest_wanted or deed == "rest") and deed != "unduck"
                if deed == "duck" and np.all(player.gains == 1.0):
                    ear.lowered = 0
    worker_appends(len(waiting))
    player.unduck()
    ear.rest_wanted = False
    for _ in range(2 * start // BLOCK + 100):
        ear.hears(numbers(block(player)))
    assert ear.at == len(ear.laid_out), "to its end"
    ends = [event for event in events if isinstance(event, PlaybackFinished)]
    assert [end.interrupted for end in ends] == [False]
    announced = [event.segment for event in events if isinstance(event, PlaybackProgressed)]
    assert announced == list(range(len(segments)))
