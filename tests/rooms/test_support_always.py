"""Whatever breaks, a person in danger is given support. Each test breaks one thing."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.app.parts import build_conversation, load_library
from assistant.config import load_settings
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.core.commands import EndReason
from assistant.core.events import MicrophoneLost, SpeakerLost, Trouble
from assistant.safety.transcript import Trust
from assistant.safety.verdict import CLEAR, Verdict
from assistant.settings_files import settings_files
from assistant.testing.room import Room
from tests.core.stories import a_conversation


def given_support(room: Room) -> bool:
    return bool(room.support_shown) and any("interrupt.emergency" in words for words in room.words)


class Estimator:
    """A layer that breaks, or contradicts everything."""

    name = "estimator"

    def __init__(self, does: Callable[[], Verdict]) -> None:
        self.does = does

    def estimate(self, text: str) -> Verdict:
        return self.does()


def raises() -> Verdict:
    raise RuntimeError("out of order")


@pytest.mark.parametrize("does", [raises, lambda: CLEAR], ids=["raises", "says no danger"])
def test_a_learned_layer_that_breaks_or_contradicts(does: Callable[[], Verdict]) -> None:
    room = Room(a_conversation(None, Estimator(does)))
    room.says("i want to die", at=20.0)
    room.run()
    assert given_support(room) and room.ended is EndReason.SUPPORT_GIVEN


def test_a_dead_voice_engine_plays_the_recorded_support_and_shows_the_rest() -> None:
    room = Room(a_conversation())
    room.voice_engine = "dead"
    room.says("i want to die", at=20.0)
    room.run()
    assert room.support_shown
    assert room.words.count("recorded support") == 1
    said = [line for line in room.log if "CAPTION interrupt." in line]
    assert any("emergency" in line for line in said) and any("interrupt.stay" in line for line in said)
    assert room.ended is EndReason.SUPPORT_GIVEN


def test_a_lost_speaker_leaves_the_numbers_on_the_screen() -> None:
    room = Room(a_conversation())
    room.happens(SpeakerLost(), at=15.0)
    room.says("i want to die", at=20.0)
    room.run()
    assert given_support(room)


def test_a_microphone_lost_in_the_middle_of_it() -> None:
    room = Room(a_conversation())
    room.says("i want to die", at=20.0)
    room.happens(MicrophoneLost(), at=24.0)
    room.run()
    assert given_support(room) and "interrupt.stay" in room.words
    assert "failures.microphone-lost" not in room.words, "nothing cuts support short"


def test_a_full_disk_in_the_middle_of_it() -> None:
    room = Room(a_conversation())
    room.says("i want to die", at=20.0)
    room.happens(Trouble("disk-full"), at=21.5)
    room.happens(Trouble("latch-unwritable"), at=22.0)
    room.run()
    assert given_support(room) and "interrupt.stay" in room.words


def test_a_recogniser_that_invents_a_crisis_in_silence_may_ask_and_does_not_accuse() -> None:
    room = Room(a_conversation())
    room.says("i want to die", at=20.0, trust=Trust.DOUBTFUL)
    room.answers("no", to="concern.number_ready")
    room.run()
    assert "concern.ask.suicide" in room.words
    assert "interrupt.acknowledge" not in room.words


def test_a_recogniser_that_dies_after_the_question_counts_as_needing_support() -> None:
    room = Room(a_conversation())
    room.says("there is no point in living", at=20.0)
    room.run(until=23.5)
    room.recogniser = "hangs"
    room.says("yes", at=34.0)
    room.run()
    assert given_support(room)


@pytest.mark.parametrize("at", [0.5, 6.0, 13.0, 19.0, 27.0, 45.0])
def test_an_interrupt_at_any_moment_of_a_sitting(at: float) -> None:
    room = Room(a_conversation())
    room.says("i want to die", at=at)
    room.run()
    assert given_support(room) and room.ended is EndReason.SUPPORT_GIVEN


def test_an_interrupt_during_another_of_another_kind() -> None:
    room = Room(a_conversation())
    room.says("i want to die", at=20.0)
    room.says("i've taken too many", at=30.0)
    room.run()
    assert sum("interrupt.emergency" in words for words in room.words) >= 2
    assert room.ended is EndReason.SUPPORT_GIVEN


# The shipped words, with a part of them broken ------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    for name in ("scripts", "audio"):
        shutil.copytree(content_root() / name, tmp_path / name)
    return tmp_path


def a_crisis(library: Library) -> Room:
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    room = Room(build_conversation(library, settings, typed=False))
    room.says("i want to kill myself", at=12.0)
    return room.run()


@pytest.mark.parametrize(("country", "emergency"), [("BO", "9 1 1"), ("NP", "1 1 2"), ("TD", "1 1 2")])
def test_a_country_without_a_file_has_the_emergency_number_of_its_region(country: str, emergency: str) -> None:
    room = a_crisis(Library.load(content_root(), "en", country))
    digits = {"1": "one", "2": "two", "9": "nine"}
    said = " ".join(digits[digit] for digit in emergency.split())
    assert room.support_shown and any(said in words for words in room.words)


@pytest.mark.parametrize("how", ["missing", "empty", "nonsense"])
@pytest.mark.parametrize("file", ["scripts/resources/GB.yaml", "scripts/en/safety.yaml"])
def test_a_broken_file_leaves_a_smaller_screen_and_any_country_s_support(tree: Path, file: str, how: str) -> None:
    if how == "missing":
        (tree / file).unlink()
    else:
        (tree / file).write_text("" if how == "empty" else "{{ nonsense: [")
    library = Library.load(tree, "en", "GB")
    assert {notice.code for notice in library.notices} & {"support-any-country", "screen-minimal"}
    room = a_crisis(library)
    assert room.support_shown and any("please call" in words for words in room.words)


def test_a_country_nobody_listed_gets_the_number_that_works_on_any_mobile_phone(tree: Path) -> None:
    room = a_crisis(Library.load(tree, "en", "ZZ"))
    assert any("one one two" in words for words in room.words)
    assert any("Find a helpline dot com" in words for words in room.words)


def test_a_recorded_line_that_was_changed_is_not_played(tree: Path) -> None:
    path = tree / "audio" / "en" / "support.wav"
    path.write_bytes(path.read_bytes()[:-100])
    library = Library.load(tree, "en", "GB")
    assert "support" not in library.recordings and "voice-lost" in library.recordings
    assert "help-changed" in {notice.code for notice in library.notices}


def test_every_country_and_the_unknown_one_have_support() -> None:
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    codes = [path.stem for path in (content_root() / "scripts" / "resources").glob("*.yaml")]
    assert len(codes) >= 61
    for code in codes:
        library = Library.load(content_root(), "en", code)
        assert not library.notices, code
    assert load_library(settings).support.lines
