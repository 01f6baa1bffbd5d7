"""Whether the questions of `setup` are read aloud, and what is read of them; and the screen before every answer."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cache, cached_property
from typing import TypeVar

from assistant.app.asking import Ask, PutOff, Question, ask, yes
from assistant.app.parts import build_screen, load_library
from assistant.app.screens import build_learned
from assistant.content.countries import UNKNOWN, load_countries
from assistant.content.library import Library
from assistant.content.root import content_root
from assistant.content.setup_words import SetupWords, read_setup_words
from assistant.core.script import Caution
from assistant.errors import AssistantError
from assistant.runtime.captions import Captions
from assistant.safety.screen import Screen
from assistant.safety.verdict import Level
from assistant.settings import Settings

T = TypeVar("T")


def may_read_aloud(settings: Settings, ask: Ask = ask) -> bool:
    """Asked once sound was found; not at all where the language has no such words."""
    if words_of(settings.language) is None:
        return False
    text = "Shall I read the other questions aloud, and listen? You may type all the same. y or n."
    try:
        return ask(Question(text, usual=False, shown="no", read=yes))
    except PutOff:
        return False


def asked_aloud(settings: Settings, sound: ExitStack) -> Ask | None:
    """Aloud from now on, until `sound` closes; None where it cannot be, which is told."""
    from assistant.app.setting_up_room import read_aloud

    try:
        return sound.enter_context(read_aloud(settings))
    except AssistantError as error:
        print(f"{error.hint} The questions go on here.")
        return None


@cache
def words_of(language: str) -> SetupWords | None:
    """None where there are none, or they cannot be read; `grounding check` says why."""
    return read_setup_words(content_root(), language, [])


def language_names(known: Sequence[str]) -> dict[str, str]:
    """What each language is called in itself, lower case, and its code."""
    words = {language: words_of(language) for language in known}
    return {name: language for language, one in words.items() if one is not None for name in one.written.called}


def country_names(settings: Settings) -> dict[str, str]:
    """What a country is called, lower case, and its code."""
    named = {support.name.lower(): code for code, support in load_countries(content_root(), []).items()}
    words = words_of(settings.language)
    called = {said.lower(): code for said, code in words.written.countries.items()} if words is not None else {}
    return {name: code for name, code in (named | called).items() if code != UNKNOWN}


def nobody(settings: Settings) -> dict[str, str]:
    """How one says that there is none, to a question that is otherwise typed."""
    words = words_of(settings.language)
    return dict.fromkeys(words.answers.none, "none") if words is not None else {}


def spoken_cautions(settings: Settings, cautions: Sequence[Caution]) -> tuple[str, ...]:
    """Each after its number, in the order of the screen's list."""
    words = words_of(settings.language)
    if words is None:
        return ()
    said = {value: number for number, value in words.written.numbers.items()}
    lines = words.written.cautions
    return tuple(f"{said[place].capitalize()}. {lines[caution]}" for place, caution in enumerate(cautions, 1))


def heeding(settings: Callable[[], Settings], asks: Ask) -> Ask:
    """What is answered passes the safety screen first (law 4). An answer stays one, and people are shown beside it, of
    the country in the `settings` at that moment.
    """
    heed = _Heed(settings)

    def asked(question: Question[T]) -> T:
        if question.secret:
            return asks(question)

        def read(typed: str) -> T:
            heed(typed)
            return question.read(typed)

        return asks(replace(question, read=read))

    return asked


class _Heed:
    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings

    @cached_property
    def _library(self) -> Library:
        return load_library(self._settings())

    @cached_property
    def _screen(self) -> Screen:
        return build_screen(self._library, build_learned())

    def __call__(self, typed: str) -> None:
        if self._screen.judge(typed).level is not Level.NONE:
            support = load_library(self._settings()).support
            Captions(sys.stdout, self._library.repertoire.phrases).support(support.for_kind(None))
