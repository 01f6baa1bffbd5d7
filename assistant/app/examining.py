"""`grounding doctor`: what is here, what is missing, and how to mend it."""

from __future__ import annotations

import hashlib
import re
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial

from assistant.app.findings import Finding, finding
from assistant.app.fitting import measure, told
from assistant.app.levels import watch
from assistant.app.loopback import Loopback, loopback
from assistant.app.memories import memory_findings
from assistant.app.outside import others_findings
from assistant.app.parts import build_recogniser, build_stop_words, load_library, model_directory
from assistant.app.reach import hands_findings
from assistant.app.reaching import trusted_finding
from assistant.app.serving import service_finding
from assistant.app.voices import ASKED_AHEAD, build_voice, choice_of, piper_model, what_piper_lacks
from assistant.core.fitting import Hearing
from assistant.devices import all_devices, find_device
from assistant.endpoints import GET as GET_OPENAI
from assistant.endpoints import GET_WYOMING, openai_here, wyoming_here
from assistant.errors import AssistantError
from assistant.hearing.echo_canceller import webrtc_canceller
from assistant.hearing.echo_reference import LATEST_SECONDS
from assistant.hearing.own_stop import OwnStop
from assistant.hearing.stop_word import SpottedStop
from assistant.settings import Settings
from assistant.understanding.encoder import EncoderEstimator

LISTEN_SECONDS = 2.0
LATE_SECONDS = 0.15
"""Through cables and air it takes 60 ms; Bluetooth takes 150 and more."""
_CANCELS = re.compile(r"echo[-_ ]?cancel|(?<![a-z])aec(?![a-z])", re.IGNORECASE)


def doctor(settings: Settings, *, live: bool = False, play: bool = False) -> list[Finding]:
    """One finding a part. `state`: `ok`, `degraded` (help still comes) or `missing` (it does not).

    `live`: listen to the microphone for a moment too; `play`: and to a chime from the speaker.
    """
    library = load_library(settings)
    findings = [finding("content", "ok", f"{len(library.repertoire.scripts)} exercises in {settings.language}")]
    findings += [finding(notice.code, "degraded", notice.text) for notice in library.notices]
    findings.append(_device("microphone", "input", str(settings.microphone.device)))
    findings.append(_device("speaker", "output", str(settings.speaker.device)))
    findings += [_echo_canceller(), *_system_cancellers()]
    if live or play:
        findings += listening(settings, play=play)
    findings.append(_measured("voice activity", _voice_activity))
    shipped, *own = build_stop_words(settings)
    findings.append(_measured("stop word", partial(_heard_over_the_voice, shipped)))
    for stop_word in own:
        found = _measured("stop word of yours", partial(_heard_over_the_voice, stop_word))
        findings.append(found if found["state"] == "ok" else found | {"state": "degraded"})
    findings.append(_measured("voice engine", lambda: _voice(settings)))
    findings += _voice_engines(settings)
    findings.append(_measured("recogniser", lambda: _recogniser(settings)))
    findings.append(_machine(settings))
    findings.append(_learned_screen())
    recorded = library.root / "audio" / settings.language / "support.wav"
    if recorded.is_file():
        digest = hashlib.sha256(recorded.read_bytes()).hexdigest()[:12]
        findings.append(finding("recorded lines", "ok", f"support.wav, sha256 {digest}"))
    else:
        findings.append(finding("recorded lines", "missing", f"{recorded} is gone", "install the program again"))
    findings += [*hands_findings(settings), service_finding()]
    findings += [*memory_findings(), trusted_finding(settings), *others_findings(settings)]
    support = library.support
    if support.country == "ZZ":
        mend = "say which: grounding run --country GB, or country: GB in config.yaml"
        findings.append(finding("people to reach", "degraded", "the country is not set", mend))
    else:
        line = support.lines[0]
        detail = f"{support.name}: {support.emergency}, {line.name} {line.phone} (source read on {line.checked})"
        findings.append(finding("people to reach", "ok", detail))
    return findings


def _device(name: str, direction: str, wanted: str) -> Finding:
    try:
        device = find_device(wanted, "input" if direction == "input" else "output")
    except AssistantError as error:
        return finding(name, "degraded", "none that can be used", error.hint)
    return finding(name, "ok", f"{device.name}, {device.rate:.0f} Hz")


def _echo_canceller() -> Finding:
    if webrtc_canceller() is not None:
        return finding("echo canceller", "ok", "WebRTC's AEC3, which hears you over the voice")
    detail = "a plain one: while the voice speaks only what is clearly louder is heard; keys always work"
    return finding("echo canceller", "degraded", detail, "pip install 'grounding-assistant[aec]'")


def _heard_over_the_voice(stop_word: SpottedStop | OwnStop) -> str:
    stop_word.warm_up()
    return "heard over the voice"


def _system_cancellers() -> list[Finding]:
    """What the system itself offers. It is used when the person chooses it, never by itself."""
    name, detail = "echo canceller of the system", "{} is here; it is used only if you choose it"
    with suppress(AssistantError):
        found = next((device.name for device in all_devices("input") if _CANCELS.search(device.name)), None)
        if found is not None:
            return [finding(name, "ok", detail.format(found), f"to choose it: microphone.device: {found}")]
    source = next(filter(_CANCELS.search, _pulse_sources()), None)
    if source is None:
        return []
    chosen = f"to choose it: pactl set-default-source {source}, with microphone.device: default"
    return [finding(name, "ok", detail.format(source), chosen)]


def _pulse_sources() -> list[str]:
    """Names of PulseAudio's or PipeWire's microphones; PortAudio shows them all as one."""
    try:
        listed = subprocess.run(["pactl", "list", "short", "sources"], capture_output=True, text=True, timeout=3)
    except (OSError, subprocess.TimeoutExpired):
        return []
    names = [row.split("\t")[1] for row in listed.stdout.splitlines() if row.count("\t") >= 1]
    return [name for name in names if not name.endswith(".monitor")]


def listening(settings: Settings, *, play: bool) -> list[Finding]:
    """What the microphone hears now, and, where a chime may be played, what of it comes back."""
    try:
        heard = watch(settings, LISTEN_SECONDS, lambda level: None)
    except AssistantError as error:
        return [finding("what is heard", "degraded", "nothing: there is no sound to listen to", error.hint)]
    if not play:
        return [_heard(heard)]
    try:
        measured = loopback(settings)
    except AssistantError as error:
        return [_heard(heard), finding("echo", "degraded", "could not be measured", error.hint)]
    return [_heard(heard | {"muted": heard["muted"] and measured.muted}), _echo(measured)]


def heard_finding(heard: dict[str, object]) -> str:
    """What was heard, and how to mend it, as a line."""
    return _line(_heard(heard))


def echo_finding(measured: Loopback) -> str:
    """What came back of the chime, as a line."""
    return _line(_echo(measured))


def _line(finding: Finding) -> str:
    return f"{finding['name']}: {finding['detail']}. {finding['mend']}".rstrip()


def _heard(heard: dict[str, object]) -> Finding:
    if heard["muted"]:
        mend = "unmute it in the system's settings of sound, or choose another: microphone.device"
        return finding("what is heard", "degraded", "nothing at all, as from a muted microphone", mend) | heard
    level, noise, voice = heard["level_db"], heard["noise_db"], heard["speech_probability"]
    detail = f"{level} dBFS, in noise of {noise} dBFS; a voice is there with a probability of {voice}"
    return finding("what is heard", "ok", detail) | heard


def _echo(measured: Loopback) -> Finding:
    fields: dict[str, object] = {"echo_db": None, "delay_ms": None, "noise_db": round(measured.noise_db, 1)}
    if measured.echo_db is None or measured.delay_seconds is None:
        if measured.muted:
            detail = "none: the microphone heard nothing at all"
        else:
            detail = "none: what is played does not reach the microphone (headphones, or the sound is turned down)"
        return finding("echo", "ok", detail) | fields
    fields |= {"echo_db": round(measured.echo_db, 1), "delay_ms": round(measured.delay_seconds * 1000)}
    detail = f"{fields['echo_db']} dB against what is played, {fields['delay_ms']} ms from speaker to microphone"
    if measured.delay_seconds > LATEST_SECONDS:
        mend = f"an echo later than {LATEST_SECONDS * 1000:.0f} ms is not taken out; use a speaker with a cable"
        return finding("echo", "degraded", detail, mend) | fields
    if measured.delay_seconds > LATE_SECONDS:
        detail += ", as with Bluetooth: a stop is heard so much later"
    return finding("echo", "ok", detail) | fields


def _measured(name: str, work: Callable[[], str]) -> Finding:
    try:
        return finding(name, "ok", work())
    except AssistantError as error:
        return finding(name, "missing", "does not work", error.hint)


def _voice_activity() -> str:
    import numpy as np

    from assistant.hearing.voice_activity import FRAME, Silero

    silero, frame = Silero(), np.zeros(FRAME, dtype=np.float32)
    began = time.perf_counter()
    for _ in range(50):
        silero.probability(frame)
    return f"{(time.perf_counter() - began) / 50 * 1000:.2f} ms for each 32 ms of sound"


def _voice(settings: Settings) -> str:
    choice = choice_of(settings)
    voice = build_voice(settings, None, lambda event: None)
    try:
        speaking = voice.engines[0] if choice.works and choice.engine not in ASKED_AHEAD else voice.engines[-1]
        speaking.render("One.", settings.voice.words_per_minute)
        began = time.perf_counter()
        sound = speaking.render("Feel how the floor holds.", settings.voice.words_per_minute)
        took = (time.perf_counter() - began) * 1000
    finally:
        voice.close()
    behind = "" if speaking.name == choice.engine else f" The others: {speaking.name}"
    return f"{choice.engine}, {choice.why}.{behind} {took:.0f} ms for {sound.seconds:.1f} s of speech"


def _voice_engines(settings: Settings) -> list[Finding]:
    """Those that are not chosen: what they lack, or how to choose them."""
    chosen = choice_of(settings).engine
    found = []
    lacks = what_piper_lacks(settings)
    if chosen != "piper":
        model = piper_model(settings)
        detail = f"a neural voice, GPL: {lacks or f'ready, with {model.stem if model else None}'}"
        found.append(finding("voice piper", "ok", detail, "" if lacks else "to choose it: voice.engine: auto"))
    if chosen != "pyttsx3":
        found.append(finding("voice pyttsx3", "ok", "speaks whatever the chosen one does not"))
    if chosen != "openai":
        here = "installed" if openai_here() else f"not installed; {GET_OPENAI}"
        detail = f"a speech endpoint for the published lines, off: {here}"
        found.append(finding("voice openai", "ok", detail, "to choose it: voice.engine: openai, and voice.endpoint"))
    if chosen != "wyoming":
        here = "installed" if wyoming_here() else f"not installed; {GET_WYOMING}"
        detail = f"a voice of Home Assistant's, or another Wyoming server's, for the published lines, off: {here}"
        found.append(finding("voice wyoming", "ok", detail, "to choose it: voice.engine: wyoming, and voice.wyoming"))
    return found


def _machine(settings: Settings) -> Finding:
    """What fits it, by what was measured now, and whether the settings have more than that."""
    measured = measure(settings)
    lines = told(measured)
    mend = ""
    if settings.speech_to_text.engine == "faster-whisper" and measured.fits.hearing not in (
        Hearing.FITS,
        Hearing.ABSENT,
    ):
        mend = "speech_to_text.engine: auto takes the built-in recogniser while faster-whisper is late"
    detail = f"{lines[0]}. {lines[-1].rstrip('.')}"
    return finding("this machine", "degraded" if mend or not measured.fits.encoder else "ok", detail, mend)


def _learned_screen() -> Finding:
    """Its rules listen in any case; without it indirect words are missed more often."""
    name = "learned screen"
    try:
        encoder = EncoderEstimator()
    except AssistantError as error:
        return finding(name, "degraded", error.hint, "install the program again; until then a smaller model stands in")
    sentence = "I don't know how to say this."
    encoder.estimate(sentence)
    began = time.perf_counter()
    for _ in range(20):
        encoder.estimate(sentence)
    return finding(name, "ok", f"encoder, {(time.perf_counter() - began) / 20 * 1000:.0f} ms a sentence")


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
