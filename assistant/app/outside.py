"""Other computers that the person has set up: a language model, and one that hears. Both are off by default, and
without them neither `openai` is imported nor a socket opened.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from platformdirs import user_state_path

from assistant.app.places import NAME
from assistant.content.library import Library
from assistant.core.events import Event
from assistant.core.outside import Outside
from assistant.endpoints import GET, openai_here, whose, whose_computer
from assistant.hearing.recogniser import Recogniser
from assistant.runtime.captions import Captions
from assistant.runtime.stage import Observer
from assistant.safety.screen import RiskEstimator
from assistant.settings import Settings

if TYPE_CHECKING:
    from assistant.llm.model import Model
    from assistant.llm.usage import Usage
    from assistant.llm.worker import ModelWorker

HEARS = "openai"
KEY = "GROUNDING_LLM_KEY"
"""The environment variable with the model's key. Of its own, so that no other service's key goes there."""
SERVICE, ACCOUNT = "grounding-assistant", "llm"
"""Where it is in the system's keyring: `keyring set grounding-assistant llm`."""


@dataclass(frozen=True, slots=True)
class Others:
    """What of it can be used, and what cannot, in words."""

    model: bool
    hearing: bool
    lacks: tuple[str, ...] = ()


def others_of(settings: Settings, stt: str | None, *, live: bool = True) -> Others:
    """As configured. `live`: on the real clock; a model's answer has no place on another."""
    model, hearing = settings.llm.enabled and live, (stt or settings.speech_to_text.engine) == HEARS
    if (model or hearing) and not openai_here():
        return Others(False, False, (f"Other computers cannot be asked without the package openai: {GET}",))
    return Others(model, hearing)


def outside_of(settings: Settings, others: Others) -> Outside:
    """For one sitting: nobody was told and nobody has agreed yet."""
    return Outside(
        model=whose(settings.llm.base_url)[0] if others.model else None,
        hearing=whose(settings.speech_to_text.endpoint.base_url)[0] if others.hearing else None,
        window_seconds=settings.llm.window_seconds,
    )


def tell_others(settings: Settings, others: Others, captions: Captions) -> None:
    """On the screen, before anything is said: whose computers they are."""
    for lack in others.lacks:
        captions.line(lack, "33")
    if others.model:
        captions.line(f"{captions.label('model')} {whose_computer(settings.llm.base_url)}", "33")
    if others.hearing:
        host = whose_computer(settings.speech_to_text.endpoint.base_url)
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


def build_model(library: Library, settings: Settings, learned: RiskEstimator, usage: Usage) -> Model:
    """In the thread that asks it. Raises ContentError where there is no sound guard: then no model is asked."""
    from assistant.app.parts import build_screen
    from assistant.asking import open_client
    from assistant.content.guarding import read_guard
    from assistant.llm.model import Model
    from assistant.llm.prompts import Prompts

    guard, words = read_guard(library.root, settings.language, library, build_screen(library, learned))
    client = open_client(settings.llm.base_url, model_key(), settings.llm.window_seconds)
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
    if not others.hearing:
        return local
    from assistant.hearing.openai_engine import KEY as HEARING_KEY
    from assistant.hearing.openai_engine import OpenAiRecogniser

    endpoint, key = settings.speech_to_text.endpoint, os.environ.get(HEARING_KEY)
    return OpenAiRecogniser(endpoint, key, settings.language, local, post)


def listeners(model: ModelWorker | None, recogniser: Recogniser | None, others: Others) -> list[Observer]:
    """Who has to see what the conversation says: what is asked, taken back and allowed."""
    seen: list[Observer] = [model] if model is not None else []
    if others.hearing:
        from assistant.hearing.openai_engine import OpenAiRecogniser

        seen += [recogniser] if isinstance(recogniser, OpenAiRecogniser) else []
    return seen
