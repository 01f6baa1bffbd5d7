"""The help line that set-up records plays only while it is whole and says the country's present number."""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from assistant.app import help_lines
from assistant.app.help_lines import help_words, record_help, with_own_help
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.errors import StoreError
from assistant.sound import Sound, read_wav


def beep(text: str) -> Sound:
    return Sound(np.full(100 * len(text.split()), 0.1, dtype=np.float32), 8000)


@pytest.fixture
def library() -> Library:
    return Library.load(content_root(), "en", "GB")


def test_what_was_recorded_is_what_plays_and_what_is_shown(tmp_path: Path, library: Library) -> None:
    recorded = record_help(library, tmp_path, beep)
    own = with_own_help(library, tmp_path)
    assert own.recordings["support"] == recorded
    assert "Samaritans" in own.repertoire.recorded["support"]
    assert read_wav(recorded).seconds > 0
    assert own.recordings["voice-lost"] == library.recordings["voice-lost"]


def test_lines_of_different_rates_last_as_long_as_they_did(tmp_path: Path, library: Library) -> None:
    """One that stands by for the voice speaks at a rate of its own."""
    rates = cycle([48_000, 22_050])

    def second(words: str) -> Sound:
        return Sound(np.full(rate := next(rates), 0.1, dtype=np.float32), rate)

    recorded = read_wav(record_help(library, tmp_path, second))
    assert recorded.rate == 48_000 and recorded.seconds == pytest.approx(1.5 * len(help_words(library)), abs=0.01)


def test_without_a_recording_of_its_own_the_shipped_one_plays(tmp_path: Path, library: Library) -> None:
    assert with_own_help(library, tmp_path) == library


def test_another_country_has_a_recording_of_its_own(tmp_path: Path, library: Library) -> None:
    record_help(library, tmp_path, beep)
    irish = Library.load(content_root(), "en", "IE")
    assert with_own_help(irish, tmp_path) == irish


def test_a_number_that_has_changed_since_is_not_played(tmp_path: Path, library: Library) -> None:
    record_help(library, tmp_path, beep)
    line = replace(library.support.lines[0], phone="116 124")
    newer = replace(library, support=replace(library.support, lines=(line,)))
    assert help_words(newer) != help_words(library)
    assert with_own_help(newer, tmp_path) == newer


def test_a_recording_that_was_cut_short_is_not_played(tmp_path: Path, library: Library) -> None:
    path = record_help(library, tmp_path, beep)
    path.write_bytes(path.read_bytes()[:-10])
    assert with_own_help(library, tmp_path) == library


def test_on_a_full_disk_one_line_says_so_and_no_half_of_it_is_played(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    record_help(library, tmp_path, beep)

    def full(file: BinaryIO, sound: Sound) -> None:
        file.write(b"RIFF")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(help_lines, "write_wav", full)
    with pytest.raises(StoreError, match="No space left on device") as told:
        record_help(library, tmp_path, beep)
    assert told.value.code == "recording-unwritable" and with_own_help(library, tmp_path) == library
