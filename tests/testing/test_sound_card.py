"""The virtual card itself, where it cannot sound."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from assistant.errors import DeviceError
from assistant.testing.sound_card import NEEDED, SoundCard


def test_a_card_without_sound_is_told_and_leaves_no_server_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in ("pacat", "parec"):
        (tmp_path / program).write_text("#!/bin/sh\nexec sleep 60\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setattr("assistant.testing.sound_card._READY_SECONDS", 0.05)
    card = SoundCard()
    card._inside = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    card._server = subprocess.Popen(["sleep", "60"])
    with pytest.raises(DeviceError, match="gives no sound"):
        card._keep_awake("mic")
    assert card._server.poll() is not None


def test_a_card_that_is_left_while_it_begins_leaves_no_server_and_no_folder_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for program in NEEDED:
        (tmp_path / program).write_text("#!/bin/sh\nexec sleep 60\n")
        (tmp_path / program).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    def left(card: SoundCard) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(SoundCard, "_wait_until_ready", left)
    card = SoundCard()
    with pytest.raises(KeyboardInterrupt):
        card.__enter__()
    assert card._server.poll() is not None
    assert not Path(card._directory.name).exists()
