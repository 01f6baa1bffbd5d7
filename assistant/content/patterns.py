"""A pattern of words, as several kinds of file hold it."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from assistant.safety.rules import PatternError, compile_pattern


def _pattern(text: str) -> str:
    try:
        compile_pattern(text)
    except PatternError as error:
        raise ValueError(f"{error}; see the pattern language in assistant/safety/rules.py") from error
    return text


Pattern = Annotated[str, AfterValidator(_pattern)]
