"""`grounding hear`: files through the recogniser, turn by turn as a conversation hears them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from numpy import float32
from numpy.typing import NDArray

from assistant.app.outside import hears_elsewhere, others_of, outside_of
from assistant.app.parts import build_listener, build_recogniser, load_library
from assistant.core.events import UserStartedSpeaking, UserStoppedSpeaking
from assistant.core.outside import Whose
from assistant.hearing.elsewhere import RecogniserElsewhere
from assistant.hearing.microphone import SoundFileMicrophone
from assistant.hearing.voice_activity import FRAME
from assistant.safety.transcript import Transcript, Trust, nothing_heard
from assistant.settings import Settings
from assistant.sound import Sound, read_wav


def hear(files: Sequence[Path], settings: Settings) -> list[dict[str, object]]:
    """A row a file. The other computer hears them too where it is the person's own; another one needs their word, and
    here is nobody to ask.
    """
    sounds = [(path, read_wav(path)) for path in files]
    others = others_of(settings, None)
    recogniser = hears_elsewhere(build_recogniser(load_library(settings), settings, None), settings, others)
    if isinstance(recogniser, RecogniserElsewhere):
        recogniser.allowed = outside_of(settings, others).hearing is not Whose.ELSEWHERE
    recogniser.warm_up()
    rows: list[dict[str, object]] = []
    for path, sound in sounds:
        began = time.perf_counter()
        transcript = _together([recogniser.transcribe(turn) for turn in turns(sound, settings)], recogniser.name)
        rows.append(
            {
                "file": str(path),
                "text": transcript.text,
                "engine": transcript.engine,
                "trust": transcript.trust.value,
                "confidence": round(transcript.confidence, 3),
                "audio_s": round(sound.seconds, 3),
                "took_s": round(time.perf_counter() - began, 3),
            }
        )
    recogniser.close()
    return rows


def turns(sound: Sound, settings: Settings) -> list[NDArray[float32]]:
    """What a conversation would hand to its recogniser, one after another. A whole file is no turn: silence before and
    after the words, and between two sentences, is what a recogniser of set phrases stumbles over.
    """
    listener, microphone = build_listener(settings), SoundFileMicrophone(sound)
    found: list[NDArray[float32]] = []
    while not microphone.ended or listener.in_turn:
        for event in listener.feed(microphone.take(FRAME)):
            match event:
                case UserStartedSpeaking(joined=True) if found:
                    found.pop()  # it is in the turn that begins, which goes on from it
                case UserStoppedSpeaking(audio_id) if audio_id is not None:
                    found.append(listener.audio(audio_id))
    return found


def _together(heard: Sequence[Transcript], engine: str) -> Transcript:
    """All that was heard, as far to be trusted as the least of it."""
    worded = [transcript for transcript in heard if transcript.trust is not Trust.EMPTY]
    if not worded:
        return nothing_heard(heard[-1].engine if heard else engine)
    trusted = all(transcript.trust is Trust.TRUSTED for transcript in worded)
    return Transcript(
        " ".join(transcript.text for transcript in worded),
        Trust.TRUSTED if trusted else Trust.DOUBTFUL,
        min(transcript.confidence for transcript in worded),
        worded[-1].engine,
    )
