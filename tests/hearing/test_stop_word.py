"""The stop word: heard without the recogniser, from many voices, and not in a cough."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.core.events import Event, Trouble
from assistant.core.understanding import Intent
from assistant.errors import ConfigError, EngineError
from assistant.hearing.own_stop import EitherStop, OwnStop
from assistant.hearing.recogniser import RATE
from assistant.hearing.stop_word import SpottedStop
from assistant.hearing.voice_activity import Silero
from assistant.sound import Sound, resampled
from assistant.testing.noises import NOISES
from assistant.testing.voices import VOICES, missing_engines, say

pytestmark = pytest.mark.skipif(bool(missing_engines()), reason="espeak-ng and flite are needed to speak")


@pytest.fixture(scope="module")
def stop_word() -> SpottedStop:
    spotter = SpottedStop(Silero())
    spotter.warm_up()
    return spotter


def meant(stop_word: SpottedStop, sound: Sound) -> Intent | None:
    """Of a sound with a rest before and after it."""
    rest = np.random.default_rng(0).standard_normal(RATE // 4).astype(float32) * float32(2e-4)
    return stop_word.heard(np.concatenate([rest, resampled(sound, RATE), rest]))


@pytest.mark.parametrize("words", ["stop", "stop it", "please stop", "enough", "quiet", "no more"])
def test_nearly_all_voices_are_obeyed(stop_word: SpottedStop, words: str) -> None:
    """None of them has taught it."""
    heard = [meant(stop_word, say(voice, words)) for voice in VOICES]
    assert heard.count(Intent.STOP) >= 7 * len(VOICES) // 8
    assert Intent.HELP not in heard, "a stop is not answered with numbers to call"


def test_shut_up_is_known_here_alone(stop_word: SpottedStop) -> None:
    """The built-in recogniser does not listen for it: it took coughs for it."""
    said = [say(voice, "shut up") for voice in VOICES]
    assert all(meant(stop_word, sound) is Intent.STOP and alone(stop_word, sound) for sound in said)


def alone(stop_word: SpottedStop, sound: Sound) -> bool:
    rest = np.random.default_rng(0).standard_normal(RATE // 4).astype(float32) * float32(2e-4)
    return stop_word.said_alone(np.concatenate([rest, resampled(sound, RATE), rest]))


@pytest.mark.parametrize(("words", "least"), [("stop", len(VOICES)), ("enough", len(VOICES)), ("quiet", 14)])
def test_while_nothing_plays_a_stop_alone_is_obeyed_whoever_says_it(
    stop_word: SpottedStop, words: str, least: int
) -> None:
    """At its own speed alone, two of the voices that say "stop" were not."""
    assert sum(alone(stop_word, say(voice, words)) for voice in VOICES) >= least


@pytest.mark.parametrize("words", ["make it stop", "i can't stop crying", "i want it to stop", "yes", "six", "help me"])
def test_while_nothing_plays_a_plea_with_a_stop_in_it_is_for_the_screen(stop_word: SpottedStop, words: str) -> None:
    assert not any(alone(stop_word, say(voice, words)) for voice in VOICES)


@pytest.mark.parametrize("name", sorted(NOISES))
def test_while_nothing_plays_no_sound_is_a_stop(stop_word: SpottedStop, name: str) -> None:
    assert not any(alone(stop_word, NOISES[name](np.random.default_rng(seed))) for seed in range(5))


def test_a_call_for_help_is_told_from_a_stop(stop_word: SpottedStop) -> None:
    heard = [meant(stop_word, say(voice, "help")) for voice in VOICES]
    assert heard == [Intent.HELP] * len(VOICES)


@pytest.mark.parametrize("words", ["yes", "seven", "a lamp"])
def test_an_answer_is_no_stop(stop_word: SpottedStop, words: str) -> None:
    heard = [meant(stop_word, say(voice, words)) for voice in VOICES]
    assert sum(intent is not None for intent in heard) <= 2


@pytest.mark.parametrize("name", ["cough", "door slam", "hum", "laugh", "click"])
def test_a_sound_is_no_stop(stop_word: SpottedStop, name: str) -> None:
    assert all(meant(stop_word, NOISES[name](np.random.default_rng(seed))) is None for seed in range(3))


def test_a_long_sentence_is_the_recognisers(stop_word: SpottedStop) -> None:
    assert meant(stop_word, say(VOICES[0], "i would like you to stop now because i am tired of it")) is None


class Broken:
    """A voice activity detector that fails."""

    def probability(self, frame: NDArray[float32]) -> float:
        raise RuntimeError("out of order")

    def reset(self) -> None:
        pass


def test_a_detector_that_breaks_is_told_and_the_others_still_stop(stop_word: SpottedStop) -> None:
    told: list[Event] = []
    either = EitherStop([SpottedStop(Broken()), stop_word], told.append)
    rest = np.zeros(RATE // 4, dtype=float32)
    stop = np.concatenate([rest, resampled(say(VOICES[0], "stop"), RATE), rest])
    assert either.heard(stop) is Intent.STOP and either.said_alone(stop)
    assert told == [Trouble("stop-word-failed")] * 2, "the conversation says it once"
    assert EitherStop([SpottedStop(Broken())], told.append).heard(stop) is None


# A model of the person's own ------------------------------------------------------------------------------------------


def own(name: str = "alexa") -> OwnStop:
    package = pytest.importorskip("pymicro_wakeword")
    return OwnStop(Path(package.__file__).parent / "models" / f"{name}.json")


def test_a_word_of_the_persons_own_stops_whoever_says_it() -> None:
    stop_word = own()
    stop_word.warm_up()
    heard = [stop_word.heard(resampled(say(voice, "alexa"), RATE)) for voice in VOICES[:8]]
    assert heard.count(Intent.STOP) >= 7
    assert all(stop_word.heard(resampled(say(voice, "i can see a chair"), RATE)) is None for voice in VOICES[:8])


def test_it_is_heard_beside_the_shipped_words(stop_word: SpottedStop) -> None:
    mine = own()
    mine.warm_up()
    told: list[Event] = []
    either = EitherStop([stop_word, mine], told.append)
    rest = np.zeros(RATE // 4, dtype=float32)
    for words in ("stop", "alexa"):
        assert either.heard(np.concatenate([rest, resampled(say(VOICES[0], words), RATE), rest])) is Intent.STOP
    assert either.heard(np.concatenate([rest, resampled(say(VOICES[0], "a chair"), RATE), rest])) is None
    assert not told


@pytest.mark.parametrize(
    "written", [None, "", "no json", "[]", "{}", '{"model": "gone.tflite"}', '{"model": "other.tflite"}']
)
def test_a_file_that_is_no_model_is_one_line_and_the_program_goes_on(tmp_path: Path, written: str | None) -> None:
    """TensorFlow would end the process."""
    pytest.importorskip("pymicro_wakeword")
    file = tmp_path / "stop.json"
    (tmp_path / "other.tflite").write_bytes(b"something else")
    if written is not None:
        file.write_text(written, encoding="utf-8")
    broken = OwnStop(file)
    with pytest.raises(ConfigError, match="stop_word_model"):
        broken.warm_up()
    assert broken.heard(np.ones(RATE, dtype=float32)) is None


def test_without_its_network_a_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("assistant.hearing.stop_word.model_path", lambda: tmp_path / "gone.onnx")
    spotter = SpottedStop(Silero())
    with pytest.raises(EngineError, match="reinstall"):
        spotter.warm_up()
    told: list[Event] = []
    rest = np.zeros(RATE // 4, dtype=float32)
    stop = np.concatenate([rest, resampled(say(VOICES[0], "stop"), RATE), rest])
    assert EitherStop([spotter], told.append).heard(stop) is None, "the recogniser and the keys go on"
    assert told == [Trouble("stop-word-failed")]
