"""Chimes: drawn again by one command, drawn at run time where a file is missing or broken, and off by choice."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.app.cues import draw_cues
from assistant.app.parts import load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.timeline import Chime, Timeline
from assistant.errors import EngineError, StoreError
from assistant.runtime.captions import Captions
from assistant.sound import Sound, read_wav
from assistant.speaking.layout import Layout
from assistant.speaking.levelling import EDGE
from assistant.speaking.tones import CHIMES, drawn_chime

RATE = 48_000


class Nobody:
    """No voice is needed."""

    def render(self, text: str, words_per_minute: int) -> Sound:
        raise EngineError("voice-engine-failed", "not needed")


def chimes(audio: Path | None, told: Callable[[str], None], *names: str) -> NDArray[float32]:
    layout = Layout(Nobody(), RATE, 125, audio, {}, told)
    parts = list(layout.parts(Timeline(tuple(Chime(name) for name in names)), told))
    pieces = [part.samples for part in parts if not isinstance(part.samples, int)]
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=float32)


def test_the_shipped_chimes_come_out_of_the_command_byte_by_byte(tmp_path: Path) -> None:
    drawn = draw_cues(tmp_path)
    assert {path.stem for path in drawn} == set(CHIMES)
    for path in drawn:
        assert path.read_bytes() == (content_root() / "audio" / path.name).read_bytes()
    assert sorted(tmp_path.iterdir()) == sorted(drawn), "no halves are left"


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be written") as raised:
        draw_cues(tmp_path / "none")
    assert raised.value.code == "cues-unwritable"


@pytest.mark.parametrize("broken", [None, b"", b"ID3 this is an MP3", b"RIFF\0\0\0\0WAVE"])
def test_a_missing_or_broken_chime_is_drawn_and_told_once(tmp_path: Path, broken: bytes | None) -> None:
    if broken is not None:
        (tmp_path / "end.wav").write_bytes(broken)
    told: list[str] = []
    sound = chimes(tmp_path, told.append, "end", "end", "start")
    assert told == ["chime-redrawn"]
    drawn = drawn_chime("end", RATE)
    begins = int(np.argmax(np.abs(drawn) > EDGE))
    assert np.allclose(sound[:RATE], drawn[begins : begins + RATE], atol=1e-3)
    assert np.allclose(drawn_chime("end", 24_000), read_wav(content_root() / "audio" / "end.wav").samples, atol=1e-4)


def test_a_chime_that_was_cut_off_ends_without_a_click(tmp_path: Path) -> None:
    whole = (content_root() / "audio" / "end.wav").read_bytes()
    (tmp_path / "end.wav").write_bytes(whole[:20_000])
    sound = chimes(tmp_path, lambda code: None, "end")
    assert np.max(np.abs(sound)) > 0.05 and abs(sound[-1]) < 0.001


def test_the_warning_is_one_line_with_its_code() -> None:
    out = io.StringIO()
    phrases = load_library(load_settings([content_root() / "config.yaml"])).repertoire.phrases
    Captions(out, phrases).notice("chime-redrawn")
    (line,) = out.getvalue().splitlines()
    assert "afresh" in line and "(chime-redrawn)" in line


def test_without_chimes_there_is_no_sound_and_no_trouble() -> None:
    told: list[str] = []
    assert len(chimes(None, told.append, "end")) == 0 and told == []
