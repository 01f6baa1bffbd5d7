"""Rendering ahead on several cores; and a voice that is fetched: heard before it counts, else removed."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.app import better_voice, setting_up_voice
from assistant.app.better_voice import about, better, fetch_voice
from assistant.app.rendering import disk_use, render_all
from assistant.app.setting_up_voice import ask_voice
from assistant.app.voices import offered_voices, voices_folder
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.content.voices import read_voices
from assistant.core.timeline import Speech
from assistant.errors import EngineError, UsageError
from assistant.faults import Fault
from assistant.settings import Settings
from assistant.sound import Sound
from assistant.speaking.cache import CachedVoice
from assistant.testing.fake_voice import FakeVoice
from assistant.testing.tiny_piper import write_tiny_piper

LINES = [Speech(f"This is line number {chr(97 + number)}.", 0.9 + 0.1 * (number % 2)) for number in range(26)]
NAME = "en_US-joe-medium"


def shipped() -> Settings:
    return load_settings([content_root() / "config.yaml"])


class Counted:
    """Builds voices over one folder, and remembers them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.voices: list[FakeVoice] = []

    def __call__(self) -> CachedVoice:
        self.voices.append(FakeVoice())
        return CachedVoice(self.voices[-1], self.folder)

    @property
    def spoken(self) -> list[str]:
        return sorted(line for voice in self.voices for line in voice.spoken)


def test_every_line_is_rendered_once_whatever_the_number_of_cores(tmp_path: Path) -> None:
    lengths = []
    for workers in (1, 4):
        build, ticks = Counted(tmp_path / str(workers)), list[None]()
        lengths.append(render_all(LINES, 125, build, workers, lambda ticks=ticks: ticks.append(None)))  # type: ignore[misc]  # a default is the loop's value
        assert build.spoken == [line.text for line in LINES] and len(ticks) == len(LINES)
        assert len(build.voices) == workers and all(voice.closed for voice in build.voices)
        assert disk_use(build.folder) > 26 * 16_000
    assert lengths[0] == pytest.approx(lengths[1])


def test_begun_again_it_renders_what_is_missing_or_spoiled_only(tmp_path: Path) -> None:
    render_all(LINES[:10], 125, Counted(tmp_path), 2, lambda: None)
    spoiled, cut = sorted(tmp_path.rglob("*.wav"))[:2]
    spoiled.write_bytes(b"RIFF")
    cut.write_bytes(cut.read_bytes()[:-4000])
    again = Counted(tmp_path)
    render_all(LINES, 125, again, 2, lambda: None)
    assert len(again.spoken) == 16 + 2


def test_a_line_that_nobody_can_speak_ends_the_work_and_closes_every_voice(tmp_path: Path) -> None:
    built: list[FakeVoice] = []

    def build() -> CachedVoice:
        built.append(FakeVoice(fails=True))
        return CachedVoice(built[-1], tmp_path)

    with pytest.raises(EngineError):
        render_all(LINES, 125, build, 3, lambda: None)
    assert all(voice.closed for voice in built)


def test_a_fault_nobody_thought_of_is_told_and_does_not_pass_for_nothing_to_render(tmp_path: Path) -> None:
    class Broken(FakeVoice):
        def render(self, text: str, words_per_minute: int) -> Sound:
            raise IndexError

    with pytest.raises(IndexError):
        render_all(LINES, 125, lambda: CachedVoice(Broken(), tmp_path), 2, lambda: None)


def test_the_offered_voices_are_sound_and_each_has_its_licence() -> None:
    faults: list[Fault] = []
    offered = read_voices(content_root(), "en", faults)
    assert faults == [] and NAME in {voice.id for voice in offered}
    assert all(voice.licence and voice.model.bytes > 1e6 for voice in offered)


def test_a_voice_from_elsewhere_is_a_fault(tmp_path: Path) -> None:
    folder = tmp_path / "scripts" / "en"
    folder.mkdir(parents=True)
    written = (content_root() / "scripts" / "en" / "voices.yaml").read_text(encoding="utf-8")
    changed = written.replace("https://huggingface.co/rhasspy/piper-voices/resolve", "https://example.com/resolve", 1)
    (folder / "voices.yaml").write_text(changed, encoding="utf-8")
    faults: list[Fault] = []
    assert read_voices(tmp_path, "en", faults) == () and len(faults) == 1


def test_the_better_voice_is_offered_with_size_and_licence() -> None:
    offered = better(shipped())
    assert offered is not None and offered.id == NAME
    told = " ".join(about(offered))
    assert "63 MB" in told and "CC0" in told and "GPL" in told


def test_where_another_engine_is_wanted_no_voice_is_offered() -> None:
    assert better(load_settings([content_root() / "config.yaml"], {"voice.engine": "pyttsx3"})) is None


@pytest.mark.parametrize(("typed", "fetched"), [("y", True), ("YES", True), ("", False), ("n", False)])
def test_it_is_fetched_after_a_yes_only(monkeypatch: pytest.MonkeyPatch, typed: str, fetched: bool) -> None:
    asked: list[str | None] = []
    monkeypatch.setattr("builtins.input", lambda prompt: typed)
    monkeypatch.setattr(setting_up_voice, "fetch_voice", lambda settings, name: asked.append(name))
    assert ask_voice(shipped()) == {"voice.engine": "auto"} and asked == [NAME] * fetched


def fetched_from(monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], Path]) -> list[str | None]:
    """The network is a function that writes a voice; the hashes that were asked for."""
    asked: list[str | None] = []

    def stand_in(url: str, path: Path, size: int, sha256: str | None, progress: Callable[[int], None]) -> str:
        asked.append(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        made = write(path.parent.parent / "made")
        source = made if path.suffix == ".onnx" else made.with_name(f"{made.name}.json")
        path.write_bytes(source.read_bytes())
        return "a" * 64

    monkeypatch.setattr(better_voice, "fetch", stand_in)
    return asked


def test_a_fetched_voice_is_heard_before_it_counts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("piper.voice")
    pytest.importorskip("onnx")
    asked = fetched_from(monkeypatch, write_tiny_piper)
    fetch_voice(shipped(), NAME)
    assert asked == [offered_voices("en")[0].description.sha256, offered_voices("en")[0].model.sha256]
    assert (voices_folder() / f"{NAME}.onnx").is_file() and NAME in capsys.readouterr().out
    fetch_voice(shipped(), NAME)
    assert len(asked) == 2, "what is here is not fetched again"


def test_the_persons_own_pin_is_what_must_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("piper.voice")
    pytest.importorskip("onnx")
    asked = fetched_from(monkeypatch, write_tiny_piper)
    own = load_settings([content_root() / "config.yaml"], {"voice.sha256": "b" * 64})
    fetch_voice(own, None)
    assert asked[-1] == "b" * 64


def unreadable(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("broken.onnx", "broken.onnx.json"):
        (folder / name).write_text("{}", encoding="utf-8")
    return folder / "broken.onnx"


def at_a_wrong_rate(folder: Path) -> Path:
    model = write_tiny_piper(folder)
    described = model.with_name(f"{model.name}.json")
    described.write_text(described.read_text(encoding="utf-8").replace("22050", "96000"), encoding="utf-8")
    return model


@pytest.mark.parametrize("write", [unreadable, at_a_wrong_rate])
def test_a_voice_that_does_not_speak_is_removed_and_told(
    monkeypatch: pytest.MonkeyPatch, write: Callable[[Path], Path]
) -> None:
    pytest.importorskip("piper.voice")
    pytest.importorskip("onnx")
    fetched_from(monkeypatch, write)
    with pytest.raises(EngineError) as failure:
        fetch_voice(shipped(), NAME)
    assert failure.value.code == "voice-unusable" and list(voices_folder().iterdir()) == []


def test_a_voice_that_is_not_offered_is_named_with_its_neighbours() -> None:
    with pytest.raises(UsageError, match=NAME):
        fetch_voice(shipped(), "en_US-jo-medium")


def test_no_word_waits_for_another_worker(tmp_path: Path) -> None:
    """Four workers really work at once: each waits for the other three."""
    together = threading.Barrier(4, timeout=20.0)

    class Meeting(FakeVoice):
        def render(self, text: str, words_per_minute: int) -> Sound:
            together.wait()
            return super().render(text, words_per_minute)

    assert render_all(LINES[:4], 125, lambda: CachedVoice(Meeting(), tmp_path), 4, lambda: None) > 1.0
