"""A mistake in the person's settings costs them what it stands in, and nothing else; what was left out is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.config import load_settings, remaining_settings
from assistant.content.root import content_root
from assistant.settings_files import own_settings_file, settings_files

NAMES = {"language": ["en"]}


def own(content: str) -> list[Path]:
    path = own_settings_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    return settings_files(content_root() / "config.yaml")


def test_where_nothing_is_wrong_nothing_is_told() -> None:
    paths = own("country: GB\ncaptions: false\n")
    assert remaining_settings(paths, {"plain": True}, NAMES) == (load_settings(paths, {"plain": True}), None)


@pytest.mark.parametrize(
    ("mistake", "left"),
    [
        ("turnn: 1", "turnn"),
        ("language: de", "language"),
        ("turn: {patient: perhaps, silence_seconds: 2}", "turn.patient"),
        ("turn: 5", "turn"),
        ("microphone: {device: [1]}", "microphone.device"),
        ("cautions: [cardiac, rain, injury]", "cautions.1"),
        ('reminders: {times: ["23:30"]}', "reminders"),
        ("reminders: {most_a_day: 12, times: [1, 2]}", "reminders.times.0, reminders.times.1"),
        ("speech_to_text: {engine: siri}", "speech_to_text.engine"),
        # What is no YAML as a whole
        ("turn: patient: true", "turn"),
        ("turn: {patient: true", "turn"),
        ("wake:\n\tby: speech", "wake"),
        ("turn: {patient: true}\nturn: {patient: false}", "turn"),
    ],
)
def test_what_is_broken_is_left_out_and_all_else_holds(mistake: str, left: str) -> None:
    paths = own(f"# mine\ncountry: GB\n{mistake}\ntrusted_person:\n  name: Sam\n  number: '07700 900123'\n")
    settings, left_out = remaining_settings(paths, None, NAMES)
    assert left_out is not None and left_out.code == "config-faults"
    assert left_out.hint.endswith(f"\nLeft out until then: {left}.")
    assert f"{paths[1]}:3:" in left_out.hint or f"{paths[1]}:4:" in left_out.hint
    assert (settings.country, settings.language) == ("GB", "en")
    assert (settings.trusted_person.name, settings.trusted_person.number) == ("Sam", "07700 900123")
    assert settings.cautions == (("cardiac", "injury") if "cautions" in left else ())
    assert settings.turn.silence_seconds == (2 if left == "turn.patient" else 1.2)


@pytest.mark.parametrize("content", ["- a\n", "version: 99\ncountry: GB\n", "[", "just words"])
def test_of_a_file_that_holds_nothing_to_use_nothing_is_used(content: str) -> None:
    paths = own(content)
    settings, left_out = remaining_settings(paths, {"country": "NO"}, NAMES)
    assert left_out is not None and str(paths[1]) in left_out.hint
    assert settings == load_settings(paths[:1], {"country": "NO"})


def test_a_folder_or_a_link_to_nothing_in_its_place_is_told() -> None:
    path = own_settings_file()
    path.mkdir(parents=True)
    for what in ("this is a folder", "the file is missing"):
        settings, left_out = remaining_settings(settings_files(content_root() / "config.yaml"))
        assert left_out is not None and f"{path}:1:1: {what}" in left_out.hint
        assert settings.country == "ZZ"
        path.rmdir() if path.is_dir() else path.unlink()
        path.symlink_to("nowhere")
