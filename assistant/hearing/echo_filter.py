"""The linear path: learns how the room answers the speaker and takes that answer away, and nothing of the person.

A Kalman filter in blocks of the frequency domain (Enzner & Vary 2006; partitioned: Kuech, Mabande & Enzner 2014). It
weighs every frequency by how much of what is left could be a person, so it needs no detector of people who speak
meanwhile.
"""

from __future__ import annotations

import numpy as np
from numpy import complex64, float32
from numpy.typing import NDArray

BLOCK = 128
"""Samples: 8 ms. Shorter blocks learn sooner and cost more."""
PARTS = 16
"""Blocks of the room's answer: 128 ms."""
MEMORY = PARTS * BLOCK
"""The same in samples."""
KEEPS = 0.9995
"""How much of what was learned is true a block later."""
FADES_DB = 1.5
"""A part, in what is expected of a room: 60 dB in 0.32 s, as living rooms do (Diaz & Pedrero 2005)."""
SMOOTHING = 0.5
"""Of what is left, from block to block."""


class EchoFilter:
    """`process` takes what was heard and what was played for it, in multiples of `BLOCK` samples at 16 kHz.

    `coupling_db`: how loud an echo is expected, against what is played. Expecting too much overshoots, expecting too
    little learns slowly.
    """

    def __init__(self, coupling_db: float) -> None:
        self._played = np.zeros((PARTS, BLOCK + 1), dtype=complex64)
        self._last = np.zeros(BLOCK, dtype=float32)
        self._room = np.zeros((PARTS, BLOCK + 1), dtype=complex64)
        expected = 10 ** ((min(coupling_db, 0.0) - FADES_DB * np.arange(PARTS)) / 10)
        self._variance = np.tile(expected[:, None], BLOCK + 1).astype(float32)
        self._left = np.zeros(BLOCK + 1, dtype=float32)

    def process(self, heard: NDArray[float32], played: NDArray[float32]) -> NDArray[float32]:
        """What is left of `heard`, as long as it."""
        out = np.empty_like(heard)
        for at in range(0, len(heard), BLOCK):
            out[at : at + BLOCK] = self._block(heard[at : at + BLOCK], played[at : at + BLOCK])
        return out

    def echo(self, played: NDArray[float32]) -> NDArray[float32]:
        """What would be heard of `played` in the room as it is known by now; its first `MEMORY` samples lack what was
        played before.
        """
        room = np.fft.irfft(self._room, axis=1)[:, :BLOCK].ravel()
        size = 1 << (len(played) + MEMORY - 1).bit_length()
        heard = np.fft.irfft(np.fft.rfft(played, size) * np.fft.rfft(room, size), size)[: len(played)]
        return heard.astype(float32)

    def _block(self, heard: NDArray[float32], played: NDArray[float32]) -> NDArray[float32]:
        self._played[1:] = self._played[:-1].copy()
        self._played[0] = np.fft.rfft(np.concatenate([self._last, played]))
        self._last = played
        echo = np.fft.irfft((self._room * self._played).sum(axis=0))[BLOCK:]
        left = (heard - echo).astype(float32)
        error = np.fft.rfft(left, 2 * BLOCK) * np.exp(-1j * np.pi * np.arange(BLOCK + 1))  # as the second half
        power = np.abs(self._played) ** 2
        self._left = (SMOOTHING * self._left + (1.0 - SMOOTHING) * np.abs(error) ** 2).astype(float32)
        gain = self._variance / (0.5 * (self._variance * power).sum(axis=0) + self._left + 1e-7)
        step = np.fft.irfft(gain * np.conj(self._played) * error, axis=1)
        step[:, BLOCK:] = 0.0  # an answer longer than its part is a wrap-around
        self._room = (KEEPS * (self._room + np.fft.rfft(step, axis=1))).astype(complex64)
        self._variance = (
            KEEPS**2 * (1.0 - 0.5 * gain * power) * self._variance + (1.0 - KEEPS**2) * np.abs(self._room) ** 2 + 1e-10
        ).astype(float32)
        return left
