"""faster-whisper from a local directory: never the network, one language, greedy, and trust taken from two numbers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.core.commands import Answer
from assistant.errors import AssistantError, EngineError
from assistant.hearing.recogniser import RATE
from assistant.hearing.trust import POOR_LOGPROB, Voice, judge, voice_in
from assistant.hearing.voice_activity import Silero, VoiceActivity
from assistant.safety.transcript import Transcript, Trust, nothing_heard

NEEDED = ("model.bin", "config.json", "tokenizer.json")
"""Without tokenizer.json faster-whisper asks the network for one."""
HOPELESS_LOGPROB = -3.0
"""Below this no window makes words of it, and a second decode only makes the person wait."""
SHORTEST_WINDOW_SECONDS = 10.0
"""Whisper pads to 30 s; a window of at least 10 s, and 2 s more than the speech, cost no words on 26 clips
(handy-computer/transcribe.cpp PR 149) and a quarter of the time."""
WINDOW_MARGIN_SECONDS = 2.0
FULL_WINDOW_SECONDS = 30.0
"""What Whisper was trained on; a longer turn is cut there, and a turn is ended at 30 s (`EndpointPolicy`)."""
TOKENS_A_SECOND, TOKENS_MORE = 6, 2
"""Four words a second, as quick as people speak, are 5.2 tokens (Whisper's English has 1.3 a word). Where that was not
enough and the words look sound, it is done again with three times as many: only a model that loops is cut off."""


def missing_files(directory: Path) -> list[str]:
    """What a model directory lacks."""
    missing = [name for name in NEEDED if not (directory / name).is_file()]
    if not any((directory / f"vocabulary.{suffix}").is_file() for suffix in ("json", "txt")):
        missing.append("vocabulary.json")
    return missing


class FasterWhisper:
    """`directory`: a CTranslate2 Whisper model. `threads`: processor cores. `activity`: what knows a voice, for this
    recogniser alone, as it is made to forget at every turn; Silero where none is given.
    """

    name = "faster-whisper"

    def __init__(self, directory: Path, language: str, threads: int, activity: VoiceActivity | None = None) -> None:
        if missing := missing_files(directory):
            raise EngineError(
                "model-incomplete",
                f"The model in {directory} lacks {', '.join(missing)}; fetch it again with: grounding setup",
            )
        self._directory = directory
        self._language = language
        self._threads = threads
        self._activity = activity
        self._model: Any = None
        self._tokenizer: Any = None

    def warm_up(self) -> None:
        """Load, and decode a second of nothing. Raises EngineError."""
        if self._model is None:
            os.environ["HF_HUB_OFFLINE"] = "1"
            from faster_whisper import WhisperModel
            from faster_whisper.tokenizer import Tokenizer

            try:
                self._model = WhisperModel(
                    str(self._directory), device="cpu", compute_type="int8", cpu_threads=self._threads,
                    local_files_only=True,
                )  # fmt: skip
                self._tokenizer = Tokenizer(
                    self._model.hf_tokenizer, self._model.model.is_multilingual, task="transcribe",
                    language=self._language,
                )  # fmt: skip
                self.transcribe(np.zeros(RATE, dtype=float32))
            except AssistantError:  # of what knows a voice, and not of the model
                self.close()
                raise
            except Exception as error:  # the library tokenizers raises just that
                self.close()
                raise EngineError(
                    "model-broken", f"The model in {self._directory} cannot be loaded; fetch it again: grounding setup"
                ) from error

    def transcribe(self, samples: NDArray[float32], expected: Answer = Answer.ANYTHING) -> Transcript:
        """One turn, in the shortest window that is safe; in the full one when that gave doubt."""
        self.warm_up()
        if self._activity is None:
            self._activity = Silero()
        voice = voice_in(samples, self._activity)
        seconds = len(samples) / RATE
        window = max(SHORTEST_WINDOW_SECONDS, seconds + WINDOW_MARGIN_SECONDS)
        transcript, sure = self._decode(samples, voice, min(window, FULL_WINDOW_SECONDS))
        if not sure and window < FULL_WINDOW_SECONDS and transcript.trust is Trust.DOUBTFUL:
            transcript, _ = self._decode(samples, voice, FULL_WINDOW_SECONDS)
        return transcript

    def close(self) -> None:
        """Let the model go."""
        self._model = self._tokenizer = None

    def _decode(self, samples: NDArray[float32], voice: Voice, window_seconds: float) -> tuple[Transcript, bool]:
        """The transcript, and whether another window could not better it."""
        import ctranslate2

        extractor = self._model.feature_extractor
        frames = round(window_seconds * extractor.sampling_rate / extractor.hop_length)
        features = extractor(samples.astype(float32, copy=True), padding=True)[:, :frames]
        features = np.pad(features, ((0, 0), (0, frames - features.shape[1])))
        encoded = self._model.model.encode(
            ctranslate2.StorageView.from_array(np.ascontiguousarray(features[None], dtype=float32))
        )
        prompt = [*self._tokenizer.sot_sequence, self._tokenizer.no_timestamps]
        usual = int(len(samples) / RATE * TOKENS_A_SECOND) + TOKENS_MORE
        for most in (usual, 3 * usual):
            result = self._model.model.generate(
                encoded, [prompt], beam_size=1, return_scores=True, return_no_speech_prob=True, suppress_blank=True,
                max_length=2 * most,  # CTranslate2 generates at most half of it
                suppress_tokens=None, sampling_temperature=0.0,
            )[0]  # fmt: skip
            tokens = [token for token in result.sequences_ids[0] if token < self._tokenizer.eot]
            logprob = float(result.scores[0])
            if len(tokens) < most or logprob < HOPELESS_LOGPROB:
                break
        text = " ".join(self._tokenizer.decode(tokens).split())
        sure = logprob < HOPELESS_LOGPROB or (logprob >= POOR_LOGPROB and len(tokens) < most)
        trust = judge(text, logprob, float(result.no_speech_prob), voice).trust
        if trust is Trust.EMPTY:
            return nothing_heard(self.name), sure
        return Transcript(text, trust, float(np.clip(np.exp(logprob), 0.0, 1.0)), self.name), sure
