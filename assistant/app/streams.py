"""The two streams of a live session: opened by name, watched, and opened again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.config import Settings
from assistant.content.library import Library
from assistant.core.events import Event
from assistant.core.ids import AudioId
from assistant.devices import find_device, refresh_devices
from assistant.errors import DeviceError, EngineError
from assistant.hearing.listener import Listener
from assistant.hearing.microphone import FileBlocks, Microphone
from assistant.hearing.recogniser_worker import RecogniserWorker
from assistant.runtime.ears import Ears
from assistant.sound import Sound, read_wav
from assistant.speaking.layout import Layout
from assistant.speaking.output import SilentSpeaker, SpeakerStream, WavClock, choose_output
from assistant.speaking.player import Player

RATE_WITHOUT_DEVICE = 48_000


class _NoVoice:
    """For layouts of recorded lines only."""

    def render(self, text: str, words_per_minute: int) -> Sound:
        raise EngineError("voice-engine-missing", "Only recorded lines can be played now.")


class Streams:
    """`speaker`, `microphone`: a device, a sound file, or `none` (microphone None: typed)."""

    def __init__(self, settings: Settings, speaker: str, microphone: str | None, post: Callable[[Event], None]) -> None:
        self._settings = settings
        self._speaker_name = speaker
        self._microphone_name = microphone
        self._post = post
        self.player = Player(RATE_WITHOUT_DEVICE, post)
        self._speaker: SpeakerStream | SilentSpeaker | WavClock | None = None
        self._microphone: Microphone | FileBlocks | None = None
        self._listener: Listener | None = None
        self._build_listener: Callable[[], Listener] | None = None
        self._recogniser: RecogniserWorker | None = None
        self._ears: Ears | None = None

    # Speaker ----------------------------------------------------------------------------------------------------------

    def open_speaker(self) -> None:
        """The device, a file, or a silent clock. Raises DeviceError."""
        if self._speaker_name == "none":
            return self.without_speaker()
        if self._speaker_name.lower().endswith(".wav"):
            self._speaker = WavClock(Path(self._speaker_name), self.player.rate, self.player.fill)
        else:
            choice = choose_output(self._speaker_name)
            if self._speaker is None:
                self.player = Player(choice.rate, self._post)
            self._speaker = SpeakerStream(choice, self.player.fill, self._settings.speaker.latency_seconds)
        self._speaker.open()
        return None

    def without_speaker(self) -> None:
        """Captions go on in time, and nothing is heard."""
        self._speaker = SilentSpeaker(self.player.rate, self.player.fill)
        self._speaker.open()

    def speaker_beat(self) -> float | None:
        """When the speaker last asked for sound; None when there is no device to watch."""
        return self._speaker.last_block if isinstance(self._speaker, SpeakerStream) else None

    # Microphone -------------------------------------------------------------------------------------------------------

    def hear_with(self, build_listener: Callable[[], Listener], recogniser: RecogniserWorker) -> None:
        """What the microphone's sound goes to."""
        self._build_listener, self._recogniser = build_listener, recogniser

    def open_microphone(self) -> None:
        """The device or a file. Raises DeviceError."""
        assert self._build_listener is not None and self._recogniser is not None and self._microphone_name is not None
        if self._microphone_name.lower().endswith(".wav"):
            self._microphone = FileBlocks(read_wav(Path(self._microphone_name)), self._post)
        else:
            self._microphone = Microphone(find_device(self._microphone_name, "input"))
        self._microphone.open()
        self._listener = self._listener or self._build_listener()
        self._ears = Ears(self._microphone, self._listener, self._recogniser, lambda: self.player.level, self._post)
        self._ears.start()

    def microphone_beat(self) -> float | None:
        """When the microphone last delivered; None when there is no device to watch."""
        return self._microphone.last_block if isinstance(self._microphone, Microphone) else None

    def turn_audio(self, audio_id: AudioId) -> NDArray[float32]:
        """The sound of a turn."""
        return self._listener.audio(audio_id) if self._listener is not None else np.zeros(0, dtype=float32)

    # Both -------------------------------------------------------------------------------------------------------------

    def reopen(self) -> None:
        """Look for the devices again and open what there is."""
        self._close_microphone()
        if self._speaker is not None:
            self._speaker.close()
        refresh_devices()
        try:
            self._reopen_speaker()
        except DeviceError:
            self.without_speaker()
        if self._microphone_name is not None:
            with suppress(DeviceError):
                self.open_microphone()

    def _reopen_speaker(self) -> None:
        """At the rate of what is being played, whatever the device's own."""
        if not isinstance(self._speaker, SpeakerStream | SilentSpeaker) or self._speaker_name == "none":
            return self.without_speaker() if self._speaker_name == "none" else None
        choice = replace(choose_output(self._speaker_name), rate=self.player.rate)
        self._speaker = SpeakerStream(choice, self.player.fill, self._settings.speaker.latency_seconds)
        return self._speaker.open()

    def recorded_layout(self, library: Library) -> Layout:
        """For lines that need no voice engine."""
        return Layout(_NoVoice(), self.player.rate, 125, library.root / "audio", library.recordings)

    def close(self) -> None:
        """Microphone first, so that nothing new is heard while the voice ends."""
        self._close_microphone()
        if self._speaker is not None:
            self._speaker.close()

    def _close_microphone(self) -> None:
        if self._microphone is not None:
            self._microphone.close()
        if self._ears is not None:
            self._ears.join()
        self._microphone = self._ears = None
