"""A content folder to break."""

from __future__ import annotations

from pathlib import Path

import pytest

from .tree import complete_orders, make_tree


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A whole, sound content folder."""
    root = make_tree(tmp_path / "content")
    complete_orders(root)
    return root
