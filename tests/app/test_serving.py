"""The service is let out to the network exactly where the settings have another computer asked, or a message sent."""

from __future__ import annotations

from typing import get_args, get_type_hints

import pytest

from assistant.app.serving import needs_network, plan
from assistant.app.voices import ENGINES as VOICES
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.hearing.choose import ENGINES as RECOGNISERS
from assistant.reaching.channel import FILE
from assistant.service.systemd import unit
from assistant.settings import Settings, Voice
from assistant.settings_files import own_settings_file

HERE = {"auto", "piper", "pyttsx3", "faster-whisper", "pocketsphinx"}
"""Engines that ask nobody."""


def set_to(**keys: object) -> Settings:
    return load_settings(
        [content_root() / "config.yaml"], {name.replace("__", "."): value for name, value in keys.items()}
    )


def test_as_shipped_it_stays_inside() -> None:
    assert not needs_network(set_to())
    assert "AF_INET" not in unit(plan(set_to()))


def test_every_engine_that_asks_another_computer_is_let_out_and_no_other() -> None:
    assert set(VOICES) | {"auto"} == set(get_args(get_type_hints(Voice)["engine"]))
    for engine in RECOGNISERS:
        assert needs_network(set_to(speech_to_text__engine=engine)) == (engine not in HERE), engine
    for engine in VOICES:
        assert needs_network(set_to(voice__engine=engine)) == (engine not in HERE), engine
    assert needs_network(set_to(llm__enabled=True))
    assert "AF_INET" in unit(plan(set_to(speech_to_text__engine="wyoming")))


@pytest.mark.parametrize("mode", [0o600, 0o644], ids=["readable by you alone", "to be put right"])
def test_a_message_to_the_trusted_person_gets_out(mode: int) -> None:
    file = own_settings_file().parent / FILE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("tgram://bot/chat\n", encoding="utf-8")
    file.chmod(mode)
    assert needs_network(set_to())
