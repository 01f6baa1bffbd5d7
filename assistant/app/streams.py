"""The two streams of a live session: opened by name, watched, and opened again."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event as Flag

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.app.parts import build_player
from assistant.content.library import Library
from assistant.core.events import (
    Called,
    Event,
    InputEnded,
    MicrophoneMuted,
    MicrophoneUnmuted,
    Trouble,
    UserStartedSpeaking,
)
from assistant.core.ids import AudioId
from assistant.devices import Device, Direction, find_device, refresh_devices
from assistant.errors import AssistantError, EngineError
from assistant.hearing.listener import Listener
from assistant.hearing.microphone import FileBlocks, Microphone, SoundFileMicrophone
from assistant.hearing.over_voice import OverVoice
from assistant.runtime.ears import Ears, Hearers
from assistant.runtime.mute import MuteSwitch
from assistant.settings import Settings
from assistant.sound import Sound, read_wav
from assistant.speaking.layout import Layout
from assistant.speaking.output import OutputChoice, SilentSpeaker, SpeakerStream, WavClock

RATE_WITHOUT_DEVICE = 48_000
REST_AFTER_SECONDS = 30.0
"""Without a sound to play: longer than any pause in which somebody is waited for."""
LOOK_EVERY_SECONDS, LOOK_FOR_SECONDS = 60.0, 2.0
"""A speaker that rests is asked so often whether it is still there, for long enough that the watchdog would notice."""
OFTEN_SECONDS, DEAF_SECONDS = 60.0, 300.0
"""What listens is made anew when it breaks. If that breaks too within the first of these, it will break with every
sound: the microphone counts as lost for as long as the second, keys and typing go on, and then it is tried again."""


class _NoVoice:
    """For layouts of recorded lines only."""

    def render(self, text: str, words_per_minute: int) -> Sound:
        raise EngineError("voice-engine-missing", "Only recorded lines can be played now.")


class Streams:
    """`speaker`, `microphone`: a device, a sound file, or `none` (microphone None: typed).

    `default` is what the system calls so when a device is opened. PulseAudio and PipeWire move streams that are open
    themselves when the person chooses another one; elsewhere the new default is used from the next opening on.
    """

    def __init__(
        self,
        settings: Settings,
        speaker: str,
        microphone: str | None,
        post: Callable[[Event], None],
        mute: MuteSwitch | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`mute`: while it is closed, so is the microphone."""
        self._settings = settings
        self._mute = mute
        self._shut = self._muted = False
        """Whether the microphone is closed on purpose, and whether that was told."""
        self._names: dict[Direction, str] = {"output": speaker, "input": microphone or "none"}
        self._post = post
        self.player = build_player(settings, RATE_WITHOUT_DEVICE, post)
        self._speaker: SpeakerStream | SilentSpeaker | WavClock | None = None
        self._waking: SpeakerStream | None = None
        """Opened in place of the silent clock, which goes on until it takes sound: Bluetooth needs seconds."""
        self._microphone: Microphone | FileBlocks | None = None
        self._recording: SoundFileMicrophone | None = None
        """In the microphone's place: it goes on where it was when ears are made anew."""
        self._listener: Listener | None = None
        self._build_listener: Callable[[], Listener] | None = None
        self._build_over_voice: Callable[[], OverVoice] | None = None
        self._hearers: Hearers | None = None
        self._ears: Ears | None = None
        self._broken = False
        """What listens is to be made anew."""
        self._broke_at = self._deaf_until = -math.inf
        """When it broke the last time, and until when it is not made anew."""
        self._closed = Flag()
        self._clock = clock
        self._silent_since = clock()
        self._awake = Flag()
        """Somebody speaks or calls: a speaker that rests is soon wanted."""
        self._look_soon: Callable[[], None] = lambda: None
        self.ran_dry = 0
        """How often the speaker had to put in silence, as this program was late."""

    # Speaker ----------------------------------------------------------------------------------------------------------

    def open_speaker(self) -> None:
        """The device, a file, or a silent clock. Raises DeviceError."""
        name = self._names["output"]
        if name == "none":
            return self.without_speaker()
        if name.lower().endswith(".wav"):
            full = partial(self._post, Trouble("disk-full"))
            self._speaker = WavClock(Path(name), self.player.rate, self.player.fill, full)
        else:
            choice = self._choose_output()
            self.player = build_player(self._settings, choice.rate, self._post)
            self._speaker = self._stream_to(choice)
        self._speaker.open()
        return None

    def without_speaker(self) -> None:
        """Captions go on in time, and nothing is heard."""
        self._speaker = SilentSpeaker(self.player.rate, self.player.fill)
        self._speaker.open()

    def speaker_beat(self) -> float | None:
        """When the speaker last asked for sound; None when there is no device to watch; minus infinity: not open, or it
        has taken none yet.
        """
        if self._waking is not None and self._waking.works():
            self._take_over(self._waking)
        if isinstance(self._speaker, SpeakerStream):
            self._rest_or_wake(self._speaker)
        return self._beat("output", self._speaker if isinstance(self._speaker, SpeakerStream) else None)

    def watched_by(self, look_soon: Callable[[], None]) -> None:
        """What has `speaker_beat` called at once, by the thread that opens and closes devices."""
        self._look_soon = look_soon
        self.player.on_wanted(look_soon)

    def _rest_or_wake(self, speaker: SpeakerStream) -> None:
        now = self._clock()
        if self.player.busy or self._awake.is_set():
            self._awake.clear()
            self._silent_since = now
        silent = now - self._silent_since
        rests = silent > REST_AFTER_SECONDS and silent % LOOK_EVERY_SECONDS >= LOOK_FOR_SECONDS
        if rests and not speaker.resting:
            speaker.rest()
        elif speaker.resting and not rests:
            speaker.wake()

    def _heard(self, event: Event) -> None:
        """What comes from the ears. By the time that somebody is answered a Bluetooth speaker is awake."""
        if isinstance(event, UserStartedSpeaking | Called):
            self._awake.set()
            self._look_soon()
        self._post(event)

    # Microphone -------------------------------------------------------------------------------------------------------

    def hear_with(
        self, build_listener: Callable[[], Listener], build_over_voice: Callable[[], OverVoice], hearers: Hearers
    ) -> None:
        """What the microphone's sound goes to. How to hear over the voice is learned anew with each opening."""
        self._build_listener, self._build_over_voice, self._hearers = build_listener, build_over_voice, hearers

    def open_microphone(self) -> None:
        """The device or a file, unless it is to be closed. Raises DeviceError."""
        if self._mute is not None and self._mute.closed and self._is_device("input"):
            self._shut = True
            return
        self._shut = False
        assert self._build_listener is not None and self._build_over_voice is not None and self._hearers is not None
        name = self._names["input"]
        if self._listener is None or self._broken:
            before, self._listener = self._listener, self._build_listener()
            if before is not None:
                self._listener.take_over(before)
            self._broken = False
        over_voice = self._build_over_voice()  # first: a microphone that is open and heard by nobody seems to work
        microphone: Microphone | FileBlocks
        if name.lower().endswith(".wav"):
            self._recording = self._recording or SoundFileMicrophone(read_wav(Path(name)))
            microphone = FileBlocks(self._recording, self._post)
        else:
            microphone = Microphone(self._find("input"))
        microphone.open()
        self._microphone = microphone
        self._listener.hear_over(over_voice)
        self._ears = Ears(self._microphone, self._listener, self._hearers, lambda: self.player.level > 0.0, self._heard)
        self._ears.start()

    def microphone_beat(self) -> float | None:
        """When the microphone last delivered; None when there is no device to watch; minus infinity: not open, or heard
        by nobody. Who looks also closes it, and opens it again, as the person wants.
        """
        self._obey_mute()
        if self._shut:
            return None
        if self._ears is not None and self._ears.deaf:
            self._hear_anew()
        return self._beat("input", self._microphone if isinstance(self._microphone, Microphone) else None)

    def _hear_anew(self) -> None:
        """Whatever broke, the microphone did not: what listens is made again."""
        self._post(Trouble("hearing-broke"))
        now = self._clock()
        again, self._broke_at = now - max(self._broke_at, self._deaf_until) < OFTEN_SECONDS, now
        self._close_microphone()
        for event in self._listener.drop_turn() if self._listener is not None else ():
            self._post(event)
        self._broken = True
        if again:
            self._deaf_until = now + DEAF_SECONDS
        if (again or not self._opens("microphone")) and not self._is_device("input"):
            self._post(InputEnded())  # nobody looks for a file again

    def _obey_mute(self) -> None:
        """Closed, not only ignored. What was being said is no turn."""
        if self._mute is None or not self._is_device("input"):
            return
        if self._mute.closed and not self._shut:
            self._close_microphone()
            self._shut = True
            for event in self._listener.drop_turn() if self._listener is not None else ():
                self._post(event)
        elif self._shut and not self._mute.closed:
            self._opens("microphone")  # if not, it is lost, and looked for
        if self._mute.muted is not self._muted:
            self._muted = self._mute.muted
            self._post(MicrophoneMuted() if self._muted else MicrophoneUnmuted())

    def end_turn(self, audio_id: AudioId) -> None:
        """What was understood of this turn is a whole answer."""
        if self._listener is not None:
            self._listener.end_soon(audio_id)

    def turn_audio(self, audio_id: AudioId) -> NDArray[float32]:
        """The sound of a turn."""
        return self._listener.audio(audio_id) if self._listener is not None else np.zeros(0, dtype=float32)

    # Both -------------------------------------------------------------------------------------------------------------

    def reopen(self, lost: frozenset[str], *, afresh: bool) -> Collection[str]:
        """Open those of `speaker` and `microphone` that are lost; say which are open, whether they work or not.

        First by the list of devices that PortAudio has, which touches nothing else. If that fails, or did not help the
        last time, and `afresh`: everything is closed and looked for again, but not in the middle of what a person says
        into a microphone that works.
        """
        if self._closed.is_set():
            return ()
        if self._clock() < self._deaf_until:
            lost -= {"microphone"}  # it is there: nothing that works is closed to look for it
        if "speaker" in lost:
            self._stand_in()
        in_vain = lost & {"microphone"} if afresh and self._microphone_is_open_in_vain() else frozenset()
        opened = {name for name in lost - in_vain if self._opens(name)}
        speaking = "microphone" not in lost and self._listener is not None and self._listener.in_turn
        if not afresh or speaking or opened == lost:
            return opened
        return self._look_afresh(lost)

    def _look_afresh(self, lost: frozenset[str]) -> Collection[str]:
        """What works is closed for as short as can be, so it is opened first."""
        works = set()
        if isinstance(self._speaker, SpeakerStream):
            works.add("speaker")
            self._speaker.close()
        elif self._waking is not None:
            works.add("speaker")
        if isinstance(self._microphone, Microphone):
            works.add("microphone")
            self._close_microphone()
        self._give_up_waking()
        refresh_devices()
        for name in works - lost:
            if not self._opens(name) and name == "speaker" and not isinstance(self._speaker, SilentSpeaker):
                self.without_speaker()
        return {name for name in lost if self._opens(name)}

    def _microphone_is_open_in_vain(self) -> bool:
        microphone = self._microphone
        return isinstance(microphone, Microphone) and microphone.beat() > -math.inf and not microphone.works()

    def _opens(self, name: str) -> bool:
        try:
            if name == "speaker":
                self._wake()
            else:
                self._close_microphone()
                self.open_microphone()
        except AssistantError:
            return False
        return True

    def _stream_to(self, choice: OutputChoice) -> SpeakerStream:
        return SpeakerStream(choice, self.player.fill, self._settings.speaker.latency_seconds, self._put_in)

    def _put_in(self, seconds: float) -> None:
        self.ran_dry += 1
        self.player.lost(seconds)

    def _stand_in(self) -> None:
        """So that captions go on while the speaker is away."""
        if isinstance(self._speaker, SpeakerStream):
            self._speaker.close()
            self.without_speaker()

    def _wake(self) -> None:
        """Open a speaker, at the rate of what is being played. Until it takes sound, the silent clock goes on."""
        self._give_up_waking()
        stream = self._stream_to(replace(self._choose_output(), rate=self.player.rate))
        silent = isinstance(self._speaker, SilentSpeaker)
        stream.open(waiting=silent)
        if silent:
            self._waking = stream
        else:
            self._speaker = stream

    def _take_over(self, stream: SpeakerStream) -> None:
        """It goes on where the silent clock is."""
        if self._speaker is not None:
            self._speaker.close()
        self._speaker, self._waking = stream, None
        stream.begin()

    def _give_up_waking(self) -> None:
        stream, self._waking = self._waking, None
        if stream is not None:
            stream.close()

    def recorded_layout(self, library: Library) -> Layout:
        """For lines that need no voice engine."""
        return Layout(_NoVoice(), self.player.rate, 125, library.root / "audio", library.recordings)

    def close(self) -> None:
        """Microphone first, so that nothing new is heard while the voice ends."""
        self._closed.set()
        self._close_microphone()
        if self._listener is not None:
            self._listener.hear_over(None)
        self._give_up_waking()
        if self._speaker is not None:
            self._speaker.close()

    def _close_microphone(self) -> None:
        if self._microphone is not None:
            self._microphone.close()
        if self._ears is not None:
            self._ears.join()
        self._microphone = self._ears = None

    def _is_device(self, direction: Direction) -> bool:
        name = self._names[direction]
        return name != "none" and not name.lower().endswith(".wav")

    def _beat(self, direction: Direction, device: SpeakerStream | Microphone | None) -> float | None:
        if not self._is_device(direction):
            return None
        return device.beat() if device is not None else -math.inf

    def _choose_output(self) -> OutputChoice:
        device = self._find("output")
        return OutputChoice(device, round(device.rate))

    def _find(self, direction: Direction) -> Device:
        """One that was chosen by its index is found by its name from then on: indices shift."""
        device = find_device(self._names[direction], direction)
        if self._names[direction].isdecimal():
            self._names[direction] = device.name
        return device
