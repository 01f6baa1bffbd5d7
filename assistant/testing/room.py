"""The virtual room: a scripted person, a microphone, a speaker and their faults, on virtual time.

The conversation and the endpointing are the real ones; only sound is simulated, as speech probability a frame. An hour
passes in about a second, and passes the same way every time.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from assistant.core.commands import (
    AskModel,
    AskWording,
    Command,
    Duck,
    End,
    EndReason,
    EndTurn,
    Forget,
    HideScreen,
    KeepNote,
    Latch,
    Notify,
    Record,
    Rest,
    ShowResources,
    ShowTrusted,
    Speak,
    StopPlayback,
    Transcribe,
    Unduck,
)
from assistant.core.conversation import Conversation
from assistant.core.events import (
    Event,
    MessageEnded,
    MicrophoneLost,
    MicrophoneReturned,
    PartialTranscript,
    PlaybackFinished,
    PlaybackProgressed,
    PlaybackStarted,
    SpeakerLost,
    SpeakerReturned,
    StopRequested,
    SynthesisFailed,
    TranscriptionFailed,
    TranscriptReady,
    UserStartedSpeaking,
    UserStoppedSpeaking,
)
from assistant.core.ids import AudioId, UtteranceId
from assistant.core.timeline import Chime, Pause, Recorded, Segment, Speech, Timeline, Tone
from assistant.core.trusted import Sending
from assistant.hearing.segmenter import EndpointPolicy, Paused, Segmenter, Started, Stopped
from assistant.runtime.virtual import run_virtual
from assistant.safety.transcript import Transcript, Trust, nothing_heard
from assistant.testing.sounding import Heard, Playing, Sounding

FRAME_SECONDS = 0.032
"""Silero's frame: 512 samples at 16 kHz."""
WORDS_PER_MINUTE = 125
START_SECONDS = 0.02
"""From a command to the first sample, as measured through PortAudio (engines.md section 6)."""


@dataclass
class Room:
    """Say what the person does, then `run`. `log` is the golden transcript."""

    conversation: Conversation
    echo: float = 0.0
    """Speech probability that the speaker alone causes at the microphone."""
    transcript_seconds: float = 0.15
    endpoint: EndpointPolicy = field(default_factory=EndpointPolicy)
    log: list[str] = field(default_factory=list)
    heard: list[Heard] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    support_shown: list[str] = field(default_factory=list)
    ended: EndReason | None = None
    latched: bool = False
    """Whether a new sitting soon after would open with support."""
    recogniser: str = "works"
    """`works`, `fails` (says so) or `hangs` (never answers)."""
    model: Callable[[AskModel | AskWording], Iterable[tuple[float, Event]]] = lambda ask: ()
    """What comes of asking a language model, and how many seconds after."""
    voice_engine: str = "works"
    """`works` or `dead`: words become captions over silence, and the failure is reported."""
    message_ending: Sending | None = Sending.SENT
    """What becomes of a message; None: nobody ever hears."""
    message_seconds: float = 1.5
    sent: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._segmenter = Segmenter(self.endpoint)
        self._frames = 0
        self._sequence = 0
        self._agenda: list[tuple[float, int, Event | tuple[str, int, int]]] = []
        self._sounds: list[Sounding] = []
        self._answers: list[tuple[str, str, float, Trust]] = []
        self._turn: list[Sounding] = []
        self._last_turn: list[Sounding] = []
        self._turns: dict[AudioId, list[Sounding]] = {}
        self._audio_ids = 0
        self._playing: Playing | None = None
        self._microphone = True
        self._now = 0.0

    # What the person and the world do ---------------------------------------------------------------------------------

    def says(self, words: str, *, at: float, lasting: float | None = None, trust: Trust = Trust.TRUSTED) -> None:
        """Speech; without `lasting` at an ordinary pace."""
        seconds = lasting if lasting is not None else 0.35 + 0.3 * len(words.split())
        self._sounds.append(Sounding(at, at + seconds, words, 0.95, trust))

    def coughs(self, *, at: float, lasting: float = 0.3) -> None:
        """A sound with no words in it."""
        self._sounds.append(Sounding(at, at + lasting, "", 0.7, Trust.EMPTY))

    def answers(self, words: str, to: str, *, after: float = 0.8, trust: Trust = Trust.TRUSTED) -> None:
        """Says `words` once, `after` seconds from the end of the next sentence in which `to` is heard."""
        self._answers.append((to, words, after, trust))

    def presses_stop(self, *, at: float, leave: bool = False) -> None:
        """The stop switch."""
        self.happens(StopRequested("key", leave), at=at)

    def happens(self, event: Event, *, at: float) -> None:
        """Any event, at a moment."""
        self._sequence += 1
        heapq.heappush(self._agenda, (at, self._sequence, event))

    def run(self, until: float = 3600.0) -> Room:
        """To the end of the conversation, or to `until`."""
        run_virtual(self.conversation, self, until=until)
        return self

    # What can be asked afterwards -------------------------------------------------------------------------------------

    @property
    def words(self) -> list[str]:
        """Everything the speaker let be heard."""
        return [heard.text for heard in self.heard]

    def said_after(self, moment: float) -> list[str]:
        """What began to be heard after a moment."""
        return [heard.text for heard in self.heard if heard.start > moment]

    def speaking_at(self, moment: float) -> bool:
        """Whether the voice was sounding."""
        return any(heard.start <= moment < (heard.end or self._now) for heard in self.heard)

    # The world's side of the loop ------------------------------------------------------------------------------------

    def advance(self, now: float, limit: float) -> tuple[float, Iterable[Event]]:
        """Frame by frame, until something happens."""
        while True:
            frame_at = (self._frames + 1) * FRAME_SECONDS
            agenda_at = self._agenda[0][0] if self._agenda else float("inf")
            if min(frame_at, agenda_at) > limit:
                self._now = limit
                return limit, ()
            if agenda_at <= frame_at:
                at, _, item = heapq.heappop(self._agenda)
                self._now = max(at, now)
                events = self._due(item)
            else:
                self._frames += 1
                self._now = frame_at
                events = self._frame(frame_at)
            if events:
                return self._now, events

    def perform(self, command: Command, now: float) -> None:
        """What the conversation asks of the room."""
        match command:
            case Speak(utterance, timeline):
                self._play(utterance, timeline, now)
            case StopPlayback():
                self._cut(now)
            case Transcribe(audio_id):
                self._transcribe(audio_id, now)
            case Duck():
                self._note(now, "DUCK")
            case Rest():
                self._rest(now)
                self._note(now, "REST")
            case Unduck():
                self._swell(now)
                self._note(now, "UNDUCK")
            case EndTurn():
                self._segmenter.end_soon()
            case ShowResources(support):
                self.support_shown.append(support.country)
                self._note(now, f"SHOWS support for {support.country}")
            case AskModel() | AskWording():
                for after, event in self.model(command):
                    self.happens(event, at=now + after)
            case HideScreen():
                self._note(now, "HIDES the screen")
            case Latch():
                self.latched = True
            case Record():
                self.records.append(command)
                self._note(now, f"RECORD {command.exercise} {command.before} -> {command.after}")
            case Forget(what):
                self._note(now, f"FORGETS {what}")
            case ShowTrusted(contact):
                self._note(now, f"SHOWS the number {contact.number}")
            case Notify(message, _, words):
                self.sent.append(words)
                self._note(now, "SENDS the message")
                if self.message_ending is not None:
                    self.happens(MessageEnded(message, self.message_ending), at=now + self.message_seconds)
            case KeepNote(words):
                self.notes.append(words)
                self._note(now, "KEEPS a note")
            case End(reason):
                self._cut(now)
                self.ended = reason
                self._note(now, f"END {reason.value}")

    # Simulation -------------------------------------------------------------------------------------------------------

    def _note(self, now: float, what: str) -> None:
        self.log.append(f"{now:8.2f} {what}")

    def _due(self, item: Event | tuple[str, int, int]) -> list[Event]:
        if isinstance(item, tuple):
            return self._segment(UtteranceId(item[1]), item[2])
        match item:
            case StopRequested():
                self._cut(self._now)
                self._note(self._now, "STOP pressed")
            case MicrophoneLost():
                self._microphone = False
                self._note(self._now, "MICROPHONE lost")
            case MicrophoneReturned():
                self._microphone = True
                self._note(self._now, "MICROPHONE returned")
            case SpeakerLost() | SpeakerReturned():
                self._note(self._now, type(item).__name__)
            case _:
                pass
        return [item]

    def _frame(self, now: float) -> list[Event]:
        probability = self.echo if self._speech_now() else 0.0
        if self._microphone:
            for sound in self._sounds:
                if sound.start <= now < sound.end:
                    probability = max(probability, sound.probability)
                    if sound not in self._turn:
                        self._turn.append(sound)
        match self._segmenter.process(FRAME_SECONDS, probability, -20.0 if probability > 0.1 else -70.0):
            case Started(joined):
                if joined:
                    self._turn = [*self._turns.get(AudioId(self._audio_ids), self._last_turn), *self._turn]
                return [UserStartedSpeaking(joined)]
            case Paused():
                words = self._words(self._turn)
                partial = PartialTranscript(words, AudioId(self._audio_ids + 1))
                return [partial] if words.trust is not Trust.EMPTY else []
            case Stopped(too_short):
                return [UserStoppedSpeaking(None if too_short else self._end_turn())]
        return []

    def _end_turn(self) -> AudioId:
        self._audio_ids += 1
        audio_id = AudioId(self._audio_ids)
        self._turns[audio_id] = self._last_turn = self._turn
        self._turn = []
        return audio_id

    def _words(self, turn: list[Sounding]) -> Transcript:
        text = " ".join(sound.words for sound in turn if sound.words)
        if not text or self.recogniser != "works":
            return nothing_heard("room")
        doubtful = any(sound.trust is Trust.DOUBTFUL for sound in turn)
        return Transcript(text, Trust.DOUBTFUL if doubtful else Trust.TRUSTED, 0.4 if doubtful else 0.9, "room")

    def _transcribe(self, audio_id: AudioId, now: float) -> None:
        if self.recogniser == "hangs":
            return
        if self.recogniser == "fails":
            return self.happens(TranscriptionFailed(audio_id, "recogniser-failed"), at=now + self.transcript_seconds)
        transcript = self._words(self._turns.pop(audio_id, []))
        self._note(now + self.transcript_seconds, f"HEARS {transcript.text!r} {transcript.trust.value}")
        return self.happens(TranscriptReady(audio_id, transcript), at=now + self.transcript_seconds)

    def _speech_now(self) -> bool:
        playing = self._playing
        if playing is None or playing.put_off:
            return False
        return isinstance(playing.timeline.segments[playing.current], Speech | Recorded)

    def _play(self, utterance: UtteranceId, timeline: Timeline, now: float) -> None:
        self._cut(now)
        self._playing = Playing(utterance, timeline)
        at = now + START_SECONDS
        for index, segment in enumerate(timeline.segments):
            self._plan(at, utterance, index)
            at += seconds_of(segment)
        self._plan(at, utterance, len(timeline.segments))

    def _rest(self, now: float) -> None:
        playing, agenda = self._playing, self._agenda
        if playing is None:
            return
        self._agenda = []
        for at, number, item in agenda:
            if isinstance(item, tuple) and item[1] == playing.utterance:
                playing.put_off.append((at - now, number, item))
            else:
                self._agenda.append((at, number, item))
        heapq.heapify(self._agenda)

    def _swell(self, now: float) -> None:
        """Everything planned of what plays comes later by as long as it waited."""
        if self._playing is not None:
            for left, number, item in self._playing.put_off:
                heapq.heappush(self._agenda, (now + left, number, item))
            self._playing.put_off.clear()

    def _plan(self, at: float, utterance: UtteranceId, index: int) -> None:
        self._sequence += 1
        heapq.heappush(self._agenda, (at, self._sequence, ("segment", utterance, index)))

    def _segment(self, utterance: UtteranceId, index: int) -> list[Event]:
        playing = self._playing
        if playing is None or playing.utterance != utterance:
            return []
        self._close_heard(cut=False)
        if index == len(playing.timeline.segments):
            self._playing = None
            self._plan_answers(self._now)
            return [PlaybackFinished(utterance, index - 1, interrupted=False)]
        playing.current = index
        events: list[Event] = [PlaybackStarted(utterance)] if index == 0 else []
        events.append(PlaybackProgressed(utterance, index))
        match playing.timeline.segments[index]:
            case Speech(text) if self.voice_engine == "dead":
                self._note(self._now, f"CAPTION {text}")
                events.append(SynthesisFailed(utterance, "voice-engine-failed"))
            case Speech(text) | Recorded(_, text):
                self.heard.append(Heard(self._now, text))
                self._note(self._now, f"SAYS {text}")
            case Tone(name, seconds):
                self._note(self._now, f"TONE {name.value} {seconds:g} s")
            case Chime(name):
                self._note(self._now, f"CHIME {name}")
            case Pause():
                pass
        return events

    def _plan_answers(self, now: float) -> None:
        """A person answers when the voice has finished."""
        recent = " ".join(heard.text for heard in self.heard[-3:])
        for answer in self._answers:
            fragment, words, after, trust = answer
            if fragment in recent:
                self._answers.remove(answer)
                self.says(words, at=now + after, trust=trust)
                return

    def _close_heard(self, *, cut: bool) -> None:
        if self.heard and self.heard[-1].end is None:
            self.heard[-1].end, self.heard[-1].cut = self._now, cut

    def _cut(self, now: float) -> None:
        if self._playing is not None:
            self._now = max(self._now, now)
            self._close_heard(cut=True)
            self._note(now, "CUT")
            self._playing = None


def seconds_of(segment: Segment) -> float:
    """How long a segment lasts in the room."""
    match segment:
        case Speech(text, pace, _):
            return len(text.split()) * 60.0 / (WORDS_PER_MINUTE * pace)
        case Recorded(_, text):
            return len(text.split()) * 60.0 / WORDS_PER_MINUTE
        case Pause(seconds) | Tone(_, seconds):
            return seconds
        case Chime():
            return 1.5
