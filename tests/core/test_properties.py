"""The promises to the person, over all histories a machine can think of. Each was seen to fail on a seeded fault."""

from __future__ import annotations

import copy
import math
from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from assistant.core.commands import (
    Command,
    Duck,
    End,
    EndTurn,
    KeepNote,
    Notify,
    Rest,
    Speak,
    StopPlayback,
    Transcribe,
    Unduck,
)
from assistant.core.conversation import Conversation
from assistant.core.events import (
    Event,
    InputEnded,
    MessageEnded,
    MicrophoneLost,
    MicrophoneReturned,
    PartialTranscript,
    PauseRequested,
    PlaybackFinished,
    PlaybackProgressed,
    ReminderDue,
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
from assistant.core.ids import AudioId, UtteranceId
from assistant.core.past import PastExercise
from assistant.core.scenes.closing import Closing
from assistant.core.scenes.message import Message
from assistant.core.scenes.noting import Noting
from assistant.core.scenes.waiting import Waiting
from assistant.core.trusted import Sending, TrustedPerson
from assistant.core.understanding import State
from assistant.safety.transcript import Transcript, Trust, nothing_heard

from .stories import LEXICON, a_conversation

HARD = "i want to die"
LONGEST_REST = 12.0
"""Seconds: somebody who speaks over the voice, and a recogniser that never answers."""
SUPPORT_WORDS = ("interrupt.", "support.", "closing.goodbye", "about.who", "recorded", "trusted.", "failures.message")
SAYINGS = [
    "stop", "pause", "go on", "again", "skip", "something else", "i can't", "not working", "worse", "yes", "no",
    "seven", "ten", "i'm panicking", "i can't sleep", "who are you", "help", "louder", "slower", "goodbye", "thanks",
    "check in", "same", "a lamp and a chair", "no point in living", "are you sure", "what is this", "first", "second",
    "send message", "send message", "yes", "their number", "note", "what do you remember", "forget that",
]  # fmt: skip


class ConversationMachine(RuleBasedStateMachine):
    """Plays the world: a person, a player that reports or forgets to, engines that fail, and time."""

    def __init__(self) -> None:
        super().__init__()
        self.conversation = self.begin()
        self.now = 0.0
        self.playing: Speak | None = None
        self.old: list[UtteranceId] = []
        self.user_speaking = False
        self.turn_seconds = 0.0
        self.turn_ended = -math.inf
        self.noisy = False
        """A turn of ten seconds held no word: until words are heard, sound is noise, and may be spoken over."""
        self.audio = 0
        self.pending: AudioId | None = None
        self.half: AudioId | None = None
        """A turn that went on before it was understood."""
        self.resting = False
        self.ended = False
        self.hard = False
        self.questions = 0
        """How often it was asked whether to send, or to keep, and how often it did."""
        self.did = 0
        self.words: tuple[str, Trust] | None = None
        self.carry_out(self.conversation.start(0.0))

    def begin(self) -> Conversation:
        return a_conversation(trusted=TrustedPerson("Maya", "07700 900123", reachable=True))

    def carry_out(self, commands: list[Command]) -> None:
        for command in commands:
            assert not self.ended, "nothing follows End"
            match command:
                case Speak(utterance, timeline):
                    assert self.playing is None, "one voice at a time"
                    assert not self.user_speaking, "never begins over the person"
                    assert utterance not in self.old
                    if self.hard:
                        for words in timeline.captions():
                            assert words.startswith(SUPPORT_WORDS), f"after a HARD verdict: {words}"
                    self.playing = command
                    self.questions += bool({"trusted.ask Maya", "note.ask"} & set(timeline.captions()))
                case Notify() | KeepNote():
                    self.did += 1
                    assert self.words == ("yes", Trust.TRUSTED), f"sent or kept after {self.words}"
                    assert self.did <= self.questions, "one question before each"
                case StopPlayback():
                    assert self.playing is not None, "nothing to stop"
                    self.forget()
                case Duck():
                    assert self.playing is not None and self.playing.interruptible
                case Rest():
                    assert self.playing is not None and self.playing.interruptible, "only a voice that speaks waits"
                    assert self.user_speaking and not self.resting, "once, and for somebody"
                    self.resting = True
                case Unduck():
                    assert self.playing is not None
                    self.resting = False
                case EndTurn(audio_id):
                    assert self.user_speaking and audio_id == self.audio + 1, "of the turn that is open"
                case Transcribe(audio_id):
                    self.pending = audio_id
                case End():
                    self.ended = True
                case _:
                    pass

    def forget(self) -> None:
        if self.playing is not None:
            self.old.append(self.playing.utterance_id)
            self.playing = None
            self.resting = False

    def send(self, event: Event) -> None:
        self.carry_out(self.conversation.receive(event, self.now))

    @rule(seconds=st.floats(0.01, 40.0))
    def time_passes(self, seconds: float) -> None:
        target = self.now + seconds
        for _ in range(60):
            deadline = self.conversation.deadline()
            if deadline is None or deadline > target:
                break
            self.now = max(self.now, deadline)
            if self.user_speaking and deadline >= self.now and not self.ended:
                self.user_speaking = self.believes_user_speaks_after_timer()
            else:
                self.carry_out(self.conversation.handle_timer(self.now))
        self.now = max(self.now, target)

    @rule(seconds=st.floats(0.05, 1.9))
    def a_moment_passes(self, seconds: float) -> None:
        """Short enough for a voice that waits to wait on."""
        self.time_passes(seconds)

    def believes_user_speaks_after_timer(self) -> bool:
        """A turn beyond any turn is noise, and noise may be spoken over."""
        started = self.turn_started
        if self.now - started >= 30.0 - 1e-6:
            self.user_speaking = False
        self.carry_out(self.conversation.handle_timer(self.now))
        return self.user_speaking

    @precondition(lambda self: not self.user_speaking)
    @rule(joined=st.booleans())
    def person_starts(self, joined: bool) -> None:
        self.user_speaking = not self.noisy
        self.turn_started = self.now
        joined = joined and self.now - self.turn_ended <= 1.0
        if joined:
            self.half = self.pending
        self.send(UserStartedSpeaking(joined))

    @precondition(lambda self: self.user_speaking)
    @rule(words=st.sampled_from(SAYINGS), heard=st.sampled_from(Trust))
    def person_pauses(self, words: str, heard: Trust) -> None:
        transcript = nothing_heard("machine") if heard is Trust.EMPTY else Transcript(words, heard, 0.5, "machine")
        self.send(PartialTranscript(transcript, AudioId(self.audio + 1)))

    @precondition(lambda self: self.user_speaking)
    @rule(short=st.booleans())
    def person_stops(self, short: bool) -> None:
        self.user_speaking = False
        self.audio += 1
        if not short:
            self.turn_seconds, self.turn_ended = self.now - self.turn_started, self.now
        self.send(UserStoppedSpeaking(None if short else AudioId(self.audio)))

    @precondition(lambda self: not self.user_speaking and self.playing is not None)
    @rule(seconds=st.floats(0.05, 1.9), short=st.booleans())
    def somebody_is_heard_over_the_voice(self, seconds: float, short: bool) -> None:
        self.person_starts(joined=False)
        self.time_passes(seconds)
        if self.user_speaking:
            self.person_stops(short)

    @rule()
    def asks_for_people_by_key(self) -> None:
        self.send(SupportRequested("key"))

    @precondition(lambda self: self.pending is not None)
    @rule(words=st.sampled_from(SAYINGS), doubtful=st.booleans())
    def words_arrive(self, words: str, doubtful: bool) -> None:
        audio_id, self.pending = self.pending, None
        trust = Trust.DOUBTFUL if doubtful else Trust.TRUSTED
        if audio_id != self.half:
            self.noisy = False
            self.hard = self.hard and words != "goodbye"
        self.words = (words, trust)
        self.send(TranscriptReady(audio_id, Transcript(words, trust, 0.5, "machine")))

    @precondition(lambda self: self.pending is not None)
    @rule(fails=st.booleans())
    def nothing_arrives(self, fails: bool) -> None:
        audio_id, self.pending = self.pending, None
        assert audio_id is not None
        if audio_id != self.half:
            self.noisy = self.noisy or self.turn_seconds >= 10.0
        self.send(TranscriptionFailed(audio_id, "x") if fails else TranscriptReady(audio_id, nothing_heard("machine")))

    @rule(ending=st.sampled_from([Sending.SENT, Sending.FAILED, Sending.UNSURE]), message=st.integers(1, 2))
    def a_message_ended(self, ending: Sending, message: int) -> None:
        self.words = None
        self.send(MessageEnded(message, ending))

    @precondition(lambda self: not self.ended)
    @rule(partial=st.booleans())
    def a_hard_signal(self, partial: bool) -> None:
        self.hard = True
        transcript = Transcript(HARD, Trust.TRUSTED, 0.9, "machine")
        if partial:
            self.send(PartialTranscript(transcript))
        else:
            self.pending = None
            self.noisy = False
            self.send(TranscriptReady(None, transcript))
        assert self.conversation.latched

    @precondition(lambda self: self.playing is not None)
    @rule(part=st.integers(0, 20))
    def player_progresses(self, part: int) -> None:
        assert self.playing is not None
        segment = min(part, len(self.playing.timeline.segments) - 1)
        self.send(PlaybackProgressed(self.playing.utterance_id, segment))

    @precondition(lambda self: self.playing is not None)
    @rule(interrupted=st.booleans())
    def player_finishes(self, interrupted: bool) -> None:
        assert self.playing is not None
        speak = self.playing
        self.forget()
        self.send(PlaybackFinished(speak.utterance_id, len(speak.timeline.segments) - 1, interrupted))

    @precondition(lambda self: self.old)
    @rule(data=st.data())
    def stale_reports_change_nothing(self, data: st.DataObject) -> None:
        utterance = data.draw(st.sampled_from(self.old))
        before = (self.conversation.scene, self.conversation.deadline(), self.conversation.session.at)
        for event in (PlaybackProgressed(utterance, 3), PlaybackFinished(utterance, 3, False)):
            assert self.conversation.receive(event, self.now) == []
        assert before == (self.conversation.scene, self.conversation.deadline(), self.conversation.session.at)

    @rule(leave=st.sampled_from([False, False, False, True]))
    def stop(self, leave: bool) -> None:
        commands = self.conversation.receive(StopRequested("key", leave), self.now)
        if self.playing is not None:
            assert isinstance(commands[0], StopPlayback), "a stop silences first, in the same call"
        assert not any(isinstance(command, Speak) for command in commands), "silence is kept after a stop"
        self.carry_out(commands)

    @rule(
        event=st.sampled_from(
            [MicrophoneLost(), MicrophoneReturned(), SpeakerLost(), SpeakerReturned(), PauseRequested(),
             Trouble("disk-full"), SynthesisFailed(UtteranceId(1), "x")]
        )
    )  # fmt: skip
    def something_fails(self, event: Event) -> None:
        self.send(event)

    @rule(rarely=st.integers(0, 9))
    def input_ends(self, rarely: int) -> None:
        if rarely == 0:
            self.send(InputEnded())

    @invariant()
    def never_hangs(self) -> None:
        assert (self.conversation.deadline() is None) == self.ended

    @invariant()
    def the_voice_waits_for_somebody(self) -> None:
        assert not self.resting or self.user_speaking or self.pending is not None, "they are quiet and understood"

    @invariant()
    def the_voice_never_waits_for_ever(self) -> None:
        """Nothing more happens but time: the person goes on, or the recogniser never answers."""
        if not self.resting:
            return
        session = self.conversation.session
        shared = {id(thing): thing for thing in (session.repertoire, session.support, LEXICON)}
        world, end = copy.deepcopy(self.conversation, shared), self.now + LONGEST_REST
        commands: list[Command] = []
        while (deadline := world.deadline()) is not None and deadline <= end and not commands:
            commands = world.handle_timer(max(self.now, deadline))
        assert any(isinstance(command, Unduck | StopPlayback) for command in commands)


class CheckInMachine(ConversationMachine):
    """The same promises where the sitting begins with a check-in."""

    def begin(self) -> Conversation:
        return a_conversation(check_in="evening")


class HeavyUseMachine(ConversationMachine):
    """The same promises where every limit holds from the start; and nobody is locked out of help."""

    def begin(self) -> Conversation:
        hours = (150, 126, 102, 78, 54, 30, 20, 15, 10, 5, 1)
        past = tuple(
            PastExercise(BEGAN - timedelta(hours=ago), "feet", State.PANIC, None, None, worse=False, stopped=False)
            for ago in hours
        )
        conversation = a_conversation(past=past, opening=Closing())
        conversation.session.began, conversation.session.pause_after_seconds = BEGAN, 0.0
        return conversation

    def asks(self) -> bool:
        conversation = self.conversation
        return conversation.ended is None and conversation.listening and conversation.scene in ("closing", "greeting")

    @precondition(asks)
    @rule(plea=st.sampled_from(["i'm panicking", "i'm angry", "help", "check in"]))
    def whoever_asks_is_helped(self, plea: str) -> None:
        heard = Transcript(plea, Trust.TRUSTED, 0.9, "machine")
        commands = self.conversation.receive(TranscriptReady(None, heard), self.now)
        said = [words for command in commands if isinstance(command, Speak) for words in command.timeline.captions()]
        assert any(words.startswith(("choosing.lead", "closing.towards", "support.", "number?")) for words in said)
        self.carry_out(commands)


class AskedMachine(ConversationMachine):
    """Somebody is asked whether something may be sent or kept."""

    @precondition(lambda self: not self.ended and not self.user_speaking)
    @rule(words=st.sampled_from(["yes", "no", "a lamp", "send message", "note"]), doubtful=st.booleans())
    def somebody_types(self, words: str, doubtful: bool) -> None:
        self.words = (words, Trust.DOUBTFUL if doubtful else Trust.TRUSTED)
        self.pending = None
        self.send(TranscriptReady(None, Transcript(words, self.words[1], 0.5, "machine")))


class MessageMachine(AskedMachine):
    """The same promises where it has just been asked whether to send the trusted person a message."""

    def begin(self) -> Conversation:
        trusted = TrustedPerson("Maya", "07700 900123", reachable=True)
        conversation = a_conversation(trusted=trusted, opening=Message(resumes=False))
        conversation.session.remembers = True
        return conversation


class NoteMachine(AskedMachine):
    """The same promises where a note was asked for."""

    def begin(self) -> Conversation:
        conversation = a_conversation(opening=Noting(bookmark=True, resumes=False))
        conversation.session.remembers = True
        return conversation


class WaitingMachine(ConversationMachine):
    """The same promises where it waits to be spoken to, and knocks."""

    def begin(self) -> Conversation:
        return a_conversation(opening=Waiting())

    def carry_out(self, commands: list[Command]) -> None:
        for command in commands:
            if isinstance(command, Speak) and command.utterance_id == 1:
                words = command.timeline.captions()
                assert words[0].startswith(FIRST_WORDS), f"said into a room: {words}"
        super().carry_out(commands)

    @rule(check_in=st.sampled_from(["number", "evening", "gone"]))
    def a_reminder_is_due(self, check_in: str) -> None:
        before = self.conversation.scene
        self.send(ReminderDue(check_in))
        assert before == "waiting" or self.conversation.scene == before, "heeded only while it waits"

    @rule(words=st.sampled_from(["wake", "yes", "check in", "i'm panicking"]))
    def somebody_types(self, words: str) -> None:
        self.words = (words, Trust.TRUSTED)
        self.send(TranscriptReady(None, Transcript(words, Trust.TRUSTED, 0.9, "machine")))


FIRST_WORDS = ("checkin.opening", "greeting.hello", "knock.say", "concern.ask", "interrupt.", "stopped.", "support.")
"""What speaks, a knock that tells a room nothing, what danger asks for, and what a key does."""
WaitingMachine.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestWaiting = WaitingMachine.TestCase
BEGAN = datetime(2026, 6, 15, 12, tzinfo=UTC)
HeavyUseMachine.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestHeavyUse = HeavyUseMachine.TestCase
MessageMachine.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestMessage = MessageMachine.TestCase
NoteMachine.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestNote = NoteMachine.TestCase
CheckInMachine.TestCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
TestCheckIn = CheckInMachine.TestCase
ConversationMachine.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestConversation = ConversationMachine.TestCase
