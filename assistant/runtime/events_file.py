"""`--events FILE.jsonl`: one JSON object a line of what happened, when. Words only when asked for (law 9)."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Callable
from typing import TextIO

from assistant.core.commands import Command, Record, ShowResources, Speak
from assistant.core.events import (
    Event,
    MessageEnded,
    OtherLost,
    PartialTranscript,
    PlaybackFinished,
    PlaybackProgressed,
    StopRequested,
    SupportRequested,
    SynthesisFailed,
    TranscriptionFailed,
    TranscriptReady,
    Trouble,
)

_BOUNDARY = re.compile(r"(?<!^)(?=[A-Z])")


def _snake(name: str) -> str:
    return _BOUNDARY.sub("_", name).lower()


class EventsFile:
    """Writes as things happen, line by line; a full disk is told once and never stops a conversation."""

    def __init__(self, file: TextIO, post: Callable[[Event], None], *, with_words: bool) -> None:
        self._file = file
        self._post = post
        self._with_words = with_words
        self._scene = ""
        self._broken = False

    def event(self, event: Event, now: float) -> None:
        """One line."""
        self._write(now, _snake(type(event).__name__), self._of_event(event))

    def command(self, command: Command, now: float, scene: str) -> None:
        """One line, and one more when the scene has changed."""
        if scene != self._scene:
            self._scene = scene
            name, _, exercise = scene.partition(":")
            fields: dict[str, object] = {"name": name, "exercise": exercise} if exercise else {"name": name}
            self._write(now, "scene", fields)
        self._write(now, _snake(type(command).__name__), self._of_command(command))

    def ran_dry(self, times: int, now: float) -> None:
        """How often the speaker had to put in silence: the last line of a live session."""
        self._write(now, "ran_dry", {"times": times})

    def _of_event(self, event: Event) -> dict[str, object]:
        match event:
            case TranscriptReady(audio_id, transcript):
                heard: dict[str, object] = {
                    "audio_id": audio_id,
                    "trust": transcript.trust.value,
                    "confidence": round(transcript.confidence, 3),
                    "engine": transcript.engine,
                }
                return heard | ({"text": transcript.text} if self._with_words else {})
            case PartialTranscript(transcript):
                return {"text": transcript.text} if self._with_words else {}
            case TranscriptionFailed(_, code) | SynthesisFailed(_, code) | Trouble(code):
                return {"code": code}
            case OtherLost(what, code):
                return {"what": what, "code": code}
            case PlaybackProgressed(utterance, segment):
                return {"utterance_id": utterance, "segment": segment}
            case PlaybackFinished(utterance, segment, interrupted):
                return {"utterance_id": utterance, "segment": segment, "interrupted": interrupted}
            case MessageEnded(message, ending):
                return {"message_id": message, "ending": ending.value}
            case SupportRequested(source):
                return {"source": source}
            case StopRequested(source, leave):
                return {"source": source, "leave": leave}
        names = ("utterance_id", "audio_id")
        return {name: getattr(event, name) for name in names if hasattr(event, name)}

    def _of_command(self, command: Command) -> dict[str, object]:
        match command:
            case Speak(utterance, timeline, interruptible):
                speak: dict[str, object] = {"utterance_id": utterance, "interruptible": interruptible}
                return speak | ({"text": list(timeline.captions())} if self._with_words else {})
            case ShowResources(support):
                return {"country": support.country}
            case Record():
                return dataclasses.asdict(command)
        names = ("audio_id", "answer", "reason", "what", "message_id")
        return {name: getattr(command, name) for name in names if hasattr(command, name)}

    def _write(self, now: float, kind: str, fields: dict[str, object]) -> None:
        if self._broken:
            return
        try:
            self._file.write(json.dumps({"t": round(now, 3), "type": kind, **fields}, ensure_ascii=False) + "\n")
            self._file.flush()
        except OSError:
            self._broken = True
            self._post(Trouble("disk-full"))
