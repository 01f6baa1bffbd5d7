"""From screened words to what the person asks for: a command, a number, yes or no, or a state. Deterministic."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from assistant.core.number_spans import NumberWords
from assistant.core.numbers import Against, Reading, read_number
from assistant.core.states import State
from assistant.safety.screen import ScreenedText
from assistant.safety.words import normalise

__all__ = ["ANYONE", "NAME", "Intent", "Lexicon", "State", "Understanding"]

LAST_LATIN = "\u024f"
"""Of the letters of languages written like English; behind it come all other scripts."""
WHOLE_ANSWER = 3
"""Words: "I'm panicking", "I feel numb". Who says more may be in the middle of it: "my heart is racing" goes on."""
NAME, ANYONE = "{name}", "{anyone}"
"""In a command: the trusted person's name, and whatever a recogniser made of it."""
ONE_OR_TWO = r"\S+(?: \S+)?"
CERTAIN = 1.5
"""Weight of what names a state: "panicking". "I'm scared" weighs less, and may be said of an exam."""
SENTENCE = 3
"""Words. The bounds this keeps in both directions: tests/core/test_other_languages.py."""


class Intent(StrEnum):
    """What the person asks for. The values are the keys of `commands:` in understanding.yaml."""

    STOP = "stop"
    PAUSE = "pause"
    GO_ON = "go_on"
    AGAIN = "again"
    SLOWER = "slower"
    FASTER = "faster"
    LOUDER = "louder"
    SOFTER = "softer"
    SKIP = "skip"
    SOMETHING_ELSE = "something_else"
    CANT = "cant"
    NOT_WORKING = "not_working"
    WORSE = "worse"
    WHAT_IS_THIS = "what_is_this"
    HOW_LONG = "how_long"
    WHY = "why"
    ARE_YOU_SURE = "are_you_sure"
    REASSURE = "reassure"
    WHO_ARE_YOU = "who_are_you"
    HELP = "help"
    WHO_CAN_I_CALL = "who_can_i_call"
    GOODBYE = "goodbye"
    FIRST = "first"
    SECOND = "second"
    YES = "yes"
    NO = "no"
    SKIP_NUMBER = "skip_number"
    THANKS = "thanks"
    HIDE = "hide"
    DRIVING = "driving"
    """Wherever it stands in what was said: nothing is begun with somebody who holds a wheel."""
    SOMEBODY = "somebody"
    """There is a person, as an answer to whether there is one."""
    CHECK_IN = "check_in"
    WAKE = "wake"
    CALL = "call"
    """By name."""
    MUTE = "mute"
    FORGET_THAT = "forget_that"
    FORGET_TODAY = "forget_today"
    FORGET_EVERYTHING = "forget_everything"
    BACK = "back"
    CHANGE = "change"
    KEEP = "keep"
    SHOW = "show"
    MORE = "more"
    THEIR_NUMBER = "their_number"
    SEND_MESSAGE = "send_message"
    NOTE = "note"
    NOTE_FOR_THERAPIST = "note_for_therapist"
    WHAT_DO_YOU_REMEMBER = "what_do_you_remember"
    USE_OTHERS = "use_others"
    KEEP_HERE = "keep_here"
    """Whether other computers may be used in this sitting."""
    OTHER_LANGUAGE = "other_language"
    """Asked about in words, or seen from the words: see `Lexicon.understand`."""


@dataclass(frozen=True, slots=True)
class Understanding:
    """What was made of a turn. All empty: words were heard, and they ask for nothing known."""

    intent: Intent | None = None
    number: float | None = None
    against: Against | None = None
    """How the number stands to the one before, where only that was said."""
    states: tuple[State, ...] = ()
    """Likeliest first; two of equal weight are worth asking about."""
    certain: tuple[State, ...] = ()
    """Those that were named outright."""
    clear: bool = True
    """False when the words themselves were doubtful."""
    by_name: bool = False
    """They began with its name."""


@dataclass(frozen=True)
class Lexicon:
    """The content behind understanding: phrases as people say them, lower case."""

    commands: Mapping[Intent, tuple[str, ...]]
    states: Mapping[State, Mapping[str, float]]
    numbers: NumberWords
    fillers: frozenset[str]
    common: frozenset[str] = frozenset()
    """Words that hardly a sentence of this language is without, and that other languages do not have."""
    also_known: frozenset[str] = frozenset()
    """More words that show the language."""
    unfinished: frozenset[str] = frozenset()
    """Words after which something must follow."""
    trusted_name: str = ""
    """What stands for `{name}` in a command."""
    only_alone: frozenset[str] = frozenset()
    """Commands that are none as a part of more: "go away", but not "it won't go away"."""

    @cached_property
    def _commands(self) -> dict[tuple[str, ...], Intent]:
        name = " ".join(normalise(self.trusted_name))
        return {
            tuple(normalise(phrase.replace(NAME, name))): intent
            for intent, phrases in self.commands.items()
            for phrase in phrases
            if intent is not Intent.DRIVING and ANYONE not in phrase and (name or NAME not in phrase)
        }

    @cached_property
    def _alone(self) -> frozenset[tuple[str, ...]]:
        return frozenset(tuple(normalise(phrase)) for phrase in self.only_alone)

    @cached_property
    def _driving(self) -> re.Pattern[str]:
        """At the end, or before what goes on with something else: "I'm driving myself mad" holds no wheel."""
        phrases = _one_of(" ".join(normalise(phrase)) for phrase in self.commands.get(Intent.DRIVING, ()))
        return re.compile(rf"(?<!\S){phrases}(?=$| {_one_of(self.unfinished)}(?!\S))")

    @cached_property
    def _naming(self) -> tuple[tuple[re.Pattern[str], Intent], ...]:
        """Commands that name somebody whose name need not be known, nor be heard right."""
        return tuple(
            (re.compile(f"(?P<name>{ONE_OR_TWO})".join(map(re.escape, phrase.split(ANYONE)))), intent)
            for intent, phrases in self.commands.items()
            for phrase in phrases
            if ANYONE in phrase
        )

    @cached_property
    def _states(self) -> tuple[tuple[re.Pattern[str], State, float], ...]:
        return tuple(
            (re.compile(rf"(?<!\S){re.escape(' '.join(normalise(phrase)))}(?!\S)"), state, weight)
            for state, phrases in self.states.items()
            for phrase, weight in phrases.items()
        )

    @cached_property
    def plain(self) -> frozenset[tuple[str, ...]]:
        """Whole turns that are a command or a number, as normalised words."""
        numbers = {(word,) for word in self.numbers.values} | {(str(number),) for number in range(11)}
        return frozenset(self._commands) | numbers

    def understand(self, screened: ScreenedText, *, expect_number: bool = False) -> Understanding:
        """Read one turn. `expect_number`: a number was just asked for, so "for" may be four, and "more" is worse."""
        words, by_name = self._without_name(normalise(screened.text))
        clear = screened.trusted
        reading = read_number(screened.text, self.numbers) if expect_number else Reading()
        if reading.number is not None:
            return Understanding(number=reading.number, clear=clear)
        if reading.against is not None:
            worse = Intent.WORSE if reading.against is Against.HIGHER else None
            return Understanding(intent=worse, against=reading.against, clear=clear)
        intent = Intent.DRIVING if self._drives(words) else self._command(words)
        weights = self._weigh(words)
        states = tuple(sorted(weights, key=lambda state: (-weights[state], list(State).index(state))))
        if intent is None and not states and reading.refused:
            intent = Intent.SKIP_NUMBER
        if intent is None and not states and self._foreign(words):
            intent = Intent.OTHER_LANGUAGE
        if by_name and not words:
            intent = Intent.CALL
        certain = tuple(state for state in states if weights[state] >= CERTAIN)
        return Understanding(intent=intent, states=states, certain=certain, clear=clear, by_name=by_name)

    def whole(self, said: Understanding, screened: ScreenedText) -> bool:
        """Whether these words are a whole answer, so that nothing more need be waited for: a command, a number, or what
        is happening in a few words. A longer sentence may go on, and doubtful words may be the half of others; but one
        word that may be yes, no or the number that was asked for is asked about, and so much sooner.
        """
        words = normalise(screened.text)
        if not words or said.intent is Intent.SKIP_NUMBER:
            return False  # "I don't know" begins more sentences than it ends
        if not said.clear:
            return len(words) == 1 and (said.number is not None or said.intent in (Intent.YES, Intent.NO))
        open_ended = words[-1] in self.unfinished
        if tuple(words) in self.plain and not (open_ended and words[0] in self.unfinished):
            return True  # "go on" and "thank you" are; "I can't" may be the beginning of a sentence
        known = said.number is not None or said.against is not None or said.intent is not None
        return not open_ended and (known or (bool(said.states) and len(words) <= WHOLE_ANSWER))

    def _drives(self, words: list[str]) -> bool:
        text = " ".join(words)
        return any(not _denied(text[: match.start()]) for match in self._driving.finditer(text))

    def _without_name(self, words: list[str]) -> tuple[list[str], bool]:
        """What was said to it, and whether it was called first: "hello grounding, I'm panicking"."""
        for name in sorted(self.commands.get(Intent.CALL, ()), key=len, reverse=True):
            called = normalise(name)
            if words[: len(called)] == called:
                return words[len(called) :], True
        return words, False

    def _foreign(self, words: list[str]) -> bool:
        """Whether this is another language: mostly other letters, or a sentence without one common word."""
        letters = [word for word in words if not word[0].isdigit()]
        if 2 * sum(word[0] > LAST_LATIN for word in letters) > len(letters):
            return True
        return bool(self.common) and len(letters) >= SENTENCE and (self.common | self.also_known).isdisjoint(letters)

    def _command(self, words: list[str]) -> Intent | None:
        """A command is the whole of what was said, or stands at its start or end in a short turn.

        "stop" inside a long sentence ("I can't stop crying") is speech, not a command; so the phrase must cover at
        least half of the words that are not fillers.
        """
        kept = [w for w in words if w not in self.fillers] or words
        if not kept:
            return None
        for said in (words, kept):
            if (intent := self._commands.get(tuple(said))) is not None:
                return intent
        for pattern, intent in self._naming:
            named = pattern.fullmatch(" ".join(kept))
            if named is not None and not set(named["name"].split()) & (self.common | self.unfinished):
                return intent
        for length in range(len(kept) - 1, (len(kept) - 1) // 2, -1):
            parts = (kept[:length], kept[length:]), (kept[-length:], kept[:-length])
            if meant := [intent for said, rest in parts if (intent := self._part(said, rest)) is not None]:
                return meant[0]
        repeated = set(kept)
        return self._commands.get((kept[0],)) if len(repeated) == 1 else None

    def _part(self, said: list[str], rest: list[str]) -> Intent | None:
        """What a part of a turn asks for. A goodbye ends the sitting, and somebody may be missed: beside these may be
        nothing but another command, as in "thanks, bye", and not in "goodbye, world". A stop counts beside any.
        """
        intent, beside = self._commands.get(tuple(said)), self._commands.get(tuple(rest))
        # "No, stop" is one, and "I can't stop" is none.
        if beside is Intent.STOP and intent not in (None, Intent.CANT):
            return beside
        if tuple(said) in self._alone or (intent in _WHOLE and beside is None):
            return None
        return intent

    def _weigh(self, words: list[str]) -> dict[State, float]:
        text = " ".join(words)
        weights: dict[State, float] = {}
        for pattern, state, weight in self._states:
            for match in pattern.finditer(text):
                if not _denied(text[: match.start()]):
                    weights[state] = weights.get(state, 0.0) + weight
        return weights


def _one_of(phrases: Iterable[str]) -> str:
    """A pattern that fits any of them; nothing, where there are none."""
    return f"(?:{'|'.join(map(re.escape, phrases)) or '(?!)'})"


_WHOLE = (Intent.GOODBYE, Intent.SOMEBODY)
_DENIAL = re.compile(r"(?<!\S)(not|never|isn't|wasn't|no longer|without)( \S+){0,1} $")


def _denied(before: str) -> bool:
    return _DENIAL.search(before) is not None
