"""Another way to say a word than the dictionary's American one, by rules over its phones.

The vowels of most of Britain, R before vowels only, and L as a vowel where none follows, as in much of England, in
Wales and in Australia (Wells 1982, Accents of English, chapters 2 to 4: TRAP and BATH, LOT, rhoticity, L vocalisation).
Phones are CMUdict's, without stress.
"""

from __future__ import annotations

import re

_VOWEL = "A[AEHOWY]|E[HRY]|I[HY]|O[WY]|U[HW]"
_RULES = (
    # LOT: "stop", "not", "want".
    (re.compile(r"\bAA(?! R\b)"), "AO"),
    # TRAP and BATH: "thank", "can't".
    (re.compile(r"\bAE\b"), "AA"),
    # No R at the end, or before a consonant: "louder", "four", "heart", "there".
    (re.compile(r"\bER(?=$| Z$)"), "AH"),
    # Not "are" and "or": a lone vowel fits anything.
    (re.compile(rf"(?<=[A-Z] )(AA|AO) R\b(?! (?:{_VOWEL})\b)"), r"\1"),
    (re.compile(rf"\b(EH|IH|IY|UH) R\b(?! (?:{_VOWEL})\b)"), r"\1 AH"),
    # "Help", "skill".
    (re.compile(rf"(?<=[A-Z]) L\b(?! (?:{_VOWEL}|Y)\b)"), " UW"),
)


def in_britain(phones: str) -> str:
    """How a word of these phones, apart by spaces, is said there; often the same."""
    for american, british in _RULES:
        phones = american.sub(british, phones)
    return phones
