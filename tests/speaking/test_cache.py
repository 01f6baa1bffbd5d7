"""The cache: only what is fixed is written, what is broken is rendered again, and it stays small."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.core.timeline import Speech, Timeline
from assistant.errors import EngineError
from assistant.sound import Sound
from assistant.speaking import cache
from assistant.speaking.cache import CachedVoice
from assistant.speaking.layout import Layout
from assistant.testing.fake_voice import hum

RATE = 8_000


class Hum:
    """A voice of one second for every text, which counts."""

    name = voice = "hum"

    def __init__(self) -> None:
        self.rendered: list[str] = []

    def render(self, text: str, words_per_minute: int) -> Sound:
        self.rendered.append(text)
        return hum(1.0, RATE)

    def close(self) -> None:
        pass


def always(text: str) -> bool:
    return True


def test_only_what_is_said_to_be_fixed_is_written(tmp_path: Path) -> None:
    fixed = frozenset({"Press down."})
    voice = CachedVoice(Hum(), tmp_path, fixed.__contains__)
    voice.render("Seven. Thank you.", 120)
    assert list(tmp_path.rglob("*")) == []
    voice.render("Press down.", 120)
    assert len(list(tmp_path.rglob("*.wav"))) == 1


@pytest.mark.parametrize("damage", ["cut", "emptied", "zeroed", "another file"])
def test_a_damaged_file_is_rendered_again_and_mended(tmp_path: Path, damage: str) -> None:
    """A power cut on a memory card leaves files that are short, empty or all zeros."""
    CachedVoice(Hum(), tmp_path, always).render("Press down.", 120)
    (path,) = tmp_path.rglob("*.wav")
    whole = path.read_bytes()
    zeroed = whole[:44] + bytes(len(whole) - 44)
    spoiled = {"cut": whole[:-100], "emptied": b"", "zeroed": zeroed, "another file": b"x" * 99}
    path.write_bytes(spoiled[damage])
    hum = Hum()
    sound = CachedVoice(hum, tmp_path, always).render("Press down.", 120)
    assert hum.rendered == ["Press down."] and len(sound.samples) == RATE
    assert path.read_bytes() == whole


def test_a_full_disk_is_told_once_and_leaves_no_halves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: object, sound: Sound) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(cache, "write_wav", full)
    told: list[str] = []
    voice = CachedVoice(Hum(), tmp_path, always, told.append)
    for text in ("one", "two"):
        assert voice.render(text, 120).seconds == 1.0
    assert told == ["cache-unwritable"]
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_a_folder_that_may_not_be_looked_into_is_done_without(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, **_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "stat", refused)
    voice = CachedVoice(Hum(), tmp_path)
    assert not voice.holds("Press down.", 120)
    assert voice.render("Press down.", 120).seconds == 1.0


def test_memory_forgets_what_was_not_wanted_for_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "MEMORY_SAMPLES", 2 * RATE)
    hum = Hum()
    voice = CachedVoice(hum, None)
    for text in ("one", "two", "one", "three"):
        voice.render(text, 120)
    assert hum.rendered == ["one", "two", "three"]
    assert voice.holds("one", 120) and not voice.holds("two", 120)


def test_another_rate_or_voice_is_another_sound(tmp_path: Path) -> None:
    hum = Hum()
    voice = CachedVoice(hum, tmp_path, always)
    voice.render("Press down.", 120)
    assert not voice.holds("Press down.", 100)
    hum.voice = "another"
    assert not voice.holds("Press down.", 120)


def test_a_failure_is_not_remembered() -> None:
    class Once(Hum):
        def render(self, text: str, words_per_minute: int) -> Sound:
            if not self.rendered:
                self.rendered.append("failed")
                raise EngineError("voice-engine-timeout", "too late")
            return super().render(text, words_per_minute)

    voice = CachedVoice(Once(), None)
    with pytest.raises(EngineError):
        voice.render("Press down.", 120)
    assert voice.render("Press down.", 120).seconds == 1.0


def test_the_persons_own_words_are_rendered_anew_and_kept_nowhere(tmp_path: Path) -> None:
    hum = Hum()
    voice = CachedVoice(hum, tmp_path, always)
    layout = Layout(voice, RATE, 120, None, {}, quoting=voice.unkept)
    for _ in range(2):
        list(layout.parts(Timeline((Speech("The worry:"), Speech("the exam", quoted=True))), lambda code: None))
    assert hum.rendered == ["The worry:", "the exam", "the exam"]
    assert len(list(tmp_path.rglob("*.wav"))) == 1 and not voice.holds("the exam", 120)
