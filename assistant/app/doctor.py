"""`grounding doctor`: what is here, what is missing, and how to mend it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from assistant.app.parts import build_recogniser, build_voice, load_library, model_directory
from assistant.config import Settings
from assistant.devices import find_device
from assistant.errors import AssistantError
from assistant.understanding.encoder import EncoderEstimator

Finding = dict[str, object]


def doctor(settings: Settings) -> list[Finding]:
    """One finding a part. `state`: `ok`, `degraded` (help still comes) or `missing` (it does not)."""
    library = load_library(settings)
    findings = [_finding("content", "ok", f"{len(library.repertoire.scripts)} exercises in {settings.language}")]
    findings += [_finding(notice.code, "degraded", notice.text) for notice in library.notices]
    findings.append(_device("microphone", "input", str(settings.microphone.device)))
    findings.append(_device("speaker", "output", str(settings.speaker.device)))
    findings.append(_measured("voice activity", _voice_activity))
    findings.append(_measured("voice engine", lambda: _voice(settings)))
    findings.append(_measured("recogniser", lambda: _recogniser(settings)))
    findings.append(_learned_screen())
    recorded = library.root / "audio" / settings.language / "support.wav"
    if recorded.is_file():
        digest = hashlib.sha256(recorded.read_bytes()).hexdigest()[:12]
        findings.append(_finding("recorded lines", "ok", f"support.wav, sha256 {digest}"))
    else:
        findings.append(_finding("recorded lines", "missing", f"{recorded} is gone", "install the program again"))
    support = library.support
    if support.country == "ZZ":
        mend = "say which: grounding run --country GB, or country: GB in config.yaml"
        findings.append(_finding("people to reach", "degraded", "the country is not set", mend))
    else:
        line = support.lines[0]
        detail = f"{support.name}: {support.emergency}, {line.name} {line.phone} (source read on {line.checked})"
        findings.append(_finding("people to reach", "ok", detail))
    return findings


def _finding(name: str, state: str, detail: str, mend: str = "") -> Finding:
    return {"name": name, "state": state, "detail": detail, "mend": mend}


def _device(name: str, direction: str, wanted: str) -> Finding:
    try:
        device = find_device(wanted, "input" if direction == "input" else "output")
    except AssistantError as error:
        return _finding(name, "degraded", "none that can be used", error.hint)
    return _finding(name, "ok", f"{device.name}, {device.rate:.0f} Hz")


def _measured(name: str, work: Callable[[], str]) -> Finding:
    try:
        return _finding(name, "ok", work())
    except AssistantError as error:
        return _finding(name, "missing", "does not work", error.hint)


def _voice_activity() -> str:
    import numpy as np

    from assistant.hearing.voice_activity import FRAME, Silero

    silero, frame = Silero(), np.zeros(FRAME, dtype=np.float32)
    began = time.perf_counter()
    for _ in range(50):
        silero.probability(frame)
    return f"{(time.perf_counter() - began) / 50 * 1000:.2f} ms for each 32 ms of sound"


def _voice(settings: Settings) -> str:
    voice = build_voice(settings, None, lambda event: None)
    try:
        voice.engine.render("One.", settings.voice.words_per_minute)
        began = time.perf_counter()
        sound = voice.engine.render("Feel how the floor holds.", settings.voice.words_per_minute)
        return f"{voice.engine.name}, {(time.perf_counter() - began) * 1000:.0f} ms for {sound.seconds:.1f} s of speech"
    finally:
        voice.close()


def _learned_screen() -> Finding:
    """Its rules listen in any case; without it indirect words are missed more often."""
    name = "learned screen"
    try:
        encoder = EncoderEstimator()
    except AssistantError as error:
        return _finding(name, "degraded", error.hint, "install the program again; until then a smaller model stands in")
    sentence = "I don't know how to say this."
    encoder.estimate(sentence)
    began = time.perf_counter()
    for _ in range(20):
        encoder.estimate(sentence)
    return _finding(name, "ok", f"encoder, {(time.perf_counter() - began) / 20 * 1000:.0f} ms a sentence")


def _recogniser(settings: Settings) -> str:
    import numpy as np

    recogniser = build_recogniser(load_library(settings), settings, None)
    recogniser.warm_up()
    began = time.perf_counter()
    noise = np.random.default_rng(0).standard_normal(32_000, dtype=np.float32) * np.float32(0.05)
    recogniser.transcribe(noise)
    took = f"{(time.perf_counter() - began) * 1000:.0f} ms for 2 s of sound"
    if recogniser.name == "faster-whisper":
        return f"faster-whisper, {took}"
    more = f"with a Whisper model in {model_directory(settings)} it hears free speech"
    return f"built-in, {took}; it knows short phrases only, {more}"
