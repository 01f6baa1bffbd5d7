"""Text as every matcher here sees it: lower case, no punctuation, contractions in one spelling."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = str.maketrans(dict.fromkeys("\u2018\u2019\u0060\u00b4", "'"))
_WORD = re.compile(r"\d+[.,]\d+|[\w']+")

_WITHOUT_APOSTROPHE = {
    "im": "i'm", "ive": "i've", "dont": "don't", "cant": "can't", "cannot": "can't", "wont": "won't",
    "didnt": "didn't", "doesnt": "doesn't", "isnt": "isn't", "wasnt": "wasn't", "couldnt": "couldn't",
    "wouldnt": "wouldn't", "shouldnt": "shouldn't", "hasnt": "hasn't", "havent": "haven't", "arent": "aren't",
    "its": "it's", "thats": "that's", "whats": "what's", "hes": "he's", "shes": "she's", "theyre": "they're",
    "youre": "you're", "theres": "there's", "whos": "who's",
}  # fmt: skip
"""Recognisers and hurried thumbs leave apostrophes out; "ill", "well" and "were" are words of their own and stay."""


def normalise(text: str) -> list[str]:
    """The words of `text`, comparable. Never fails, whatever the text."""
    plain = unicodedata.normalize("NFKC", text).translate(_APOSTROPHES).lower()
    words = (word.strip("'_") for word in _WORD.findall(plain))
    return [_WITHOUT_APOSTROPHE.get(word, word) for word in words if word]
