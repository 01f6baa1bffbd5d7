"""Other computers that the person has set up: a language model, and one that hears. Both are off by default, and
without them neither `openai` nor `wyoming` is imported, and no socket opened.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from assistant.app.findings import Finding, finding
from assistant.app.places import NAME
from assistant.content.library import Library
from assistant.core.events import Event
from assistant.core.outside import Outside
from assistant.core.wording import WORDING_SECONDS
from assistant.endpoints import GET, GET_WYOMING, openai_here, whose, whose_computer, wyoming_here
from assistant.errors import EngineError, UsageError
from assistant.hearing.choose import ELSEWHERE
from assistant.hearing.recogniser import Recogniser
from assistant.runtime.captions import Captions
from assistant.runtime.stage import Observer
from assistant.safety.screen import RiskEstimator
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.core.cards import Card
    from assistant.llm.model import Model
    from assistant.llm.usage import Usage
    from assistant.llm.worker import ModelWorker

KEY = "GROUNDING_LLM_KEY"
"""The environment variable with the model's key. Of its own, so that no other service's key goes there."""
SIMPLER_SECONDS = 20.0
"""For a card in other words: the reviewed one stands on the screen already, and nothing waits for the other."""
SERVICE, ACCOUNT = "grounding-assistant", "llm"
"""Where it is in the system's keyring: `keyring set grounding-assistant llm`."""


@dataclass(frozen=True, slots=True)
class Others:
    """What of it can be used, and what cannot, in words. `hearing`: the engine by which another computer hears."""

    model: bool
    hearing: str | None
    lacks: tuple[str, ...] = ()


def others_of(settings: Settings, stt: str | None, *, live: bool = True) -> Others:
    """As configured. `live`: on the real clock; a model's answer has no place on another."""
    model, engine = settings.llm.enabled and live, stt or settings.speech_to_text.engine
    hearing = engine if engine in ELSEWHERE else None
    lacks = []
    if (model or hearing == "openai") and not openai_here():
        model, hearing = False, None if hearing == "openai" else hearing
        lacks.append(f"Other computers cannot be asked without the package openai: {GET}")
    if hearing == "wyoming" and not wyoming_here():
        hearing = None
        lacks.append(f"A Wyoming server cannot be asked without the package wyoming: {GET_WYOMING}")
    return Others(model, hearing, tuple(lacks))


def heard_at(settings: Settings, engine: str) -> str:
    """The address where this engine has turns heard."""
    hearing = settings.speech_to_text
    return hearing.wyoming.address if engine == "wyoming" else hearing.endpoint.base_url


def outside_of(settings: Settings, others: Others) -> Outside:
    """For one sitting: nobody was told and nobody has agreed yet."""
    return Outside(
        model=whose(settings.llm.base_url)[0] if others.model else None,
        hearing=whose(heard_at(settings, others.hearing))[0] if others.hearing else None,
        window_seconds=settings.llm.window_seconds,
        may_raise=settings.llm.may_raise,
    )


def tell_others(settings: Settings, others: Others, captions: Captions) -> None:
    """On the screen, before anything is said: whose computers they are."""
    for lack in others.lacks:
        captions.line(lack, "33")
    if others.model:
        captions.line(f"{captions.label('model')} {whose_computer(settings.llm.base_url)}", "33")
    if others.hearing:
        host = whose_computer(heard_at(settings, others.hearing))
        captions.line(f"{captions.label('hearing')} {host}", "33")


def usage_of(settings: Settings, *, lasting: bool = True) -> Usage:
    """What the model was used for today."""
    from assistant.llm.usage import Usage

    path = user_state_path(NAME, appauthor=False) / "language-model.json"
    return Usage(path, settings.llm.tokens_a_day, lasting=lasting)


def build_model_worker(
    library: Library, settings: Settings, learned: RiskEstimator, post: Callable[[Event], None], guest: bool
) -> ModelWorker:
    """Whoever asks the model beside a conversation. `learned`: of the conversation's own screen."""
    from assistant.llm.worker import ModelWorker

    usage = usage_of(settings, lasting=not guest)
    return ModelWorker(lambda: build_model(library, settings, learned, usage), post, usage.failed)


def build_model(
    library: Library, settings: Settings, learned: RiskEstimator, usage: Usage, patience: float | None = None
) -> Model:
    """In the thread that asks it. `patience`: seconds for each piece of an answer.

    Raises ContentError where there is no sound guard: then no model is asked.
    """
    from assistant.app.parts import build_screen
    from assistant.asking import open_client
    from assistant.content.guarding import read_guard
    from assistant.llm.model import Model
    from assistant.llm.prompts import Prompts

    guard, words = read_guard(library.root, settings.language, library, build_screen(library, learned))
    patience = patience or max(settings.llm.window_seconds, WORDING_SECONDS)  # each question has a deadline of its own
    client = open_client(settings.llm.base_url, model_key(), patience)
    return Model(client, settings.llm.model, Prompts(**words.written.prompts.model_dump()), guard, usage)


def model_key() -> str | None:
    """From the environment, or from the system's keyring; never from a file of settings."""
    if key := os.environ.get(KEY):
        return key
    try:
        import keyring

        key = keyring.get_password(SERVICE, ACCOUNT)
    except Exception:  # no keyring here, or one that stays locked: a local server wants no key, and others say so
        return None
    return key or None


def hears_elsewhere(
    local: Recogniser, settings: Settings, others: Others, post: Callable[[Event], None] = lambda event: None
) -> Recogniser:
    """`local`, with the other computer before it where there is one."""
    if others.hearing is None:
        return local
    if others.hearing == "wyoming":
        from assistant.hearing.wyoming_engine import WyomingRecogniser

        return WyomingRecogniser(settings.speech_to_text.wyoming, settings.language, local, post)
    from assistant.hearing.openai_engine import KEY as HEARING_KEY
    from assistant.hearing.openai_engine import OpenAiRecogniser

    endpoint, key = settings.speech_to_text.endpoint, os.environ.get(HEARING_KEY)
    return OpenAiRecogniser(endpoint, key, settings.language, local, post)


def listeners(model: ModelWorker | None, recogniser: Recogniser | None, others: Others) -> list[Observer]:
    """Who has to see what the conversation says: what is asked, taken back and allowed."""
    seen: list[Observer] = [model] if model is not None else []
    if others.hearing:
        from assistant.hearing.elsewhere import RecogniserElsewhere

        seen += [recogniser] if isinstance(recogniser, RecogniserElsewhere) else []
    return seen


def simpler_card(card: Card, settings: Settings) -> tuple[str, ...]:
    """A card in simpler words, each sentence through the guard. None in time, or none that passed: nothing.

    The card alone is sent, and nothing of what was asked. Raises UsageError where there is no model to ask, EngineError
    where it gives no answer.
    """
    import asyncio

    from assistant.app.parts import load_library
    from assistant.asking import Asker
    from assistant.understanding.learned import LearnedScreen

    others = others_of(settings, None)
    if not others.model:
        hint = (
            others.lacks[0]
            if others.lacks
            else "There is no language model: set llm.enabled, see docs/language-model.md."
        )
        raise UsageError("no-model", hint)
    usage = usage_of(settings)
    asker = Asker("language model")

    async def told() -> tuple[str, ...]:
        model = build_model(load_library(settings), settings, LearnedScreen(), usage, SIMPLER_SECONDS)
        async with asyncio.timeout(SIMPLER_SECONDS):
            return tuple(sentence.text for sentence in await model.simpler(card))

    try:
        return asker.ask(told()).result()
    except TimeoutError:
        usage.failed("model-slow")
        return ()
    except EngineError as error:
        usage.failed(error.code)
        raise
    finally:
        asker.close()


def others_findings(settings: Settings) -> list[Finding]:
    """For `grounding doctor`: what is set up, whose computers they are, and what today came to. Nobody is asked."""
    others = others_of(settings, None)
    found = [finding("other computers", "degraded", lack, lack.partition(": ")[2]) for lack in others.lacks]
    if others.hearing:
        of, host = settings.speech_to_text, whose_computer(heard_at(settings, others.hearing))
        model = of.wyoming.model or "Wyoming" if others.hearing == "wyoming" else of.endpoint.model
        detail = f"{model} at {host}; this computer hears when it does not answer"
        found.append(finding("hearing elsewhere", "ok", detail))
    if not others.model:
        mend = "to choose it: llm.enabled: true, see docs/language-model.md"
        return [*found, finding("language model", "ok", "off, as shipped; everything works without it", mend)]
    llm, usage = settings.llm, usage_of(settings)
    day = usage.day
    cost = (day.tokens_in * llm.price_in + day.tokens_out * llm.price_out) / 1_000_000
    price = f", {cost:.4f} of your currency" if llm.price_in or llm.price_out else ""
    detail = (
        f"{llm.model} at {whose_computer(llm.base_url)}, {'with' if model_key() else 'without'} a key; today "
        f"{day.requests} requests, {day.tokens} of {llm.tokens_a_day} tokens{price}"
    )
    if usage.spent:
        return [*found, finding("language model", "degraded", f"{detail}: no more today", "raise llm.tokens_a_day")]
    if day.error:
        mend = f"see {day.error} in docs/language-model.md; it is tried again at the next sitting"
        return [*found, finding("language model", "degraded", f"{detail}; last error: {day.error}", mend)]
    return [*found, finding("language model", "ok", detail)]
