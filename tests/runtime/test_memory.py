"""What is freed goes back to the system where a C library would hold it; nothing is asked of one that cannot."""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterator

import pytest

from assistant.runtime import memory


class Glibc:
    """Notes what it was told."""

    def __init__(self) -> None:
        self.settings: dict[int, int] = {}
        self.trims = 0

    def mallopt(self, name: int, value: int) -> int:
        self.settings[name] = value
        return 1

    def malloc_trim(self, left: int) -> int:
        self.trims += 1
        return 1


@pytest.fixture(autouse=True)
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_one_pool_for_all_threads_and_nothing_held(monkeypatch: pytest.MonkeyPatch) -> None:
    glibc = Glibc()
    monkeypatch.setattr(memory, "_c_library", lambda: glibc)
    memory.hold_little_memory()
    memory.give_back_memory()
    assert glibc.settings == {memory.ARENAS: 1, memory.TRIM: memory.BYTES, memory.MMAP: memory.BYTES}
    assert glibc.trims == 1


def test_what_stays_to_the_end_is_collected_no_more() -> None:
    memory.give_back_memory()
    assert gc.get_freeze_count() > len(gc.get_objects())


@pytest.mark.parametrize("library", [None, object()])
def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch, library: object) -> None:
    monkeypatch.setattr(memory, "_c_library", lambda: library)
    memory.hold_little_memory()
    memory.give_back_memory()


@pytest.mark.skipif(sys.platform != "linux", reason="mallopt is glibc's")
def test_this_c_library_takes_the_settings() -> None:
    setting = getattr(memory._c_library(), "mallopt", None)
    if setting is not None:
        assert setting(memory.MMAP, memory.BYTES) == setting(memory.TRIM, memory.BYTES) == 1
