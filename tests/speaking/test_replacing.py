"""Bad speech of any engine is noticed and replaced within the line, told once, and never kept."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.errors import EngineError
from assistant.sound import Sound, write_wav
from assistant.speaking.cache import FAILURES, CachedVoice
from assistant.speaking.engine import DeclinedLineError, KeptVoice
from assistant.testing.fake_voice import RATE, FakeVoice, hum
from assistant.testing.voice_suite import check_voice_engine

LINE = "Press both feet into the floor."


class Spoiled(FakeVoice):
    """Gives these samples at this rate for every line."""

    def __init__(self, samples: NDArray[float32], rate: int = RATE) -> None:
        super().__init__("spoiled")
        self.sound = Sound(samples, rate)

    def render(self, text: str, words_per_minute: int) -> Sound:
        super().render(text, words_per_minute)
        return self.sound


SECONDS = FakeVoice().render(LINE, 125).seconds
NOISE = np.random.default_rng(0).standard_normal(2 * RATE, dtype=float32) * float32(0.2)
BAD = {
    "silence": Spoiled(np.zeros(2 * RATE, float32)),
    "nothing": Spoiled(np.zeros(0, float32)),
    "noise": Spoiled(NOISE),
    "not a number": Spoiled(np.full(2 * RATE, np.nan, float32)),
    "twice its rate": Spoiled(hum(SECONDS * 0.45).samples),
    "half its rate": Spoiled(hum(SECONDS * 2.2).samples),
    "cut off": Spoiled(hum(SECONDS * 0.3).samples),
    "a rate of nothing": Spoiled(hum(SECONDS).samples, 11),
    "out of order": FakeVoice("spoiled", fails=True),
}


def test_the_fake_voice_is_a_voice_engine() -> None:
    check_voice_engine(FakeVoice)


@pytest.mark.parametrize("engine", BAD.values(), ids=BAD.keys())
def test_the_next_engine_speaks_the_same_line_and_it_is_told_once(tmp_path: Path, engine: FakeVoice) -> None:
    told: list[str] = []
    good = FakeVoice("good")
    voice = CachedVoice((engine, good), tmp_path, trouble=told.append)
    for line in (LINE, "Press both hands into the rug.", "Let both arms be as they are."):
        expected = FakeVoice().render(line, 125)
        assert np.array_equal(voice.render(line, 125).samples, expected.samples)
    assert told == ["voice-replaced"]
    assert len(list(tmp_path.rglob("*.wav"))) == 3, "what was bad is not kept"


def test_an_engine_that_fails_in_a_row_costs_its_time_limit_no_more() -> None:
    bad, good = FakeVoice("bad", fails=True), FakeVoice("good")
    voice = CachedVoice((bad, good), None)
    for number in range(6):
        voice.render(f"Line {number}.", 125)
    assert len(bad.spoken) == FAILURES and len(good.spoken) == 6


def test_the_last_engine_is_asked_however_often_it_failed() -> None:
    """There is nothing behind it but a recorded line."""
    bad = FakeVoice("bad", fails=True)
    voice = CachedVoice((FakeVoice("worse", fails=True), bad), None)
    for number in range(4):
        with pytest.raises(EngineError):
            voice.render(f"Line {number}.", 125)
    bad.fails = False
    assert voice.render(LINE, 125).seconds > 1.0


def test_one_hiccup_does_not_cost_an_engine_its_place() -> None:
    first = FakeVoice("first", fails=True)
    voice = CachedVoice((first, FakeVoice("second")), None)
    voice.render("One.", 125)
    first.fails = False
    for number in range(4):
        voice.render(f"Line {number}.", 125)
    assert len(first.spoken) == 5


def test_words_of_the_wrong_length_are_better_than_silence_and_are_not_kept(tmp_path: Path) -> None:
    odd = Spoiled(hum(SECONDS * 0.3).samples)
    voice = CachedVoice((odd, FakeVoice("mute", fails=True)), tmp_path)
    assert len(voice.render(LINE, 125).samples) == len(odd.sound.samples)
    assert list(tmp_path.rglob("*.wav")) == []


@pytest.mark.parametrize("damage", ["silence", "noise", "nothing", "cut off"])
def test_a_kept_line_that_cannot_be_its_words_is_rendered_again_and_mended(tmp_path: Path, damage: str) -> None:
    """Whole as a file, but not as speech: a full disk, an older fault, another program."""
    bad = BAD[damage]
    assert isinstance(bad, Spoiled)
    good = FakeVoice("good")
    CachedVoice(good, tmp_path).render(LINE, 125)
    (path,) = tmp_path.rglob("*.wav")
    whole = path.read_bytes()
    with path.open("wb") as file:
        write_wav(file, bad.sound)
    again = FakeVoice("good")
    CachedVoice(again, tmp_path).render(LINE, 125)
    assert again.spoken == [LINE] and path.read_bytes() == whole


def test_what_an_engine_declines_is_spoken_by_the_next_without_a_word_about_it() -> None:
    class Choosy(FakeVoice):
        def render(self, text: str, words_per_minute: int) -> Sound:
            raise DeclinedLineError

    told: list[str] = []
    voice = CachedVoice((Choosy("choosy"), FakeVoice("good")), None, trouble=told.append)
    for number in range(4):
        assert voice.render(f"Line {number}.", 125).seconds > 0.3
    assert told == []


def test_a_slow_machine_reads_what_a_fast_one_rendered(tmp_path: Path) -> None:
    CachedVoice(FakeVoice("neural"), tmp_path).render(LINE, 125)
    local = FakeVoice("local")
    there = CachedVoice((KeptVoice("neural", "neural"), local), tmp_path)
    assert there.holds(LINE, 125)
    there.render(LINE, 125)
    assert local.spoken == []
    there.render("What was not rendered there.", 125)
    assert local.spoken == ["What was not rendered there."]


def test_two_machines_agree_where_a_line_is_kept(tmp_path: Path) -> None:
    """Another home, another language, another seed for hashes, another number of cores: the same names."""
    code = (
        "import sys; from pathlib import Path; from assistant.speaking.cache import CachedVoice;"
        "from assistant.testing.fake_voice import FakeVoice;"
        "CachedVoice(FakeVoice(), Path(sys.argv[1])).render('It\u2019s a na\u00efve line.', 113)"
    )
    names = []
    for machine, changed in {
        "pc": {"HOME": "/home/a", "LANG": "C.UTF-8", "PYTHONHASHSEED": "1", "PYTHONUTF8": "1"},
        "pi": {"HOME": "/home/b", "LANG": "C", "PYTHONHASHSEED": "2", "OMP_NUM_THREADS": "1", "TZ": "Asia/Tokyo"},
    }.items():
        folder = tmp_path / machine
        subprocess.run([sys.executable, "-c", code, str(folder)], check=True, env={**os.environ, **changed})
        names.append([path.relative_to(folder) for path in folder.rglob("*.wav")])
    assert names[0] == names[1] and len(names[0]) == 1
