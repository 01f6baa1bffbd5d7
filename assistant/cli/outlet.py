"""Standard output that is full or closed costs what would be shown there, and nothing else: the voice speaks on."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

OUT, ERROR = 1, 2
"""The numbers of standard output and standard error."""


class Outlet(io.FileIO):
    """What of standard output goes to the system. The first failure is told, and what cannot be written is dropped.
    That whoever reads it has gone is none of these: then BrokenPipeError is raised.
    """

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(OUT, "w", closefd=False)
        self._tell = tell
        self.failed = False

    def write(self, data: bytes, /) -> int:  # type: ignore[override] # of all that has bytes a BufferedWriter gives these
        """How much is done with."""
        try:
            return super().write(data)
        except BrokenPipeError:
            raise
        except OSError as error:
            self.fail(error.strerror or "it failed")
            return len(data)

    def fail(self, why: str) -> None:
        """Tell it, once."""
        if not self.failed:
            self.failed = True
            self._tell(f"what is shown cannot be written: {why}.")


@contextmanager
def lasting_output(tell: Callable[[str], None]) -> Iterator[Outlet | None]:
    """For as long as the block lasts nothing that is printed fails. `tell` is told what does, once.

    None: nothing was changed, as a terminal is never full, or somebody else has put something in its place.
    """
    if sys.stderr is None:
        _fill(ERROR)
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 - to the end of the program
    before = sys.stdout
    if before is None:
        _fill(OUT)
    elif before.isatty() or before is not sys.__stdout__:
        yield None
        return
    outlet = Outlet(tell)
    sys.stdout = io.TextIOWrapper(io.BufferedWriter(outlet), before.encoding if before else "utf-8", "replace")
    if before is None:
        outlet.fail("it is closed")
    try:
        yield outlet
    finally:
        try:
            sys.stdout.flush()
        finally:
            sys.stdout = before


def _fill(number: int) -> None:
    """So that no file of ours gets the number of what is closed, and with it whatever others print there."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    if nowhere != number:
        os.dup2(nowhere, number)
        os.close(nowhere)
