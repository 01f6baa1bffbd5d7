"""The exemplars the learned screen comes from: many voices, written and not generated, and the ones on record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.errors import ContentError
from assistant.safety.verdict import Kind, Level
from assistant.understanding.encoder import FOLDER
from assistant.understanding.training.check import problems
from assistant.understanding.training.exemplars import Exemplar, read_voices
from assistant.understanding.training.measure import choose, judged, score

Voices = dict[str, list[Exemplar]]


@pytest.fixture(scope="module")
def voices() -> Voices:
    return read_voices()


def test_there_are_many_voices_and_half_of_the_lines_are_harmless(voices: Voices) -> None:
    lines = [exemplar for voice in voices.values() for exemplar in voice]
    assert len(lines) >= 15_000 and len(voices) >= 12
    harmless = sum(exemplar.harmless for exemplar in lines) / len(lines)
    assert 0.45 <= harmless <= 0.6
    for kind in Kind:
        assert sum(exemplar.kind == kind for exemplar in lines) >= 500, kind


def test_no_near_duplicates_no_templates_and_nothing_borrowed(voices: Voices) -> None:
    assert problems(voices) == []


def test_the_record_names_these_exemplars(voices: Voices) -> None:
    record = json.loads((FOLDER / "record.json").read_text(encoding="utf-8"))
    named: Sequence[str] = [*record["voices"]["learning"], *record["voices"]["tuning"], *record["voices"]["reporting"]]
    assert sorted(named) == sorted(voices)
    texts = [exemplar.text for name in named for exemplar in voices[name]]
    assert sha256("\n".join(texts).encode()).hexdigest() == record["exemplars"]


def line(voice: str, number: int, text: str, kind: str = "everyday", level: Level = Level.NONE) -> Exemplar:
    return Exemplar(voice, number, level, kind, text)


def test_the_check_finds_what_it_is_for() -> None:
    openings = [line("ann", number, f"the kettle is on {number} times over") for number in range(10, 18)]
    found = problems(
        {
            "ann": [line("ann", 1, "my feet are cold and the bus is late"), *openings],
            "bob": [
                line("bob", 1, "my feet are cold and the bus is late again"),
                line("bob", 2, "well then my feet are cold and the bus is never on time round here any more"),
            ],
        }
    )
    assert any(problem.startswith("bob:1: nearly the same as ann:1") for problem in found)
    assert any(problem.startswith("bob:2: 8 words in a row as in ann:1") for problem in found)
    assert any("of this voice that begins like this" in problem for problem in found)


@pytest.mark.parametrize(
    "row", ["hard\tsuicide", "hard\ttwin\tx", "none\tsuicide\tx", "loud\tabuse\tx", "soft\tabuse\t "]
)
def test_a_line_that_cannot_be_read_is_named(tmp_path: Path, row: str) -> None:
    (tmp_path / "ann.tsv").write_text(f"# voice: Ann\n{row}\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"ann\.tsv:2"):
        read_voices(tmp_path)


def test_thresholds_keep_what_is_promised_about_harmless_lines() -> None:
    import numpy as np

    exemplars = [line("ann", at, "x", "twin") for at in range(100)] + [line("ann", at, "x") for at in range(100)]
    exemplars += [line("ann", at, "x", "abuse", Level.HARD) for at in range(10)]
    risk = np.concatenate([np.linspace(0, 0.99, 100), np.linspace(0, 0.5, 100), np.full(10, 0.95)])
    levels = np.stack([1 - risk, risk / 4, risk * 3 / 4], axis=1)
    chosen = choose(levels, exemplars)
    found = score([(level, "abuse") for level in judged(levels, chosen)], exemplars)
    assert found.soft_of_hard_negatives.found + found.hard_of_hard_negatives.found <= 10
    assert found.hard_of_hard_negatives.found <= 2
    assert found.recall.rate == 1.0 and found.kind_right.rate == 1.0
