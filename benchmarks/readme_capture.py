"""The conversation in README.md, from the real program: a recorded plea through recogniser, screen and voice.

python -m benchmarks.readme_capture           is what README.md shows still what it prints?
python -m benchmarks.readme_capture --write   put it there
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
COMMAND = (
    "run",
    "--mic",
    "audio/demo-panic.wav",
    "--speaker",
    "{out}",
    "--country",
    "GB",
    "--guest",
    "--stt",
    "pocketsphinx",
)
FIRST, LAST = 10, 3
"""Lines that are shown of its beginning and its end."""
BEGIN, END = "<!-- what the program prints: python -m benchmarks.readme_capture -->\n```\n", "```\n"


def captured() -> str:
    """What it prints, with nothing of whoever runs it."""
    with tempfile.TemporaryDirectory() as home:
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "GROUNDING_"))}
        environment |= {"HOME": home, "PYTHONPATH": str(ROOT)}
        command = [part.format(out=f"{home}/out.wav") for part in COMMAND]
        result = subprocess.run(
            [sys.executable, "-m", "assistant", *command], cwd=ROOT, env=environment, capture_output=True, text=True,
            check=True,
        )  # fmt: skip
    lines = result.stdout.splitlines()
    return "".join(f"{line}\n" for line in (*lines[:FIRST], "...", *lines[-LAST:]))


def main() -> int:
    """1 where README.md shows something else."""
    readme = ROOT / "README.md"
    before, _, rest = readme.read_text(encoding="utf-8").partition(BEGIN)
    shown, _, after = rest.partition(END)
    now = captured()
    if "--write" in sys.argv:
        readme.write_text(f"{before}{BEGIN}{now}{END}{after}", encoding="utf-8")
        return 0
    print(now, end="")
    return int(shown != now)


if __name__ == "__main__":
    sys.exit(main())
