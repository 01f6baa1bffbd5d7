"""Thresholds, and how well a learned layer does with them, by kind and with Wilson intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from assistant.safety.verdict import Kind, Level
from assistant.understanding.encoder import Thresholds
from assistant.understanding.training.exemplars import Exemplar
from assistant.wilson import Share, share

SOFT_OF_HARD_NEGATIVES: Final = 0.08
HARD_OF_HARD_NEGATIVES: Final = 0.02
SOFT_OF_EVERYDAY: Final = 0.02
HARD_OF_EVERYDAY: Final = 0.003
"""How often a harmless line may be met with a question, or with support. From what the program promises."""
SURER: Final = 0.5
"""Of what is promised, for support at once: unheard voices differ from those that choose, and a question is left."""


@dataclass(frozen=True, slots=True)
class Score:
    """Shares over lines; `recall` counts SOFT or HARD."""

    recall: Share
    hard_as_hard: Share
    recall_by_kind: dict[str, Share]
    soft_of_hard_negatives: Share
    hard_of_hard_negatives: Share
    soft_of_everyday: Share
    hard_of_everyday: Share
    kind_right: Share
    """Of dangerous lines that were noticed, those whose kind was named rightly."""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def choose(levels: Any, exemplars: Sequence[Exemplar]) -> Thresholds:
    """The lowest thresholds that keep every promise about harmless lines, on these voices."""
    risk, hard = 1.0 - levels[:, Level.NONE], levels[:, Level.HARD]
    everyday = np.array([exemplar.harmless and exemplar.everyday for exemplar in exemplars])
    negative = np.array([exemplar.harmless and not exemplar.everyday for exemplar in exemplars])
    stopped = max(
        _exceeded(hard[negative], SURER * HARD_OF_HARD_NEGATIVES), _exceeded(hard[everyday], SURER * HARD_OF_EVERYDAY)
    )
    asked = max(
        _exceeded(risk[negative], SOFT_OF_HARD_NEGATIVES + HARD_OF_HARD_NEGATIVES),
        _exceeded(risk[everyday], SOFT_OF_EVERYDAY + HARD_OF_EVERYDAY),
    )
    return Thresholds(soft=round(asked, 4), hard=round(max(stopped, asked), 4))


def judged(levels: Any, thresholds: Thresholds) -> list[Level]:
    """What each row of probabilities amounts to."""
    hard = levels[:, Level.HARD] >= thresholds.hard
    soft = 1.0 - levels[:, Level.NONE] >= thresholds.soft
    return [Level.HARD if h else Level.SOFT if s else Level.NONE for h, s in zip(hard, soft, strict=True)]


def score(found: Sequence[tuple[Level, str | None]], exemplars: Sequence[Exemplar]) -> Score:
    """`found` is the level and the kind of each exemplar."""
    rows = list(zip(found, exemplars, strict=True))
    danger = [(level, kind, exemplar) for (level, kind), exemplar in rows if not exemplar.harmless]
    everyday = [level for (level, _), exemplar in rows if exemplar.harmless and exemplar.everyday]
    negative = [level for (level, _), exemplar in rows if exemplar.harmless and not exemplar.everyday]
    noticed = [(kind, exemplar) for level, kind, exemplar in danger if level is not Level.NONE]
    return Score(
        recall=_share([level is not Level.NONE for level, _, _ in danger]),
        hard_as_hard=_share([level is Level.HARD for level, _, exemplar in danger if exemplar.level is Level.HARD]),
        recall_by_kind={
            kind.value: _share([level is not Level.NONE for level, _, exemplar in danger if exemplar.kind == kind])
            for kind in Kind
        },
        soft_of_hard_negatives=_share([level is Level.SOFT for level in negative]),
        hard_of_hard_negatives=_share([level is Level.HARD for level in negative]),
        soft_of_everyday=_share([level is Level.SOFT for level in everyday]),
        hard_of_everyday=_share([level is Level.HARD for level in everyday]),
        kind_right=_share([kind == exemplar.kind for kind, exemplar in noticed]),
    )


def _exceeded(values: Any, share_allowed: float) -> float:
    """The value that just `share_allowed` of `values` reach."""
    ordered = np.sort(values)[::-1]
    return float(ordered[min(int(len(ordered) * share_allowed), len(ordered) - 1)]) + 1e-4


def _share(outcomes: Sequence[bool]) -> Share:
    return share(sum(outcomes), len(outcomes))
