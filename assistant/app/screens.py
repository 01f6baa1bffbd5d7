"""The screen of every conversation, which the commands that show and measure it have, too."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from assistant.app.memory_free import free_memory_mb
from assistant.core.card_search import CardSearch
from assistant.core.fitting import encoder_fits
from assistant.core.flows import Flow
from assistant.core.understanding import Lexicon
from assistant.errors import EngineError
from assistant.safety.rules import Rules
from assistant.safety.screen import RiskEstimator, Screen
from assistant.safety.words import normalise
from assistant.understanding.encoder import EncoderEstimator
from assistant.understanding.learned import LearnedScreen
from assistant.understanding.ngrams import NGramEstimator


def screen_of(
    rules: Rules, lexicon: Lexicon, cards: CardSearch | None, flows: Mapping[str, Flow], learned: RiskEstimator
) -> Screen:
    """Rules and the learned layer, which is not asked about plain requests: commands, numbers, titles of cards, and the
    phrases that begin a flow.
    """
    named = cards.named if cards is not None else ()
    begins = (tuple(normalise(phrase)) for flow in flows.values() for phrase in flow.begins)
    return Screen(rules, [learned], lexicon.plain.union(named, begins))


def build_learned(on_failure: Callable[[EngineError], None] = lambda error: None) -> LearnedScreen:
    """The learned layer of the screen; without its larger model where that has no room, and then that is told."""
    return LearnedScreen(on_failure, (_encoder_with_room, NGramEstimator))


def _encoder_with_room() -> RiskEstimator:
    if not encoder_fits(free_memory_mb()):
        raise EngineError("screen-model", "Too little memory is free for the larger model of the screen.")
    return EncoderEstimator()
