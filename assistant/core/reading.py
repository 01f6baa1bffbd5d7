"""How hard a text is to follow: the Flesch-Kincaid grade (Kincaid et al. 1975), by a syllable counter of our own: the
usual packages fetch a dictionary when first used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(
    r"(?:[^aeiouyl]|[aeiouy]l)e$|[^aeioucgsxyz](?<!sh)(?<!ch)es$|[^aeiouydt]ed$|(?:some|fore)(?=[a-z])|every"
)
"""Letters that are written and not heard: "make", "lines", "closed", "someone"; but "table", "edges", "needed"."""
_APART = re.compile(r"i[ao]|[^q]ua|eo(?!p)|ying|uie|[ei]a$")
"""Vowels side by side in two syllables: "radio", "usual", "trying", "quiet", "idea"."""


def syllables(word: str) -> int:
    """In an English word. One in a hundred here is counted wrong, up as often as down (against CMUdict)."""
    plain = word.lower().replace("'", "").replace("\u2019", "")
    count = len(_VOWELS.findall(plain)) + len(_APART.findall(plain)) - len(_SILENT.findall(plain))
    return max(count, 1)


def grade_of(sentences: Iterable[Sequence[str]]) -> float:
    """School years of a text, given as the words of its sentences; single words, as in a list, have none."""
    read = [words for words in sentences if len(words) > 1]
    total = sum(map(len, read))
    if not total:
        return 0.0
    heard = sum(syllables(word) for words in read for word in words)
    return max(0.39 * total / len(read) + 11.8 * heard / total - 15.59, 0.0)
