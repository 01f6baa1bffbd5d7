"""Readable rules: patterns over plain words, each with a kind, a level and a reason.

The pattern language, as written in scripts/<lang>/safety.yaml: words separated by spaces; `(a|b c)` alternatives; `?`
after a word or group makes it optional; `...` stands for up to three words. A pattern matches anywhere, on whole words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from assistant.safety.verdict import CLEAR, Kind, Level, Verdict
from assistant.safety.words import normalise

GAP_WORDS = 3
"""How many words `...` may span."""
NEGATION_WORDS = 3
"""A negator this many words before a match lowers it. NegEx-like windows: Gkotsis 2016 reports 91.9 % accuracy for
parse-tree rules; a short window errs towards not lowering."""

_TOKEN = re.compile(r"\.\.\.|[()|?]|[^\s()|?.]+|\.")


class PatternError(ValueError):
    """A pattern that cannot be read; the message says where."""


@lru_cache(maxsize=4096)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """Turn the pattern language into a regular expression over words joined by one space each, with one after the last.

    Raises PatternError.
    """
    out: list[str] = []
    starts: list[int] = []
    atom = -1
    for token in _TOKEN.findall(pattern.lower().replace("\u2019", "'")):
        if token == "(":
            starts.append(len(out))
            out.append("(?:")
            atom = -1
        elif token == ")":
            if not starts:
                raise PatternError(f"')' without '(' in {pattern!r}")
            atom = starts.pop()
            out.append(")")
        elif token == "|":
            if not starts:
                raise PatternError(f"'|' outside brackets in {pattern!r}")
            out.append("|")
            atom = -1
        elif token == "?":
            if atom < 0:
                raise PatternError(f"'?' after nothing in {pattern!r}")
            out[atom:] = ["(?:", *out[atom:], ")?"]
            atom = -1
        elif token == "...":
            out.append(rf"(?:\S+ ){{0,{GAP_WORDS}}}")
            atom = -1
        else:
            words = normalise(token)
            if not words:
                raise PatternError(f"{token!r} is not a word, in {pattern!r}")
            atom = len(out)
            out.append("(?:" + "".join(re.escape(word) + " " for word in words) + ")")
    if starts:
        raise PatternError(f"'(' without ')' in {pattern!r}")
    compiled = re.compile(r"(?<!\S)" + "".join(out))
    if compiled.match(""):
        raise PatternError(f"{pattern!r} matches nothing at all")
    return compiled


@dataclass(frozen=True)
class Rule:
    """One thing to listen for. `why` is for the reader of the rules, never said aloud."""

    id: str
    kind: Kind
    level: Level
    patterns: tuple[str, ...]
    why: str = ""

    def find(self, said: str) -> re.Match[str] | None:
        """The first match in words joined by single spaces, one after the last."""
        for pattern in self.patterns:
            if (match := compile_pattern(pattern).search(said)) is not None:
                return match
        return None

    def find_all(self, said: str) -> Iterable[re.Match[str]]:
        """Every match of every pattern."""
        for pattern in self.patterns:
            yield from compile_pattern(pattern).finditer(said)


@dataclass(frozen=True)
class Rules:
    """All rules of a language, with what may lower them: from HARD to SOFT, and never to silence.

    `idioms` are exact templates taken out before the rules look; what is left is still screened.
    """

    rules: tuple[Rule, ...]
    negators: frozenset[str] = frozenset()
    idioms: tuple[str, ...] = ()
    lowering: tuple[str, ...] = ()
    """Patterns of telling about the past or quoting; found anywhere, they lower HARD to SOFT."""
    must_catch: tuple[str, ...] = field(default=())

    def judge(self, text: str) -> Verdict:
        """The strongest verdict any rule gives. A disclosure that is denied stays SOFT."""
        words = normalise(text)
        if not words:
            return CLEAR
        said = " ".join(words) + " "
        for idiom in self.idioms:
            said = compile_pattern(idiom).sub("· ", said)
        lowered = any(compile_pattern(pattern).search(said) for pattern in self.lowering)
        best = CLEAR
        evidence: list[str] = []
        for rule in self.rules:
            matches = list(rule.find_all(said))
            if not matches:
                continue
            level = rule.level
            if lowered or all(self._negated(said[: match.start()].split()) for match in matches):
                level = Level.SOFT
            evidence.append(rule.id)
            if level > best.level:
                best = Verdict(level, rule.kind)
        return Verdict(best.level, best.kind, tuple(evidence))

    def _negated(self, before: Sequence[str]) -> bool:
        return any(word in self.negators for word in before[-NEGATION_WORDS:])
