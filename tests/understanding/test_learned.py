"""The learned layer: what ships is what the record describes; it adds, falls back, and never silences."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path
from threading import Event, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.app import screens
from assistant.app.learning import Shelf
from assistant.app.parts import build_screen, load_library
from assistant.cli.screening import screening
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.errors import EngineError
from assistant.safety.rules import Rules
from assistant.safety.screen import Screen
from assistant.safety.verdict import CLEAR, Level
from assistant.settings import Settings
from assistant.settings_files import settings_files
from assistant.understanding import learned as learned_module
from assistant.understanding.encoder import FOLDER, OVERLAP_WORDS, WINDOW_WORDS, EncoderEstimator, stretches
from assistant.understanding.learned import LearnedScreen
from assistant.understanding.ngrams import NGramEstimator

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def encoder() -> EncoderEstimator:
    return EncoderEstimator()


def shipped() -> Settings:
    return load_settings(settings_files(content_root() / "config.yaml"))


@pytest.fixture(scope="module")
def screen() -> Screen:
    return build_screen(load_library(shipped()), LearnedScreen())


def test_what_shows_and_measures_the_screen_has_that_of_every_conversation(screen: Screen) -> None:
    shown = screening(shipped()).screen
    asked = Shelf.load(content_root(), "en", "GB").screen(LearnedScreen())
    assert shown.plain == asked.plain == screen.plain
    assert {one.judge("plan my self care").level for one in (screen, shown, asked)} == {Level.NONE}


def test_what_shows_the_screen_has_no_larger_model_than_a_conversation_has_room_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(screens, "free_memory_mb", lambda: 0)
    screening(shipped()).judge("i took a walk")
    assert "Too little memory is free for the larger model" in capsys.readouterr().err


def test_the_shipped_files_are_the_ones_the_record_describes() -> None:
    record = json.loads((FOLDER / "record.json").read_text(encoding="utf-8"))
    described = {**record["sha256"], "ngrams.npz": record["ngrams"]["sha256"]}
    for name, digest in described.items():
        assert sha256((FOLDER / name).read_bytes()).hexdigest() == digest, name
    weights = sum((FOLDER / name).stat().st_size for name in ("screen.onnx", "screen.bin"))
    assert weights <= 25 * MEGABYTE
    assert (FOLDER / "ngrams.npz").stat().st_size <= 2 * MEGABYTE


@given(st.integers(1, 500), st.data())
def test_no_short_sentence_of_a_long_turn_is_cut_in_every_stretch(count: int, data: st.DataObject) -> None:
    words = [str(number) for number in range(count)]
    start = data.draw(st.integers(0, count - 1))
    sentence = words[start : start + OVERLAP_WORDS]
    looked_at = stretches(words)
    assert any(" ".join(sentence) in " ".join(stretch) for stretch in looked_at)
    assert all(len(stretch) <= WINDOW_WORDS for stretch in looked_at)


def test_voices_that_report_took_part_in_nothing_else() -> None:
    voices = json.loads((FOLDER / "record.json").read_text(encoding="utf-8"))["voices"]
    groups = [set(voices[name]) for name in ("learning", "tuning", "reporting")]
    assert all(groups) and not (groups[0] & groups[1] or groups[0] & groups[2] or groups[1] & groups[2])


@pytest.mark.parametrize(
    "said",
    [
        "they'd all manage better if i wasn't around to look after",
        "i've lined everything up on the bed and i won't need tomorrow",
        "he checks my phone every night and if i'm late home he makes me pay for it",
        "my left arm's gone numb and it feels like something heavy is sat on my chest",
    ],
)
def test_indirect_speech_that_no_rule_knows_is_noticed(encoder: EncoderEstimator, said: str) -> None:
    assert encoder.estimate(said).level is not Level.NONE


@pytest.mark.parametrize(
    "said", ["what's the weather like tomorrow", "i can see a blue lamp and a chair", "set a timer for ten minutes"]
)
def test_ordinary_talk_is_not(encoder: EncoderEstimator, said: str) -> None:
    assert encoder.estimate(said) == CLEAR


def test_a_signal_in_the_middle_of_a_long_turn_is_noticed(encoder: EncoderEstimator) -> None:
    small_talk = "we went to the shops and bought some bread and then the bus was late again as always so we walked "
    said = small_talk * 3 + "and he said if i ever leave him he will find me and finish me " + small_talk * 3
    assert encoder.estimate(said).level is not Level.NONE


def test_commands_and_numbers_are_never_read_as_danger(screen: Screen) -> None:
    library = load_library(load_settings(settings_files(content_root() / "config.yaml")))
    for phrase in library.lexicon.plain:
        assert screen.judge(" ".join(phrase)).level is Level.NONE, phrase


def test_every_must_catch_sentence_is_hard(screen: Screen) -> None:
    assert len(screen.rules.must_catch) >= 150
    for sentence in screen.rules.must_catch:
        assert screen.judge(sentence).level is Level.HARD, sentence


@given(st.text(max_size=400))
@settings(max_examples=60)
def test_no_text_breaks_either_layer(encoder: EncoderEstimator, text: str) -> None:
    assert encoder.estimate(text).level in Level
    assert NGramEstimator().estimate(text).level in Level


@pytest.mark.parametrize("file", ["screen.onnx", "screen.bin", "tokenizer.json", "record.json"])
@pytest.mark.parametrize("how", ["missing", "changed", "empty"])
def test_a_model_that_is_not_whole_says_so_and_the_next_layer_listens(tmp_path: Path, file: str, how: str) -> None:
    folder = tmp_path / "model"
    shutil.copytree(FOLDER, folder)
    if how == "missing":
        (folder / file).unlink()
    elif how == "empty":
        (folder / file).write_bytes(b"")
    else:
        (folder / file).write_bytes((folder / file).read_bytes()[:-7] + b"{{{{{{{")
    told: list[EngineError] = []
    learned = LearnedScreen(told.append, [lambda: EncoderEstimator(folder), NGramEstimator])
    assert isinstance(learned.load(), NGramEstimator)
    assert [error.code for error in told] == ["screen-model"]


def test_a_layer_that_hangs_while_it_loads_counts_as_a_signal_and_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(learned_module, "PATIENCE_SECONDS", 0.01)
    go_on, begun = Event(), Event()

    def hangs() -> NGramEstimator:
        begun.set()
        go_on.wait(10.0)
        return NGramEstimator()

    learned = LearnedScreen(layers=[hangs])
    loader = Thread(target=learned.load)
    loader.start()
    assert begun.wait(10.0)
    assert Screen(Rules(()), [learned]).judge("a lamp").level is Level.SOFT
    go_on.set()
    loader.join()
    assert Screen(Rules(()), [learned]).judge("a lamp").level is Level.NONE


def test_without_any_model_the_rules_stand_alone(tmp_path: Path) -> None:
    told: list[EngineError] = []
    nothing = LearnedScreen(told.append, [lambda: EncoderEstimator(tmp_path), lambda: NGramEstimator(tmp_path / "no")])
    assert nothing.estimate("anything at all") == CLEAR
    assert len(told) == 2
