"""The conversation: events in, commands out. It knows no clock, thread, file or sound; `now` is an argument.

Laws kept here, each with an invariant in tests/core/test_properties.py: one voice at a time; it never begins over the
person; a stop silences in the same call; after a HARD verdict only support is said until the person asks; a deadline
always exists until the end; nothing follows `End`.
"""

from __future__ import annotations

from dataclasses import replace

from assistant.core.commands import (
    Command,
    Duck,
    End,
    EndReason,
    Speak,
    StopPlayback,
    Transcribe,
    Unduck,
)
from assistant.core.events import (
    Event,
    InputEnded,
    MicrophoneLost,
    MicrophoneReturned,
    PartialTranscript,
    PauseRequested,
    PlaybackFinished,
    PlaybackProgressed,
    PlaybackStarted,
    SpeakerLost,
    SpeakerReturned,
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
from assistant.core.ids import UtteranceId
from assistant.core.performance import spoken
from assistant.core.scenes import scene_for
from assistant.core.scenes.closing import Paused, Stopped
from assistant.core.scenes.exercise import asks_for_a_number
from assistant.core.scenes.opening import Greeting
from assistant.core.scenes.scene import KEEP, Held, Move, Scene
from assistant.core.scenes.support import Concern, Interrupt
from assistant.core.session import Session
from assistant.core.timeline import Recorded, Timeline
from assistant.core.understanding import Intent, Lexicon, Understanding
from assistant.safety.screen import Screen, ScreenedText
from assistant.safety.transcript import Transcript, Trust, nothing_heard
from assistant.safety.verdict import Kind, Level


class Conversation:
    """Feed it `start`, `receive` and `handle_timer`; carry out what each returns, in order."""

    def __init__(self, session: Session, screen: Screen, lexicon: Lexicon, policy: TurnPolicy | None = None) -> None:
        self.session = session
        self.ended: EndReason | None = None
        self._screen = screen
        self._lexicon = lexicon
        self._floor = Floor(policy or TurnPolicy())
        self._scene: Scene = Greeting(self._floor.policy.opening_silence_seconds)
        if session.support_given:
            self._scene = Interrupt(None)
        self._move = KEEP
        self._offset = 0
        """Segments of the current move that were heard before it was cut and taken up again."""
        self._held: Held | None = None
        self._waiting: tuple[Move, int] | None = None
        """A move (from which segment) decided while the person was speaking; it begins when they have finished."""
        self._ids = 0
        self._commands: list[Command] = []
        self._told: set[str] = set()
        self._acted_early = False
        """A partial transcript brought the interrupt; the rest of that sentence is not an answer to it."""

    # The four calls ---------------------------------------------------------------------------------------------------

    def start(self, now: float) -> list[Command]:
        """Begin: the greeting."""
        self._apply(self._scene.begin(self.session), now)
        return self._taken()

    def receive(self, event: Event, now: float) -> list[Command]:
        """Something happened."""
        if self.ended is None:
            self._handle(event, now)
        return self._taken()

    def deadline(self) -> float | None:
        """When `handle_timer` wants to be called; None only when it has ended."""
        return None if self.ended is not None else self._floor.deadline()

    def handle_timer(self, now: float) -> list[Command]:
        """The deadline has come."""
        deadline = self.deadline()
        if deadline is not None and now >= deadline:
            self._expired(now)
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
            case UserStartedSpeaking():
                self._floor.user_started(now)
                if self._floor.speaking and self._move.interruptible:
                    self._commands.append(Duck())
            case UserStoppedSpeaking(None):
                self._floor.user_stopped_too_short(now)
                self._go_on(now)
            case UserStoppedSpeaking(audio_id) if audio_id is not None:
                if self._floor.user_stopped(now):
                    self._commands.append(Transcribe(audio_id))
            case PartialTranscript(transcript):
                self._partial(transcript, now)
            case TranscriptReady(_, transcript):
                self._floor.user_understood(now, words=transcript.trust is not Trust.EMPTY)
                self._heard(transcript, now)
            case TranscriptionFailed():
                self._floor.user_understood(now, words=False)
                self._unheard("recogniser-failed", now)
            case PlaybackStarted():
                pass
            case PlaybackProgressed(utterance, segment):
                if utterance == self._floor.utterance:
                    self.session.at = self._offset + segment
            case PlaybackFinished(utterance, segment, _):
                if utterance == self._floor.utterance:
                    self.session.at = self._offset + segment
                    self._spoken(now)
            case SynthesisFailed(utterance, _):
                if utterance == self._floor.utterance:
                    self._voice_failed(now)
            case MicrophoneLost():
                self._tell("microphone-lost", now, again=True)
            case MicrophoneReturned():
                self._tell("microphone-returned", now, again=True)
            case SpeakerReturned():
                self._tell("speaker-returned", now, again=True)
            case Trouble(code):
                self._tell(code, now)
            case SpeakerLost():
                pass  # Captions go on; saying it aloud has nobody to hear it.
            case InputEnded():
                self.session.input_over = True
                self._floor.no_more_words(now)

    def _partial(self, transcript: Transcript, now: float) -> None:
        """A hard signal or a stop does not wait for the end of the sentence."""
        screened = self._screen.screen(transcript)
        if screened.verdict.level is Level.HARD and not self.latched:
            self._interrupt(screened.verdict.kind or Kind.OVERWHELM, now)
            self._acted_early = True
        elif self._lexicon.understand(screened).intent is Intent.STOP and self._floor.speaking:
            self._silence_voice()
            self._floor.cut = True

    def _heard(self, transcript: Transcript, now: float) -> None:
        if transcript.trust is Trust.EMPTY:
            return self._go_on(now)
        screened = self._screen.screen(transcript)
        acted_early, self._acted_early = self._acted_early, False
        if acted_early and isinstance(self._scene, Interrupt) and screened.verdict.kind in (None, self._scene.kind):
            return self._go_on(now)
        if screened.verdict.level is not Level.NONE and self._escalate(screened, now):
            return None
        said = self._lexicon.understand(screened, expect_number=asks_for_a_number(self._scene))
        match said.intent:
            case Intent.STOP:
                return self._stop(now, leave=False)
            case Intent.PAUSE if not isinstance(self._scene, Interrupt | Stopped):
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
        self.session.soft_signals += 1
        if self.session.signals_add_up:
            self._interrupt(kind, now)
            return True
        self._hold()
        self._silence_voice()
        self.session.kind = kind
        self._enter(Concern(kind), now)
        return True

    def _answer(self, said: Understanding, screened: ScreenedText, now: float) -> None:
        move = self._scene.answer(self.session, said, screened)
        if move == KEEP:
            return self._go_on(now)
        if move.interjection or (move.resume and self._held is None):
            self._hold()
        self._silence_voice()
        return self._apply(move, now)

    def _unheard(self, code: str, now: float) -> None:
        """The recogniser failed. In a concern, not knowing counts as needing support."""
        if isinstance(self._scene, Concern):
            return self._apply(self._scene.silence(self.session), now)
        return self._tell(code, now) if code not in self._told else self._go_on(now)

    def _stop(self, now: float, *, leave: bool) -> None:
        """Silence in this very call. The second stop in a row, or leaving, ends without another word."""
        spoke = self._silence_voice()
        self._waiting = None
        if leave or isinstance(self._scene, Stopped) or (self.latched and not spoke):
            return self._end(EndReason.SUPPORT_GIVEN if self.latched else EndReason.ASKED)
        if self.latched:
            return self._apply(Move(listen=self._scene.after_speech(self.session).listen), now)
        if not isinstance(self._scene, Concern):
            self._hold()
        return self._enter(Stopped(), now)

    def _pause(self, now: float) -> None:
        if isinstance(self._scene, Interrupt | Stopped | Paused):
            return
        self._hold()
        self._silence_voice()
        self._enter(Paused(), now)

    def _interrupt(self, kind: Kind, now: float) -> None:
        self._silence_voice()
        self._held = None
        self._waiting = None
        self.session.kind = kind
        self._enter(Interrupt(kind), now)

    # Failures that are told, once, in between -------------------------------------------------------------------------

    def _tell(self, code: str, now: float, *, again: bool = False) -> None:
        if code in self._told and not again:
            return
        self._told.add(code)
        self._interject(Move(say=spoken(self.session.lines(f"failures.{code}")), resume=True, interjection=True), now)

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

    def _interject(self, move: Move, now: float) -> None:
        if isinstance(self._scene, Stopped | Paused | Interrupt):
            return  # Silence was asked for, or support must not be cut; the screen tells it.
        self._hold()
        self._silence_voice()
        self._apply(replace(move, interruptible=self._move.interruptible), now)

    # Moves ------------------------------------------------------------------------------------------------------------

    def _enter(self, scene: Scene, now: float) -> None:
        self._scene = scene
        self._apply(scene.begin(self.session), now)

    def _apply(self, move: Move, now: float, offset: int = 0) -> None:
        """Begin a move, or keep it until the person has finished."""
        self._commands += move.also
        if self._floor.held_by_user:
            self._waiting = (replace(move, also=()), offset)
            return
        self._waiting = None
        self._move, self._offset, self.session.at = move, offset, offset
        if offset < len(move.say):
            self._speak(move, offset, now)
        else:
            self._spoken(now)

    def _speak(self, move: Move, offset: int, now: float) -> None:
        self._ids += 1
        utterance = UtteranceId(self._ids)
        timeline = Timeline(move.say[offset:], self.session.gain_db)
        self._floor.voice_began(utterance, timeline, now, interruptible=move.interruptible)
        self._commands.append(Speak(utterance, timeline, move.interruptible))

    def _spoken(self, now: float) -> None:
        """The move's words were heard; what it asks for comes next."""
        move = self._move
        self._floor.voice_ended()
        if move.end is not None:
            self._end(move.end)
        elif move.next is not None:
            self._enter(scene_for(move.next), now)
        elif move.resume:
            self._resume(now)
        elif move.listen is not None:
            self._floor.listen(now, 0.0 if self.session.input_over else move.listen)
        else:
            self._apply(self._scene.after_speech(self.session), now)

    def _hold(self) -> None:
        """Remember what is going on, unless something is remembered already and this is only in between."""
        if self._held is None or not self._move.resume:
            move, at = self._waiting or (self._move, self.session.at)
            self._held = Held(self._scene, move, at)

    def _resume(self, now: float) -> None:
        held, self._held = self._held, None
        if held is None:
            return self._apply(self._scene.after_speech(self.session), now)
        self._scene = held.scene
        return self._apply(held.move, now, offset=held.at)

    def _go_on(self, now: float) -> None:
        """What was heard changes nothing: a cough, a sob, an answer said to oneself."""
        if self._floor.held_by_user:
            return
        if self._waiting is not None:
            move, offset = self._waiting
            self._apply(move, now, offset)
        elif self._floor.speaking:
            if self._move.interruptible:
                self._commands.append(Unduck())
        elif self._floor.cut:
            self._floor.cut = False
            self._apply(self._move, now, offset=self.session.at)
        else:
            self._floor.listen_again(now)

    def _silence_voice(self) -> bool:
        spoke = self._floor.silence()
        if spoke:
            self._commands.append(StopPlayback())
        return spoke

    # Time -------------------------------------------------------------------------------------------------------------

    def _expired(self, now: float) -> None:
        match self._floor.expire(now):
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

    def _end(self, reason: EndReason) -> None:
        self._floor.voice_ended()
        self.ended = reason
        self._commands.append(End(reason))

    def _taken(self) -> list[Command]:
        commands, self._commands = self._commands, []
        return commands
