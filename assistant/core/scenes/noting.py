"""A note by voice: the next thing said or typed is kept, encrypted, after one question. Only a clear yes keeps it."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.core.commands import Command, KeepNote
from assistant.core.performance import spoken
from assistant.core.scenes.between import OVER, Between
from assistant.core.scenes.scene import KEEP, Move
from assistant.core.session import Session
from assistant.core.understanding import Intent, Understanding
from assistant.safety.screen import ScreenedText

WORDS_SECONDS = 20.0
"""Finding words takes longer than a yes or no."""
ANSWER_SECONDS = 8.0
"""Yes or no (content.md section 2)."""
_INSTEAD = (
    Intent.NO, Intent.SKIP, Intent.SKIP_NUMBER, Intent.CANT, Intent.GOODBYE, Intent.HIDE, Intent.HELP,
    Intent.WHO_CAN_I_CALL,
)  # fmt: skip
"""Said in place of a note; whatever else is said is one, whatever it holds."""


@dataclass
class Noting(Between):
    """`bookmark`: for the therapist. The words are in no repr. In a note too, danger is heard first."""

    bookmark: bool
    name: str = field(default="noting", init=False)
    _words: str = field(default="", init=False, repr=False)
    _unheard: bool = field(default=False, init=False)

    def begin(self, session: Session) -> Move:
        return Move(say=spoken(session.lines("note.what")), listen=WORDS_SECONDS)

    def answer(self, session: Session, said: Understanding, words: ScreenedText) -> Move:
        if self.over:
            return OVER
        if said.intent in _INSTEAD:
            move = self.answer_as_anywhere(session, said, words)
            return self.silence(session) if move is KEEP else move
        if self._words:
            clear = said.intent is Intent.YES and said.clear
            note = KeepNote(self._words, self.bookmark)
            return self._end(session, "note.kept", note) if clear else self.silence(session)
        self._words = words.text.strip()
        if self._words:
            return Move(say=spoken(session.lines("note.ask")), listen=ANSWER_SECONDS)
        if self._unheard:
            return self.silence(session)
        self._unheard = True
        return Move(say=spoken(session.lines("note.unheard")), listen=WORDS_SECONDS)

    def silence(self, session: Session) -> Move:
        return OVER if self.over else self._end(session, "note.not_kept")

    def after_speech(self, session: Session) -> Move:
        if self.over:
            return OVER
        return Move(listen=ANSWER_SECONDS if self._words else WORDS_SECONDS)

    def _end(self, session: Session, key: str, *also: Command) -> Move:
        self._words = ""
        return self.leave(spoken(session.lines(key)), *also)
