"""`grounding bench` ends what it began, however it is left."""

from __future__ import annotations

import signal
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.app import benching
from assistant.cli.main import main
from assistant.testing.measures import Figure


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a program without a word")
@pytest.mark.parametrize("number", ["SIGTERM", "SIGHUP"])
def test_ended_by_a_signal_it_leaves_nothing_behind(number: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[str] = []

    def work() -> list[Figure]:
        with tempfile.TemporaryDirectory() as folder:
            folders.append(folder)
            signal.raise_signal(signal.Signals[number])
        return []

    def works() -> Iterator[Callable[[], list[Figure]]]:
        yield work

    monkeypatch.setattr(benching, "_works", works)
    monkeypatch.setattr(benching, "measure_engines", lambda settings: None)
    assert main(["bench"]) == 130
    assert len(folders) == 1 and not Path(folders[0]).exists()
