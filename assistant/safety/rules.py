"""Readable rules: patterns over plain words, each with a kind, a level and a reason.

The pattern language, as written in scripts/<lang>/safety.yaml: words separated by spaces; `(a|b c)` alternatives; `?`
after a word or group makes it optional; `...` stands for up to three words. A pattern matches anywhere, on whole words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from assistant.safety.sounds import NearMatch
from assistant.safety.verdict import CLEAR, Kind, Level, Verdict
from assistant.safety.words import normalise

GAP_WORDS = 3
"""How many words `...` may span."""
NEGATION_WORDS = 5
"""A negator this many words before a match lowers it, in the same clause: "I'm not saying I want to kill myself". NegEx
takes as many (Chapman 2001); a short window errs towards not lowering."""

STRETCH_WORDS, OVERLAP_WORDS = 400, 40
"""A turn of two minutes, and more than any pattern spans. What was told longer ago lowers nothing."""

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

    def find_all(self, said: str) -> Iterable[tuple[int, int]]:
        """Every place (from, to) where a pattern matches, each ending as early as it can."""
        for pattern in self.patterns:
            compiled = compile_pattern(pattern)
            match = compiled.search(said)
            while match is not None:
                yield match.start(), _earliest_end(compiled, said, match)
                match = compiled.search(said, said.index(" ", match.start()) + 1)


@dataclass(frozen=True)
class Clauses:
    """How far a word that lowers reaches: not into what somebody says next of themselves."""

    beginnings: frozenset[str] = frozenset()
    """With one of them something else begins: "I'm not happy, I want to die" denies nothing."""
    reaching: frozenset[str] = frozenset()
    """Unless one of them goes right before it: "I don't think I want to die"."""
    denying: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Negators that deny only with one of these words right behind them: "no plan to", and not "no, I want to die"."""
    spent: frozenset[str] = frozenset()
    """A negator right before one of them denies that, and no more: "I don't know", "not okay"."""
    ends: tuple[str, ...] = ()
    """Patterns that end what was told or quoted: "I used to cope, but now I want to die"."""

    def denies(self, negator: str, words: list[str]) -> bool:
        """Whether it reaches over `words`, the last of which begins what was said, or is said of something else."""
        if words[0] in self.spent or (negator in self.denying and words[0] not in self.denying[negator]):
            return False
        new = (index for index, word in enumerate(words) if word in self.beginnings)
        return all(index > 0 and words[index - 1] in self.reaching for index in new)

    def ended(self, between: str) -> bool:
        """Whether the words after it show that somebody tells of now."""
        return any(compile_pattern(pattern).search(between) for pattern in self.ends)


@dataclass(frozen=True)
class Rules:
    """All rules of a language, with what may lower them: from HARD to SOFT, and never to silence.

    Only words up to the end of a match can lower it: what is said later takes nothing back, and a partial transcript
    and the whole one agree. `idioms` are exact figures of speech: a match that lies in one does not count.
    """

    rules: tuple[Rule, ...]
    negators: frozenset[str] = frozenset()
    idioms: tuple[str, ...] = ()
    lowering: tuple[str, ...] = ()
    """Patterns of telling about the past or quoting; standing before a match, or in it, they lower HARD to SOFT."""
    likened: tuple[str, ...] = ()
    """The same for how something felt: it says that nothing was done and the body is well, and denies no wish."""
    clauses: Clauses = field(default_factory=Clauses)
    said_as: Mapping[str, str] = field(default_factory=dict)
    """Words, as some people say others: "meself". All is judged once more as the others."""
    fillers: frozenset[str] = frozenset()
    """Words that say nothing: "I want to fucking die". All is judged once more without them."""
    must_catch: tuple[str, ...] = field(default=())
    raising: tuple[str, ...] = ()
    """Patterns of being alone with it, now; anywhere in the same words, they raise SOFT to HARD."""
    near: NearMatch = field(default_factory=NearMatch)

    def judge(self, text: str) -> Verdict:
        """The strongest verdict any rule gives. A disclosure that is denied stays SOFT."""
        words = normalise(text)
        if not words:
            return CLEAR
        plain = self._plainly(words)
        ways = [words, plain] if plain != words else [words]
        verdicts = [self._judge(stretch) for way in ways for stretch in _stretches(way)]
        return max(verdicts, key=lambda verdict: verdict.level, default=CLEAR)

    @cached_property
    def _dialect(self) -> re.Pattern[str]:
        longest_first = sorted(self.said_as, key=len, reverse=True)
        return re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, longest_first)) or '(?!)'})(?!\S)")

    def _plainly(self, words: list[str]) -> list[str]:
        """The same as most would say it. No word of danger is a filler, so nothing is lost by it."""
        said = self._dialect.sub(lambda match: self.said_as[match[0]], " ".join(words))
        return [word for word in said.split() if word not in self.fillers]

    def _judge(self, words: list[str]) -> Verdict:
        said = " ".join(words) + " "
        best = CLEAR
        evidence: list[str] = []
        for rule in self.rules:
            level = self._strongest(rule, said)
            if level is not Level.NONE:
                evidence.append(rule.id)
            if level > best.level:
                best = Verdict(level, rule.kind)
        if best.level is Level.NONE and (kind := self.near.find(words)) is not None:
            best = Verdict(Level.SOFT, kind)
            evidence.append("sounds-like")
        if best.level is Level.SOFT and any(compile_pattern(pattern).search(said) for pattern in self.raising):
            best = Verdict(Level.HARD, best.kind)
            evidence.append("alone-with-it")
        return Verdict(best.level, best.kind, tuple(evidence))

    def _strongest(self, rule: Rule, said: str) -> Level:
        strongest = Level.NONE
        for found in rule.find_all(said):
            strongest = max(strongest, self._level(rule, said, *found))
            if strongest is rule.level:
                break
        return strongest

    def _level(self, rule: Rule, said: str, start: int, end: int) -> Level:
        heard = said[:end]
        if any(start < match.end() and match.start() <= start for idiom in self.idioms for match in _all(idiom, heard)):
            return Level.NONE
        lowered = self._denied(said, start) or self._told(self.lowering, heard, start)
        if not lowered and rule.kind in _DONE_TO_ONE:
            lowered = self._told(self.likened, heard, start)
        return Level.SOFT if lowered else rule.level

    def _denied(self, said: str, start: int) -> bool:
        words = said[:start].split()[-NEGATION_WORDS:] + said[start:].split(maxsplit=1)[:1]
        negators = (index for index, word in enumerate(words[:-1]) if word in self.negators)
        return any(self.clauses.denies(words[index], words[index + 1 :]) for index in negators)

    def _told(self, patterns: tuple[str, ...], heard: str, start: int) -> bool:
        """Whether it is told of another time or by somebody else, and nothing since then says that it is now."""
        found = (match for pattern in patterns for match in compile_pattern(pattern).finditer(heard))
        return any(not self.clauses.ended(heard[match.end() : start]) for match in found)


_DONE_TO_ONE = (Kind.ABUSE, Kind.MEDICAL, Kind.PSYCHOSIS)
"""What happens to somebody, or in their body. A panic feels like it; a wish or a plan of one's own is no comparison."""


def _stretches(words: list[str]) -> Iterable[list[str]]:
    """The parts of what was said, one after another, so that a page takes as much time as its length asks for."""
    for start in range(0, max(len(words) - OVERLAP_WORDS, 1), STRETCH_WORDS - OVERLAP_WORDS):
        yield words[start : start + STRETCH_WORDS]


def _all(pattern: str, said: str) -> Iterable[re.Match[str]]:
    return compile_pattern(pattern).finditer(said)


def _earliest_end(pattern: re.Pattern[str], said: str, match: re.Match[str]) -> int:
    """Where the words from `match.start()` first are a match: more words must not make another sense of them."""
    start = match.start()
    for end in (space.end() for space in re.finditer(" ", said[start : match.end()])):
        if pattern.match(said, start, start + end) is not None:
            return start + end
    return match.end()
