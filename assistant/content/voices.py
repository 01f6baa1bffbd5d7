"""voices.yaml: voices that can be fetched, each with its place, size, licence, and its hash where one is known."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from assistant.content.models import Strict
from assistant.faults import Fault
from assistant.yaml_marks import read_yaml, validated

UPSTREAM = "https://huggingface.co/rhasspy/piper-voices/"
"""Where Piper's voices are published."""
FILE = "voices.yaml"


class VoiceFile(Strict):
    """One file of a voice. `bytes`: its size; `sha256`: None where nobody here could verify one."""

    url: Annotated[str, Field(pattern=f"^{UPSTREAM}resolve/[^?#]+$")]
    bytes: Annotated[int, Field(gt=0, lt=1 << 30)]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")] | None


class OfferedVoice(Strict):
    """A voice by its name upstream. `licence` is what a person is told before they fetch it."""

    id: Annotated[str, Field(pattern=r"^[a-z]{2}_[A-Z]{2}-[a-z0-9_]+-[a-z_]+$")]
    engine: Literal["piper"]
    about: Annotated[str, Field(min_length=1)]
    licence: Annotated[str, Field(min_length=1)]
    source: Annotated[str, Field(pattern=f"^{UPSTREAM}")]
    model: VoiceFile
    description: VoiceFile

    @property
    def bytes(self) -> int:
        """Of all that is fetched."""
        return self.model.bytes + self.description.bytes


class _Voices(Strict):
    voices: tuple[OfferedVoice, ...]


@cache
def _adapter() -> TypeAdapter[_Voices]:
    return TypeAdapter(_Voices)


def read_voices(root: Path, language: str, faults: list[Fault]) -> tuple[OfferedVoice, ...]:
    """The voices of a language, the best first; none where the file is broken or there is none."""
    path = root / "scripts" / language / FILE
    if not path.is_file():
        return ()
    marked = read_yaml(path, faults)
    written = validated(marked, _adapter(), faults) if marked else None
    if marked is None or written is None:
        return ()
    names = [voice.id for voice in written.voices]
    for at, name in enumerate(names):
        if name in names[:at]:
            faults.append(marked.fault(("voices", at, "id"), f"the voice {name} is there twice", "remove one"))
    return written.voices
