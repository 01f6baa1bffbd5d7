"""What every file under scripts/ has in common. By itself, so that looking up a number loads no other shape."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class Strict(BaseModel):
    """No key goes unnoticed. Schemas are built once for a whole file, which halves the time this takes at the start."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


Line = Annotated[str, Field(min_length=1)]
