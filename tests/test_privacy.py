"""Nothing leaves the machine, and nothing of the person stays on it unasked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LOADED = "from assistant.hearing.voice_activity import Silero; Silero()"


def test_the_model_runtime_keeps_no_identity_of_the_machine(tmp_path: Path) -> None:
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("ORT_", "XDG_"))}
    quiet_about_ci = {key: value for key, value in inherited.items() if key not in ("CI", "GITHUB_ACTIONS")}
    subprocess.run([sys.executable, "-c", LOADED], env={**quiet_about_ci, "HOME": str(tmp_path)}, check=True)
    assert list(tmp_path.rglob("*")) == []
