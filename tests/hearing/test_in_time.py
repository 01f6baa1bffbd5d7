"""A recogniser that is too slow for this machine gives way, once, and that is told."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.core.commands import Answer
from assistant.errors import EngineError
from assistant.hearing.in_time import BUILT_IN, SMALLER, InTime
from assistant.safety.transcript import Transcript, Trust

TURN = np.zeros(64_000, dtype=float32)


class Timed:
    """Takes `seconds` of a clock that stands still otherwise."""

    def __init__(self, name: str, seconds: float, passes: Callable[[float], None]) -> None:
        self.name, self.seconds, self.passes = name, seconds, passes
        self.done: list[str] = []

    def warm_up(self) -> None:
        self.done.append("warm")
        self.passes(100.0)

    def transcribe(self, samples: NDArray[float32], expected: Answer = Answer.ANYTHING) -> Transcript:
        self.done.append("heard")
        self.passes(self.seconds)
        return Transcript("yes", Trust.TRUSTED, 1.0, self.name)

    def close(self) -> None:
        self.done.append("closed")


@pytest.mark.parametrize(("seconds", "hears", "told"), [(0.4, "large", []), (1.6, "small", [SMALLER])])
def test_the_one_that_is_in_time_hears(seconds: float, hears: str, told: list[str]) -> None:
    now = [0.0]

    def passes(seconds: float) -> None:
        now[0] += seconds

    large, small, codes = Timed("large", seconds, passes), Timed("small", 9.0, passes), list[str]()
    recogniser = InTime(large, small, TURN, codes.append, lambda: now[0])
    assert recogniser.name == "large"
    recogniser.warm_up()
    assert recogniser.name == hears and recogniser.transcribe(TURN).engine == hears and codes == told
    left = small if hears == "large" else large
    assert left.done[-1] == "closed"
    recogniser.warm_up()
    recogniser.close()
    assert codes == told and (large.done + small.done).count("heard") == 2


@pytest.mark.parametrize("step", ["warm_up", "transcribe"])
def test_one_that_cannot_be_loaded_gives_way_as_well(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise EngineError("model-broken", "fetch it again")

    large, small, codes = Timed("large", 0.1, lambda _: None), Timed("small", 0.1, lambda _: None), list[str]()
    monkeypatch.setattr(large, step, broken)
    recogniser = InTime(large, small, TURN, codes.append)
    for _ in range(2):
        recogniser.warm_up()
    assert recogniser.transcribe(TURN).engine == "small"
    assert codes == [BUILT_IN] and large.done[-1] == "closed"


def test_closed_before_it_was_warm_it_closes_both() -> None:
    large, small = Timed("large", 0.1, lambda _: None), Timed("small", 0.1, lambda _: None)
    InTime(large, small, TURN, lambda _: None).close()
    assert large.done == small.done == ["closed"]
