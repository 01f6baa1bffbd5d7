"""Where a number was asked for, numbers are heard better, and no danger, stop or command is lost to one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import float32
from numpy.typing import NDArray

from assistant.app.lines import expected_numbers, expected_phrases
from assistant.app.parts import build_recogniser, load_library
from assistant.config import load_settings
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.core.commands import Answer
from assistant.core.numbers import read_number
from assistant.hearing.accents import in_britain
from assistant.hearing.phrase_decoder import PHONES, SOUNDS, Fit, Heard, PhraseDecoder
from assistant.hearing.pocketsphinx_engine import (
    MURMURED,
    NUMBER_BEHIND,
    NUMBER_DISTANCE,
    NUMBER_FAR_AHEAD,
    NUMBERS,
    ONCE,
    PHRASES,
    URGENT_DISTANCE,
    URGENT_VOICELESS,
    VOICELESS,
    WORDLESS,
    PocketSphinx,
)
from assistant.hearing.recogniser import RATE, Recogniser
from assistant.hearing.stop_word import VOICED_SECONDS
from assistant.safety.screen import Screen
from assistant.safety.transcript import Trust
from assistant.safety.verdict import Level
from assistant.settings_files import settings_files
from assistant.sound import read_wav, resampled
from assistant.testing.voices import Engine, Voice, missing_engines, say
from benchmarks.must_catch_aloud import pink_noise

from .sounds import ByLevel
from .standing_by import AVoice

FRAMES = 100


class ScriptedDecoder:
    """Fits that were thought out: words and the distance to any speech, by search."""

    def __init__(self, **fits: tuple[str, float]) -> None:
        self.fits = fits
        self.searched: list[str] = []

    def warm_up(self) -> None:
        pass

    def listen(self, samples: NDArray[float32]) -> Heard:
        return Heard(b"", "", 0.5)

    def fit(self, search: str, heard: Heard) -> Fit:
        self.searched.append(search)
        words, distance = self.fits.get(search, ("", 1.0 if search == SOUNDS else 0.0))
        score = ONCE - distance * FRAMES if words or search == SOUNDS else 0.0
        return Fit(words, score, FRAMES, score)

    def lasts(self, words: str, heard: Heard) -> bool:
        return bool(words)


def hearing(expected: Answer, **fits: tuple[str, float]) -> tuple[str, ScriptedDecoder]:
    recogniser = PocketSphinx(["i want to die", "stop", "who are you"], ["i want to die", "stop"], ["nine"], AVoice)
    decoder = ScriptedDecoder(**fits)
    recogniser._decoder = decoder  # type: ignore[assignment]  # as much of one as is needed
    return recogniser.transcribe(np.zeros(RATE, dtype=float32), expected).text, decoder


@given(
    urgent=st.sampled_from(["i want to die", "stop"]),
    distance=st.floats(-1.0, URGENT_DISTANCE),
    better=st.floats(-1.0, 0.99 * NUMBER_FAR_AHEAD / FRAMES),
)
def test_no_number_outranks_danger_or_a_stop(urgent: str, distance: float, better: float) -> None:
    text, _ = hearing(Answer.NUMBER, phrases=(urgent, distance), numbers=("nine", distance - better))
    assert text == urgent


def test_a_number_that_fits_far_better_is_no_danger() -> None:
    far = 1.1 * NUMBER_FAR_AHEAD / FRAMES
    text, _ = hearing(Answer.NUMBER, phrases=("i want to die", 0.15), numbers=("nine", 0.15 - far))
    assert text == "nine"


@pytest.mark.parametrize(
    ("distance", "number", "text"),
    [
        (0.02, 0.00, "nine"),
        (0.02, 0.02, "nine"),
        (0.02, 0.02 + 0.9 * NUMBER_BEHIND / FRAMES, "nine"),
        (0.02, 0.02 + 1.1 * NUMBER_BEHIND / FRAMES, "who are you"),
        (0.02, NUMBER_DISTANCE + 0.01, "who are you"),
        (0.50, NUMBER_DISTANCE - 0.01, "nine"),
        (0.50, NUMBER_DISTANCE + 0.01, ""),
    ],
)
def test_a_number_has_a_small_lead_and_has_to_fit(distance: float, number: float, text: str) -> None:
    assert hearing(Answer.NUMBER, phrases=("who are you", distance), numbers=("nine", number))[0] == text


def test_numbers_are_looked_for_only_where_one_was_asked_for() -> None:
    text, decoder = hearing(Answer.ANYTHING, phrases=("who are you", 0.02), numbers=("nine", 0.0))
    assert text == "who are you" and decoder.searched == [PHRASES, PHONES, SOUNDS]
    text, decoder = hearing(Answer.NUMBER, phrases=("who are you", 0.02), numbers=("nine", 0.0))
    assert text == "nine" and decoder.searched == [PHRASES, PHONES, SOUNDS, NUMBERS]


@pytest.mark.parametrize(
    ("words", "better", "trust"),
    [
        ("who are you", -0.01, Trust.TRUSTED),
        ("who are you", 0.01, Trust.DOUBTFUL),
        ("who are you", WORDLESS + 0.01, Trust.EMPTY),
        ("no", WORDLESS + 0.01, Trust.DOUBTFUL),
        ("four", MURMURED + 0.01, Trust.EMPTY),
        ("i want to die", MURMURED + 0.01, Trust.DOUBTFUL),
        ("stop", MURMURED + 0.01, Trust.DOUBTFUL),
    ],
)
def test_what_moans_and_breath_fit_better_is_no_phrase_and_danger_is_asked_about(
    words: str, better: float, trust: Trust
) -> None:
    recogniser = PocketSphinx([words], ["i want to die", "stop"], activity=AVoice)
    recogniser._decoder = ScriptedDecoder(phrases=(words, 0.05), sounds=("_HH", 0.05 - better))  # type: ignore[assignment]  # as much of one as is needed
    assert recogniser.transcribe(np.zeros(RATE, dtype=float32)).trust is trust


A_WORD, LITTLE_VOICE = VOICED_SECONDS + 0.03, VOICED_SECONDS - 0.03


@pytest.mark.parametrize(
    ("words", "voiced_seconds", "moaned", "is_heard"),
    [
        ("who are you", LITTLE_VOICE, VOICELESS + 0.01, False),
        ("who are you", LITTLE_VOICE, VOICELESS - 0.01, True),
        ("who are you", A_WORD, VOICELESS + 0.01, True),
        ("stop", LITTLE_VOICE, URGENT_VOICELESS + 0.01, False),
        ("stop", LITTLE_VOICE, VOICELESS + 0.01, True),
        ("stop", A_WORD, URGENT_VOICELESS + 0.01, True),
    ],
)
def test_without_a_voice_what_moans_fit_as_well_as_any_speech_was_a_cough(
    words: str, voiced_seconds: float, moaned: float, is_heard: bool
) -> None:
    """And a whisper, which has no voice either but which moans do not fit, counts; a call for help in more doubt."""
    recogniser = PocketSphinx(["stop", "who are you"], ["stop"], activity=ByLevel)
    sounds = ONCE / FRAMES - moaned
    decoder = ScriptedDecoder(phrases=(words, sounds - 0.01), sounds=("_HH", sounds))
    recogniser._decoder = decoder  # type: ignore[assignment]  # as much of one as is needed
    turn = np.zeros(RATE, dtype=float32)
    turn[: round(voiced_seconds * RATE)] = 1.0
    assert bool(recogniser.transcribe(turn).text) is is_heard


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(load_settings(settings_files(content_root() / "config.yaml")))


def test_every_expected_number_is_one_and_none_is_danger(library: Library) -> None:
    numbers, screen = expected_numbers(library), Screen(library.rules)
    assert {"seven", "about a six", "six or seven", "seven out of ten", "off the scale"} <= set(numbers)
    for phrase in numbers:
        assert read_number(phrase, library.lexicon.numbers).number is not None, phrase
        assert screen.judge(phrase).level is Level.NONE, phrase
    assert not set(numbers) & set(library.rules.must_catch)
    assert set(library.rules.must_catch) <= set(expected_phrases(library)), "looked for whatever is expected"


Speak = Callable[[str, str], NDArray[float32]]


@pytest.fixture(scope="module")
def spoken() -> Speak:
    if missing := missing_engines():
        pytest.skip(f"{', '.join(missing)} not installed")

    def turn(name: str, words: str) -> NDArray[float32]:
        sound = resampled(say(Voice(Engine.ESPEAK, name), words), RATE)
        rest = np.random.default_rng(0).standard_normal(RATE // 2).astype(float32) * float32(3e-4)
        return np.concatenate([rest, sound, rest])

    return turn


@pytest.fixture(scope="module")
def recogniser() -> Recogniser:
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    return build_recogniser(load_library(settings), settings, "pocketsphinx")


@pytest.mark.parametrize("voice", ["en-us", "en-gb"])
def test_a_number_that_was_asked_for_is_read(
    recogniser: Recogniser, library: Library, spoken: Speak, voice: str
) -> None:
    wrong = []
    for number, word in enumerate(library.repertoire.phrases["spoken.numbers"]):
        heard = recogniser.transcribe(spoken(voice, word), Answer.NUMBER)
        if not heard.text or read_number(heard.text, library.lexicon.numbers).number != number:
            wrong.append((word, heard.text))
    assert len(wrong) <= 1, wrong


@pytest.mark.parametrize("words", ["i want to die", "i want to kill myself", "i've taken something", "stop"])
def test_danger_is_heard_while_a_number_is_asked_for(recogniser: Recogniser, spoken: Speak, words: str) -> None:
    assert recogniser.transcribe(spoken("en-us", words), Answer.NUMBER).text == words


@pytest.mark.parametrize("word", ["zero", "two", "four"])
def test_the_rumble_of_a_room_does_not_make_a_word_too_long(recogniser: Recogniser, spoken: Speak, word: str) -> None:
    """A word cannot last as long as a sentence, and noise that the model does not listen to must not count."""
    said = spoken("en-us", word)
    assert recogniser.transcribe(said + pink_noise(said, 10.0), Answer.NUMBER).text


def test_what_was_heard_before_changes_nothing() -> None:
    """The front end of the engine learns the noise of a turn, and kept it for the next."""
    decoder = PhraseDecoder({PHRASES: ["stop", "go on"]})
    plea = resampled(read_wav(content_root() / "audio" / "demo-panic-short.wav"), RATE)
    noise = np.random.default_rng(2).standard_normal(2 * RATE).astype(float32) * float32(0.1)
    heard, other = decoder.listen(plea), decoder.listen(noise)
    assert heard is not None and other is not None
    first = decoder.fit(PHRASES, heard), decoder.fit(PHONES, heard)
    decoder.fit(PHONES, other)
    assert (decoder.fit(PHRASES, heard), decoder.fit(PHONES, heard)) == first


class Counting:
    """A decoder, and how many bytes it was given in each call."""

    def __init__(self, decoder: Any) -> None:
        self._decoder = decoder
        self.calls: list[int] = []

    def process_raw(self, data: bytes, **options: bool) -> None:
        self.calls.append(len(data))
        self._decoder.process_raw(data, **options)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._decoder, name)


def test_sound_waits_for_one_frame_of_the_recogniser_at_most() -> None:
    """During a call it keeps the interpreter's lock, which a speaker waits for: ten times as long on a Pi."""
    decoder = PhraseDecoder({PHRASES: ["stop", "go on"]})
    heard = decoder.listen(resampled(read_wav(content_root() / "audio" / "demo-panic-short.wav"), RATE))
    assert heard is not None
    counting = decoder._decoder = Counting(decoder._decoder)
    decoder.fit(PHRASES, heard)
    assert sum(counting.calls) == len(heard.pcm) and max(counting.calls) <= 2 * RATE // 100


def test_scores_of_two_searches_can_be_compared() -> None:
    """The same words fit a turn equally well among few phrases and among many."""
    plea = resampled(read_wav(content_root() / "audio" / "demo-panic-short.wav"), RATE)
    few = ["i'm having a panic attack"]
    many = [*few, "stop", "go on", "i want to stop", "i'm having a heart attack", "help me", "who are you", "seven"]
    decoder = PhraseDecoder({"few": few, "many": many})
    heard = decoder.listen(plea)
    assert heard is not None
    first, second = decoder.fit("few", heard), decoder.fit("many", heard)
    assert first.words == second.words == few[0]
    assert first.score == pytest.approx(second.score, abs=0.5)


def test_rest_around_the_words_changes_nothing() -> None:
    plea = resampled(read_wav(content_root() / "audio" / "demo-panic-short.wav"), RATE)
    rest = np.random.default_rng(0).standard_normal(2 * RATE).astype(float32) * float32(1e-4)
    recogniser = PocketSphinx(["i'm having a panic attack", "stop", "go on"])
    heard = [recogniser.transcribe(np.concatenate([r, plea, r])) for r in (rest[:RATE], rest)]
    assert heard[0].text == heard[1].text == "i'm having a panic attack"
    assert heard[0].confidence == pytest.approx(heard[1].confidence, abs=0.1)
    assert {one.trust for one in heard} == {Trust.TRUSTED}


def test_words_are_known_as_britain_says_them() -> None:
    said = {
        "K AE N T": "K AA N T",
        "S T AA P": "S T AO P",
        "L AW D ER": "L AW D AH",
        "F AO R": "F AO",
        "DH EH R": "DH EH AH",
        "HH AA R T": "HH AA T",
        "V EH R IY": "V EH R IY",
        "HH EH L P": "HH EH UW P",
        "AA R": "AA R",
        "S EH V AH N": "S EH V AH N",
    }
    assert {phones: in_britain(phones) for phones in said} == said
