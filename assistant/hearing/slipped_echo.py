"""Whether what an echo filter left is a person, or the voice after all: its distance slipped by a few samples just now,
or the filter has not learned the room yet.
"""

from __future__ import annotations

import numpy as np
from numpy import float32
from numpy.typing import NDArray

LOOKED_AT = 512
"""Samples of what was left (32 ms): a person is to be noticed within two such frames."""
SLIPS = 200
"""Samples by which the distance may have changed (12 ms); `EchoReference.stale` sees larger ones."""
PLACES = 2
"""A slip leaves two echoes: the one that was expected, taken away in vain, and the one that came."""
SHARE = 0.5
"""Of what was left, which those two explain. On a card that ran dry now and then, echoes at -12 dB had 0.57 at least,
and the first 60 ms of people over them 0.2 most often and 0.3 at most."""
EMPHASIS = 0.95
"""The usual pre-emphasis of speech: without it, the pitches of two voices are alike."""


def is_slipped_echo(left: NDArray[float32], echoes: list[NDArray[float32]]) -> bool:
    """`left`: the last samples of what a filter left. `echoes`: what it may be made of (what was played, what the
    filter took away), each longer than it: every place in them is tried.
    """
    wanted = _emphasised(left)
    tried = np.concatenate([
        np.lib.stride_tricks.sliding_window_view(_emphasised(echo), len(wanted)) for echo in echoes
    ])  # fmt: skip
    loudness = np.linalg.norm(tried, axis=1) + 1e-9
    places: list[int] = []
    rest = wanted
    for _ in range(PLACES):
        places.append(int(np.argmax(np.abs(tried @ rest) / loudness)))
        weights, *_ = np.linalg.lstsq(tried[places].T, wanted, rcond=None)
        rest = wanted - weights @ tried[places]
    return bool(rest @ rest <= (1.0 - SHARE) * (wanted @ wanted))


def _emphasised(sound: NDArray[float32]) -> NDArray[float32]:
    emphasised: NDArray[float32] = sound[1:] - EMPHASIS * sound[:-1]
    return emphasised
