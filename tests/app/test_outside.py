"""Other computers as the person set them up: off as shipped, told as they are, and never kept from anybody's help."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assistant.app import outside
from assistant.app.outside import (
    Others,
    build_model_worker,
    hears_elsewhere,
    listeners,
    model_key,
    others_findings,
    others_of,
    outside_of,
    simpler_card,
    usage_of,
)
from assistant.app.parts import load_library
from assistant.app.voices import build_voice
from assistant.cli.main import main
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.outside import Outside, Whose
from assistant.errors import EngineError, UsageError
from assistant.safety.transcript import Transcript
from assistant.settings import Settings
from assistant.testing.fake_model_server import FakeModelServer, Fault, a_model_server
from assistant.testing.fake_voice import FakeVoice
from tests.llm.saying import A_CARD

pytest.importorskip("openai", reason="pip install 'grounding-assistant[openai]'")
pytest.importorskip("wyoming", reason="pip install 'grounding-assistant[wyoming]'")


@pytest.fixture
def server() -> Iterator[FakeModelServer]:
    with a_model_server() as state:
        yield state


def as_set(**llm: Any) -> Settings:
    settings = load_settings([content_root() / "config.yaml"])
    return replace(settings, llm=replace(settings.llm, **llm))


def test_as_shipped_there_is_none() -> None:
    settings = as_set()
    assert others_of(settings, None) == Others(False, None)
    assert not outside_of(settings, others_of(settings, None)).any
    assert others_findings(settings)[0]["detail"] == "off, as shipped; everything works without it"


def test_whose_it_is_comes_from_its_address_and_each_sitting_begins_untold() -> None:
    for url, whose in (
        ("http://localhost:11434/v1", Whose.HERE),
        ("http://big-machine.local/v1", Whose.NETWORK),
        ("https://api.openai.com/v1", Whose.ELSEWHERE),
    ):
        settings = as_set(enabled=True, base_url=url)
        assert outside_of(settings, Others(True, None)) == Outside(model=whose)


def test_without_the_package_it_is_told_how_to_get_it_and_nothing_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "openai_here", lambda: False)
    others = others_of(as_set(enabled=True), None)
    assert not others.model and "pip install" in others.lacks[0]
    assert others_findings(as_set(enabled=True))[0]["state"] == "degraded"


def test_each_way_to_hear_elsewhere_lacks_its_own_package_and_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    for engine, other in (("openai", "wyoming"), ("wyoming", "openai")):
        with monkeypatch.context() as absent:
            absent.setattr(outside, f"{other}_here", lambda: False)
            assert others_of(as_set(), engine) == Others(False, engine)
            absent.setattr(outside, f"{engine}_here", lambda: False)
            others = others_of(as_set(), engine)
            assert others.hearing is None and f"[{engine}]" in others.lacks[0]
    monkeypatch.setattr(outside, "wyoming_here", lambda: False)
    assert others_of(as_set(enabled=True), "wyoming").model, "what lacks for hearing keeps no model away"


@pytest.mark.parametrize("engine", ["openai", "wyoming"])
def test_whoever_hears_there_is_named_by_its_own_address_and_told_what_is_allowed(engine: str) -> None:
    settings = load_settings(
        [content_root() / "config.yaml"],
        {
            "speech_to_text.engine": engine,
            "speech_to_text.endpoint.base_url": "https://openai.example.com/v1",
            "speech_to_text.wyoming.address": "tcp://wyoming.example.com:10300",
        },
    )
    others = others_of(settings, None)
    assert outside_of(settings, others).hearing is Whose.ELSEWHERE
    assert f"{engine}.example.com, a computer that is not yours" in str(others_findings(settings)[0]["detail"])
    recogniser = hears_elsewhere(Silent(), settings, others)
    assert recogniser.name == engine and len(listeners(None, recogniser, others)) == 1
    recogniser.close()


class Silent:
    """A recogniser that is never asked."""

    name = "silent"

    def warm_up(self) -> None:
        raise AssertionError

    def transcribe(self, samples: object, expected: object = None) -> Transcript:
        raise AssertionError

    def close(self) -> None:
        pass


def test_where_time_may_jump_there_is_no_model() -> None:
    assert not others_of(as_set(enabled=True), None, live=False).model


def test_the_key_is_from_the_environment_or_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    ring = SimpleNamespace(get_password=lambda service, account: f"{service}/{account}")
    monkeypatch.setitem(sys.modules, "keyring", ring)
    assert model_key() == "grounding-assistant/llm"
    monkeypatch.setenv("GROUNDING_LLM_KEY", "from-the-environment")
    assert model_key() == "from-the-environment"
    monkeypatch.delenv("GROUNDING_LLM_KEY")
    monkeypatch.setitem(sys.modules, "keyring", SimpleNamespace(get_password=lambda *_: 1 / 0))
    assert model_key() is None


def test_a_key_in_the_settings_is_a_fault(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "xdg_config_home" / "grounding-assistant"
    own.mkdir(parents=True)
    (own / "config.yaml").write_text("llm:\n  key: secret\n")
    assert main(["learn", "what is panic"]) == 3
    assert "llm.key is not a key known here" in capsys.readouterr().err


def test_doctor_tells_model_computer_use_and_the_last_error(server: FakeModelServer) -> None:
    settings = as_set(enabled=True, base_url=server.base_url, model="tiny", price_in=1.0, price_out=2.0)
    usage_of(settings).add(300, 100)
    (found,) = others_findings(settings)
    assert found["state"] == "ok"
    for part in ("tiny", "this computer", "1 requests", "400 of 50000 tokens", "0.0005"):
        assert part in str(found["detail"])
    usage_of(settings).failed("model-key")
    assert "last error: model-key" in str(others_findings(settings)[0]["detail"])
    (spent,) = others_findings(replace(settings, llm=replace(settings.llm, tokens_a_day=400)))
    assert "no more today" in str(spent["detail"])


def test_a_card_is_told_more_simply_and_its_question_is_not_sent(server: FakeModelServer) -> None:
    settings = as_set(enabled=True, base_url=server.base_url)
    server.says = lambda request: "Panic is the body's alarm. The heart pounds."
    assert simpler_card(A_CARD, settings) == ("Panic is the body's alarm.", "The heart pounds.")
    server.says = lambda request: "You are safe now."
    assert simpler_card(A_CARD, settings) == ()
    assert usage_of(settings).day.requests == 3
    server.fault = Fault.UNAUTHORISED
    with pytest.raises(EngineError):
        simpler_card(A_CARD, settings)
    with pytest.raises(UsageError):
        simpler_card(A_CARD, as_set())


def test_what_a_model_says_of_a_person_is_never_kept_as_sound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.app.voices.speech_folder", lambda: tmp_path / "speech")
    monkeypatch.setattr("assistant.app.voices._engines", lambda *given: (FakeVoice(),))
    settings = as_set(enabled=True)
    worker = build_model_worker(load_library(settings), settings, None, lambda event: None, False)  # type: ignore[arg-type]
    voice = build_voice(settings, None, lambda event: None, passing=worker.said)
    worker.said.add("It sounds like the train is loud.")
    voice.render("It sounds like the train is loud.", 125)
    assert not list(tmp_path.rglob("*.wav"))
    voice.render("Let your feet find the floor.", 125)
    assert list(tmp_path.rglob("*.wav"))
    worker.close()


def test_where_there_is_no_other_computer_the_recogniser_is_as_it_was() -> None:
    local = object()
    assert hears_elsewhere(local, as_set(), Others(False, None)) is local  # type: ignore[arg-type]
