"""Questions of `setup` read aloud, and answered by voice or by typing, whichever comes first.

One thread owns it (law 2): everything else posts events to its room. Every word heard passes the safety screen before
it can be an answer (law 4): what sounds like danger, or calls for help, ends the questions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Protocol, TypeVar

from assistant.app.asking import PROMPT, Aloud, PutOff, Question, show, typed_line, unseen
from assistant.content.setup_words import SetupWords
from assistant.core.events import (
    Event,
    SpeakerLost,
    StopRequested,
    SupportRequested,
    SynthesisFailed,
    TranscriptionFailed,
    TranscriptReady,
    Trouble,
    UserStartedSpeaking,
    UserStoppedSpeaking,
)
from assistant.core.ids import AudioId
from assistant.core.spoken_answers import Form, Wish, read_answer
from assistant.core.tellings import NEWS
from assistant.core.understanding import Lexicon
from assistant.errors import AssistantError
from assistant.safety.screen import Screen, ScreenedText
from assistant.safety.transcript import Transcript, Trust
from assistant.safety.verdict import Level
from assistant.settings import Settings

T = TypeVar("T")
NUMBER_FORMS = (Form.NUMBER, Form.NUMBERS)
HEARD_BEFORE = "setup"
"""The engine of words that a conversation is begun with."""
SHOWN = (*NEWS, SpeakerLost, StopRequested, Trouble, SynthesisFailed)
"""What the person is told as a line."""
PATIENCE = 2
"""So often a question says that nothing was understood: a room with a radio in it is not talked to for ever."""


class PeopleFirst(Exception):  # noqa: N818 - no failure: something matters more than setup
    """Something was said that a conversation has to answer. `said`: None where people were asked for without a word.
    `settings`: as they were at that moment, once it is known.
    """

    def __init__(self, said: Transcript | None, settings: Settings | None = None) -> None:
        super().__init__()
        self.said = said
        self.settings = settings


@dataclass(frozen=True, slots=True)
class LineWaits:
    """A line was typed, and can be read."""


class Room(Protocol):
    """Speaker, microphone and keyboard."""

    def say(self, lines: Sequence[str]) -> None:
        """Read these, in place of what is being said."""
        ...

    def hold(self, *, on: bool) -> None:
        """Rest in the middle of a word while somebody speaks; go on from it."""
        ...

    def hush(self) -> None:
        """Say no more."""
        ...

    def decode(self, audio_id: AudioId, *, number: bool) -> None:
        """Find the words of this turn. `number`: one was asked for."""
        ...

    def next(self, *, wait: bool = True) -> Event | LineWaits | None:
        """What happens next; with `wait=False` None where nothing has happened yet."""
        ...


class Interview:
    """An `Ask`. `tell`: shows an event to the person, as a conversation does."""

    def __init__(
        self, room: Room, words: SetupWords, lexicon: Lexicon, screen: Screen, tell: Callable[[Event], None]
    ) -> None:
        self._room = room
        self._words = words
        self._lexicon = lexicon
        self._screen = screen
        self._tell = tell
        self._numbers = {value: said for said, value in words.written.numbers.items()}
        self._earlier: set[AudioId] = set()
        """Turns that were said before the question: screened, and no answer to it."""

    def say(self, name: str, **filled: str) -> None:
        """One of the lines in setup.yaml."""
        self._room.say([line.format(**filled) for line in self._words.said[name]])

    def __call__(self, question: Question[T]) -> T:
        show(question)
        self._heed_what_came_before()
        aloud = Aloud("secret") if question.secret else question.aloud or Aloud("typed")
        self._room.say(list(self._reading(question, aloud)))
        with unseen() if question.secret else nullcontext():
            return self._answered(question, aloud)

    def _answered(self, question: Question[T], aloud: Aloud) -> T:
        pending = ""
        """What was heard, and is asked about."""
        patience = PATIENCE
        _prompt()
        while True:
            heard = self._next(number=aloud.form in NUMBER_FORMS, secret=question.secret)
            if isinstance(heard, str):
                answer = heard
            else:
                said = self._said(heard, aloud, pending)
                if said is Wish.UNCLEAR:
                    patience -= 1
                    if patience >= 0:
                        self.say("typed" if heard is not None and aloud.form is Form.TYPED else "unheard")
                    continue
                if isinstance(said, Wish):
                    self._grant(said, question, aloud, heard)
                    continue
                if said is False:
                    pending = ""
                    self.say("once_more")
                    continue
                if said is not True and said and aloud.form is not Form.YES_NO:
                    pending = f"{pending} {said}" if aloud.form is Form.NUMBERS and _numbers(pending, said) else said
                    more = "heard_more" if aloud.form is Form.NUMBERS and _numbers(pending) else "heard"
                    self.say(more, answer=self._in_words(pending, aloud))
                    continue
                answer = pending if said is True else said
            try:
                return question.meant(answer)
            except AssistantError as error:
                pending = ""
                _prompt(f"{error.hint}\n")
                self.say("unfit")

    def _said(self, heard: ScreenedText | None, aloud: Aloud, pending: str) -> str | bool | Wish:
        """What would have been typed; whether they agree to what is asked about; or what was wanted."""
        if heard is None:
            return Wish.UNCLEAR
        words, lexicon = self._words.answers, self._lexicon
        if pending and (agreed := read_answer(heard, Form.YES_NO, {}, words, lexicon)) in ("y", "n"):
            return agreed == "y"
        return read_answer(heard, aloud.form, aloud.names, words, lexicon)

    def _grant(self, wish: Wish, question: Question[T], aloud: Aloud, heard: ScreenedText | None) -> None:
        """Raises PutOff, PeopleFirst and KeyboardInterrupt."""
        match wish:
            case Wish.AGAIN:
                self._room.say(list(self._reading(question, aloud)))
            case Wish.LATER:
                self.say("later")
                raise PutOff
            case Wish.LEAVE:
                raise KeyboardInterrupt
            case Wish.PEOPLE if heard is not None:
                raise PeopleFirst(Transcript(heard.text, heard.trust, 1.0, HEARD_BEFORE))
            case _:
                self._room.hush()

    def _reading(self, question: Question[T], aloud: Aloud) -> Iterator[str]:
        said = self._words.said
        yield from said[aloud.said]
        yield from aloud.more
        if aloud.form is Form.TYPED:
            if aloud.said not in ("typed", "secret"):
                yield from said["typed"]
            return
        if (usual := self._usual(question, aloud)) is not None:
            yield from usual

    def _usual(self, question: Question[T], aloud: Aloud) -> Sequence[str] | None:
        """In words of setup.yaml, or a name; None where it has no such words."""
        if isinstance(question.usual, bool):
            return self._words.said["usual_yes" if question.usual else "usual_no"]
        if not question.usual:
            return self._words.said["usual_none"]
        named = next((said for said, typed in aloud.names.items() if typed == question.usual), None)
        return [line.format(answer=named.title()) for line in self._words.said["usual"]] if named is not None else None

    def _in_words(self, answer: str, aloud: Aloud) -> str:
        if aloud.form is Form.NAME:
            return next(said for said, typed in aloud.names.items() if typed == answer).title()
        if not _numbers(answer):
            return self._words.written.heard.none[0]
        return ", ".join(self._numbers.get(int(part), part) for part in answer.split())

    def _next(self, *, number: bool, secret: bool) -> str | ScreenedText | None:
        """A line that was typed, words that passed the screen, or None: words there were, and nobody could tell which.

        Raises PeopleFirst.
        """
        while True:
            event = self._room.next()
            match event:
                case LineWaits():
                    self._room.hush()
                    try:
                        return typed_line("", secret=secret)
                    except AssistantError as error:
                        _prompt(f"{error.hint}\n")
                case UserStartedSpeaking():
                    self._room.hold(on=True)
                case UserStoppedSpeaking(audio_id):
                    if audio_id is None:
                        self._room.hold(on=False)
                    else:
                        self._room.decode(audio_id, number=number)
                case TranscriptionFailed():
                    self._show(event)
                    self._room.hold(on=False)
                case TranscriptReady(audio_id, transcript):
                    if transcript.trust is Trust.EMPTY:
                        self._room.hold(on=False)
                        if audio_id in self._earlier:
                            continue
                        return None
                    screened = self._screened(event)
                    if audio_id not in self._earlier:
                        return screened
                case SupportRequested():
                    raise PeopleFirst(None)
                case _ if event is not None and type(event) in SHOWN:
                    self._show(event)
                case _:
                    pass

    def _screened(self, event: TranscriptReady) -> ScreenedText:
        """Raises PeopleFirst."""
        self._room.hush()
        self._show(event)
        screened = self._screen.screen(event.transcript)
        if screened.verdict.level is not Level.NONE:
            raise PeopleFirst(event.transcript)
        return screened

    def _heed_what_came_before(self) -> None:
        """What was said while nothing was asked is no answer to what is asked now, but it may be a cry for help."""
        while (event := self._room.next(wait=False)) is not None:
            match event:
                case LineWaits():
                    return  # typed ahead, as in any terminal
                case UserStoppedSpeaking(audio_id) if audio_id is not None:
                    self._earlier.add(audio_id)
                    self._room.decode(audio_id, number=False)
                case TranscriptReady(_, transcript) if transcript.trust is not Trust.EMPTY:
                    self._screened(event)
                case SupportRequested():
                    raise PeopleFirst(None)
                case _ if type(event) in SHOWN:
                    self._tell(event)
                case _:
                    pass

    def _show(self, event: Event) -> None:
        """On a line of its own, below what may be half typed."""
        print()
        self._tell(event)
        _prompt()


def _prompt(before: str = "") -> None:
    print(f"{before}{PROMPT}", end="", flush=True)


def _numbers(*answers: str) -> bool:
    return all(part.isdecimal() for answer in answers for part in answer.split()) and all(answers)
