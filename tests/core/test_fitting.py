"""What fits a machine: the table by its rows, and what holds for every machine there could be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core.fitting import (
    IN_TIME_SECONDS,
    KEEPS_UP,
    LISTENING_MB,
    PIPER_MB,
    SPARE_MB,
    WHISPER_MB,
    Fit,
    Hearing,
    Machine,
    Speaking,
    encoder_fits,
    fit,
)

H, S = Hearing, Speaking


@pytest.mark.parametrize(
    ("machine", "fits"),
    [
        (Machine(4, 250, None, None), Fit(H.ABSENT, S.ABSENT, 2, encoder=False, workers=1)),
        (Machine(4, 700, 3.2, 0.4), Fit(H.TOO_SLOW, S.FITS, 2, encoder=True, workers=2)),
        (Machine(4, 350, 0.4, 0.2), Fit(H.NO_ROOM, S.NO_ROOM, 2, encoder=True, workers=1)),
        (Machine(4, 3400, 1.4, 0.3), Fit(H.FITS, S.FITS, 2, encoder=True, workers=4)),
        (Machine(2, 8000, 0.3, 0.9), Fit(H.FITS, S.TOO_SLOW, 2, encoder=True, workers=2)),
        (Machine(16, 30_000, 0.1, 0.05), Fit(H.FITS, S.FITS, 4, encoder=True, workers=4)),
    ],
    ids=["512 MB board", "1 GB, as a Pi 4 hears", "1 GB, crowded", "4 GB, as a Pi 5", "old laptop", "desktop"],
)
def test_the_table(machine: Machine, fits: Fit) -> None:
    assert fit(machine) == fits


@given(
    st.builds(
        Machine,
        st.integers(1, 128),
        st.integers(0, 64_000),
        st.none() | st.floats(0.001, 100.0),
        st.none() | st.floats(0.001, 100.0),
    )
)
def test_nothing_is_chosen_that_is_late_or_has_no_room(machine: Machine) -> None:
    fits = fit(machine)
    taken = LISTENING_MB if fits.encoder else 0
    if fits.hearing is Hearing.FITS:
        assert machine.whisper_seconds is not None and machine.whisper_seconds <= IN_TIME_SECONDS
        taken += WHISPER_MB
    if fits.speaking is Speaking.FITS:
        assert machine.piper_factor is not None and machine.piper_factor <= KEEPS_UP
        taken += PIPER_MB
    assert taken == 0 or taken + SPARE_MB <= machine.free_mb
    assert 1 <= fits.threads <= machine.cores and 1 <= fits.workers <= machine.cores


@given(st.integers(0, 64_000), st.integers(0, 4_000))
def test_more_memory_never_takes_the_better_screen_away(free: int, more: int) -> None:
    assert encoder_fits(free + more) or not encoder_fits(free)


def test_a_board_of_one_gigabyte_keeps_the_better_screen() -> None:
    assert encoder_fits(600), "a system without a desktop leaves so much of 1 GB"
