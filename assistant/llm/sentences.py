"""Pieces of an answer become sentences, each as soon as its end is seen."""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, AsyncIterator

MOST_CHARACTERS = 300
"""A sentence that has not ended by then is none: the guard would refuse it anyway."""
_END = re.compile(r"(?<=[.!?])[\"\u201d]?\s+")


async def sentences(pieces: AsyncIterable[str]) -> AsyncIterator[str]:
    """Each whole sentence; at the end of the pieces what is left, ended or not. One without end ends them."""
    text = ""
    async for piece in pieces:
        text += piece
        *whole, text = _END.split(text)
        for sentence in whole:
            yield sentence
        if len(text) > MOST_CHARACTERS:
            yield text
            return
    if text.strip():
        yield text
