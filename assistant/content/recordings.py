"""Recorded lines, for when no voice engine works. Each is known by its hash: what plays is what was made."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

SUMS = "SHA256SUMS"
"""As `sha256sum` writes and checks it."""


def sound_recordings(folder: Path) -> tuple[dict[str, Path], list[str]]:
    """The recordings of a folder that are as they were made, by name; and the names of those that are not."""
    try:
        rows = [row.split(maxsplit=1) for row in (folder / SUMS).read_text(encoding="utf-8").splitlines()]
    except (OSError, UnicodeDecodeError):
        return {}, [path.stem for path in sorted(folder.glob("*.wav"))]
    sound: dict[str, Path] = {}
    changed: list[str] = []
    for row in rows:
        path = folder / row[-1].strip("* ") if len(row) == 2 else folder / SUMS
        if digest(path) == row[0]:
            sound[path.stem] = path
        else:
            changed.append(path.stem)
    return sound, changed


def write_sums(folder: Path) -> None:
    """After every recording of a folder is made."""
    rows = [f"{digest(path)}  {path.name}\n" for path in sorted(folder.glob("*.wav"))]
    (folder / SUMS).write_text("".join(rows), encoding="utf-8")


def digest(path: Path) -> str | None:
    """SHA-256 of a file in hexadecimal; None when it cannot be read."""
    try:
        return sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None
