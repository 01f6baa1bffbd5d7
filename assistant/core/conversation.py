"""The conversation: events in, commands out. It knows no clock, thread, file or sound; `now` is an argument.

Laws kept here, each with an invariant in tests/core/test_properties.py: one voice at a time; it never begins over the
person; a stop silences in the same call; after a HARD verdict only support is said until the person asks; a deadline
always exists until the end; nothing follows `End`.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.core.commands import (
    Answered,
    Command,
    Duck,
    EndReason,
    EndTurn,
    Mute,
    Rest,
    Transcribe,
)
from assistant.core.consulting import Consulting
from assistant.core.events import (
    EVERY_TIME,
    Called,
    Event,
    InputEnded,
    MessageEnded,
    ModelChose,
    ModelDoubts,
    ModelSaid,
    ModelWorded,
    OtherLost,
    PartialTranscript,
    PauseRequested,
    PlaybackFinished,
    PlaybackProgressed,
    PlaybackStarted,
    ReminderDue,
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
from assistant.core.floor import Expiry, Floor, TurnPolicy
from assistant.core.ids import AudioId
from assistant.core.reopening import Before
from assistant.core.scenes.asking import asked_for, put_off
from assistant.core.scenes.between import Between
from assistant.core.scenes.closing import Paused, Stopped
from assistant.core.scenes.exercise import asks_for_a_number
from assistant.core.scenes.opening import Greeting
from assistant.core.scenes.scene import KEEP, Move, Scene
from assistant.core.scenes.support import Concern, Interrupt
from assistant.core.scenes.waiting import KnockScene, Waiting
from assistant.core.session import Session
from assistant.core.tellings import NEWS, SILENT
from assistant.core.timeline import Recorded
from assistant.core.turns import User
from assistant.core.understanding import Intent, Lexicon, Understanding
from assistant.safety.screen import Screen, ScreenedText
from assistant.safety.transcript import Transcript, Trust, nothing_heard
from assistant.safety.verdict import Kind, Level

SHORT_SOUND_SECONDS = 3.0
"""A sound over the voice without a word in it, so far, that is over after a short silence. A cough lasts half a
second, a laugh or a sob two, and what they hold is known a little later."""


class Conversation(Consulting):
    """The listening half. Feed it `start`, `receive` and `handle_timer`; carry out what each returns, in order."""

    def __init__(
        self,
        session: Session,
        screen: Screen,
        lexicon: Lexicon,
        policy: TurnPolicy | None = None,
        opening: Scene | None = None,
    ) -> None:
        """`opening`: what a sitting begins with, unless one not long ago ended with support; None: the greeting."""
        floor = Floor(policy or TurnPolicy())
        session.greeting_seconds = floor.policy.opening_silence_seconds
        opening = opening or Greeting()
        supports = session.support_given and not isinstance(opening, Waiting)  # then when it is spoken to
        super().__init__(session, floor, Interrupt(None) if supports else opening, screen)
        self._lexicon = lexicon
        self._acted_early = False
        """A partial transcript brought the interrupt; the rest of that sentence is not an answer to it."""
        self._asked_for: AudioId | None = None
        self._half: AudioId | None = None
        """A turn that went on before it was understood: when its words come, only the screen acts on them."""
        self._before: Before | None = None
        """How things stood before the last turn was answered, for somebody who was cut off."""

    # The four calls ---------------------------------------------------------------------------------------------------

    def start(self, now: float) -> list[Command]:
        """Begin: the greeting."""
        self.session.started = self.session.now = now
        self._apply(self._scene.begin(self.session), now)
        return self._taken()

    def receive(self, event: Event, now: float) -> list[Command]:
        """Something happened."""
        self.session.now = now
        if self.ended is None:
            self._handle(event, now)
            self._say_again_what_speaks(now)
        return self._taken()

    def deadline(self) -> float | None:
        """When `handle_timer` wants to be called; None only when it has ended."""
        return None if self.ended is not None else self._floor.deadline()

    def handle_timer(self, now: float) -> list[Command]:
        """The deadline has come."""
        self.session.now = now
        deadline = self.deadline()
        if deadline is not None and now >= deadline:
            self._expired(now)
            self._say_again_what_speaks(now)
        return self._taken()

    # What can be seen from outside ------------------------------------------------------------------------------------

    @property
    def scene(self) -> str:
        """The name of the scene that has the floor."""
        return self._scene.name

    @property
    def latched(self) -> bool:
        """Support was given: nothing else is offered unless the person asks."""
        return isinstance(self._scene, Interrupt)

    @property
    def listening(self) -> bool:
        """Whether an answer is being waited for, in silence."""
        return self._floor.listening

    # Events -----------------------------------------------------------------------------------------------------------

    def _handle(self, event: Event, now: float) -> None:
        match event:
            case StopRequested(leave=leave):
                self._stop(now, leave=leave)
            case SupportRequested(source):
                wordless = self._screen.screen(nothing_heard(source))
                self._answer(Understanding(intent=Intent.HELP), wordless, now)
            case PauseRequested():
                self._pause(now)
            case ReminderDue(check_in):
                self._knock(check_in, now)
            case Called():
                self._called(now)
            case UserStartedSpeaking(joined):
                if joined:
                    self._reopen()
                self._floor.user_started(now)
                if self._floor.speaking and self._move.interruptible:
                    self._commands.append(Duck())
            case UserStoppedSpeaking(None):
                self._floor.user_stopped_too_short(now)
                self._go_on(now)
            case UserStoppedSpeaking(audio_id) if audio_id is not None:
                self._before = None
                if self._floor.user_stopped(now):
                    self._asked_for = audio_id
                    self._commands.append(Transcribe(audio_id))
            case PartialTranscript(transcript, audio_id):
                self._partial(transcript, audio_id, now)
            case TranscriptReady(audio_id, transcript) if audio_id is not None and audio_id == self._half:
                self._partial(transcript, None, now)
            case TranscriptReady(_, transcript):
                self._floor.user_understood(now, words=transcript.trust is not Trust.EMPTY)
                self._heard(transcript, now)
            case TranscriptionFailed(audio_id) if audio_id == self._half:
                pass
            case TranscriptionFailed():
                self._floor.user_understood(now, words=False)
                self._unheard("recogniser-failed", now)
            case PlaybackStarted(utterance):
                if utterance == self._floor.utterance:
                    self._begun(now)
            case PlaybackProgressed(utterance, segment):
                self._progressed(utterance, segment, now)
                if utterance == self._floor.utterance:
                    self._tell_news(now)
            case PlaybackFinished(utterance, segment, _) if utterance == self._floor.utterance and self._may_tell:
                self._floor.voice_ended()
                self.session.at = len(self._move.say)
                self._tell_news(now)
            case PlaybackFinished(utterance, segment, _):
                self._finished(utterance, segment, now)
            case SynthesisFailed(utterance, _):
                if utterance == self._floor.utterance:
                    self._voice_failed(now)
            case _ if (code := NEWS.get(type(event))) is not None:
                self._tell_between(code, now)
            case Trouble(code):
                self._tell(code, now, again=code in EVERY_TIME)
            case MessageEnded(message, ending):
                self._message_ended(message, ending, now)
            case ModelChose() | ModelSaid() | ModelWorded() | ModelDoubts() | OtherLost():
                self._model_answered(event, now)
            case SpeakerLost():
                pass  # Captions go on; saying it aloud has nobody to hear it.
            case InputEnded():
                self.session.input_over = True
                self._floor.no_more_words(now)

    def _partial(self, transcript: Transcript, audio_id: AudioId | None, now: float) -> None:
        """A hard signal or a stop does not wait for the end of the sentence, and a whole answer not for long."""
        if transcript.trust is Trust.EMPTY:
            return self._end_short_sound(audio_id, now)
        screened = self._screen.screen(transcript)
        if screened.verdict.level is Level.HARD and not self.latched:
            self._interrupt(screened.verdict.kind or Kind.OVERWHELM, now)
            self._acted_early = True
            if audio_id is not None:
                self._commands.append(EndTurn(audio_id))  # support is not kept waiting for more
            return
        said = self._lexicon.understand(screened, expect_number=asks_for_a_number(self._scene))
        if said.intent is Intent.STOP and self._floor.speaking:
            self._silence_voice()
            self._floor.cut = True
        if audio_id is not None and self._lexicon.whole(said, screened):
            self._commands.append(EndTurn(audio_id))
        elif transcript.trust is Trust.DOUBTFUL and screened.verdict.level is Level.NONE:
            self._end_short_sound(audio_id, now)

    def _end_short_sound(self, audio_id: AudioId | None, now: float) -> None:
        """A cough, or a laugh: the voice need not wait for more of it. Whoever goes on within a second is joined."""
        floor = self._floor
        if audio_id is not None and (floor.speaking or floor.cut) and floor.spoken_for(now) <= SHORT_SOUND_SECONDS:
            self._commands.append(EndTurn(audio_id))

    def _reopen(self) -> None:
        """They were cut off: the answer to half of what they say is no answer."""
        if self._floor.user is User.TRANSCRIBING:
            self._half = self._asked_for
            return
        before, self._before = self._before, None
        if before is None or not before.may_return(self._scene):
            return
        if self._move is not before.move:  # else the voice only swelled back
            self._silence_voice()
        self._waiting = None
        before.restore(self.session)
        self._scene, self._held, self._move = before.scene, before.held, before.move

    def _heard(self, transcript: Transcript, now: float) -> None:
        screened = self._screen.screen(transcript)
        if transcript.trust is Trust.EMPTY:
            if self._floor.spoke_at_length:  # a built-in recogniser knows phrases only: they are not left to wait
                return self._answer(Understanding(clear=False), screened, now)
            return self._go_on(now)
        if self._own_words.echoed(screened, now):
            return self._go_on(now)
        acted_early, self._acted_early = self._acted_early, False
        if acted_early and isinstance(self._scene, Interrupt) and screened.verdict.kind in (None, self._scene.kind):
            return self._go_on(now)
        if screened.verdict.level is not Level.NONE and self._escalate(screened, now):
            return None
        said = self._lexicon.understand(screened, expect_number=asks_for_a_number(self._scene))
        match said.intent:
            case Intent.STOP:
                return self._stop(now, leave=False)
            case Intent.MUTE if said.clear:
                self._commands.append(Mute())
                return self._go_on(now)
            # To a question about safety it is no answer, and leads to support as silence does.
            case Intent.PAUSE if not isinstance(self._scene, (*SILENT, Concern)):
                return self._pause(now)
        return self._answer(said, screened, now)

    def _escalate(self, screened: ScreenedText, now: float) -> bool:
        """Act on the screen's verdict. False: the words answer the question that is already being asked."""
        kind = screened.verdict.kind or Kind.OVERWHELM
        if isinstance(self._scene, Interrupt) and (kind is self._scene.kind or screened.verdict.level is Level.SOFT):
            return False
        if screened.verdict.level is Level.HARD:
            self._interrupt(kind, now)
            return True
        if isinstance(self._scene, Concern):
            return False
        put_off(self.session, screened)
        self.session.soft_signals += 1
        if self.session.signals_add_up:
            self._interrupt(kind, now)
            return True
        self._hold()
        self._silence_voice()
        self.session.kind = kind
        first = self._lexicon.understand(screened).states if isinstance(self._scene, Greeting) else None
        self._enter(Concern(kind, first), now)
        return True

    def _answer(self, said: Understanding, screened: ScreenedText, now: float) -> None:
        self._before = Before.of(self._scene, self.session, self._held, self._move)
        self.session.told += said.states[:1]
        move = asked_for(self.session, self._scene, said, screened) or self._scene.answer(self.session, said, screened)
        if move == KEEP:
            return self._go_on(now)
        if move.interjection or (move.resume and self._held is None):
            self._hold()
        self._silence_voice()
        return self._apply(self._consult(move, said, screened), now)

    def _unheard(self, code: str, now: float) -> None:
        """The recogniser failed. In a concern, not knowing counts as needing support."""
        if isinstance(self._scene, Concern):
            self._silence_voice()
            return self._apply(self._scene.silence(self.session), now)
        if code in self._told or isinstance(self._scene, SILENT):
            return self._go_on(now)  # Nothing is told there, but a voice that waits for the words must go on.
        return self._tell(code, now)

    def _stop(self, now: float, *, leave: bool) -> None:
        """Silence in this very call. The second stop in a row, or leaving, ends without another word."""
        if isinstance(self._scene, Waiting) and not self._floor.speaking and self._waiting is None and not leave:
            return self._go_on(now)  # nothing is going on that could be stopped
        spoke = self._silence_voice()
        self._waiting = None
        self.session.sending = None  # what becomes of a message the screen tells
        if isinstance(self._scene, Interrupt):
            self._scene.message_dropped()
        if isinstance(self._scene, KnockScene):
            self._commands.append(Answered())
        if leave or isinstance(self._scene, Stopped | KnockScene) or (self.latched and not spoke):
            return self._end(EndReason.SUPPORT_GIVEN if self.latched else EndReason.ASKED)
        if self.latched:
            return self._apply(Move(listen=self._scene.after_speech(self.session).listen), now)
        if not isinstance(self._scene, Concern | Between):  # their question is over; what they came between is held
            self._hold()
        return self._enter(Stopped(), now)

    def _pause(self, now: float) -> None:
        if isinstance(self._scene, SILENT):
            return
        if not isinstance(self._scene, Between):
            self._hold()
        self._silence_voice()
        self._enter(Paused(), now)

    def _knock(self, name: str, now: float) -> None:
        """Only into silence, and never over somebody who speaks: it comes again in a moment."""
        known = self.session.repertoire.check_ins
        script = known.get(name) or known.get(self.session.check_in)
        if isinstance(self._scene, Waiting) and script is not None and self._floor.listening:
            self._enter(KnockScene(script), now)

    def _interrupt(self, kind: Kind, now: float) -> None:
        self._silence_voice()
        self._held = None
        self._waiting = None
        self.session.kind = kind
        self._enter(Interrupt(kind), now)

    # Failures that are told, once, in between -------------------------------------------------------------------------

    def _voice_failed(self, now: float) -> None:
        """A line recorded beforehand: what happened, or, while support is given, the support itself."""
        name = "support" if self.latched else "voice-lost"
        if name in self._told:
            return
        self._told.add(name)
        line = Recorded(name, self.session.repertoire.recorded.get(name, ""))
        if not self.latched:
            return self._interject(Move(say=(line,), resume=True, interjection=True), now)
        self._silence_voice()
        return self._apply(replace(self._move, say=(line, *self._move.say[self.session.at :]), also=()), now)

    # Time -------------------------------------------------------------------------------------------------------------

    def _expired(self, now: float) -> None:
        match self._floor.expire(now):
            case Expiry.SPOKEN_OVER:
                self._commands.append(Rest())
            case Expiry.TALKED_OVER:
                self._silence_voice()
                self._floor.cut = True
            case Expiry.STUCK:
                self._go_on(now)
            case Expiry.PLAYBACK_LOST:
                self._silence_voice()
                self._spoken(now)
            case Expiry.NO_TRANSCRIPT:
                self._unheard("recogniser-slow", now)
            case Expiry.SILENCE:
                self._apply(self._scene.silence(self.session), now)
            case None:
                pass
