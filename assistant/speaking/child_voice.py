"""A voice engine in a child process with a time limit: what hangs is killed, and the next call gets a new one.

`serving.py` is the other end.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread

import numpy as np

from assistant.errors import DeviceError, EngineError
from assistant.sound import Sound, parse_wav
from assistant.speaking.aiff import parse_aiff
from assistant.speaking.trimming import trimmed

SILENT_RATE = 22_050
"""espeak's rate, for what holds no sound."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a child may take to be ready, and to render one utterance."""

    start: float
    render: float


class ChildVoice:
    """`command` starts the child. `missing`: one line, how to get what it needs when it does not start."""

    def __init__(self, name: str, voice: str, command: Sequence[str], patience: Patience, missing: str) -> None:
        self._name = name
        self._voice = voice
        self._command = command
        self._patience = patience
        self._missing_hint = missing
        self._process: subprocess.Popen[str] | None = None
        self._folder: str | None = None
        """The child's; removed here when the child is killed and cannot."""
        self._answers: SimpleQueue[str | None] = SimpleQueue()

    @property
    def name(self) -> str:
        """As in `--tts`."""
        return self._name

    @property
    def voice(self) -> str:
        """As it was asked for."""
        return self._voice

    def start(self) -> None:
        """Start the child before it is needed. Raises EngineError."""
        if self._process is not None and self._process.poll() is None:
            return
        self.close()  # a child that died by itself has left its folder
        try:
            self._process = subprocess.Popen(
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                encoding="utf-8",
            )  # fmt: skip
        except OSError:
            raise self._missing() from None
        answers: SimpleQueue[str | None] = SimpleQueue()
        self._answers = answers
        Thread(target=_pump, args=(self._process, answers), name="voice child", daemon=True).start()
        try:
            folder = self._answer(self._patience.start).get("folder")
        except EngineError:
            raise self._missing() from None
        self._folder = folder if isinstance(folder, str) else None

    def render(self, text: str, words_per_minute: int) -> Sound:
        """One utterance. Raises EngineError: `voice-engine-missing`, `-timeout` or `-failed`."""
        if not text.strip():
            return Sound(np.zeros(0, dtype=np.float32), SILENT_RATE)
        self.start()
        process = self._process
        if process is None or process.stdin is None:
            raise _failed("The voice engine was closed while it was wanted.")
        request = json.dumps({"text": text, "words_per_minute": words_per_minute})
        try:
            process.stdin.write(request + "\n")
            process.stdin.flush()
        except (OSError, ValueError):  # ValueError: another thread closed it
            self.close()
            raise _failed("The voice engine stopped; it is started again.") from None
        path = self._answer(self._patience.render).get("path")
        if not isinstance(path, str):
            raise _failed("The voice engine gave no sound; run `grounding doctor`.")
        return _taken(Path(path))

    def close(self) -> None:
        """Kill the child. What it was doing is lost, and that is meant."""
        process, self._process = self._process, None
        folder, self._folder = self._folder, None
        if process is not None:
            process.kill()
            process.wait()
            if process.stdin is not None:
                with suppress(OSError):  # what was not sent cannot be
                    process.stdin.close()
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _answer(self, seconds: float) -> dict[str, object]:
        """The child's next row. A child that gives none, or nonsense, is killed."""
        try:
            row = self._answers.get(timeout=seconds)
        except Empty:
            self.close()
            raise EngineError(
                "voice-engine-timeout", "The voice engine did not answer in time; it is started again."
            ) from None
        with suppress(ValueError):
            answer = json.loads(row or "")
            if isinstance(answer, dict):
                return answer
        self.close()
        raise _failed("The voice engine stopped; it is started again.")

    def _missing(self) -> EngineError:
        return EngineError("voice-engine-missing", self._missing_hint)


def _failed(hint: str) -> EngineError:
    return EngineError("voice-engine-failed", hint)


def _pump(process: subprocess.Popen[str], answers: SimpleQueue[str | None]) -> None:
    """Reads to the end, and closes the pipe itself: closed from outside, a read under way would be waited for."""
    assert process.stdout is not None
    with process.stdout as rows, suppress(ValueError):  # ValueError: not UTF-8, so not our child's
        for row in rows:
            answers.put(row)
    answers.put(None)


def _taken(path: Path) -> Sound:
    """Read the child's file and delete it. macOS writes AIFF whatever the suffix (nateshmbhat/pyttsx3#361)."""
    try:
        data = path.read_bytes()
        path.unlink()
        sound = parse_aiff(data) if data[:4] == b"FORM" else parse_wav(data, "the voice engine's file")
    except (OSError, DeviceError) as error:
        raise _failed("The voice engine's sound cannot be read.") from error
    return trimmed(sound)
