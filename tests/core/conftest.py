"""What the stories of the core begin with."""

from __future__ import annotations

import pytest

from .talk import Talk


@pytest.fixture
def talk() -> Talk:
    """A conversation that has just begun: the greeting is being said."""
    return Talk()
