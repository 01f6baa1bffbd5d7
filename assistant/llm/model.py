"""A language model behind OpenAI's protocol: the few things it is asked for, each through the guard or against a list.

Whatever a server does ends here: as an answer that was checked, as none, or as a `ModelError` with a code.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, aclosing
from functools import partial
from typing import Any

from assistant.core.cards import Card
from assistant.core.commands import Option
from assistant.core.guard import CARD_WORDS, Guard, GuardedSentence, Refused
from assistant.core.wording import MOST_SENTENCES, Form
from assistant.errors import EngineError
from assistant.llm.prompts import LEVELS, Messages, Prompts, chosen_of, level_of
from assistant.llm.sentences import sentences
from assistant.llm.usage import Usage, estimated
from assistant.safety.screen import ScreenedText
from assistant.safety.verdict import Level

CHOICE_TOKENS, SENTENCE_TOKENS = 60, 60
"""What an answer may cost: an id with its JSON, and a sentence of 18 words twice over."""
TOKENS_A_WORD = 2
"""Of a card told anew."""
MOST_BYTES = 65_536
"""Of an answer that comes whole; a choice has 500."""
WAIT_SECONDS = 0.5
"""A server that is busy is asked once more when it says to come back within so long."""
BUSY = 429
CODES = {401: "model-key", 403: "model-key", 404: "model-unknown", BUSY: "model-busy"}
Told = tuple[GuardedSentence, ...]
Judge = Callable[[str], GuardedSentence | Refused]


class ModelError(EngineError):
    """The model was asked and gave nothing that could be read. `code` says what: see docs/language-model.md."""


class Model:
    """`client`: an `openai.AsyncOpenAI`. Used in one loop only. It keeps nothing of what was asked."""

    def __init__(self, client: Any, name: str, prompts: Prompts, guard: Guard, usage: Usage) -> None:
        self._client = client
        self._completions = client.chat.completions  # loads what the package loads late, before somebody waits
        self._name = name
        self._prompts = prompts
        self._guard = guard
        self._usage = usage
        self._formless = False
        """The server knows no JSON schema (llama-cpp-python's own does not); the prompt asks for JSON all the same."""

    async def choose(self, words: ScreenedText, options: Sequence[Option]) -> str | None:
        """The id of one option, or None for anything else. Raises ModelError."""
        choice = await self._one_of("choice", self._prompts.choosing(words, options), chosen_of(options))
        return choice if choice in {option.id for option in options} else None

    async def danger(self, words: ScreenedText) -> Level:
        """What it hears in words in which the screen heard nothing. Anything but a level is NONE. Raises ModelError."""
        level = await self._one_of("level", self._prompts.judging(words), level_of())
        return LEVELS.get(level or "", Level.NONE)

    async def reflect(self, words: ScreenedText) -> GuardedSentence | None:
        """One sentence that says back what was said; asked for again, once, with the reason. Raises ModelError."""
        messages = self._prompts.reflecting(words)
        for _ in range(2):
            answer = await self._first_sentence(messages)
            judged = self._guard.reflection(answer, words)
            if isinstance(judged, GuardedSentence):
                return judged
            messages = self._prompts.once_more(messages, answer, self._why(judged))
        return None

    async def reworded(self, words: ScreenedText, form: Form) -> Told:
        """The person's words put another way, whole or not at all; asked for again, once. Raises ModelError."""
        most = MOST_SENTENCES[form]
        told = await self._told(
            self._prompts.rewording(words, form), lambda text: self._guard.own_words(text, words), most * CARD_WORDS
        )
        return told if len(told) <= most else ()

    async def simpler(self, card: Card) -> Told:
        """The card in simpler words, whole or not at all; asked for again, once. Raises ModelError."""
        most = sum(len(passage.split()) for passage in card.text)  # no more words than the card has
        return await self._told(self._prompts.simplifying(card), lambda text: self._guard.simpler(text, card), most)

    async def _told(self, messages: Messages, judge: Judge, most: int) -> Told:
        for _ in range(2):
            told, judged = await self._all_sentences(messages, judge, most)
            if judged is None:
                return told
            answer = " ".join(sentence.text for sentence in told)
            messages = self._prompts.once_more(messages, answer, self._why(judged))
        return ()

    async def close(self) -> None:
        """Give the connections back."""
        await self._client.close()

    # One request ------------------------------------------------------------------------------------------------------

    async def _first_sentence(self, messages: Messages) -> str:
        async with aclosing(self._streamed(messages, SENTENCE_TOKENS)) as pieces:
            async for sentence in sentences(pieces):
                return sentence  # what follows is not read: the connection is closed
        return ""

    async def _one_of(self, name: str, messages: Messages, form: dict[str, Any]) -> str | None:
        """What the answer's JSON holds under `name`; None: no string, or no JSON."""
        try:
            answer = await self._whole(messages, {} if self._formless else {"response_format": form})
        except ModelError as error:
            if error.code != "model-failed" or self._formless:
                raise
            self._formless = True
            answer = await self._whole(messages, {})
        try:
            value = json.loads(answer[answer.find("{") : answer.rfind("}") + 1])[name]
        except (ValueError, TypeError, KeyError, RecursionError):
            return None
        return value if isinstance(value, str) else None

    async def _all_sentences(self, messages: Messages, judge: Judge, most: int) -> tuple[Told, Refused | None]:
        """Up to the first that is refused, or to so many words."""
        told: list[GuardedSentence] = []
        async with aclosing(self._streamed(messages, TOKENS_A_WORD * most)) as pieces:
            async for sentence in sentences(pieces):
                judged = judge(sentence)
                if isinstance(judged, Refused):
                    return tuple(told), judged
                told.append(judged)
                if sum(len(one.text.split()) for one in told) > most:
                    return tuple(told), Refused("long")
        return tuple(told), None if told else Refused("empty")

    async def _streamed(self, messages: Messages, most_tokens: int) -> AsyncGenerator[str, None]:
        """The answer as it comes."""
        self._check_cap()
        came, counted = "", None
        request = partial(
            self._completions.create, model=self._name, messages=messages, max_tokens=most_tokens,
            temperature=0, stream=True, stream_options={"include_usage": True},
        )  # fmt: skip
        try:
            stream = await self._asked(request)
            async with stream:
                async for chunk in stream:
                    counted = getattr(chunk, "usage", None) or counted
                    choices = getattr(chunk, "choices", None) or ()
                    piece = getattr(getattr(choices[0], "delta", None), "content", None) if choices else None
                    if isinstance(piece, str) and piece:
                        came += piece
                        yield piece
        except (ModelError, GeneratorExit, asyncio.CancelledError):
            raise
        except Exception as error:  # of a foreign server, or of the package: whatever it is, it is no answer
            raise _told(error) from None
        finally:
            self._count(messages, came, counted)

    async def _whole(self, messages: Messages, form: dict[str, Any]) -> str:
        """The answer in one piece; `form`: the form it is asked for in, or nothing."""
        self._check_cap()
        came, counted = "", None
        create = self._completions.with_streaming_response.create
        request = partial(create, model=self._name, messages=messages, max_tokens=CHOICE_TOKENS, temperature=0, **form)
        try:
            async with AsyncExitStack() as stack:
                answer = await self._asked(lambda: stack.enter_async_context(request()))
                body = bytearray()
                async for piece in answer.iter_bytes():
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise ModelError("model-endless", "The language model's answer has no end.")
            row = json.loads(body)
            counted = row.get("usage")
            came = str(row["choices"][0]["message"]["content"])
            return came
        except (ModelError, asyncio.CancelledError):
            raise
        except Exception as error:  # of a foreign server, or of the package: whatever it is, it is no answer
            raise _told(error) from None
        finally:
            self._count(messages, came, counted)

    async def _asked(self, request: Callable[[], Awaitable[Any]]) -> Any:
        """Once, and once more where the server says that it is busy for a moment."""
        try:
            return await request()
        except Exception as error:
            wait = _wait(error)
            if wait is None:
                raise
            await asyncio.sleep(wait)
            return await request()

    def _check_cap(self) -> None:
        """Raises ModelError."""
        if self._usage.spent:
            raise ModelError("model-spent", "No more of the language model today: its cap is reached, or not writable.")

    def _count(self, messages: Messages, came: str, counted: Any) -> None:
        """As the server says; where it was broken off, about."""
        row = counted if isinstance(counted, dict) else getattr(counted, "__dict__", {})
        into, out = row.get("prompt_tokens"), row.get("completion_tokens")
        asked = estimated("".join(message["content"] for message in messages))
        self._usage.add(_sound(into, asked), _sound(out, estimated(came)))

    def _why(self, refused: Refused) -> str:
        return self._guard.words.why.get(refused.reason, "")


def _sound(count: Any, otherwise: int) -> int:
    """A server may say anything of what it counted."""
    return count if type(count) is int and 0 <= count < MOST_BYTES else otherwise


def _wait(error: Exception) -> float | None:
    """Seconds after which to ask once more, or None."""
    response = getattr(error, "response", None)
    if getattr(error, "status_code", None) != BUSY or response is None:
        return None
    try:
        seconds = float(response.headers.get("retry-after", ""))
    except ValueError:
        return None
    return seconds if 0.0 <= seconds <= WAIT_SECONDS else None


def _told(error: Exception) -> ModelError:
    """What happened, without a word of what was asked or answered."""
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        hint = f"The language model's server answered {status}; see docs/language-model.md, and llm in config.yaml."
        return ModelError(CODES.get(status, "model-failed"), hint)
    name = type(error).__name__
    if "Connection" in name or "Timeout" in name:
        return ModelError(
            "model-unreachable", "The language model's server does not answer; is it running at llm.base_url?"
        )
    return ModelError("model-nonsense", f"The language model's answer cannot be read ({name}); is llm.base_url right?")
