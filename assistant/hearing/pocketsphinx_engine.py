"""The built-in recogniser: pocketsphinx with a grammar of the phrases this program understands. Needs no download.

It is no dictation: what is not a phrase must come back EMPTY or DOUBTFUL, not be forced onto one. Each turn is decoded
twice, by the grammar and by a loop over all phones; speech that the phone loop explains much better was something else.
Where a number was asked for, a small grammar of numbers is tried as well. Measured by `python -m` with
`benchmarks.numbers_said`, `benchmarks.short_answers`, `benchmarks.recogniser_rejection`, `benchmarks.must_catch_aloud`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cache, cached_property, partial
from typing import TypeAlias

from numpy import float32
from numpy.typing import NDArray

from assistant.core.commands import Answer
from assistant.hearing.phrase_decoder import PHONES, SOUNDS, Fit, Heard, PhraseDecoder
from assistant.hearing.recogniser import RATE
from assistant.hearing.stop_word import VOICED_SECONDS
from assistant.hearing.trust import voice_in
from assistant.hearing.voice_activity import Silero, VoiceActivity
from assistant.safety.transcript import Transcript, Trust, nothing_heard
from assistant.safety.words import normalise

ONCE = 12.5
"""Log score, in hundredths, that counts against every phrase: a short one fits foreign speech by chance more easily, so
it must fit better than a sentence."""
TRUSTED_DISTANCE = 0.12
"""Log score a frame, in hundredths, by which the phone loop may win. Set low: foreign speech that happens to fit a
phrase must at most be asked about (`benchmarks/recogniser_rejection.py` prints both rates)."""
DOUBTFUL_DISTANCE = 0.16
"""Beyond it the speech was something else. One in five single words of other speech is within it, and no sentence."""
URGENT_DISTANCE = 0.2
"""The same for a phrase that must not be missed, a call for help or a stop: in doubt it is asked about, or obeyed."""
NUMBER_TRUSTED, NUMBER_DISTANCE = 0.14, 0.2
"""The first and the second for a number where one was asked for: in doubt "was that seven?" is asked."""
NUMBER_BEHIND = 2.0
"""Log score, in hundredths, by which another phrase must be likelier than a number that was asked for."""
NUMBER_FAR_AHEAD = 8.0
"""By which a number must fit better than danger or a stop. Danger that was said fits better than any number by 10 at
least; "five out of ten" fits better than "I'd rather be dead" by 20."""
WORDLESS, PERHAPS_WORDLESS = 0.03, 0.0
"""Log score a frame, in hundredths, by which breath, moans and hums fit better than the phrase: beyond the first it was
a sob or a laugh, beyond the second it may have been. Of 860 phrases and single words by six voices 22 were beyond the
second ("no", "two", "I'm done") and 6 beyond the first, of 175 pleas none; of 106 pieces of coughs, sobs and murmurs
that fit a phrase, 95 and 72. What is left of them is printed by `benchmarks/recogniser_rejection.py`."""
MURMURED = 0.1
"""The same for a single word: "no" and "two" may be said with a hum and a moan, and of 719 right ones none was beyond
0.1, while of "mm-hmm", which is like "four", all but four of 21 were."""
VOICELESS, URGENT_VOICELESS = -0.03, 0.0
"""Log score a frame, in hundredths, by which breath, moans and hums fit better than any speech: where there is no
clear voice either (`VOICED_SECONDS`), what is beyond the first was a cough or a hum, whatever it is like, and beyond
the second even if it is like a call for help. Over the voice 57 of 63 coughs, hums and slams that fitted a phrase were
beyond the first, six of them as surely as words; of 684 sayings that did, all had a voice. A third of whispered pleas
have none: of 503 that fitted, in noise 5 dB under them too, one was beyond the first (-0.023) and none beyond the
second."""
LONGEST_SECONDS = 8.0
"""No phrase lasts longer."""
PHRASES, NUMBERS = "phrases", "numbers"
Fits: TypeAlias = Callable[[str], Fit]
"""How well this turn fits a search; each is made once."""


@dataclass(frozen=True, slots=True)
class _Found:
    words: str
    distance: float
    """Log score a frame, in hundredths, by which any speech fits better."""
    score: float
    rank: float
    trusted: bool


class PocketSphinx:
    """`phrases`: what can be heard, as people say it, and `urgent` those of them that must not be missed; `numbers`:
    what can be heard as well where a number was asked for. `activity` makes what knows a voice.

    Words that the dictionary lacks leave their phrase out.
    """

    name = "pocketsphinx"

    def __init__(
        self,
        phrases: Collection[str],
        urgent: Collection[str] = (),
        numbers: Collection[str] = (),
        activity: Callable[[], VoiceActivity] = Silero,
    ) -> None:
        self._decoder = PhraseDecoder({PHRASES: phrases} | ({NUMBERS: numbers} if numbers else {}))
        self._urgent = {" ".join(normalise(phrase)) for phrase in urgent}
        self._numbers = bool(numbers)
        self._make_activity = activity

    def warm_up(self) -> None:
        """Load the models, about 0.3 s. Raises EngineError."""
        self._decoder.warm_up()
        _ = self._activity

    @cached_property
    def _activity(self) -> VoiceActivity:
        """Made when it is warmed up: nothing is loaded before the first word."""
        return self._make_activity()

    def transcribe(self, samples: NDArray[float32], expected: Answer = Answer.ANYTHING) -> Transcript:
        """One turn: a whole phrase, or nothing. Every phrase is looked for, whatever is expected."""
        self.warm_up()
        heard = self._decoder.listen(samples) if len(samples) <= LONGEST_SECONDS * RATE else None
        if heard is None:
            return nothing_heard(self.name)
        fit = cache(partial(self._decoder.fit, heard=heard))
        moaned = self._moaned(samples, fit)
        if moaned > URGENT_VOICELESS:
            return nothing_heard(self.name)
        found = self._found(PHRASES, heard, fit, TRUSTED_DISTANCE, DOUBTFUL_DISTANCE)
        if expected is Answer.NUMBER and self._numbers:
            number = self._found(NUMBERS, heard, fit, NUMBER_TRUSTED, NUMBER_DISTANCE)
            if number and not (found and self._outranks(found, number)):
                found = number
        if not found or (moaned > VOICELESS and found.words not in self._urgent):
            return nothing_heard(self.name)
        trust = Trust.TRUSTED if found.trusted else Trust.DOUBTFUL
        confidence = min(max(1.0 - found.distance / (2 * DOUBTFUL_DISTANCE), 0.0), 1.0)
        return Transcript(found.words, trust, confidence, self.name)

    def _outranks(self, found: _Found, number: _Found) -> bool:
        """Law 5: danger and a stop do unless a number fits far better; anything else when it is likelier."""
        if found.words in self._urgent:
            return found.score > number.score - NUMBER_FAR_AHEAD
        return found.rank > number.rank + NUMBER_BEHIND

    def _found(self, search: str, heard: Heard, fit: Fits, trusted: float, allowed: float) -> _Found | None:
        """What fits best, where it lasts as long as it should and fits about as well as any speech."""
        best = fit(search)
        if not self._decoder.lasts(best.words, heard):
            return None
        anything, urgent = fit(PHONES), best.words in self._urgent
        distance = (anything.score - best.score + ONCE) / anything.frames
        if distance > (URGENT_DISTANCE if urgent else allowed):
            return None
        wordless = (fit(SOUNDS).score - best.score) / anything.frames
        # Danger is asked about, whatever it sounds like (law 5).
        if wordless > (WORDLESS if " " in best.words else MURMURED) and not urgent:
            return None
        certain = distance <= trusted and wordless <= PERHAPS_WORDLESS
        return _Found(best.words, distance, best.score, best.rank, certain)

    def _moaned(self, samples: NDArray[float32], fit: Fits) -> float:
        """By how much moans fit better than any speech, where there is no clear voice; a voice is not compared."""
        if voice_in(samples, self._activity).clear >= VOICED_SECONDS:
            return -math.inf
        return (fit(SOUNDS).score - fit(PHONES).score) / fit(PHONES).frames

    def close(self) -> None:
        """Let the model go."""
        self._decoder.close()
