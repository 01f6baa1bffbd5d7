"""understanding.yaml and safety.yaml: what is listened for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from assistant.content import listening_models as models
from assistant.core.number_spans import NumberWords
from assistant.core.understanding import Lexicon
from assistant.faults import Fault
from assistant.safety.minimal import MINIMAL_RULES
from assistant.safety.rules import Clauses, Rule, Rules
from assistant.safety.sounds import NearMatch
from assistant.safety.verdict import Level
from assistant.safety.words import normalise
from assistant.yaml_marks import Marked, read_yaml, validated


@dataclass(frozen=True, slots=True)
class UnderstandingSource:
    """As written, and as used."""

    marked: Marked
    understanding: models.Understanding
    lexicon: Lexicon


@cache
def _understanding() -> TypeAdapter[models.Understanding]:
    return TypeAdapter(models.Understanding)


@cache
def _safety() -> TypeAdapter[models.Safety]:
    return TypeAdapter(models.Safety)


@cache
def _rule() -> TypeAdapter[models.RuleEntry]:
    return TypeAdapter(models.RuleEntry)


def read_understanding(root: Path, language: str, faults: list[Fault]) -> UnderstandingSource | None:
    """How people say what they want, or None with its faults."""
    marked = read_yaml(root / "scripts" / language / "understanding.yaml", faults)
    written = validated(marked, _understanding(), faults) if marked else None
    if marked is None or written is None:
        return None
    lexicon = Lexicon(
        commands=written.commands,
        states={state: dict(phrases) for state, phrases in written.states.items()},
        numbers=_as_number_words(written.numbers),
        fillers=frozenset(written.fillers),
        common=frozenset(written.common_words),
        also_known=frozenset(written.also_english),
        unfinished=frozenset(written.unfinished),
        only_alone=frozenset(written.only_alone),
    )
    return UnderstandingSource(marked, written, lexicon)


def _as_number_words(written: models.Numbers) -> NumberWords:
    groups = {
        name: frozenset(" ".join(normalise(phrase)) for phrase in phrases)
        for name, phrases in written
        if isinstance(phrases, tuple)
    }
    return NumberWords(
        words=_plain(written.words | written.rare),
        alone=_plain(written.alone | written.rare_alone | written.sounds),
        both=written.both,
        **groups,
    )


def _plain(values: dict[str, float]) -> dict[str, float]:
    return {" ".join(normalise(word)): value for word, value in values.items()}


@dataclass(frozen=True, slots=True)
class SafetySource:
    """As written, and as used."""

    marked: Marked
    safety: models.Safety
    rules: Rules


def read_safety(root: Path, language: str, faults: list[Fault]) -> SafetySource | None:
    """The screen's rules, or None with its faults."""
    marked = read_yaml(_safety_path(root, language), faults)
    written = validated(marked, _safety(), faults) if marked else None
    if marked is None or written is None:
        return None
    rules = Rules(
        rules=tuple(_as_rule(entry) for entry in written.rules),
        negators=frozenset(written.lowering.negation),
        idioms=tuple(idiom.pattern for idiom in written.lowering.idioms),
        lowering=(*written.lowering.past, *written.lowering.quoted),
        likened=written.lowering.likened,
        clauses=_as_clauses(written.lowering),
        said_as=written.said_as,
        fillers=frozenset(written.fillers),
        must_catch=written.must_catch,
        raising=written.raising,
        near=NearMatch({phrase: kind for kind, phrases in written.sounds_like.items() for phrase in phrases}),
    )
    return SafetySource(marked, written, rules)


def rules_that_remain(root: Path, language: str) -> Rules:
    """For running with a broken safety.yaml: every single rule in it that can be read, and the built-in ones.

    Nothing lowers a verdict then: without the whole file, doubt escalates (law 5).
    """
    marked = read_yaml(_safety_path(root, language), [])
    entries = marked.data.get("rules") if marked and isinstance(marked.data, dict) else None
    kept: list[Rule] = []
    for index in range(len(entries) if marked and isinstance(entries, list) else 0):
        assert marked is not None
        entry = validated(marked, _rule(), [], within=("rules", index))
        if entry is not None:
            kept.append(_as_rule(entry))
    return Rules(rules=(*kept, *MINIMAL_RULES.rules), negators=MINIMAL_RULES.negators, clauses=MINIMAL_RULES.clauses)


def _as_clauses(lowering: models.Lowering) -> Clauses:
    denying = {negator: frozenset(words) for negator, words in lowering.denying.items()}
    beginnings, reaching, spent = map(frozenset, (lowering.beginnings, lowering.reaching, lowering.spent))
    return Clauses(beginnings, reaching, denying, spent, lowering.ends)


def _safety_path(root: Path, language: str) -> Path:
    return root / "scripts" / language / "safety.yaml"


def _as_rule(entry: models.RuleEntry) -> Rule:
    return Rule(entry.id, entry.kind, Level[entry.level.upper()], entry.any, entry.why)
