"""Hearing: speech is told from noise, words from other words, and a recogniser that breaks is a turn that failed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from threading import Event as Flag

import numpy as np
import pytest
from numpy import float32
from numpy.typing import NDArray

from assistant.app.parts import build_recogniser, load_library
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.commands import Answer
from assistant.core.events import Event, PartialTranscript, TranscriptionFailed, TranscriptReady
from assistant.core.ids import AudioId
from assistant.core.understanding import Intent
from assistant.errors import EngineError
from assistant.hearing.faster_whisper_engine import FasterWhisper
from assistant.hearing.noise import without_steady_noise
from assistant.hearing.pocketsphinx_engine import PocketSphinx
from assistant.hearing.recogniser import RATE
from assistant.hearing.recogniser_worker import RecogniserWorker
from assistant.hearing.voice_activity import FRAME, Silero
from assistant.safety.transcript import Transcript, Trust, nothing_heard
from assistant.settings_files import settings_files
from assistant.sound import read_wav, resampled
from assistant.testing.noises import NOISES
from assistant.testing.recogniser_suite import check_recogniser
from assistant.testing.tiny_whisper import build_rigged

PHRASES = ("stop", "pause", "go on", "yes", "no", "seven", "help", "i'm having a panic attack", "i can't sleep")


@pytest.fixture(scope="session")
def speak(tmp_path_factory: pytest.TempPathFactory) -> object:
    folder = tmp_path_factory.mktemp("speech")

    def say(words: str, voice: str = "en-us") -> NDArray[float32]:
        if shutil.which("espeak-ng") is None:
            pytest.skip("espeak-ng is not installed")
        path = folder / f"{abs(hash((words, voice)))}.wav"
        subprocess.run(["espeak-ng", "-v", voice, "-s", "135", "-w", str(path), words], check=True)
        return resampled(read_wav(path), RATE) * float32(0.4)

    return say


@pytest.fixture(scope="module")
def everything() -> PocketSphinx:
    """The built-in recogniser with the shipped phrases."""
    settings = load_settings(settings_files(content_root() / "config.yaml"))
    recogniser = build_recogniser(load_library(settings), settings, "pocketsphinx")
    assert isinstance(recogniser, PocketSphinx)
    return recogniser


def test_a_sob_a_laugh_or_a_murmur_says_nothing_that_is_acted_on(everything: PocketSphinx) -> None:
    """Whole and cut off, as when its words are guessed in a pause."""
    for name in ("sob", "laugh", "mm-hmm"):
        for seed in range(6):
            rng = np.random.default_rng(seed)
            sound = resampled(NOISES[name](rng), RATE)
            room = rng.standard_normal(RATE * 3).astype(float32) * float32(0.0005)
            for seconds in (0.8, 2.0):
                turn = room[: RATE // 2 + min(len(sound), int(seconds * RATE))].copy()
                turn[RATE // 2 :] += sound[: len(turn) - RATE // 2]
                heard = everything.transcribe(turn)
                assert heard.trust is not Trust.TRUSTED, (name, seed, heard)


def test_a_cough_holds_no_words(everything: PocketSphinx) -> None:
    """Of these twenty, seventeen had been like some phrase, "I'm done" or "goodbye"."""
    heard = []
    for seed in range(20):
        cough = resampled(NOISES["cough"](np.random.default_rng(seed)), RATE)
        quiet = np.zeros(RATE * 2 // 5, dtype=float32)
        heard.append(everything.transcribe(np.concatenate([quiet, cough, quiet])).text)
    assert sum(map(bool, heard)) <= 2, heard


def test_a_cough_is_no_stop(everything: PocketSphinx) -> None:
    """Each of these was "shut up", and a stop is obeyed in doubt."""
    stops = load_library(load_settings(settings_files(content_root() / "config.yaml"))).lexicon.commands[Intent.STOP]
    quiet = np.zeros(RATE * 2 // 5, dtype=float32)
    for seed in (15, 97, 118, 169, 240):
        cough = resampled(NOISES["cough"](np.random.default_rng(seed)), RATE)
        heard = everything.transcribe(np.concatenate([quiet, cough, quiet[: RATE // 5]])).text
        assert heard not in stops, (seed, heard)


def test_silero_hears_speech_and_not_noise_and_keeps_its_frame(speak: object) -> None:
    silero = Silero()
    samples = speak("the floor is still there")  # type: ignore[operator]  # a fixture's function
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME)
    before = frames.copy()
    assert np.mean([silero.probability(frame) > 0.5 for frame in frames]) > 0.5
    assert np.array_equal(frames, before)
    silero.reset()
    noise = np.random.default_rng(0).standard_normal((60, FRAME)).astype(float32) * float32(0.01)
    assert np.mean([silero.probability(frame) > 0.5 for frame in noise]) < 0.1


def test_the_rigged_whisper_hears_its_sentence_through_the_real_code(tmp_path: Path) -> None:
    model = build_rigged(tmp_path / "model", "i'm panicking")
    recogniser = FasterWhisper(model, "en", 1)
    check_recogniser(lambda: FasterWhisper(model, "en", 1))
    heard = recogniser.transcribe(resampled(read_wav(content_root() / "audio" / "demo-panic-short.wav"), RATE))
    assert (heard.text, heard.trust) == ("i'm panicking", Trust.TRUSTED)


@pytest.mark.parametrize("lacking", ["model.bin", "config.json", "tokenizer.json"])
def test_an_incomplete_model_says_what_is_missing_and_never_asks_the_network(tmp_path: Path, lacking: str) -> None:
    model = build_rigged(tmp_path / "model", "hello")
    (model / lacking).unlink()
    with pytest.raises(EngineError) as failure:
        FasterWhisper(model, "en", 1)
    assert failure.value.code == "model-incomplete" and lacking in failure.value.hint


def test_what_whisper_invents_on_silence_holds_no_words(tmp_path: Path) -> None:
    model = build_rigged(tmp_path / "model", "Thanks for watching")
    heard = FasterWhisper(model, "en", 1).transcribe(np.zeros(3 * RATE, dtype=float32))
    assert heard == nothing_heard("faster-whisper")


def test_the_built_in_recogniser_hears_its_phrases(speak: object) -> None:
    recogniser = PocketSphinx(PHRASES)
    check_recogniser(lambda: PocketSphinx(PHRASES))
    heard = [recogniser.transcribe(speak(phrase)).text for phrase in PHRASES]  # type: ignore[operator]  # as above
    assert sum(text == phrase for text, phrase in zip(heard, PHRASES, strict=True)) >= len(PHRASES) - 2


@pytest.mark.parametrize("word", ["stop", "stop it", "wait", "yes", "no", "five", "skip", "go on", "again"])
def test_a_short_word_is_heard_among_all_that_is_listened_for(
    speak: object, everything: PocketSphinx, word: str
) -> None:
    quiet = np.zeros(RATE * 2 // 5, dtype=float32)
    assert everything.transcribe(np.concatenate([quiet, speak(word), quiet[::2]])).text == word  # type: ignore[operator]  # as above


def test_the_built_in_recogniser_does_not_force_other_speech_onto_a_phrase(speak: object) -> None:
    recogniser = PocketSphinx(PHRASES)
    others = ("the quarterly report is due on thursday", "we bought a new dishwasher last week",
              "turn left after the petrol station", "the museum opens at half past nine")  # fmt: skip
    heard = [recogniser.transcribe(speak(words)) for words in others]  # type: ignore[operator]  # as above
    assert all(transcript.trust is not Trust.TRUSTED for transcript in heard)


HELP = ("i want to die", "he's hitting me", "i want to kill myself", "my chest hurts and my arm is numb")


def test_steady_noise_is_taken_out_and_the_voice_is_left(speak: object) -> None:
    said = speak("i want to kill myself")  # type: ignore[operator]  # as above
    noise = _hum(said, decibels_below=5.0)
    cleaned = without_steady_noise(said + noise)
    assert cleaned.shape == said.shape and cleaned.dtype == float32
    left = cleaned - without_steady_noise(said)
    assert np.mean(left**2) < 0.5 * np.mean(noise**2)
    assert np.allclose(without_steady_noise(said), said, atol=0.1 * float(np.max(said)))


def test_a_call_for_help_is_heard_through_noise(speak: object) -> None:
    recogniser = PocketSphinx((*PHRASES, *HELP), HELP)
    said = [speak(words) for words in HELP]  # type: ignore[operator]  # as above
    heard = [recogniser.transcribe(turn + _hum(turn, decibels_below=10.0)).text for turn in said]
    assert sum(text == words for text, words in zip(heard, HELP, strict=True)) >= len(HELP) - 1


def _hum(said: NDArray[float32], decibels_below: float) -> NDArray[float32]:
    """Noise that is stronger at the bottom, as in most rooms."""
    spectrum = np.fft.rfft(np.random.default_rng(0).standard_normal(len(said)))
    spectrum[1:] /= np.sqrt(np.arange(1, len(spectrum)))
    noise = np.fft.irfft(spectrum, len(said))
    speech = said[np.abs(said) > 0.01]
    level = np.sqrt(np.mean(speech**2) / np.mean(noise**2)) * 10 ** (-decibels_below / 20)
    hum: NDArray[float32] = (noise * level).astype(float32)
    return hum


def test_silence_and_noise_hold_no_words() -> None:
    recogniser = PocketSphinx(PHRASES)
    noise = np.random.default_rng(1).standard_normal(2 * RATE).astype(float32) * float32(0.05)
    assert recogniser.transcribe(noise).trust is Trust.EMPTY
    assert recogniser.transcribe(np.zeros(RATE, dtype=float32)).trust is Trust.EMPTY


class Scripted:
    """A recogniser that waits for a sign, and breaks when told."""

    name = "scripted"

    def __init__(self) -> None:
        self.may_answer = Flag()
        self.began = Flag()
        self.breaks = False
        self.calls = 0
        self.expected: list[Answer] = []

    def warm_up(self) -> None:
        pass

    def transcribe(self, samples: NDArray[float32], expected: Answer = Answer.ANYTHING) -> Transcript:
        self.calls += 1
        self.expected.append(expected)
        self.began.set()
        assert self.may_answer.wait(5)
        if self.breaks:
            raise RuntimeError("out of order")
        return nothing_heard(self.name) if not len(samples) else Transcript("yes", Trust.TRUSTED, 0.9, self.name)

    def close(self) -> None:
        pass


class Inbox(list[Event]):
    """Events, and a flag for the one that ends a turn."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = Flag()
        self.guessed = Flag()

    def post(self, event: Event) -> None:
        self.append(event)
        if isinstance(event, TranscriptReady | TranscriptionFailed):
            self.answered.set()
        elif isinstance(event, PartialTranscript):
            self.guessed.set()


@pytest.mark.parametrize("file", ["model.bin", "config.json", "tokenizer.json", "vocabulary.json"])
def test_a_model_whose_file_is_cut_short_is_told_with_what_to_do_each_time_it_is_asked(
    tmp_path: Path, file: str
) -> None:
    """As a download leaves it that was broken off."""
    model = build_rigged(tmp_path / "model", "hello")
    (model / file).write_bytes((model / file).read_bytes()[:-20])
    recogniser = FasterWhisper(model, "en", 1)
    for _ in range(2):
        with pytest.raises(EngineError, match="fetch it again: grounding setup") as raised:
            recogniser.warm_up()
        assert raised.value.code == "model-broken"


def test_a_guess_made_in_the_pause_is_the_answer_at_the_end_of_the_turn() -> None:
    recogniser, inbox = Scripted(), Inbox()
    worker = RecogniserWorker(recogniser, inbox.post)
    worker.start()
    worker.speculate(AudioId(1), np.ones(16_000, dtype=float32))
    assert recogniser.began.wait(5)
    worker.transcribe(AudioId(1), np.ones(24_000, dtype=float32))
    recogniser.may_answer.set()
    assert inbox.answered.wait(5)
    assert recogniser.calls == 1, "decoded once"
    worker.close()


def test_a_guess_made_before_a_number_was_asked_for_is_none() -> None:
    recogniser, inbox = Scripted(), Inbox()
    recogniser.may_answer.set()
    worker = RecogniserWorker(recogniser, inbox.post)
    worker.start()
    worker.speculate(AudioId(1), np.ones(16_000, dtype=float32))
    assert inbox.guessed.wait(5)
    worker.expect(Answer.NUMBER)
    worker.transcribe(AudioId(1), np.ones(16_000, dtype=float32))
    assert inbox.answered.wait(5)
    worker.close()
    assert recogniser.expected == [Answer.ANYTHING, Answer.NUMBER]


def test_a_recogniser_that_breaks_as_it_loads_is_a_failed_turn_and_not_a_dead_thread() -> None:
    class Unloadable(Scripted):
        def warm_up(self) -> None:
            raise Exception("expected value at line 1 column 1")  # as the library tokenizers does

    inbox = Inbox()
    recogniser = Unloadable()
    recogniser.may_answer.set()
    recogniser.breaks = True
    worker = RecogniserWorker(recogniser, inbox.post)
    worker.start()
    worker.transcribe(AudioId(1), np.ones(100, dtype=float32))
    assert inbox.answered.wait(5)
    assert inbox[-1] == TranscriptionFailed(AudioId(1), "recogniser-failed")
    worker.close()


def test_a_broken_recogniser_is_a_failed_turn_and_not_a_dead_thread() -> None:
    recogniser, inbox = Scripted(), Inbox()
    recogniser.may_answer.set()
    recogniser.breaks = True
    worker = RecogniserWorker(recogniser, inbox.post)
    worker.start()
    worker.transcribe(AudioId(1), np.ones(100, dtype=float32))
    assert inbox.answered.wait(5)
    assert inbox[-1] == TranscriptionFailed(AudioId(1), "recogniser-failed")
    inbox.answered.clear()
    recogniser.breaks = False
    worker.transcribe(AudioId(2), np.ones(100, dtype=float32))
    assert inbox.answered.wait(5)
    assert isinstance(inbox[-1], TranscriptReady)
    worker.close()
