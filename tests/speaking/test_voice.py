"""The voice: a hanging engine is replaced, a cache is only a cache, and a failure leaves captions in time."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from assistant.content.root import content_root
from assistant.core.events import Event, SynthesisFailed
from assistant.core.ids import UtteranceId
from assistant.core.timeline import Chime, Pause, Recorded, Speech, Timeline, Tone, ToneName
from assistant.errors import EngineError
from assistant.sound import Sound
from assistant.speaking.cache import CachedVoice
from assistant.speaking.layout import Layout
from assistant.speaking.player import Part, Player
from assistant.speaking.pyttsx3_voice import Pyttsx3Voice
from assistant.speaking.voice_worker import VoiceWorker
from assistant.testing.fake_voice import hum
from assistant.testing.voice_suite import check_voice_engine

RATE = 24_000
RECORDINGS = {path.stem: path for path in (content_root() / "audio" / "en").glob("*.wav")}


class Beeps:
    """A voice that needs nothing, and counts what it renders."""

    name = voice = "beeps"

    def __init__(self, fails: bool = False) -> None:
        self.rendered: list[str] = []
        self.fails = fails

    def render(self, text: str, words_per_minute: int) -> Sound:
        if self.fails:
            raise EngineError("voice-engine-failed", "out of order")
        self.rendered.append(text)
        return hum(1.0, RATE)

    def close(self) -> None:
        pass


def layout(voice: CachedVoice) -> Layout:
    return Layout(voice, RATE, 120, content_root() / "audio", RECORDINGS)


def lengths(parts: list[Part]) -> dict[int, int]:
    return {index: sum(p.length for p in parts if p.segment == index) for index in {p.segment for p in parts}}


def test_pyttsx3_in_its_child_is_a_voice_engine() -> None:
    check_voice_engine(Pyttsx3Voice)


def test_an_engine_that_hangs_is_killed_and_the_next_call_gets_a_new_one() -> None:
    child = "import sys; print('{}', flush=True); sys.stdin.read()"
    voice = Pyttsx3Voice(command=(sys.executable, "-c", child), render_seconds=0.2)
    for _ in range(2):
        with pytest.raises(EngineError) as failure:
            voice.render("hello", 120)
        assert failure.value.code == "voice-engine-timeout"
    voice.close()


def test_an_engine_that_is_not_there_says_how_to_get_it() -> None:
    with pytest.raises(EngineError) as failure:
        Pyttsx3Voice(command=("/no/such/program",)).render("hello", 120)
    assert failure.value.code == "voice-engine-missing" and "libespeak" in failure.value.hint


def test_a_line_is_rendered_once_and_kept_in_a_file_that_names_no_words(tmp_path: Path) -> None:
    first = Beeps()
    CachedVoice(first, tmp_path).render("press down", 120)
    second = Beeps()
    CachedVoice(second, tmp_path).render("press down", 120)
    assert first.rendered == ["press down"] and second.rendered == []
    assert not any("press" in str(path) for path in tmp_path.rglob("*"))


def test_somebodys_own_words_are_never_written(tmp_path: Path) -> None:
    CachedVoice(Beeps(), tmp_path, may_keep=lambda text: "Alex" not in text).render("Could you call Alex?", 120)
    assert list(tmp_path.rglob("*.wav")) == []


def test_a_broken_cache_file_is_rendered_again(tmp_path: Path) -> None:
    CachedVoice(Beeps(), tmp_path).render("press down", 120)
    next(tmp_path.rglob("*.wav")).write_bytes(b"RIFF")
    again = Beeps()
    CachedVoice(again, tmp_path).render("press down", 120)
    assert again.rendered == ["press down"]


def test_a_cache_that_cannot_be_written_is_told_once_and_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    told: list[str] = []
    voice = CachedVoice(Beeps(), blocked / "cache", trouble=told.append)
    voice.render("one", 120)
    voice.render("two", 120)
    assert told == ["cache-unwritable"]


def test_ten_minutes_of_pauses_and_tones_stay_exact_to_the_sample() -> None:
    once: list[Pause | Tone] = [Pause(1.3), Tone(ToneName.BREATHE_IN, 3.0), Tone(ToneName.BREATHE_OUT, 5.0001)]
    pieces = once * 65
    parts = list(layout(CachedVoice(Beeps(), None)).parts(Timeline(tuple(pieces)), lambda code: None))
    ideal = sum(piece.seconds for piece in pieces) * RATE
    assert abs(sum(part.length for part in parts) - ideal) <= 1
    assert all(abs(lengths(parts)[i] - piece.seconds * RATE) <= 1 for i, piece in enumerate(pieces))


def test_a_dead_engine_leaves_silence_of_fitting_length_and_says_so_once() -> None:
    told: list[str] = []
    timeline = Timeline((Speech("one two three four"), Pause(1.0), Speech("five six")))
    parts = list(layout(CachedVoice(Beeps(fails=True), None)).parts(timeline, told.append))
    assert lengths(parts) == {0: 2 * RATE, 1: RATE, 2: RATE}
    assert told == ["voice-engine-failed"]


def test_recorded_lines_and_chimes_need_no_engine() -> None:
    timeline = Timeline((Recorded("voice-lost", ""), Chime("end")))
    told: list[str] = []
    parts = list(layout(CachedVoice(Beeps(fails=True), None)).parts(timeline, told.append))
    assert told == [] and min(lengths(parts).values()) > RATE


def test_nothing_clips_however_loud_it_is_asked_for() -> None:
    timeline = Timeline((Speech("hello"), Tone(ToneName.BREATHE_IN, 1.0)), gain_db=40.0)
    for part in layout(CachedVoice(Beeps(), None)).parts(timeline, lambda code: None):
        assert isinstance(part.samples, int) or np.max(np.abs(part.samples)) < 0.9


def test_the_worker_reports_a_failure_with_the_id_it_belongs_to() -> None:
    events: list[Event] = []
    voice = CachedVoice(Beeps(fails=True), None)
    player = Player(RATE, events.append)
    playout = player.play(UtteranceId(7), 0)
    VoiceWorker(layout(voice), voice, events.append).render(UtteranceId(7), Timeline((Speech("hello"),)), playout)
    assert events == [SynthesisFailed(UtteranceId(7), "voice-engine-failed")] and playout.complete
