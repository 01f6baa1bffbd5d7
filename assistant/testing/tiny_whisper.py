"""Makes small Whisper models with numpy alone: one of random weights and true shape, for timing, and one that hears a
chosen sentence whatever it is given, for tests through the real faster-whisper code.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
from numpy import float32
from numpy.typing import NDArray

SHAPES = {"micro": (64, 2, 2, 2), "tiny": (384, 6, 4, 4), "base": (512, 8, 6, 6)}
"""Width, heads, encoder layers, decoder layers (OpenAI's model card)."""
_TEXT = 50257
_PROMPT = 2
"""CTranslate2 takes a model without a language head for an English one: start of transcript, no timestamps."""


def build_random(directory: Path, shape: str) -> Path:
    """A model whose answers mean nothing and cost what a real one's cost."""
    width, heads, encoder_layers, decoder_layers = SHAPES[shape]
    tokens = _save_tokenizer(directory)
    spec = _spec(encoder_layers, decoder_layers, heads)
    random = np.random.default_rng(0)

    def normal(*sizes: int) -> NDArray[float32]:
        return random.standard_normal(sizes, dtype=float32) * float32(0.02)

    _fill(spec, width, len(tokens), normal)
    return _save(spec, tokens, directory, decoder_layers, quantization="int8")


def build_rigged(directory: Path, sentence: str, *, logprob: float = 0.0, no_speech: float = 0.0) -> Path:
    """A model that hears `sentence`, at most 60 bytes, in any sound.

    `logprob`: the mean log-probability it gives its tokens, at most 0, to a fifth, so that it is as unsure as a test
    needs; under -10 it hears something else. `no_speech`: the probability it gives to there being no speech, 0 to 1.
    """
    width = 64
    tokens = _save_tokenizer(directory)
    spec = _spec(1, 1, 2)
    _fill(spec, width, len(tokens), lambda *sizes: np.zeros(sizes, dtype=float32))
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(str(directory / "tokenizer.json"))
    wanted = [*tokenizer.encode(" " + sentence, add_special_tokens=False).ids, _TEXT]
    positions, projection = np.zeros((448, width), float32), np.zeros((len(tokens), width), float32)
    positions[_PROMPT - 1 :, width - 1] = 10.0
    sure = _weight(math.exp(logprob), width, len(tokens))
    for index, token in enumerate(wanted[: width - 1]):
        positions[_PROMPT - 1 + index] = 0.0
        positions[_PROMPT - 1 + index, index] = 10.0
        projection[token, index] += sure
    projection[_TEXT, width - 1] += sure
    # Whisper reads it off the start of the transcript; the sign keeps it out of the end of the sentence.
    positions[0, width - 1] = -10.0
    projection[tokens.index("<|nospeech|>"), width - 1] = -_weight(no_speech, width, len(tokens))
    spec.decoder.position_encodings.encodings = positions
    spec.decoder.projection.weight = projection
    return _save(spec, tokens, directory, 1, quantization=None)


def _weight(probability: float, width: int, vocabulary: int) -> float:
    """What a token's row must hold where a normalised position is one, for the token to have `probability`."""
    if not 0.0 < probability < 1.0:
        return 10.0 * probability
    odds = probability / (1.0 - probability)
    return math.log(odds * (vocabulary - 1)) / math.sqrt(width - 1)


def _spec(encoder_layers: int, decoder_layers: int, heads: int) -> Any:
    from ctranslate2.specs.whisper_spec import WhisperSpec

    return WhisperSpec(encoder_layers, heads, decoder_layers, heads)


def _save_tokenizer(directory: Path) -> list[str]:
    import tokenizers
    from faster_whisper.tokenizer import _LANGUAGE_CODES

    directory.mkdir(parents=True, exist_ok=True)
    words = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    words += [f"<unused{index}>" for index in range(_TEXT - len(words))]
    special = ["<|endoftext|>", "<|startoftranscript|>", *(f"<|{code}|>" for code in _LANGUAGE_CODES[:99])]
    special += [f"<|{n}|>" for n in ("translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps")]
    tokenizer = tokenizers.Tokenizer(tokenizers.models.BPE({word: index for index, word in enumerate(words)}, []))
    tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = tokenizers.decoders.ByteLevel()
    tokenizer.add_special_tokens(special)
    tokenizer.add_tokens([f"<|{index * 0.02:.2f}|>" for index in range(1501)])
    tokenizer.save(str(directory / "tokenizer.json"))
    (directory / "preprocessor_config.json").write_text(
        json.dumps({"feature_size": 80, "sampling_rate": 16000, "hop_length": 160, "chunk_length": 30, "n_fft": 400})
    )
    vocabulary = tokenizer.get_vocab()
    return sorted(vocabulary, key=lambda word: vocabulary[word])


def _fill(spec: Any, width: int, vocabulary: int, weights: Any) -> None:
    def norm(layer: Any) -> None:
        layer.gamma, layer.beta = np.ones(width, float32), np.zeros(width, float32)

    def linear(layer: Any, out: int, inside: int) -> None:
        layer.weight, layer.bias = weights(out, inside), np.zeros(out, float32)

    def attention(layer: Any, *outs: int) -> None:
        norm(layer.layer_norm)
        for part, out in zip(layer.linear, outs, strict=True):
            linear(part, out, width)

    def feed_forward(layer: Any) -> None:
        norm(layer.layer_norm)
        linear(layer.linear_0, 4 * width, width)
        linear(layer.linear_1, width, 4 * width)

    encoder, decoder = spec.encoder, spec.decoder
    encoder.conv1.weight, encoder.conv1.bias = weights(width, 80, 3), np.zeros(width, float32)
    encoder.conv2.weight, encoder.conv2.bias = weights(width, width, 3), np.zeros(width, float32)
    encoder.position_encodings.encodings = weights(1500, width)
    norm(encoder.layer_norm)
    for layer in encoder.layer:
        attention(layer.self_attention, 3 * width, width)
        feed_forward(layer.ffn)
    decoder.embeddings.weight = weights(vocabulary, width)
    decoder.position_encodings.encodings = weights(448, width)
    decoder.projection.weight = decoder.embeddings.weight
    norm(decoder.layer_norm)
    for layer in decoder.layer:
        attention(layer.self_attention, 3 * width, width)
        attention(layer.attention, width, 2 * width, width)
        feed_forward(layer.ffn)


def _save(spec: Any, tokens: list[str], directory: Path, layers: int, quantization: str | None) -> Path:
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = []
    spec.config.alignment_heads = [(layers - 1, 0)]
    spec.validate()
    spec.optimize(quantization=quantization)
    spec.save(str(directory))
    return directory
