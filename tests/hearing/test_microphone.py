"""Microphones and speakers of every rate and channel count, through streams that refuse as PortAudio does."""

from __future__ import annotations

import errno
import math
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field

import numpy as np
import pytest
import sounddevice
from numpy import float32
from numpy.typing import NDArray

from assistant.devices import COMMON_RATES, INVALID_CHANNELS, INVALID_RATE, Device, Direction, started_stream
from assistant.errors import DeviceError
from assistant.hearing.microphone import Microphone, Mixer
from assistant.hearing.recogniser import RATE
from assistant.speaking.output import BLOCK, OutputChoice, SpeakerStream


@dataclass
class Card:
    """What it takes. `says`: the rate it names."""

    rates: tuple[int, ...]
    channels: tuple[int, ...]
    says: float = 48_000.0
    busy: bool = False
    starts: bool = True
    asked: list[tuple[int, int]] = field(default_factory=list)
    streams: list[FakeStream] = field(default_factory=list)

    @property
    def device(self) -> Device:
        return Device(3, "card", self.says, max(self.channels), max(self.channels))


@dataclass
class Moment:
    """PortAudio's clock of one callback, as sounddevice shows it: when its first sample was heard, or will be."""

    inputBufferAdcTime: float = 0.0  # noqa: N815  # PortAudio's names
    outputBufferDacTime: float = 0.0  # noqa: N815


class FakeStream:
    """PortAudio's, as sounddevice shows it."""

    def __init__(
        self, card: Card, samplerate: int, channels: int, blocksize: int, callback: Callable[..., None],
        **options: object,
    ) -> None:  # fmt: skip
        card.asked.append((samplerate, channels))
        if card.busy:
            raise sounddevice.PortAudioError("Error opening stream: Device unavailable", -9985)
        if channels not in card.channels:
            raise sounddevice.PortAudioError("Error opening stream: Invalid number of channels", INVALID_CHANNELS)
        if samplerate not in card.rates:
            raise sounddevice.PortAudioError("Error opening stream: Invalid sample rate", INVALID_RATE)
        assert options["device"] == 3 and options["dtype"] == "float32"
        self._card = card
        self.samplerate, self.channels, self.blocksize = float(samplerate), channels, blocksize
        self.callback = callback
        self.active = False
        self.closed = False
        card.streams.append(self)

    def start(self) -> None:
        if not self._card.starts:
            raise sounddevice.PortAudioError("Error starting stream: Unanticipated host error", -9999)
        self.active = True

    def stop(self, ignore_errors: bool = True) -> None:
        self.active = False

    def abort(self, ignore_errors: bool = True) -> None:
        self.active = False

    def close(self, ignore_errors: bool = True) -> None:
        self.closed = True


@pytest.fixture
def plug(monkeypatch: pytest.MonkeyPatch) -> Callable[[Card], Card]:
    def put_in(card: Card) -> Card:
        for name in ("RawInputStream", "RawOutputStream"):
            monkeypatch.setattr(sounddevice, name, lambda **options: FakeStream(card, **options))
        return card

    return put_in


def opened(card: Card) -> tuple[int, int]:
    stream = started_stream("input", card.device, (), lambda rate: rate // 100, 0.06, print, lambda *_: None)
    assert isinstance(stream, FakeStream) and stream.active
    return round(stream.samplerate), stream.channels


@pytest.mark.parametrize(
    ("card", "chosen"),
    [
        (Card((48_000,), (1, 2)), (48_000, 2)),
        (Card((44_100,), (1, 2), says=44_100.0), (44_100, 2)),
        (Card((44_100,), (2,)), (44_100, 2)),
        (Card((96_000,), (2,), says=96_000.0), (96_000, 2)),
        (Card((96_000,), (2,)), (96_000, 2)),
        (Card((16_000,), (1,)), (16_000, 1)),
        (Card((32_000,), (8,)), (32_000, 8)),
        (Card((48_000,), (8,), says=0.0), (48_000, 8)),
        (Card((44_100,), (1, 32)), (44_100, 32)),
    ],
)
def test_a_device_is_opened_at_what_it_takes(plug: Callable[[Card], Card], card: Card, chosen: tuple[int, int]) -> None:
    assert opened(plug(card)) == chosen
    assert len(card.asked) == len(set(card.asked)), "the same was asked twice"


def test_its_own_rate_is_asked_for_first(plug: Callable[[Card], Card]) -> None:
    card = plug(Card(COMMON_RATES, (1, 2), says=22_050.0))
    assert opened(card) == (22_050, 2)
    assert len(card.asked) == 1


@pytest.mark.parametrize("direction", ["input", "output"])
def test_a_device_that_another_program_holds_is_one_sentence_after_one_try(
    plug: Callable[[Card], Card], direction: str
) -> None:
    card = plug(Card((48_000,), (2,), busy=True))
    thing = Microphone(card.device) if direction == "input" else speaker(card, 48_000, silence)
    with pytest.raises(DeviceError) as told:
        thing.open()
    assert told.value.code == ("microphone-busy" if direction == "input" else "speaker-busy")
    assert "'card' cannot be opened" in told.value.hint
    assert len(card.asked) == 1


def test_a_speaker_that_rests_is_there_and_one_that_is_gone_when_it_is_woken_is_not(
    plug: Callable[[Card], Card],
) -> None:
    card = plug(Card((48_000,), (2,)))
    rests = speaker(card, 48_000, silence)
    rests.open()
    (stream,) = card.streams
    rests.rest()
    assert not stream.active and rests.beat() > -math.inf
    rests.wake()
    assert stream.active and rests.beat() > -math.inf
    rests.rest()
    card.starts = False
    rests.wake()
    assert rests.beat() == -math.inf, "so that it is looked for"


def test_a_device_that_takes_nothing_is_a_device_error(plug: Callable[[Card], Card]) -> None:
    with pytest.raises(DeviceError):
        opened(plug(Card((), (2,))))


@pytest.fixture
def turns() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.005)
    yield
    sys.setswitchinterval(before)


@pytest.mark.parametrize("direction", ["input", "output"])
def test_while_a_stream_runs_no_thread_keeps_its_callback_waiting(
    plug: Callable[[Card], Card], turns: None, direction: Direction
) -> None:
    """With Python's own turns of 5 ms a block took up to 30 while the recogniser decoded, and the speaker ran dry."""
    card = plug(Card((48_000,), (1, 2)))
    started_stream(direction, card.device, (), lambda rate: 512, 0.02, print, lambda *_: None)
    assert sys.getswitchinterval() <= 0.0005


def test_a_stream_that_does_not_start_is_closed(plug: Callable[[Card], Card]) -> None:
    card = plug(Card((48_000,), (2,), starts=False))
    with pytest.raises(DeviceError):
        opened(card)
    assert card.streams[0].closed


def test_standard_error_is_what_it_was(plug: Callable[[Card], Card]) -> None:
    before = os.fstat(2)
    free = os.dup(2)  # the lowest number that is free
    os.close(free)
    opened(plug(Card((48_000,), (2,))))
    after = os.fstat(2)
    assert (before.st_dev, before.st_ino) == (after.st_dev, after.st_ino)
    again = os.dup(2)
    os.close(again)
    assert again == free, "a file was left open"


# Hearing --------------------------------------------------------------------------------------------------------------


def tone(rate: int, seconds: float, hertz: float = 440.0) -> NDArray[float32]:
    return (0.5 * np.sin(2 * np.pi * hertz * np.arange(round(rate * seconds)) / rate)).astype(float32)


@pytest.mark.parametrize(("rate", "channels"), [(44_100, 1), (44_100, 2), (48_000, 8), (96_000, 2), (16_000, 1)])
def test_any_microphone_is_heard_at_its_own_loudness_and_pitch(
    plug: Callable[[Card], Card], rate: int, channels: int
) -> None:
    card = plug(Card((rate,), (channels,)))
    microphone = Microphone(card.device)
    assert microphone.beat() == -math.inf
    microphone.open()
    stream = card.streams[0]
    frames = np.zeros((rate, channels), dtype=float32)
    frames[:, -1] = tone(rate, 1.0)
    for start in range(0, rate - stream.blocksize, stream.blocksize):
        block = np.ascontiguousarray(frames[start : start + stream.blocksize])
        stream.callback(block.tobytes(), len(block), Moment(start / rate), 0)
    assert microphone.works() and microphone.beat() > 0.0
    microphone.close()
    heard = np.concatenate(list(microphone.blocks()))
    assert 0.9 * RATE < len(heard) <= RATE
    middle = heard[RATE // 4 : RATE // 4 + RATE // 2]
    assert np.sqrt(np.mean(np.square(middle))) == pytest.approx(0.5 / np.sqrt(2), rel=0.02)
    spectrum = np.abs(np.fft.rfft(middle))
    assert np.argmax(spectrum) * RATE / len(middle) == pytest.approx(440.0, abs=4.0)


OVERFLOW, UNDERFLOW = 2, 4
"""Flags of PortAudio's: sound was lost at the microphone; the speaker ran dry."""


def heard_with_a_jump(card: Card, seconds: float, flag: int, *, channels: int) -> NDArray[float32]:
    """Twenty blocks, the tenth of them said to be `seconds` later than its samples."""
    microphone = Microphone(card.device)
    microphone.open()
    stream = card.streams[-1]
    for number in range(20):
        block = np.full((stream.blocksize, channels), (number + 1) / 100, dtype=float32)
        late = seconds if number >= 9 else 0.0
        at = 70_000.0 + number * stream.blocksize / stream.samplerate + late
        stream.callback(block.tobytes(), stream.blocksize, Moment(at), flag if number in (0, 9) else 0)
    microphone.close()
    return np.concatenate(list(microphone.blocks()))


@pytest.mark.parametrize("channels", [1, 2])
def test_what_a_microphone_lost_is_heard_as_so_much_silence(plug: Callable[[Card], Card], channels: int) -> None:
    card = plug(Card((RATE,), (channels,), says=RATE))
    heard = heard_with_a_jump(card, 0.05, OVERFLOW, channels=channels)
    size, lost = card.streams[-1].blocksize, round(0.05 * RATE)
    assert len(heard) == 20 * size + lost, "samples go on counting time"
    assert not heard[9 * size : 9 * size + lost].any()
    assert np.count_nonzero(heard) == 20 * size, "and nothing that came is left out"


@pytest.mark.parametrize(("seconds", "flag"), [(0.05, 0), (-0.05, OVERFLOW), (5.0, OVERFLOW), (0.0, OVERFLOW)])
def test_a_clock_that_jumps_by_itself_puts_no_silence_into_what_is_heard(
    plug: Callable[[Card], Card], seconds: float, flag: int
) -> None:
    card = plug(Card((RATE,), (1,), says=RATE))
    heard = heard_with_a_jump(card, seconds, flag, channels=1)
    assert len(heard) == np.count_nonzero(heard) == 20 * card.streams[-1].blocksize


def test_channels_that_carry_sound_are_mixed_and_empty_ones_not_counted() -> None:
    mixer = Mixer(3)
    silence = np.zeros(30, dtype=float32)
    assert not mixer.mono(silence).any()
    frames = np.tile(np.array([0.4, 0.0, 0.2], dtype=float32), 10)
    assert mixer.mono(frames) == pytest.approx(0.3)
    assert mixer.mono(np.tile(np.array([0.4, 0.0, 0.0], dtype=float32), 10)) == pytest.approx(0.2), "no pumping"


# Speaking -------------------------------------------------------------------------------------------------------------


def silence(out: NDArray[float32]) -> None:
    out[:] = 0.0


def speaker(card: Card, rate: int, fill: Callable[[NDArray[float32]], None]) -> SpeakerStream:
    return SpeakerStream(OutputChoice(card.device, rate), fill, 0.02)


class Voice:
    """A tone that never ends."""

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.frames = 0

    def fill(self, out: NDArray[float32]) -> None:
        at = np.arange(self.frames, self.frames + len(out))
        out[:] = 0.5 * np.sin(2 * np.pi * 440.0 * at / self.rate)
        self.frames += len(out)


def played(card: Card, seconds: float) -> NDArray[float32]:
    stream = card.streams[-1]
    blocks = []
    for number in range(round(seconds * stream.samplerate / BLOCK)):
        block = np.ones((BLOCK, stream.channels), dtype=float32)
        moment = Moment(outputBufferDacTime=number * BLOCK / stream.samplerate)
        stream.callback(block.data.cast("B"), BLOCK, moment, 0)
        blocks.append(block)
    return np.concatenate(blocks)


@pytest.mark.parametrize(
    ("jump", "flag", "told"),
    [(0.03, UNDERFLOW, [0.03]), (0.03, 0, []), (-0.03, UNDERFLOW, []), (5.0, UNDERFLOW, [])],
)
def test_silence_that_a_speaker_put_in_is_told(
    plug: Callable[[Card], Card], jump: float, flag: int, told: list[float]
) -> None:
    card = plug(Card((48_000,), (2,)))
    lost: list[float] = []
    stream = SpeakerStream(OutputChoice(card.device, 48_000), silence, 0.02, lost.append)
    stream.open()
    block = np.ones((BLOCK, 2), dtype=float32)
    for number in range(20):
        at = 70_000.0 + number * BLOCK / 48_000 + (jump if number >= 9 else 0.0)
        moment = Moment(outputBufferDacTime=at)
        card.streams[-1].callback(block.data.cast("B"), BLOCK, moment, flag if number in (0, 9) else 0)
    assert lost == pytest.approx(told, abs=1e-6)


def test_silence_that_was_put_in_again_and_again_is_told_once_and_whole(plug: Callable[[Card], Card]) -> None:
    """As PulseAudio counted it while a machine was late: what the clock of a call says meanwhile is no measure."""
    card = plug(Card((48_000,), (2,)))
    lost: list[float] = []
    stream = SpeakerStream(OutputChoice(card.device, 48_000), silence, 0.02, lost.append)
    stream.open()
    block = np.ones((BLOCK, 2), dtype=float32)
    steady, storm = [(0.0, 0)] * 8, [(-7.8, 1), (11.5, 0), (22.5, 1), (52.7, 0), (60.9, 1), (60.8, 1), (95.3, 0)]
    for number, (milliseconds, flag) in enumerate([*steady, *storm, *[(128.4, 0)] * 5, *[(120.0, 0)] * 5]):
        moment = Moment(outputBufferDacTime=70_000.0 + number * BLOCK / 48_000 + milliseconds / 1000)
        card.streams[-1].callback(block.data.cast("B"), BLOCK, moment, UNDERFLOW if flag else 0)
    assert lost == pytest.approx([0.1284], abs=1e-6)


@pytest.mark.parametrize("channels", [1, 2, 8])
def test_a_speakers_sound_is_made_in_pieces_for_which_numpy_does_not_let_go_of_the_interpreter(
    plug: Callable[[Card], Card], channels: int
) -> None:
    """It does for more than 500 samples, and the callback then waits for whatever has it: it came too late for that."""
    card, voice, asked = plug(Card((48_000,), (channels,))), Voice(48_000), list[int]()

    def fill(out: NDArray[float32]) -> None:
        asked.append(len(out))
        voice.fill(out)

    stream = speaker(card, 48_000, fill)
    stream.open()
    sound = played(card, 0.5)
    assert max(asked) <= 500 and sum(asked) == len(sound) == voice.frames
    wanted = 0.5 * np.sin(2 * np.pi * 440.0 * np.arange(len(sound)) / 48_000)
    for channel in range(channels):
        assert sound[:, channel] == pytest.approx(wanted if channel < 2 else 0.0, abs=1e-4), "and nothing is lost"


@pytest.mark.parametrize(
    ("rates", "channels"), [((44_100,), (2,)), ((96_000,), (2,)), ((16_000,), (1,)), ((32_000,), (8,))]
)
def test_a_voice_goes_on_at_its_pitch_on_a_device_of_another_rate(
    plug: Callable[[Card], Card], rates: tuple[int, ...], channels: tuple[int, ...]
) -> None:
    card, voice = plug(Card(rates, channels)), Voice(48_000)
    stream = speaker(card, 48_000, voice.fill)
    stream.open()
    sound = played(card, 2.0)
    assert voice.frames == pytest.approx(2.0 * 48_000, rel=0.02), "it plays faster or slower than written"
    front = sound[:, 0]
    middle = front[len(front) // 4 : len(front) * 3 // 4]
    spectrum = np.abs(np.fft.rfft(middle))
    assert np.argmax(spectrum) * rates[0] / len(middle) == pytest.approx(440.0, abs=2.0)
    assert np.abs(middle).max() == pytest.approx(0.5, rel=0.02)
    if channels[0] > 1:
        assert (sound[:, 1] == front).all()
    assert not sound[:, 2:].any(), "the voice is in front"


def test_the_rate_of_the_voice_is_asked_for_before_the_device_s_own(plug: Callable[[Card], Card]) -> None:
    card = plug(Card((44_100, 48_000), (2,), says=44_100.0))
    speaker(card, 48_000, silence).open()
    assert card.asked == [(48_000, 2)]


def test_a_speaker_that_waits_takes_nothing_of_the_voice_until_it_begins(plug: Callable[[Card], Card]) -> None:
    card, voice = plug(Card((48_000,), (2,))), Voice(48_000)
    stream = speaker(card, 48_000, voice.fill)
    stream.open(waiting=True)
    assert not stream.works()
    assert not played(card, 0.5).any()
    assert stream.works() and voice.frames == 0
    stream.begin()
    assert played(card, 0.5).any() and voice.frames > 0
    assert stream.beat() > 0.0
    card.streams[-1].active = False  # as PortAudio shows a device that was pulled out
    assert stream.beat() == -math.inf


ASKS_FOR_NO_CARD = """
import ctypes, sys
from assistant.devices import all_devices
if sys.argv[1:]:
    all_devices("output")
ctypes.CDLL("libasound.so.2").snd_pcm_open(ctypes.byref(ctypes.c_void_p()), b"gramophone", 0, 0)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ALSA is Linux's")
def test_what_alsa_reports_does_not_come_between_the_captions() -> None:
    """From its own threads, at any time: what PortAudio returns says it anyway."""
    loud, quiet = (
        subprocess.run([sys.executable, "-c", ASKS_FOR_NO_CARD, *given], capture_output=True, text=True, check=True)
        for given in ([], ["quiet"])
    )
    assert "gramophone" in loud.stderr
    assert not quiet.stderr


@dataclass
class Alsa:
    """Its answers: to opening (0, or an error below it), and how many things there are to wait for then."""

    opens: int
    waits: int

    def snd_pcm_open(self, *_: object) -> int:
        return self.opens

    def snd_pcm_poll_descriptors_count(self, _: object) -> int:
        return self.waits

    def snd_pcm_close(self, _: object) -> int:
        return 0


@pytest.mark.parametrize(
    ("alsa", "tried"),
    [(Alsa(0, 1), True), (Alsa(0, 0), False), (Alsa(-errno.ECONNREFUSED, 0), False), (Alsa(-errno.EBUSY, 0), True)],
)
def test_what_would_end_portaudio_and_the_program_is_not_given_to_it(
    alsa: Alsa, tried: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asserts that a device which opened has something to wait for; a sound server that just starts has nothing."""
    card = Card((48_000,), (2,))
    monkeypatch.setattr(sounddevice, "RawInputStream", lambda **options: FakeStream(card, **options))
    monkeypatch.setattr("assistant.devices._alsa", lambda: alsa)
    monkeypatch.setattr("assistant.devices._quiet_alsa", lambda: None)
    with nullcontext() if tried else pytest.raises(DeviceError, match="not there yet"):
        started_stream(
            "input", card.device, (48_000,), lambda rate: 512, 0.1, lambda *_: None, lambda rate, count: None
        )
    assert bool(card.streams) is tried
