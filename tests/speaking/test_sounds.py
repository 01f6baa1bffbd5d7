"""Sounds in and out: every common WAV and AIFF, the tones, and files that are written as they come."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy import float32
from numpy.typing import NDArray

from assistant.content.root import content_root
from assistant.core.timeline import ToneName
from assistant.errors import DeviceError
from assistant.sound import Sound, parse_wav, read_wav, write_wav
from assistant.speaking.aiff import parse_aiff
from assistant.speaking.output import WavSpeaker
from assistant.speaking.tones import LEVEL, breath_tone, chime
from assistant.speaking.trimming import trimmed

RATE = 44_100
WAVE: NDArray[np.float64] = np.sin(np.arange(1000) / 7.0) * 0.5


def wav(body: bytes, kind: int, channels: int, bits: int, *, extensible: bool = False, before: bytes = b"") -> bytes:
    width = channels * bits // 8
    layout = struct.pack("<HHIIHH", 0xFFFE if extensible else kind, channels, RATE, RATE * width, width, bits)
    if extensible:
        layout += struct.pack("<HHIH", 22, bits, 0, kind) + bytes(14)
    chunks = before + b"fmt " + struct.pack("<I", len(layout)) + layout + b"data" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def encoded(samples: NDArray[np.float64], kind: int, bits: int) -> bytes:
    if kind == 3:
        return samples.astype(f"<f{bits // 8}").tobytes()
    if bits == 8:
        return (samples * 127 + 128).astype(np.uint8).tobytes()
    whole = (samples * (2 ** (bits - 1) - 1)).astype("<i4")
    return bytes(whole.view(np.uint8).reshape(-1, 4)[:, : bits // 8].tobytes())


@pytest.mark.parametrize("extensible", [False, True])
@pytest.mark.parametrize(("kind", "bits"), [(1, 8), (1, 16), (1, 24), (1, 32), (3, 32), (3, 64)])
def test_wav_of_every_common_kind_sounds_the_same(kind: int, bits: int, extensible: bool) -> None:
    stereo = np.repeat(WAVE, 2) * np.tile([1.5, 0.5], len(WAVE))
    for channels, samples in ((1, WAVE), (2, stereo)):
        sound = parse_wav(wav(encoded(samples, kind, bits), kind, channels, bits, extensible=extensible), "x")
        assert sound.rate == RATE and sound.samples.dtype == float32
        assert np.allclose(sound.samples, WAVE, atol=2 / 2 ** min(bits - 1, 15))


def test_chunks_of_odd_length_before_the_sound_are_passed_over() -> None:
    before = b"LIST" + struct.pack("<I", 3) + b"abc\0"
    assert len(parse_wav(wav(encoded(WAVE, 1, 16), 1, 1, 16, before=before), "x").samples) == len(WAVE)


@given(st.integers(0, 1998))
def test_a_recording_that_was_cut_off_gives_what_is_there(cut: int) -> None:
    data = wav(encoded(WAVE, 1, 16), 1, 1, 16)
    assert len(parse_wav(data[: len(data) - cut], "x").samples) == len(WAVE) - (cut + 1) // 2


def code_of(parse: Callable[[], Sound]) -> str:
    """The code of the failure, or `sound`."""
    try:
        return "sound" if parse().rate > 0 else "no rate"
    except DeviceError as error:
        return error.code


@given(st.binary(max_size=80))
def test_no_bytes_at_all_break_the_readers(data: bytes) -> None:
    for start in (b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0WAVEfmt \x10\0\0\0"):
        assert code_of(partial(parse_wav, start + data, "x")).startswith("sound")
    for start in (b"FORM\0\0\0\0AIFF", b"FORM\0\0\0\0AIFFCOMM\0\0\0\x12"):
        assert code_of(partial(parse_aiff, start + data)).startswith("sound")


def test_what_is_no_sound_file_is_named(tmp_path: Path) -> None:
    def code(path: Path) -> str:
        with pytest.raises(DeviceError) as raised:
            read_wav(path)
        assert path.name in raised.value.hint
        return raised.value.code

    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "song.mp3").write_bytes(b"ID3\4" + bytes(100))
    (tmp_path / "silent.wav").write_bytes(wav(b"", 1, 1, 16))
    (tmp_path / "odd.wav").write_bytes(wav(bytes(100), 85, 1, 16))
    assert code(tmp_path / "none.wav") == "sound-file-missing"
    assert code(tmp_path) == "sound-file-not-wav"
    assert code(tmp_path / "empty.wav") == "sound-file-empty"
    assert code(tmp_path / "song.mp3") == "sound-file-not-wav"
    assert code(tmp_path / "silent.wav") == "sound-file-empty"
    assert code(tmp_path / "odd.wav") == "sound-file-format"
    assert code(tmp_path / "song.mp3" / "inside") == "sound-file-unreadable"


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    path = tmp_path / "x.wav"
    with path.open("wb") as file:
        write_wav(file, Sound(WAVE.astype(float32), RATE))
    assert np.allclose(read_wav(path).samples, WAVE, atol=1e-4)


def aiff(samples: NDArray[np.float64], kind: bytes, rate: int = 22_050) -> bytes:
    order = "<i2" if kind == b"sowt" else ">i2"
    exponent = 16383 + rate.bit_length() - 1
    common = struct.pack(">hIhHQ", 1, len(samples), 16, exponent, rate << (64 - rate.bit_length()))
    common += kind + b"\0\0" if kind else b""
    body = bytes(8) + (samples * 32767).astype(order).tobytes()
    chunks = b"COMM" + struct.pack(">I", len(common)) + common + b"FLLR" + struct.pack(">I", 5) + bytes(6)
    chunks += b"SSND" + struct.pack(">I", len(body)) + body
    return b"FORM" + struct.pack(">I", 4 + len(chunks)) + (b"AIFC" if kind else b"AIFF") + chunks


@pytest.mark.parametrize("kind", [b"", b"NONE", b"sowt"])
@pytest.mark.parametrize("rate", [22_050, 44_100, 16_000])
def test_aiff_as_the_voices_of_macos_write_it(kind: bytes, rate: int) -> None:
    sound = parse_aiff(aiff(WAVE, kind, rate))
    assert sound.rate == rate and np.allclose(sound.samples, WAVE, atol=1e-4)


@pytest.mark.parametrize("name", ToneName)
@given(seconds=st.floats(0.01, 12.0), rate=st.sampled_from([22_050, 44_100, 48_000]))
def test_a_tone_lasts_exactly_as_written_and_is_soft(name: ToneName, seconds: float, rate: int) -> None:
    tone = breath_tone(name, seconds, rate)
    assert len(tone) == round(seconds * rate) and tone.dtype == float32
    assert np.max(np.abs(tone), initial=0.0) < 3 * LEVEL


@pytest.mark.parametrize("name", ToneName)
def test_a_tone_begins_and_ends_without_a_jump(name: ToneName) -> None:
    tone = np.abs(breath_tone(name, 4.0, 48_000))
    for edge in (tone, tone[::-1]):
        assert edge[0] < 1e-6
        assert np.max(edge[: 48_000 // 100]) < 0.1 * np.max(tone), "10 ms in, hardly there"
        assert np.max(edge[: 48_000 * 4 // 100]) < 0.6 * np.max(tone), "40 ms in, half way"


def pitch(samples: NDArray[float32], rate: int) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples)), 1 << 16))
    return float(np.argmax(spectrum)) * rate / (1 << 16)


def test_in_rises_and_out_falls() -> None:
    third = 16_000
    breathe_in, breathe_out = (breath_tone(name, 3.0, 16_000) for name in ToneName)
    assert pitch(breathe_in[-third:], 16_000) > 1.15 * pitch(breathe_in[:third], 16_000)
    assert pitch(breathe_out[-third:], 16_000) < 0.85 * pitch(breathe_out[:third], 16_000)


@pytest.mark.parametrize(("name", "pitches"), [("start", (392.0,)), ("end", (392.0, 294.0))])
def test_the_chimes_are_as_the_program_draws_them(name: str, pitches: tuple[float, ...]) -> None:
    """So nobody's recording is in them, and they can be drawn anew."""
    kept = read_wav(content_root() / "audio" / f"{name}.wav")
    drawn = chime(pitches, kept.seconds, kept.rate)
    assert np.max(np.abs(drawn - kept.samples)) < 2 / 32768.0, "but for the rounding to 16 bits"


def test_the_end_has_two_notes_and_the_start_one() -> None:
    start, end = (read_wav(content_root() / "audio" / f"{name}.wav") for name in ("start", "end"))
    first, second = pitch(end.samples[: end.rate * 4 // 10], end.rate), pitch(end.samples[-end.rate :], end.rate)
    assert second < 0.8 * first
    assert pitch(start.samples[-start.rate :], start.rate) == pytest.approx(
        pitch(start.samples[: start.rate], start.rate), rel=0.02
    )


@given(before=st.integers(0, 3000), after=st.integers(0, 30_000))
def test_the_silence_an_engine_adds_is_taken_off(before: int, after: int) -> None:
    voice = np.full(5000, 0.3, dtype=float32)
    sound = trimmed(Sound(np.concatenate([np.zeros(before, float32), voice, np.zeros(after, float32)]), 22_050))
    margin = int(0.005 * 22_050)
    assert len(sound.samples) == min(before, margin) + len(voice) + min(after, margin)
    assert abs(sound.samples[0]) < 0.01 and abs(sound.samples[-1]) < 0.01, "no click where it was cut"


def test_what_would_be_heard_is_written_as_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "out.wav"
    speaker = WavSpeaker(path, 24_000)
    for _ in range(3):
        speaker.write(np.full(500, 0.25, dtype=float32))
    speaker.close()
    speaker.close()
    sound = read_wav(path)
    assert (len(sound.samples), sound.rate) == (1500, 24_000) and np.allclose(sound.samples, 0.25, atol=1e-4)


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(DeviceError, match="cannot be written") as raised:
        WavSpeaker(tmp_path / "no" / "folder.wav", 24_000)
    assert raised.value.code == "sound-file-unwritable"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_a_disk_that_fills_up_is_named() -> None:
    speaker = WavSpeaker(Path("/dev/full"), 24_000)
    with pytest.raises(DeviceError, match="No space left") as raised:
        speaker.write(np.zeros(1_000_000, dtype=float32))
    assert raised.value.code == "sound-file-unwritable"
    with pytest.raises(DeviceError, match="No space left"):
        speaker.close()
    speaker.close()
