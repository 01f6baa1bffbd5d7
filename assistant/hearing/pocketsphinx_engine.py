"""The built-in recogniser: pocketsphinx with a grammar of the phrases this program understands. Needs no download.

It is no dictation: what is not a phrase must come back EMPTY or DOUBTFUL, not be forced onto one. Each turn is decoded
twice, by the grammar and by a loop over all phones; speech that the phone loop explains much better was something else.
Measured by `python -m benchmarks.recogniser_rejection` and `python -m benchmarks.must_catch_aloud`.
"""

from __future__ import annotations

from collections.abc import Collection

from numpy import float32
from numpy.typing import NDArray

from assistant.hearing.phrase_decoder import PHONES, PhraseDecoder
from assistant.hearing.recogniser import RATE
from assistant.safety.transcript import Transcript, Trust, nothing_heard
from assistant.safety.words import normalise

ONCE = 10.0
"""Log score, in hundredths, by which the phone loop wins for no reason but that a phrase begins and ends: the median of
phrases of any length, so that "stop" is believed as readily as a sentence."""
TRUSTED_DISTANCE = 0.04
"""Log score a frame, in hundredths, by which it may win beyond that. Set low: foreign speech that happens to fit a
phrase must at most be asked about (`benchmarks/recogniser_rejection.py` prints both rates)."""
DOUBTFUL_DISTANCE = 0.08
"""Beyond it the speech was something else."""
URGENT_DISTANCE = 0.11
"""The same for a phrase that must not be missed, a call for help or a stop: in doubt it is asked about, or obeyed."""
LONGEST_SECONDS = 8.0
"""No phrase lasts longer."""
PHRASES = "phrases"


class PocketSphinx:
    """`phrases`: what can be heard, as people say it, and `urgent` those of them that must not be missed.

    Words that the dictionary lacks leave their phrase out.
    """

    name = "pocketsphinx"

    def __init__(self, phrases: Collection[str], urgent: Collection[str] = ()) -> None:
        self._decoder = PhraseDecoder({PHRASES: phrases})
        self._urgent = {" ".join(normalise(phrase)) for phrase in urgent}

    def warm_up(self) -> None:
        """Load the models, about 0.3 s. Raises EngineError."""
        self._decoder.warm_up()

    def transcribe(self, samples: NDArray[float32]) -> Transcript:
        """One turn: a whole phrase, or nothing."""
        self.warm_up()
        heard = self._decoder.listen(samples) if len(samples) <= LONGEST_SECONDS * RATE else None
        if heard is None:
            return nothing_heard(self.name)
        phrase = self._decoder.fit(PHRASES, heard)
        if not self._decoder.lasts(phrase.words, heard):
            return nothing_heard(self.name)
        anything = self._decoder.fit(PHONES, heard)
        distance = (anything.score - phrase.score - ONCE) / anything.frames
        if distance > (URGENT_DISTANCE if phrase.words in self._urgent else DOUBTFUL_DISTANCE):
            return nothing_heard(self.name)
        trust = Trust.TRUSTED if distance <= TRUSTED_DISTANCE else Trust.DOUBTFUL
        confidence = min(max(1.0 - distance / (2 * DOUBTFUL_DISTANCE), 0.0), 1.0)
        return Transcript(phrase.words, trust, confidence, self.name)

    def close(self) -> None:
        """Let the model go."""
        self._decoder.close()
