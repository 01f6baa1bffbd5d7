"""The larger recogniser where it works, and is quick enough on this machine, today; else the smaller one behind it."""

from __future__ import annotations

import time
from collections.abc import Callable

from numpy import float32
from numpy.typing import NDArray

from assistant.core.commands import Answer
from assistant.core.fitting import too_slow
from assistant.hearing.recogniser import Recogniser
from assistant.safety.transcript import Transcript

SMALLER = "recogniser-smaller"
BUILT_IN = "built-in-recogniser"
"""The failures' names: either is told once, at the start."""


class InTime:
    """`first` is timed once, as it warms up, with `turn`: speech of `TURN_SECONDS` at `RATE`; `clock` in seconds. When
    it takes too long `tell` is told `SMALLER`, when it cannot be loaded `BUILT_IN`, and `behind` hears from then on.
    """

    def __init__(
        self,
        first: Recogniser,
        behind: Recogniser,
        turn: NDArray[float32],
        tell: Callable[[str], None],
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._hears = first
        self._behind: Recogniser | None = behind
        self._turn = turn
        self._tell = tell
        self._clock = clock

    @property
    def name(self) -> str:
        """Of the one that hears."""
        return self._hears.name

    def warm_up(self) -> None:
        """Both, where the first is not fit. Raises EngineError."""
        behind, self._behind = self._behind, None
        if behind is None:
            self._hears.warm_up()
        elif (why := self._unfit()) is None:
            behind.close()
        else:
            self._hears.close()
            self._hears = behind
            behind.warm_up()
            self._tell(why)

    def transcribe(self, samples: NDArray[float32], expected: Answer = Answer.ANYTHING) -> Transcript:
        return self._hears.transcribe(samples, expected)

    def close(self) -> None:
        self._hears.close()
        if self._behind is not None:
            self._behind.close()

    def _unfit(self) -> str | None:
        """Why the first must not hear; None: it is loaded, and in time."""
        try:
            self._hears.warm_up()
            began = self._clock()
            self._hears.transcribe(self._turn)
            return SMALLER if too_slow(self._clock() - began) else None
        except Exception:  # of a foreign engine: a damaged model, or no room for it
            return BUILT_IN
