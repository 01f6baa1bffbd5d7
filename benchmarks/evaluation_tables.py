"""The tables of docs/evaluation.md, from the exemplars: `python -m benchmarks.evaluation_tables [VOICE ...]`.

Each layer alone and all together, on voices that took part in neither training nor the choice of thresholds.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

from assistant.app.parts import build_screen, load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.safety.verdict import Verdict
from assistant.settings_files import settings_files
from assistant.understanding.encoder import EncoderEstimator
from assistant.understanding.learned import LearnedScreen
from assistant.understanding.ngrams import NGramEstimator
from assistant.understanding.training.exemplars import Exemplar, read_voices
from assistant.understanding.training.measure import Score, score
from assistant.understanding.training.runs import REPORTING

Judge = Callable[[str], Verdict]


def main(names: Sequence[str]) -> None:
    """Print the tables in Markdown."""
    voices = read_voices()
    library = load_library(load_settings(settings_files(content_root() / "config.yaml")))
    layers: dict[str, Judge] = {
        "rules": library.rules.judge,
        "n-grams": NGramEstimator().estimate,
        "encoder": EncoderEstimator().estimate,
        "all together": build_screen(library, LearnedScreen()).judge,
    }
    lines = [exemplar for name in names for exemplar in voices[name]]
    print(f"{len(lines)} lines of {', '.join(names)}; share and Wilson 95 % interval.\n")
    scores = {name: _scored(judge, lines) for name, judge in layers.items()}
    _table(scores)
    print()
    _table({name: _scored(layers["all together"], voices[name]) for name in names})


def _scored(judge: Judge, lines: Sequence[Exemplar]) -> Score:
    verdicts = [judge(exemplar.text) for exemplar in lines]
    return score([(verdict.level, verdict.kind.value if verdict.kind else None) for verdict in verdicts], lines)


def _table(scores: dict[str, Score]) -> None:
    print("| | " + " | ".join(scores) + " |")
    print("|---|" + "---|" * len(scores))
    rows: list[tuple[str, Callable[[Score], object]]] = [
        ("recall, soft or hard", lambda s: s.recall),
        ("hard lines met with support at once", lambda s: s.hard_as_hard),
        *(
            (f"recall, {kind}", lambda s, kind=kind: s.recall_by_kind[kind])
            for kind in next(iter(scores.values())).recall_by_kind
        ),
        ("kind named rightly", lambda s: s.kind_right),
        ("hard negatives asked about (soft)", lambda s: s.soft_of_hard_negatives),
        ("hard negatives stopped (hard)", lambda s: s.hard_of_hard_negatives),
        ("everyday talk asked about (soft)", lambda s: s.soft_of_everyday),
        ("everyday talk stopped (hard)", lambda s: s.hard_of_everyday),
    ]
    for name, value in rows:
        print(f"| {name} | " + " | ".join(_percent(value(one)) for one in scores.values()) + " |")


def _percent(share: object) -> str:
    return str(share).rsplit("(", 1)[0].strip().replace("  ", " ")


if __name__ == "__main__":
    main(sys.argv[1:] or REPORTING)
