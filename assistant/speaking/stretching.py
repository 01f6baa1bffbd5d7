"""Speech made slower or quicker with its pitch kept, for voices that know one pace only.

Waveform similarity overlap-add (Verhelst and Roelands 1993): short windows are laid out further apart or closer
together, each taken from where the sound goes on most like the one before.
"""

from __future__ import annotations

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.sound import Sound

HOP_SECONDS = 0.012
"""Half a window: two periods of a deep voice of 85 Hz fit into a whole one."""
SEARCH_SECONDS = 0.006
"""To either side: half a period of the same."""


def stretched(sound: Sound, factor: float) -> Sound:
    """`factor`: how many times as long, from a third to three. Silence and what is shorter than a window stay."""
    hop, search = round(HOP_SECONDS * sound.rate), round(SEARCH_SECONDS * sound.rate)
    source = sound.samples
    if len(source) < 2 * hop or abs(factor - 1.0) < 0.01:
        return sound
    length = round(len(source) * factor)
    frames = -(-length // hop)
    padded = np.pad(source, (search, 4 * hop + 2 * search))
    window = np.hanning(2 * hop + 1)[:-1].astype(float32)
    out: NDArray[float32] = np.zeros((frames + 1) * hop, dtype=float32)
    at = search
    for frame in range(frames):
        if frame:
            at = _most_alike(padded, at + hop, search + min(round(frame * hop / factor), len(source)), hop, search)
        out[frame * hop : (frame + 2) * hop] += window * padded[at : at + 2 * hop]
    return Sound(out[:length], sound.rate)


def _most_alike(padded: NDArray[float32], going_on: int, wanted: int, hop: int, search: int) -> int:
    """Near `wanted`, where the sound is most like what would follow at `going_on`."""
    follows = padded[going_on : going_on + 2 * hop]
    begin = wanted - search
    near = padded[begin : wanted + search + 2 * hop]
    likeness = np.correlate(near[: len(near)], follows, mode="valid")
    energy = np.convolve(np.square(near), np.ones(len(follows), dtype=float32), mode="valid")
    return begin + int(np.argmax(likeness / np.sqrt(energy + 1e-9)))
