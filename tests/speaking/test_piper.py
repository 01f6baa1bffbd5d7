"""Piper, in its child process: its own code, with a voice of a few hundred bytes that hums instead of speaking."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

from assistant.errors import EngineError
from assistant.speaking import piper_voice
from assistant.speaking.cache import CachedVoice
from assistant.speaking.child_voice import Patience
from assistant.speaking.piper_voice import PiperVoice, whole_voice
from assistant.testing.fake_voice import FakeVoice
from assistant.testing.tiny_piper import write_tiny_piper
from assistant.testing.voice_suite import check_voice_engine

pytest.importorskip("piper.voice", reason="pip install 'grounding-assistant[piper]'")
pytest.importorskip("onnx", reason="pip install 'grounding-assistant[dev]'")


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_tiny_piper(tmp_path / "voices")


def test_piper_in_its_child_is_a_voice_engine(model: Path) -> None:
    check_voice_engine(partial(PiperVoice, model, 1))


def test_half_the_rate_lasts_twice_as_long(model: Path) -> None:
    voice = PiperVoice(model, 1)
    quick, slow = (voice.render("Let your feet find the floor.", rate).seconds for rate in (180, 90))
    voice.close()
    assert slow == pytest.approx(2 * quick, rel=0.02)


@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "no description", "broken description"])
def test_a_voice_that_cannot_be_loaded_is_replaced_within_the_line(model: Path, damage: str) -> None:
    described = model.with_name(f"{model.name}.json")
    whole = model.read_bytes()
    match damage:
        case "gone":
            model.unlink()
        case "empty":
            model.write_bytes(b"")
        case "cut":
            model.write_bytes(whole[: len(whole) // 2])
        case "no description":
            described.unlink()
        case _:
            described.write_text("{", encoding="utf-8")
    told: list[str] = []
    piper = PiperVoice(model, 1)
    voice = CachedVoice((piper, FakeVoice()), None, trouble=told.append)
    assert voice.render("Let your feet find the floor.", 125).seconds > 1.0
    assert told == ["voice-replaced"]
    with pytest.raises(EngineError) as failure:
        piper.render("One.", 125)
    assert failure.value.code == "voice-engine-missing" and piper_voice.GET in failure.value.hint
    voice.close()


def test_a_hanging_piper_is_killed_and_replaced_within_the_line(model: Path) -> None:
    child = "import sys; print('{}', flush=True); sys.stdin.read()"
    piper = PiperVoice(model, 1, Patience(5.0, 0.2), command=(sys.executable, "-c", child))
    voice = CachedVoice((piper, FakeVoice()), None)
    assert voice.render("Let your feet find the floor.", 125).seconds > 1.0
    voice.close()


def test_a_voice_is_whole_only_with_its_description(model: Path) -> None:
    assert whole_voice(model)
    model.with_name(f"{model.name}.json").unlink()
    assert not whole_voice(model)
