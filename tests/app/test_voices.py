"""Which engine speaks and why; and what may go to another computer: what is published, all of it, ahead."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.app import voices
from assistant.app.examining import _voice_engines
from assistant.app.lines import fixed_lines, ready_lines
from assistant.app.parts import load_library
from assistant.app.rendering import render_all
from assistant.app.running import run
from assistant.app.voices import asked_ahead, build_voice, choice_of, piper_model, published_lines, voices_folder
from assistant.config import load_settings
from assistant.content.own import new_exercise
from assistant.content.root import content_root
from assistant.core.events import Event, Trouble
from assistant.core.timeline import Speech
from assistant.errors import ConfigError, UsageError
from assistant.settings import RunOptions, Settings, Trusted, WyomingVoice
from assistant.settings_files import own_settings_file
from assistant.speaking.engine import KeptVoice
from assistant.testing.fake_wyoming_server import a_wyoming_server
from tests.speaking.endpoint import Endpoint, an_endpoint

OWN_WORDS = "Think of the bees that Zerlina kept."


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with an_endpoint() as state:
        yield state


def settings(engine: str = "auto", voice: str | None = None, **changed: object) -> Settings:
    shipped = load_settings([content_root() / "config.yaml"])
    return replace(shipped, voice=replace(shipped.voice, engine=engine, id=voice, **changed))  # type: ignore[arg-type]  # as the keys are typed


def with_piper(monkeypatch: pytest.MonkeyPatch, *names: str, installed: bool = True) -> None:
    monkeypatch.setattr(voices, "piper_version", lambda: "1.8.0" if installed else None)
    voices_folder().mkdir(parents=True, exist_ok=True)
    for name in names:
        for file in (f"{name}.onnx", f"{name}.onnx.json"):
            (voices_folder() / file).write_text("{}", encoding="utf-8")


def test_auto_is_piper_only_where_it_and_its_voice_are_here(monkeypatch: pytest.MonkeyPatch) -> None:
    with_piper(monkeypatch)
    assert choice_of(settings()).engine == "pyttsx3" and "grounding setup --voice" in choice_of(settings()).why
    with_piper(monkeypatch, "en_US-joe-medium", installed=False)
    assert choice_of(settings()).engine == "pyttsx3" and "pip install" in choice_of(settings()).why
    with_piper(monkeypatch, "en_US-joe-medium")
    assert choice_of(settings()).engine == "piper"
    (voices_folder() / "en_US-joe-medium.onnx.json").unlink()
    assert choice_of(settings()).engine == "pyttsx3"


def test_a_voice_of_the_persons_own_is_spoken_with_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    with_piper(monkeypatch, "en_GB-mine-high", "en_US-joe-medium")
    assert piper_model(settings(voice="en_GB-mine-high")) == voices_folder() / "en_GB-mine-high.onnx"
    assert choice_of(settings(voice="en_GB-mine-high")).engine == "piper"
    assert choice_of(settings(voice="en-gb")).engine == "pyttsx3", "a voice of the other engine's"
    assert piper_model(settings(voice="../../etc/passwd")) == voices_folder() / "passwd.onnx"


def test_what_is_asked_for_is_tried_and_told_when_it_cannot_be() -> None:
    told: list[Event] = []
    voice = build_voice(settings("piper"), None, told.append)
    assert [engine.name for engine in voice.engines] == ["piper", "pyttsx3"]
    assert isinstance(voice.engines[0], KeptVoice), "what was rendered on another machine is read all the same"
    assert told == [Trouble("voice-replaced")]
    assert [engine.name for engine in build_voice(settings("piper"), "pyttsx3", told.append).engines] == ["pyttsx3"]
    with pytest.raises(UsageError, match="auto, piper, pyttsx3, openai, wyoming"):
        build_voice(settings(), "cassette", told.append)


def test_no_engine_is_openai_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    with_piper(monkeypatch, "en_US-joe-medium")
    monkeypatch.setenv("OPENAI_API_KEY", "here")
    monkeypatch.setenv("GROUNDING_VOICE_KEY", "here")
    assert choice_of(settings()).engine == "piper"


def test_the_doctor_names_each_engine_with_what_it_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    with_piper(monkeypatch, installed=False)
    findings = {finding["name"]: finding for finding in _voice_engines(settings("pyttsx3"))}
    assert findings.keys() == {"voice piper", "voice openai", "voice wyoming"}
    assert "GPL" in str(findings["voice piper"]["detail"]) and "pip install" in str(findings["voice piper"]["detail"])
    assert "off" in str(findings["voice openai"]["detail"])
    with_piper(monkeypatch, "en_US-joe-medium")
    findings = {
        finding["name"]: finding for finding in _voice_engines(settings("openai", endpoint=address("http://x")))
    }
    assert findings.keys() == {"voice piper", "voice pyttsx3", "voice wyoming"} and "ready" in str(
        findings["voice piper"]["detail"]
    )


def address(url: str) -> object:
    return replace(load_settings([content_root() / "config.yaml"]).voice.endpoint, base_url=f"{url}/v1")


@pytest.mark.parametrize(
    "url",
    ["http://pi.local:10300", "tcp://pi.local", "tcp://:10300", "tcp://pi.local:99999", "tcp://[::1:2", "pi.local"],
)
def test_what_is_no_address_of_a_wyoming_server_is_a_fault_with_its_mend(url: str) -> None:
    for key in ("speech_to_text.wyoming.address", "voice.wyoming.address"):
        with pytest.raises(UsageError, match=r"tcp://homeassistant\.local:10300"):
            load_settings([content_root() / "config.yaml"], {key: url})


@pytest.mark.parametrize("url", ["localhost:8880", "file:///etc", "http://", "http://[::1", "http://a:b/v1"])
def test_an_address_that_is_none_is_a_fault_of_the_settings_so_that_nobody_is_kept_from_help(url: str) -> None:
    with pytest.raises(UsageError):
        load_settings([content_root() / "config.yaml"], {"voice.endpoint.base_url": url})
    with pytest.raises(ConfigError):
        build_voice(settings("openai", endpoint=address(url)), None, lambda event: None)


def test_whose_computer_is_asked_is_known_before_it_is() -> None:
    pytest.importorskip("openai")
    chosen = settings("openai", endpoint=address("https://speech.example.com"))
    assert asked_ahead(chosen) == "speech.example.com, a computer that is not yours"
    assert asked_ahead(chosen, "pyttsx3") is None and asked_ahead(settings()) is None


def test_only_what_is_published_may_go_to_another_computer(endpoint: Endpoint) -> None:
    """Not the trusted person's name, not an exercise of one's own, not a country's number, not how strong it is."""
    pytest.importorskip("openai")
    exercise = new_exercise(content_root(), own_settings_file().parent, "en", "my-bees")
    words = exercise.read_text(encoding="utf-8").replace("Let your eyes follow its edge.", OWN_WORDS)
    exercise.write_text(words, encoding="utf-8")
    ours = replace(
        settings("openai", endpoint=address(endpoint.url)),
        country="GB",
        trusted_person=Trusted("Zerlina Quill", "07700 900123", None),
    )
    library = load_library(ours)
    assert OWN_WORDS in {line.text for line in ready_lines(library)}, "it is spoken here, and rendered ahead"
    published = published_lines(ours)
    files = " ".join(path.read_text(encoding="utf-8") for path in (content_root() / "scripts" / "en").rglob("*.yaml"))
    written = " ".join(files.replace('"', "").split())
    assert [line for line in published if line not in written] == [], "each as it stands in a file of this program"
    wanted = [
        *(Speech(line.text) for line in ready_lines(library)[-25:]),
        Speech(OWN_WORDS), Speech("Is Zerlina Quill near? You could call them now, or go to them."),
        Speech("Seven. Thank you."), Speech("Once more."),
    ]  # fmt: skip
    render_all(wanted, 125, lambda: build_voice(ours, None, lambda event: None, ahead=1), 2, lambda: None)
    sent = {request["input"] for request in endpoint.requests}
    assert "Once more." in sent and sent <= set(published)
    assert not any("Zerlina" in line or "Seven" in line or "Samaritans" in line for line in sent)


def test_in_a_conversation_nothing_is_sent_at_all(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Which published line is asked for when would tell what somebody goes through."""
    pytest.importorskip("openai")
    monkeypatch.setattr("sys.stdin", io.StringIO("i want to kill myself\n"))
    ours = settings("openai", endpoint=address(endpoint.url))
    spoken = tmp_path / "out.wav"
    options = RunOptions(
        mic="none",
        speaker=str(spoken),
        stt=None,
        tts=None,
        events=None,
        with_words=False,
        realtime=False,
        settings=ours,
    )
    assert run(options) == 0
    assert spoken.stat().st_size > 500_000 and endpoint.requests == []


def test_what_was_fetched_before_is_spoken_in_the_conversation(endpoint: Endpoint) -> None:
    pytest.importorskip("openai")
    ours = settings("openai", endpoint=address(endpoint.url))
    line = fixed_lines(load_library(ours))[0].text
    ahead = build_voice(ours, None, lambda event: None, ahead=1)
    fetched = ahead.render(line, 125)
    ahead.close()
    live = build_voice(ours, None, lambda event: None)
    assert live.holds(line, 125) and len(live.render(line, 125).samples) == len(fetched.samples)
    live.close()
    assert len(endpoint.requests) == 1


def test_a_wyoming_server_is_sent_published_lines_ahead_and_nothing_in_the_conversation() -> None:
    pytest.importorskip("wyoming")
    with a_wyoming_server() as server:
        ours = settings("wyoming", wyoming=WyomingVoice(server.address, None, 185))
        assert asked_ahead(ours) == "this computer" and "published lines" in choice_of(ours).why
        line = fixed_lines(load_library(ours))[0].text
        live = build_voice(ours, None, lambda event: None)
        live.render(line, 125)
        live.close()
        assert server.asked == 0
        ahead = build_voice(ours, None, lambda event: None, ahead=1)
        fetched = [ahead.render(text, 125) for text in (line, OWN_WORDS)]
        ahead.close()
        assert [request.text for request in server.requests] == [line]
        live = build_voice(ours, None, lambda event: None)
        assert live.holds(line, 125) and len(live.render(line, 125).samples) == len(fetched[0].samples)
        live.close()
        assert server.asked == 1


def test_without_its_package_a_wyoming_voice_is_replaced_and_doctor_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(voices, "wyoming_here", lambda: False)
    told: list[Event] = []
    assert isinstance(build_voice(settings("wyoming"), None, told.append, ahead=1).engines[0], KeptVoice)
    assert told == [Trouble("voice-replaced")] and asked_ahead(settings("wyoming")) is None
    assert "[wyoming]" in choice_of(settings("wyoming")).why
