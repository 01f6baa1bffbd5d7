"""A speech endpoint, against a real server here: it is sent published lines only, and may do whatever it likes."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import numpy as np
import pytest
from numpy import float32

from assistant.endpoints import whose_computer
from assistant.errors import ConfigError
from assistant.settings import SpeechEndpoint
from assistant.sound import Sound
from assistant.speaking.cache import CachedVoice
from assistant.speaking.child_voice import Patience
from assistant.speaking.engine import DeclinedLineError
from assistant.speaking.openai_voice import KEY, OpenAiVoice
from assistant.testing.fake_voice import FakeVoice, hum
from assistant.testing.voice_suite import LINES, check_voice_engine
from tests.speaking.endpoint import Body, Endpoint, an_endpoint, spoken, wav

pytest.importorskip("openai", reason="pip install 'grounding-assistant[openai]'")

LINE = "Press both feet into the floor."
SECONDS = FakeVoice().render(LINE, 125).seconds
RATE = 24_000


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    with an_endpoint() as state:
        yield state


def test_an_endpoint_is_a_voice_engine(endpoint: Endpoint) -> None:
    check_voice_engine(partial(OpenAiVoice, endpoint.settings, LINES))
    assert {request["response_format"] for request in endpoint.requests} == {"wav"}
    assert {(request["model"], request["voice"]) for request in endpoint.requests} == {("model", "voice")}


def noise(request: dict[str, Any]) -> bytes:
    return np.random.default_rng(0).bytes(2 * RATE)


BAD: dict[str, Body] = {
    "silence": lambda request: wav(Sound(np.zeros(2 * RATE, float32), RATE)),
    "noise instead of WAV": noise,
    "noise in a WAV": lambda request: wav(
        Sound(np.frombuffer(noise(request), "<i2").astype(float32) / float32(32768), RATE)
    ),
    "half its rate": lambda request: wav(Sound(hum(SECONDS, RATE).samples, RATE // 3)),
    "twice its rate": lambda request: wav(Sound(hum(SECONDS, RATE).samples, RATE * 3)),
    "nothing": lambda request: b"",
    "a header only": lambda request: spoken(request)[:44],
    "cut off": lambda request: spoken(request)[: len(spoken(request)) // 4],
    "a sentence": lambda request: b'{"error": "no such voice"}',
    "too much": lambda request: bytes(17 * 1024 * 1024),
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
def test_bad_sound_from_an_endpoint_is_replaced_within_the_line_and_told(endpoint: Endpoint, body: Body) -> None:
    endpoint.body = body
    replaced_by_the_next_engine(endpoint)


@pytest.mark.parametrize("status", [301, 401, 404, 429, 500])
def test_an_endpoint_that_refuses_is_replaced_and_asked_once(endpoint: Endpoint, status: int) -> None:
    endpoint.status = status
    replaced_by_the_next_engine(endpoint)
    assert len(endpoint.requests) == 1


def test_a_redirection_is_not_followed_to_another_computer(endpoint: Endpoint) -> None:
    with an_endpoint() as other:
        endpoint.status, endpoint.elsewhere = 307, f"{other.url}/v1/audio/speech"
        replaced_by_the_next_engine(endpoint)
        assert other.requests == []


def test_an_answer_that_breaks_off_is_replaced(endpoint: Endpoint) -> None:
    endpoint.length = 10_000_000
    replaced_by_the_next_engine(endpoint)


def test_an_endpoint_that_never_answers_is_cut_off(endpoint: Endpoint) -> None:
    endpoint.hang = threading.Event()
    replaced_by_the_next_engine(endpoint, Patience(start=30.0, render=0.3))


def test_nobody_there_is_replaced() -> None:
    replaced_by_the_next_engine(Endpoint("http://127.0.0.1:9"))


def replaced_by_the_next_engine(endpoint: Endpoint, patience: Patience | None = None) -> None:
    told: list[str] = []
    distant = OpenAiVoice(endpoint.settings, [LINE], patience or Patience(30.0, 20.0))
    voice = CachedVoice((distant, FakeVoice()), None, trouble=told.append)
    try:
        assert voice.render(LINE, 125).seconds == SECONDS
        assert told == ["voice-replaced"]
    finally:
        voice.close()


def test_a_text_that_is_not_published_is_never_sent(endpoint: Endpoint) -> None:
    voice = OpenAiVoice(endpoint.settings, [LINE])
    for text in ("Is Alex near? You could call them now.", "Seven. Thank you.", f"{LINE} ", LINE.lower(), ""):
        with pytest.raises(DeclinedLineError):
            voice.render(text, 125)
    voice.close()
    assert endpoint.requests == []


def test_only_its_own_key_goes_to_it_and_no_other_from_the_environment(
    endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "somebody-elses")
    monkeypatch.setenv("OPENAI_ORG_ID", "somebody-elses")
    for key, sent in (("its-own", "Bearer its-own"), ("", "Bearer none")):
        monkeypatch.setenv(KEY, key)
        voice = OpenAiVoice(endpoint.settings, [LINE])
        voice.render(LINE, 125)
        voice.close()
        assert endpoint.headers[-1]["authorization"] == sent
        assert "somebody-elses" not in str(endpoint.headers)


def test_the_key_is_not_among_the_arguments_that_others_can_list() -> None:
    command = OpenAiVoice(SpeechEndpoint("http://localhost/v1", "m", "v"), [])._command
    assert not any(os.environ.get(KEY, "secret") == part for part in command) and KEY in command


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://localhost:8880/v1", "this computer"),
        ("http://127.0.0.1/v1", "this computer"),
        ("http://[::1]:1234/v1", "this computer"),
        ("http://192.168.1.20:8880/v1", "192.168.1.20, a computer of your own network, unencrypted"),
        ("http://pi.local/v1", "pi.local, a computer of your own network, unencrypted"),
        ("https://api.openai.com/v1", "api.openai.com, a computer that is not yours"),
        ("http://localhost.example.com/v1", "localhost.example.com, a computer that is not yours, unencrypted"),
        ("https://127.0.0.1@example.com/v1", "example.com, a computer that is not yours"),
        ("https://127.0.0.1.nip.io/v1", "127.0.0.1.nip.io, a computer that is not yours"),
        ("https://8.8.8.8/v1", "8.8.8.8, a computer that is not yours"),
        ("tcp://homeassistant.local:10300", "homeassistant.local, a computer of your own network, unencrypted"),
        ("tcp://wyoming.example.com:10300", "wyoming.example.com, a computer that is not yours, unencrypted"),
    ],
)
def test_whose_computer_the_lines_go_to_is_told_as_it_is(url: str, told: str) -> None:
    assert whose_computer(url) == told


@pytest.mark.parametrize("url", ["localhost:8880", "ftp://localhost/v1", "http://", "", "http://[::1", "http://a:b/v1"])
def test_what_is_no_address_is_a_fault_of_the_settings(url: str) -> None:
    with pytest.raises(ConfigError):
        whose_computer(url)
