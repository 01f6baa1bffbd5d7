"""The gate every heard or typed word passes (law 4), and the only maker of `ScreenedText`.

Layers may only add: the verdict is the strongest any of them gives, and a layer that fails counts as SOFT (law 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from assistant.safety.rules import Rules
from assistant.safety.transcript import Transcript, Trust
from assistant.safety.verdict import CLEAR, Kind, Level, Verdict
from assistant.safety.words import normalise


class RiskEstimator(Protocol):
    """A learned layer of the screen."""

    @property
    def name(self) -> str:
        """Appears as evidence."""
        ...

    def estimate(self, text: str) -> Verdict:
        """What this layer alone makes of `text`."""
        ...


_SEAL: Final = object()


@dataclass(frozen=True, slots=True)
class ScreenedText:
    """Words that passed the screen, with its verdict. Only `Screen` can make one."""

    text: str
    trust: Trust
    verdict: Verdict
    seal: object

    def __post_init__(self) -> None:
        if self.seal is not _SEAL:
            raise TypeError("only the safety screen makes a ScreenedText")

    @property
    def trusted(self) -> bool:
        """Whether the words were heard clearly."""
        return self.trust is Trust.TRUSTED

    def __repr__(self) -> str:
        # Law 9.
        return f"ScreenedText({len(self.text.split())} words, {self.trust}, {self.verdict.level.name})"


@dataclass(frozen=True)
class Screen:
    """Rules first, then every estimator. Nothing can switch it off."""

    rules: Rules
    estimators: Sequence[RiskEstimator] = ()
    plain: frozenset[tuple[str, ...]] = frozenset()
    """Whole turns that ask for something and tell nothing ("stop", "seven"): the rules alone judge these."""

    def screen(self, transcript: Transcript) -> ScreenedText:
        """Judge a transcript. A HARD signal in doubtful words becomes a question: it asks, it does not accuse."""
        verdict = self.judge(transcript.text)
        if transcript.trust is Trust.DOUBTFUL and verdict.level is Level.HARD:
            verdict = Verdict(Level.SOFT, verdict.kind, verdict.evidence)
        return ScreenedText(transcript.text, transcript.trust, verdict, _SEAL)

    def judge(self, text: str) -> Verdict:
        """The strongest verdict of all layers. Never raises. What the rules call hard waits for no other layer."""
        verdicts = [_guarded("rules", self.rules.judge, text)]
        if verdicts[0].level is not Level.HARD and not self._is_plain(text):
            verdicts += [_guarded(estimator.name, estimator.estimate, text) for estimator in self.estimators]
        strongest = max(verdicts, key=lambda verdict: verdict.level, default=CLEAR)
        evidence = tuple(item for verdict in verdicts if verdict.kind is not None for item in verdict.evidence)
        return Verdict(strongest.level, strongest.kind, evidence)

    def _is_plain(self, text: str) -> bool:
        return bool(self.plain) and tuple(normalise(text)) in self.plain


class _Judge(Protocol):
    def __call__(self, text: str, /) -> Verdict: ...


def _guarded(name: str, judge: _Judge, text: str) -> Verdict:
    """Law 5: a failure in the screen counts as SOFT. A fault here must not be a way to silence it."""
    try:
        return judge(text)
    except Exception:  # whatever it is: law 5, and the evidence names the layer
        return Verdict(Level.SOFT, Kind.OVERWHELM, (f"{name}-failed",))
