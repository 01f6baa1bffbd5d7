"""What is loaded late does not interrupt the first words, and is there for whoever speaks over them."""

from __future__ import annotations

from threading import Thread

import pytest

from assistant.core.events import Event, PlaybackFinished, PlaybackStarted, UserStartedSpeaking
from assistant.core.ids import UtteranceId
from assistant.runtime.first_words import FirstWords

FIRST = UtteranceId(1)


def waits_until(event: Event | None) -> bool:
    """Whether somebody who waits goes on once this is reported; None: at the end of the sitting."""
    first_words = FirstWords()
    waiting = Thread(target=first_words.wait, args=(60.0,))
    waiting.start()
    first_words.event(PlaybackStarted(FIRST))
    assert waiting.is_alive()
    if event is None:
        first_words.close()
    else:
        first_words.event(event)
    waiting.join(5.0)
    return not waiting.is_alive()


@pytest.mark.parametrize("event", [PlaybackFinished(FIRST, 0, interrupted=True), UserStartedSpeaking(), None])
def test_loading_waits_for_the_end_of_the_first_words_for_somebody_who_speaks_or_for_the_end(
    event: Event | None,
) -> None:
    assert waits_until(event)


def test_where_nothing_is_said_it_is_waited_for_no_longer_than_told() -> None:
    assert not FirstWords().wait(0.0)
