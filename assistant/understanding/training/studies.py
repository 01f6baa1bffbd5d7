"""What more voices would bring, and how a voice fares that was left out: both models, trained again and again.

Nothing here is shipped. The tables of docs/evaluation.md name the command that made them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from tqdm import tqdm

from assistant.safety.verdict import Level
from assistant.understanding.encoder import risk_of
from assistant.understanding.training import ngrams
from assistant.understanding.training.exemplars import Exemplar
from assistant.understanding.training.measure import Score, choose, judged, score
from assistant.understanding.training.runs import REPORTING, TUNING, Voices, base_folder, lines_of, quietly

FOLDS: Final = 3
"""Trainings in which every voice is left out once."""
HALVINGS: Final = 3
"""Of the voices, for the curve: an eighth, a quarter, a half, all."""

Levels = Callable[[Sequence[str]], Any]
"""(texts, levels) probabilities."""
Train = Callable[[Sequence[Exemplar], int | None], Levels]


def curve(voices: Voices, epochs: int | None) -> Iterator[dict[str, Any]]:
    """How recall on the reporting voices grows with the voices that are learnt from.

    `epochs` over all of them; the fewer the lines, the more often they are seen, so that every training is as long.
    """
    from assistant.understanding.training.encoder import Recipe

    once = epochs or Recipe().epochs
    tuning, reporting = lines_of(voices, TUNING), lines_of(voices, REPORTING)
    names = _mixed([name for name in voices if name not in (*TUNING, *REPORTING)])
    for share in tqdm(range(HALVINGS, -1, -1), desc="voices learnt from", unit="run"):
        chosen = names[: -(-len(names) // 2**share)]
        learning = lines_of(voices, chosen)
        for model, train in MODELS.items():
            found = _measured(train(learning, once * 2**share), tuning, reporting)
            yield {"model": model, "voices": len(chosen), "lines": len(learning), **found.as_json()}


def cross(voices: Voices, epochs: int | None) -> Iterator[dict[str, Any]]:
    """Every voice left out once; thresholds are chosen on the tuning voices, or on the rest when those are left out."""
    names = _mixed(list(voices))
    for fold in tqdm(range(FOLDS), desc="voices left out", unit="run"):
        left_out = names[fold::FOLDS]
        rest = [name for name in names if name not in left_out]
        tuning = [name for name in rest if name in TUNING] or rest[: len(TUNING)]
        learning = lines_of(voices, [name for name in rest if name not in tuning])
        for model, train in MODELS.items():
            levels = train(learning, epochs)
            for name in left_out:
                found = _measured(levels, lines_of(voices, tuning), voices[name])
                yield {"model": model, "voice": name, "lines": len(voices[name]), **found.as_json()}


def _measured(levels: Levels, tuning: Sequence[Exemplar], held_out: Sequence[Exemplar]) -> Score:
    thresholds = choose(levels([one.text for one in tuning]), tuning)
    found: list[tuple[Level, str | None]] = [
        (level, None) for level in judged(levels([one.text for one in held_out]), thresholds)
    ]
    return score(found, held_out)


def _encoder(learning: Sequence[Exemplar], epochs: int | None) -> Levels:
    import numpy as np

    from assistant.understanding.training import bert, encoder

    folder = base_folder()
    tokenizer = encoder.load_tokenizer(folder)
    recipe = replace(encoder.Recipe(), epochs=epochs or encoder.Recipe().epochs)
    weights = encoder.fine_tune(bert.load_base(folder), tokenizer, learning, recipe, quietly)

    def levels(texts: Sequence[str]) -> Any:
        rows = []
        for level, classes in zip(*encoder.predict(weights, tokenizer, texts), strict=True):
            risk, hard, _ = risk_of(level.tolist(), classes.tolist())
            rows.append((1.0 - risk, risk - hard, hard))
        return np.array(rows)

    return levels


def _ngrams(learning: Sequence[Exemplar], epochs: int | None) -> Levels:
    model = ngrams.train(learning, 1, quietly)
    return lambda texts: ngrams.levels(model, texts)


MODELS: Final[dict[str, Train]] = {"n-grams": _ngrams, "encoder": _encoder}


def _mixed(names: list[str]) -> list[str]:
    """The same order on every machine, and not the alphabet's."""
    return sorted(names, key=lambda name: name[::-1])
