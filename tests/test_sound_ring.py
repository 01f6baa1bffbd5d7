"""The last seconds of a sound: every sample at its number, and silence for what is not there."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy import float32
from numpy.typing import NDArray

from assistant.sound_ring import SoundRing

SIZE = 20


def ring(*written: float) -> SoundRing:
    made = SoundRing(SIZE, 1.0)
    made.write(np.array(written, dtype=float32))
    return made


def counted(start: int, size: int) -> NDArray[float32]:
    """Samples that are their own numbers."""
    return np.arange(start, start + size, dtype=float32)


def test_what_was_written_is_read_by_its_number() -> None:
    assert ring(1, 2, 3, 4).read(1, 2).tolist() == [2, 3]


def test_what_is_not_written_yet_is_silence_and_so_is_what_is_before_the_beginning() -> None:
    assert ring(1, 2).read(-2, 6).tolist() == [0, 0, 1, 2, 0, 0]
    assert ring(1, 2).read(50, 3).tolist() == [0, 0, 0]


def test_it_goes_round_and_what_is_gone_is_silence() -> None:
    made = ring()
    for start in range(0, 49, 7):
        made.write(counted(start, 7))
    assert made.count == 49
    assert made.read(29, 20).tolist() == counted(29, 20).tolist()
    assert made.read(25, 8).tolist() == [0, 0, 0, 0, 29, 30, 31, 32]


def test_what_was_skipped_is_silence_and_what_came_before_is_forgotten() -> None:
    made = ring(1, 2, 3)
    made.skip(4)
    made.write(np.array([8, 9], dtype=float32))
    assert made.count == 9
    assert made.read(0, 9).tolist() == [0] * 7 + [8, 9]


def test_what_was_lost_is_silence_and_what_came_before_is_kept() -> None:
    made = ring(1, 2, 3)
    made.lose(4)
    made.write(np.array([8, 9], dtype=float32))
    assert made.read(0, 9).tolist() == [1, 2, 3, 0, 0, 0, 0, 8, 9]


def test_more_can_be_lost_than_it_holds() -> None:
    made = ring(1, 2, 3)
    made.lose(5 * SIZE + 1)
    assert made.count == 5 * SIZE + 4
    assert not made.read(0, made.count).any()


def test_what_was_read_is_a_copy() -> None:
    made = ring(1, 2, 3)
    made.read(0, 3)[:] = 7
    assert made.read(0, 3).tolist() == [1, 2, 3]


DEEDS = st.one_of(
    st.tuples(st.just("write"), st.integers(0, SIZE)),
    st.tuples(st.just("skip"), st.integers(0, 3 * SIZE)),
    st.tuples(st.just("lose"), st.integers(0, 3 * SIZE)),
)


@given(st.lists(DEEDS, max_size=30), st.integers(-30, 300), st.integers(0, 60))
def test_it_is_the_end_of_an_endless_sound(deeds: list[tuple[str, int]], start: int, size: int) -> None:
    made, plain = SoundRing(SIZE, 1.0), np.zeros(0, dtype=float32)
    for deed, count in deeds:
        match deed:
            case "write":
                new = counted(len(plain) + 1, count)
                made.write(new)
            case "skip":
                made.skip(count)
                new, plain = np.zeros(count, dtype=float32), np.zeros_like(plain)
            case _:
                made.lose(count)
                new = np.zeros(count, dtype=float32)
        plain = np.concatenate([plain, new])
    assert made.count == len(plain)
    held = plain.copy()
    held[: max(len(plain) - SIZE, 0)] = 0.0
    around = np.concatenate([np.zeros(30, dtype=float32), held, np.zeros(500, dtype=float32)])
    expected = np.zeros(size, dtype=float32)
    inside = around[start + 30 : start + 30 + size]
    expected[: len(inside)] = inside
    assert made.read(start, size).tolist() == expected.tolist()
