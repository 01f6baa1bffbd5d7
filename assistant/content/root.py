"""Where the content is. In a wheel it lies inside the package; in a checkout, at the top of the repository."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from assistant.errors import ContentError


def content_root() -> Path:
    """The folder that holds `scripts/`, `audio/` and `config.yaml`. Raises ContentError where there is none."""
    package = Path(str(resources.files("assistant")))
    for root in (package / "_content", package.parent):
        if (root / "scripts").is_dir():
            return root
    raise ContentError(
        "content-missing",
        f"the folder scripts/ is missing beside {package}: there is nothing to say. Install grounding-assistant again.",
    )
