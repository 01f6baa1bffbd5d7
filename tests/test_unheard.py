"""What a library writes by itself is not read by a person who is being helped."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.unheard import libraries_unheard

TALKATIVE = """
import os
os.write(2, b"onnxruntime warning: Unknown CPU vendor. cpuinfo_vendor value: 0")
class SessionOptions:
    def add_session_config_entry(self, *entry): ...
def InferenceSession(*given, **options): ...
"""
"""As onnxruntime is on a processor that it does not know: a line at every start."""


@pytest.mark.parametrize(
    "start",
    [
        "from assistant.hearing.voice_activity import Silero; Silero()",
        "from assistant.understanding.encoder import EncoderEstimator; EncoderEstimator()",
    ],
)
def test_a_runtime_that_does_not_know_the_processor_keeps_it_to_itself(tmp_path: Path, start: str) -> None:
    (tmp_path / "onnxruntime.py").write_text(TALKATIVE)
    spoken = "; import os; os.write(2, b'what is to be read')"
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {start}{spoken}"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert (ran.returncode, ran.stderr) == (0, "what is to be read")


def test_nobody_waits_for_another_library_and_all_is_heard_again_after_the_last(
    capfd: pytest.CaptureFixture[str],
) -> None:
    """The speaker is opened, for the first word, while onnxruntime is imported: a second on a small machine."""

    def opened() -> None:
        with libraries_unheard:
            os.write(2, b"a speaker's noise, ")

    with ThreadPoolExecutor(1) as other, libraries_unheard:
        other.submit(opened).result(timeout=10.0)
        os.write(2, b"still unheard, ")
    os.write(2, b"heard again")
    assert capfd.readouterr().err == "heard again"


def test_where_no_file_can_be_opened_what_is_written_is_heard_and_nothing_breaks(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: str, flags: int) -> int:
        raise OSError(errno.EMFILE, "Too many open files", path)

    with monkeypatch.context() as patched:
        patched.setattr(os, "open", full)
        with libraries_unheard:
            os.write(2, b"heard, ")
    with libraries_unheard:
        os.write(2, b"unheard, ")
    os.write(2, b"heard again")
    assert capfd.readouterr().err == "heard, heard again"
