"""What sounds like a must-catch phrase. Recognisers mishear harm-related words more often than others (Miner 2020:
a word error rate of 34 % against 25 %), and write what they heard in other words, split in other places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from assistant.safety.verdict import Kind

MIN_LENGTH = 6
"""Of a phrase's sound: shorter ones are like too much else."""

_CLASSES = {
    **dict.fromkeys("bp", "p"), **dict.fromkeys("dt", "t"), **dict.fromkeys("gkcq", "k"), **dict.fromkeys("fv", "f"),
    **dict.fromkeys("szxj", "s"), **dict.fromkeys("ei\u00e9y", "i"), **dict.fromkeys("aou", "a"),
    "m": "m", "n": "n", "l": "l", "r": "r", "w": "", "h": "",
}  # fmt: skip
"""Letters that are taken for each other: voiced and voiceless, front vowels and back ones."""

_SPELLINGS = (("igh", "i"), ("ck", "k"), ("sh", "s"), ("ch", "s"), ("ce", "se"), ("ci", "si"))


def sound_of(word: str) -> str:
    """A rough key of how a word sounds: classes of letters, doubled ones once, silent endings left out."""
    word = word.replace("'", "")
    for letters, sound in _SPELLINGS:
        word = word.replace(letters, sound)
    out: list[str] = []
    for letter in word.removesuffix("e"):
        key = _CLASSES.get(letter, "")
        if key and (not out or out[-1] != key):
            out.append(key)
    return "".join(out)


@dataclass(frozen=True)
class NearMatch:
    """Finds phrases by their sound alone, wherever the words are split."""

    phrases: Mapping[str, Kind] = field(default_factory=dict)
    """From a phrase to what it is about."""
    _sounds: dict[str, Kind] = field(init=False, repr=False, compare=False)
    _lengths: frozenset[int] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        sounds = {joined(phrase.split()): kind for phrase, kind in self.phrases.items()}
        kept = {sound: kind for sound, kind in sounds.items() if len(sound) >= MIN_LENGTH}
        object.__setattr__(self, "_sounds", kept)
        object.__setattr__(self, "_lengths", frozenset(len(sound) for sound in kept))

    def find(self, words: Sequence[str]) -> Kind | None:
        """What the first phrase that these words sound like is about."""
        longest = max(self._lengths, default=0)
        sounds = [sound_of(word) for word in words]
        for start in range(len(sounds)):
            heard = ""
            for sound in sounds[start:]:
                heard = _joined(heard, sound)
                if len(heard) > longest:
                    break
                if len(heard) in self._lengths and heard in self._sounds:
                    return self._sounds[heard]
        return None


def joined(words: Iterable[str]) -> str:
    """The sound of words in a row."""
    heard = ""
    for word in words:
        heard = _joined(heard, sound_of(word))
    return heard


def _joined(heard: str, sound: str) -> str:
    return heard + (sound[1:] if heard and sound and heard[-1] == sound[0] else sound)
