"""The real program on a terminal of its own: a row that moves, or lines only; a key stops either."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from assistant.sound import Sound, write_wav

pytestmark = [
    pytest.mark.slow,
    pytest.mark.real_clock,
    pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such terminals"),
]
ROOT = Path(__file__).parent.parent.parent


def shown_until(terminal: int, text: str, seconds: float = 60.0) -> str:
    """What the terminal shows until `text` is there."""
    shown = b""
    limit = time.monotonic() + seconds
    while text.encode() not in shown and time.monotonic() < limit:
        if select.select([terminal], [], [], 0.2)[0]:
            shown += os.read(terminal, 65536)
    assert text.encode() in shown, shown[-500:]
    return shown.decode()


@pytest.mark.parametrize(
    ("arguments", "environment", "moves"),
    [((), {"TERM": "xterm"}, True), (("--plain",), {"TERM": "xterm"}, False), ((), {"TERM": "dumb"}, False)],
)
def test_a_row_moves_only_where_it_may_and_a_key_stops(
    tmp_path: Path, arguments: tuple[str, ...], environment: dict[str, str], moves: bool
) -> None:
    quiet = tmp_path / "quiet.wav"
    with quiet.open("wb") as file:
        write_wav(file, Sound(np.zeros(60 * 16_000, dtype=np.float32), 16_000))
    ours, theirs = os.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "assistant", "run", "--mic", str(quiet), "--speaker", "none", "--realtime", *arguments],
        cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs,
        env={**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1", "NO_COLOR": "1", **environment},
    )  # fmt: skip
    os.close(theirs)
    try:
        shown = shown_until(ours, "I'm here.")
        os.write(ours, b"x")
        shown += shown_until(ours, "(stopped)")
    finally:
        program.kill()
        program.wait()
        os.close(ours)
    alone = shown.replace("\r\n", "\n")
    assert ("\r" in alone) is moves and ("any key: stop" in alone) is moves
    assert "\033" not in alone, "NO_COLOR is respected"


def controls(terminal: int) -> None:
    """Makes it the terminal of a session of its own, as a shell's is."""
    import fcntl
    import termios

    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)


READS_KEYS = """
import signal, sys
from assistant.runtime.keys import keys_of, single_keys
with single_keys(sys.stdin):
    again = signal.getsignal(signal.SIGCONT)
    def goes_on(*given):
        again(*given)
        print("goes on", flush=True)
    signal.signal(signal.SIGCONT, goes_on)
    print("ready", flush=True)
    for key in keys_of(sys.stdin):
        print(f"<{key}>", flush=True)
"""


def test_after_ctrl_z_and_fg_a_key_needs_no_enter() -> None:
    """A shell takes its terminal back as it was, with whole lines, and leaves it so."""
    import termios

    ours, theirs = os.openpty()
    usual = termios.tcgetattr(theirs)
    program = subprocess.Popen(
        [sys.executable, "-c", READS_KEYS], cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs,
        start_new_session=True, preexec_fn=lambda: controls(0),  # noqa: PLW1509 - no other thread is here
    )  # fmt: skip
    try:
        shown_until(ours, "ready")
        os.write(ours, b"a")
        shown_until(ours, "<a>")
        program.send_signal(signal.SIGSTOP)
        assert os.WIFSTOPPED(os.waitpid(program.pid, os.WUNTRACED)[1])
        termios.tcsetattr(theirs, termios.TCSANOW, usual)
        program.send_signal(signal.SIGCONT)
        shown_until(ours, "goes on")
        os.write(ours, b"b")
        shown_until(ours, "<b>", seconds=10.0)
    finally:
        program.kill()
        program.wait()
        os.close(ours)
        os.close(theirs)
