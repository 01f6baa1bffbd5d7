"""The child's end of a voice engine: whatever it does, it ends with its parent."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

HANGING = """
import threading
from assistant.speaking.serving import serve
def render(text, words_per_minute):
    threading.Event().wait()
serve(lambda folder: (render, "test"))
"""


@pytest.mark.real_clock
def test_a_child_whose_engine_hangs_ends_with_its_parent_and_leaves_no_folder() -> None:
    """A parent that was killed cannot kill it any more: all that is left of it is the end of a pipe."""
    child = subprocess.Popen(
        [sys.executable, "-c", HANGING], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert child.stdin is not None and child.stdout is not None
    folder = Path(json.loads(child.stdout.readline())["folder"])
    child.stdin.write('{"text": "Feel your feet.", "words_per_minute": 125}\n')
    child.stdin.flush()
    assert folder.is_dir() and child.poll() is None
    child.stdin.close()
    assert child.wait(10.0) == 0
    child.stdout.close()
    assert not folder.exists()
