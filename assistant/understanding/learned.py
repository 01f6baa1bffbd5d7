"""The learned layer of the screen: the encoder, or the n-gram model where the encoder cannot be loaded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from assistant.errors import EngineError
from assistant.safety.screen import RiskEstimator
from assistant.safety.verdict import CLEAR, Verdict
from assistant.understanding.encoder import EncoderEstimator
from assistant.understanding.ngrams import NGramEstimator

PATIENCE_SECONDS = 3.0
"""How long words wait for a layer that is being loaded; the greeting alone takes longer than loading on any machine."""


class LearnedScreen:
    """Loads on first use, or ahead of it by another thread's `load`; only the first words ever wait for it."""

    name = "learned"

    def __init__(
        self,
        on_failure: Callable[[EngineError], None] = lambda error: None,
        layers: Sequence[Callable[[], RiskEstimator]] = (EncoderEstimator, NGramEstimator),
    ) -> None:
        """`on_failure` is told once for each layer that cannot be loaded. The first that can is used."""
        self._layers = layers
        self._on_failure = on_failure
        self._lock = Lock()
        self._loaded = False
        self._estimator: RiskEstimator | None = None

    def load(self) -> RiskEstimator | None:
        """The layer in use; None when there is none, and the rules stand alone.

        Raises EngineError when another thread has been loading it for too long: to the screen that counts as a signal.
        """
        if not self._lock.acquire(timeout=PATIENCE_SECONDS):
            raise EngineError("screen-model", "The learned screen is still loading; its rules go on listening.")
        try:
            if not self._loaded:
                self._estimator = self._first_that_loads()
                self._loaded = True
            return self._estimator
        finally:
            self._lock.release()

    def estimate(self, text: str) -> Verdict:
        """What the layer in use makes of `text`."""
        estimator = self.load()
        return CLEAR if estimator is None else estimator.estimate(text)

    def _first_that_loads(self) -> RiskEstimator | None:
        for layer in self._layers:
            try:
                return layer()
            except EngineError as error:
                self._on_failure(error)
        return None
