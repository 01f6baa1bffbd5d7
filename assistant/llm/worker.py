"""The thread that asks the language model while the conversation goes on. It posts what came in time, nothing else.

A question has one hard deadline, whatever the server does. A stop, a new turn or a hard signal cancels it at once,
which closes its connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, wait
from functools import partial

from assistant.asking import Asker
from assistant.core.commands import AskModel, AskWording, Command, End, TakeBack
from assistant.core.events import Event, ModelChose, ModelDoubts, ModelSaid, ModelWorded, OtherLost, StopRequested
from assistant.core.guard import GuardedSentence
from assistant.errors import AssistantError
from assistant.llm.model import Model
from assistant.safety.verdict import Level

LOAD_SECONDS = 30.0
"""The package takes one on a 2-core x86 machine that does other work; ten times that on a small board."""
Question = Callable[[], Awaitable[Event | None]]


class ModelWorker:
    """An observer of the conversation: it sees `AskModel`, `AskWording`, and what makes an answer useless."""

    def __init__(
        self, build: Callable[[], Model], post: Callable[[Event], None], failed: Callable[[str], None]
    ) -> None:
        """`build` makes the model, in its own thread when it is first wanted; it may raise AssistantError. `failed` is
        told the code of every failure, in that thread.
        """
        self._build = build
        self._post = post
        self._failed = failed
        self._asker = Asker("language model")
        self._model: Model | None = None
        self._questions: tuple[Future[None], ...] = ()
        self._lost = False
        self.said: set[str] = set()
        """Sentences it gave in this sitting: about the person, so that nobody may keep their sound."""

    def warm_up(self) -> None:
        """Load the package before it is wanted; what fails is told when it is asked. Returns when it is there, as what
        stays in memory is set apart after that.
        """
        wait([self._asker.ask(self._made())], LOAD_SECONDS)

    def event(self, event: Event, now: float) -> None:
        """A stop takes everything back, even where the conversation does not get to say so."""
        if isinstance(event, StopRequested):
            self._take_back()

    def command(self, command: Command, now: float, scene: str) -> None:
        """Begin, or let it be."""
        match command:
            case AskModel(seconds=seconds):
                asked = [partial(self._reflected, command)]
                asked += [partial(self._chosen, command)] if command.options else []
                asked += [partial(self._doubted, command)] if command.danger else []
                self._begin(seconds, *asked)
            case AskWording(seconds=seconds):
                self._begin(seconds, partial(self._reworded, command))
            case TakeBack() | End():
                self._take_back()

    def close(self) -> None:
        """Cancel what is under way."""
        self._asker.close()

    async def _reflected(self, ask: AskModel) -> Event | None:
        sentence = await (await self._made()).reflect(ask.words)
        return None if sentence is None else self._kept(ask.ask_id, sentence)

    async def _chosen(self, ask: AskModel) -> Event | None:
        choice = await (await self._made()).choose(ask.words, ask.options)
        return None if choice is None else ModelChose(ask.ask_id, choice)

    async def _doubted(self, ask: AskModel) -> Event | None:
        level = await (await self._made()).danger(ask.words)
        return None if level is Level.NONE else ModelDoubts(ask.ask_id, level)

    async def _reworded(self, ask: AskWording) -> Event | None:
        sentences = await (await self._made()).reworded(ask.words, ask.form)
        self.said.update(sentence.text for sentence in sentences)
        return ModelWorded(ask.ask_id, sentences) if sentences else None

    def _kept(self, ask_id: int, sentence: GuardedSentence) -> Event:
        self.said.add(sentence.text)
        return ModelSaid(ask_id, sentence)

    def _begin(self, seconds: float, *questions: Question) -> None:
        """What was asked before is of no use any more."""
        self._take_back()
        self._questions = tuple(self._asker.ask(self._within(seconds, question)) for question in questions)

    async def _within(self, seconds: float, question: Question) -> None:
        """Posted as soon as it is there, or never."""
        try:
            async with asyncio.timeout(seconds):
                event = await question()
        except TimeoutError:
            return self._failed("model-slow")  # the reviewed words went on; nothing is told
        except AssistantError as error:
            self._failed(error.code)
            if not self._lost:
                self._lost = True
                self._post(OtherLost("model", error.code))
            return None
        if event is not None:
            self._post(event)

    async def _made(self) -> Model:
        if self._model is None:
            self._model = self._build()
        return self._model

    def _take_back(self) -> None:
        questions, self._questions = self._questions, ()
        for question in questions:
            question.cancel()
