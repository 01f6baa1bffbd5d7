"""A virtual sound card for the processes under test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from assistant.testing.bench import Process
from assistant.testing.sound_card import SoundCard, missing_parts


@pytest.fixture(scope="module")
def card() -> Iterator[SoundCard]:
    if missing := (*missing_parts(), *(["espeak-ng"] if shutil.which("espeak-ng") is None else [])):
        pytest.skip(f"a virtual sound card needs {', '.join(missing)}")
    with SoundCard() as card:
        yield card


def has(process: Process, kind: str, **fields: object) -> bool:
    """Whether such an event was reported."""
    wanted = {"type": kind, **fields}
    return any(wanted.items() <= event.items() for event in process.events())
