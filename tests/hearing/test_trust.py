"""Words that nobody said are not believed, and nothing that may be a call for help is thrown away for it."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import float32
from numpy.typing import NDArray

import assistant
from assistant.app.lines import expected_phrases
from assistant.app.parts import load_library
from assistant.config import load_settings
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.hearing.faster_whisper_engine import FasterWhisper
from assistant.hearing.recogniser import RATE
from assistant.hearing.trust import LIST, Ghost, Voice, ghost_of, ghosts, judge, voice_in
from assistant.hearing.voice_activity import FRAME, Silero
from assistant.safety.screen import Screen
from assistant.safety.transcript import Trust
from assistant.safety.verdict import Level
from assistant.safety.words import normalise
from assistant.settings_files import settings_files
from assistant.sound import read_wav, resampled
from assistant.testing.tiny_whisper import build_rigged

Sound = NDArray[float32]
TRUSTED, DOUBTFUL, EMPTY = Trust.TRUSTED, Trust.DOUBTFUL, Trust.EMPTY
NONE, CLICK, SHORT, LITTLE, PLENTY = Voice(0, 0), Voice(0, 0.03), Voice(0.13, 0.2), Voice(0, 0.3), Voice(2.0, 2.4)
LONG = "so then i went to the shop and there was nobody there and"
LOOP = "and then and then and then and then and then and then and then and then and then and then"


# fmt: off
TABLE = [
    # What a person says, well heard, and each doubt alone.
    ("i'm panicking",                    -0.3, 0.1,  PLENTY, TRUSTED),
    ("stop",                             -0.6, 0.5,  SHORT,  TRUSTED),
    ("i'm panicking",                    -0.8, 0.1,  PLENTY, DOUBTFUL),
    ("i'm panicking",                    -0.3, 0.7,  PLENTY, DOUBTFUL),
    ("i'm panicking",                    -0.3, 0.1,  LITTLE, DOUBTFUL),
    (LONG,                               -0.3, 0.1,  SHORT,  DOUBTFUL),
    (LOOP,                               -0.1, 0.1,  Voice(9, 9), DOUBTFUL),
    # Whisper itself says that there was nothing.
    ("i'm panicking",                    -1.1, 0.7,  PLENTY, EMPTY),
    (" ...!",                             0.0, 0.0,  PLENTY, EMPTY),
    # No voice at all: a second sign is needed. A whisper is asked about.
    ("i'm panicking",                    -0.3, 0.1,  NONE,   DOUBTFUL),
    ("i'm panicking",                    -0.8, 0.1,  NONE,   EMPTY),
    ("i'm panicking",                    -0.8, 0.1,  CLICK,  EMPTY),
    ("i'm panicking",                    -0.8, 0.1,  LITTLE, DOUBTFUL),
    ("i'm panicking",                    -0.3, 0.7,  NONE,   EMPTY),
    ("i want to die",                    -0.8, 0.1,  NONE,   DOUBTFUL),
    ("i'm going to kill myself",         -0.3, 0.9,  NONE,   DOUBTFUL),
    # What nobody says here.
    ("Thanks for watching!",              0.0, 0.0,  NONE,   EMPTY),
    ("Thanks for watching!",              0.0, 0.0,  LITTLE, DOUBTFUL),
    ("Thanks for watching!",              0.0, 0.0,  PLENTY, DOUBTFUL),
    ("Thanks for watching. " * 9,         0.0, 0.0,  NONE,   EMPTY),
    ("Please subscribe. www.mooji.org",   0.0, 0.0,  NONE,   EMPTY),
    # What Whisper invents and people say.
    ("Thank you.",                       -0.3, 0.1,  PLENTY, TRUSTED),
    ("thank you thank you",              -0.3, 0.1,  PLENTY, TRUSTED),
    ("Thank you.",                       -0.6, 0.1,  PLENTY, DOUBTFUL),
    ("Thank you.",                       -0.1, 0.1,  SHORT,  DOUBTFUL),
    ("Thank you.",                       -0.1, 0.1,  NONE,   DOUBTFUL),
    ("Thank you. Bye. You.",             -0.1, 0.1,  NONE,   DOUBTFUL),
    ("Thanks for watching. Bye.",        -0.1, 0.1,  NONE,   DOUBTFUL),
    ("Bye. Thanks for watching.",        -0.1, 0.1,  NONE,   DOUBTFUL),
    ("Thank you.",                       -0.9, 0.1,  NONE,   EMPTY),
    ("no",                               -0.3, 0.1,  Voice(0.22, 0.3), TRUSTED),
    # A sentence that only begins like one.
    ("thanks for watching over me",      -0.3, 0.1,  PLENTY, TRUSTED),
]
# fmt: on


@pytest.mark.parametrize(("text", "logprob", "no_speech", "voice", "trust"), TABLE)
def test_what_is_believed(text: str, logprob: float, no_speech: float, voice: Voice, trust: Trust) -> None:
    found = judge(text, logprob, no_speech, voice)
    assert found.trust is trust, found.reasons
    assert (found.trust is TRUSTED) == (not found.reasons), "every doubt has its reason"


RANK = (EMPTY, DOUBTFUL, TRUSTED)


@given(
    st.one_of(st.text(max_size=40), st.lists(st.sampled_from([" ".join(words) for words in ghosts()])).map(" ".join)),
    st.floats(-4.0, 0.0), st.floats(0.0, 1.0), st.floats(0.0, 3.0),
    st.floats(0.0, 1.0), st.floats(0.0, 0.5), st.floats(0.0, 1.0),
)  # fmt: skip
def test_a_better_sign_never_lowers_the_trust(
    text: str, logprob: float, no_speech: float, clear: float, surer: float, likelier: float, more: float
) -> None:
    before = judge(text, logprob, no_speech, Voice(clear, clear)).trust
    better = judge(text, min(logprob + surer, 0.0), max(no_speech - likelier, 0.0), Voice(clear + more, clear + more))
    assert RANK.index(better.trust) >= RANK.index(before)


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(load_settings(settings_files(content_root() / "config.yaml")))


def test_no_listed_phrase_could_be_danger_once_repeated_or_together(library: Library) -> None:
    """Law 5: the list alone makes words EMPTY, so nothing that the screen would ask about may be on it."""
    screen = Screen(library.rules)
    must_catch = {tuple(normalise(sentence)) for sentence in library.rules.must_catch}
    assert not must_catch & set(ghosts())
    for words, times in product(ghosts(), (1, 2, 3)):
        assert screen.judge(" ".join(words * times)).level is Level.NONE, words
    never = [words for words, kind in ghosts().items() if kind is Ghost.NEVER]
    for first, second in product(never, never):
        assert screen.judge(" ".join(first + second)).level is Level.NONE, (first, second)


def test_nothing_that_is_listened_for_can_be_emptied_by_the_list(library: Library) -> None:
    spoken = [*expected_phrases(library), *(p for known in library.lexicon.commands.values() for p in known)]
    assert len(spoken) > 200
    for phrase in (*spoken, *library.rules.must_catch):
        assert ghost_of(normalise(phrase)) is not Ghost.NEVER, phrase
        assert judge(phrase, 0.0, 0.0, NONE).trust is DOUBTFUL, phrase


def test_the_list_ships_and_names_the_source_of_every_phrase() -> None:
    assert LIST.is_relative_to(Path(assistant.__file__).parent)
    assert len(ghosts()) > 100 and Ghost.MAYBE in ghosts().values() and () not in ghosts()
    head, *_ = LIST.read_text(encoding="utf-8").partition("\n[")
    known = {row.split()[1] for row in head.splitlines() if row.startswith("#   ") and row[4] != " "}
    sections = [row.strip("[]").split() for row in LIST.read_text(encoding="utf-8").splitlines() if row.startswith("[")]
    for _, *sources in sections:
        assert sources and set(sources) <= known


def _plea() -> Sound:
    return resampled(read_wav(content_root() / "audio" / "demo-panic-short.wav"), RATE)


def _noise(seconds: float = 2.0) -> Sound:
    return np.random.default_rng(0).standard_normal(round(seconds * RATE), dtype=float32) * float32(0.01)


def test_voice_is_found_in_speech_and_not_in_noise_and_nothing_is_kept_between_turns() -> None:
    silero, plea = Silero(), _plea()
    before = plea.copy()
    first = voice_in(plea, silero)
    assert 1.2 < first.clear <= first.faint < len(plea) / RATE
    assert voice_in(_noise(), silero) == voice_in(np.zeros(RATE, dtype=float32), silero) == Voice(0, 0)
    assert voice_in(np.zeros(0, dtype=float32), silero) == voice_in(np.zeros(FRAME - 1, dtype=float32), silero)
    assert voice_in(plea, silero) == first
    assert np.array_equal(plea, before)


Rig = Callable[..., FasterWhisper]


@pytest.fixture
def rigged(tmp_path: Path) -> Rig:
    def build(sentence: str, **sureness: float) -> FasterWhisper:
        return FasterWhisper(build_rigged(tmp_path / "model", sentence, **sureness), "en", 1)

    return build


def test_the_same_words_are_believed_with_a_voice_and_not_without(rigged: Rig) -> None:
    for sentence, without, within in (
        ("Thanks for watching!", EMPTY, DOUBTFUL),
        ("Thank you.", DOUBTFUL, TRUSTED),
        ("i'm panicking", DOUBTFUL, TRUSTED),
    ):
        recogniser = rigged(sentence)
        heard = [recogniser.transcribe(sound) for sound in (_noise(), _plea())]
        assert [transcript.trust for transcript in heard] == [without, within], sentence
        assert [transcript.text for transcript in heard] == ["" if without is EMPTY else sentence, sentence]


@pytest.mark.parametrize(
    ("logprob", "no_speech", "trust"),
    [(-0.2, 0.3, TRUSTED), (-0.2, 0.9, DOUBTFUL), (-1.5, 0.3, DOUBTFUL), (-1.5, 0.9, EMPTY)],
)
def test_both_numbers_of_whisper_reach_the_judge(rigged: Rig, logprob: float, no_speech: float, trust: Trust) -> None:
    heard = rigged("i'm panicking", logprob=logprob, no_speech=no_speech).transcribe(_plea())
    assert heard.trust is trust
    assert heard.confidence == pytest.approx(0.0 if trust is EMPTY else np.exp(logprob), abs=0.08)


class Counting:
    """A CTranslate2 model that notes the window of every pass of its encoder, in seconds."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self.windows: list[float] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._model, name)

    def encode(self, features: Any) -> Any:
        self.windows.append(features.shape[2] / 100)
        return self._model.encode(features)


@pytest.mark.parametrize(
    ("seconds", "logprob", "windows"),
    [
        (2.0, 0.0, [10.0]),  # sure: once, in the shortest window
        (2.0, -1.5, [10.0, 30.0]),  # unsure: again, in the one that Whisper was trained on
        (2.0, -5.0, [10.0]),  # hopeless: nobody waits for a second one
        (27.0, 0.0, [29.0]),
        (27.0, -1.5, [29.0, 30.0]),
        (40.0, -1.5, [30.0]),  # there is no longer one
    ],
)
def test_a_turn_is_decoded_in_the_shortest_window_that_is_safe(
    rigged: Rig, seconds: float, logprob: float, windows: list[float]
) -> None:
    recogniser = rigged("i'm panicking", logprob=logprob)
    recogniser.warm_up()
    recogniser._model.model = counting = Counting(recogniser._model.model)
    plea, turn = _plea(), np.zeros(round(seconds * RATE), dtype=float32)
    turn[: len(plea)] = plea[: len(turn)]
    recogniser.transcribe(turn)
    assert counting.windows == windows
