"""`python -m assistant.app.cues [FOLDER]`: draw the chimes in `audio/` again, or into another folder.

Breath tones have no files: each is drawn when it is played, to the sample as long as its script asks. Recorded lines
are speech, and are made as `audio/LICENSE.md` says.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from assistant.content.root import content_root
from assistant.errors import AssistantError, StoreError
from assistant.sound import Sound, write_wav
from assistant.speaking.tones import CHIME_RATE, CHIMES, drawn_chime


def draw_cues(folder: Path) -> list[Path]:
    """Every chime, as a file. One that is there is replaced when the new one is whole. Raises StoreError."""
    drawn: list[Path] = []
    for name in CHIMES:
        path = folder / f"{name}.wav"
        part = path.with_suffix(".part")
        try:
            with part.open("wb") as file:
                write_wav(file, Sound(drawn_chime(name, CHIME_RATE), CHIME_RATE))
            os.replace(part, path)  # noqa: PTH105 - atomic, so that no half of a chime is ever played
        except OSError as error:
            with suppress(OSError):
                part.unlink()
            hint = f"{path} cannot be written ({error.strerror}); name another folder."
            raise StoreError("cues-unwritable", hint) from None
        drawn.append(path)
    return drawn


def main() -> int:
    """Draw them, and say where they are."""
    try:
        folder = Path(sys.argv[1]) if len(sys.argv) > 1 else content_root() / "audio"
        sys.stdout.writelines(f"{path}\n" for path in draw_cues(folder))
    except AssistantError as error:
        sys.stderr.write(f"{error.hint}\n")
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
