"""The voice worker: the newest wins, what is fixed waits, and it outlives whatever goes wrong."""

from __future__ import annotations

from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Event as Flag

import pytest

from assistant.core.events import Event, SynthesisFailed
from assistant.core.ids import UtteranceId
from assistant.core.timeline import Speech, Timeline
from assistant.sound import Sound
from assistant.speaking.cache import CachedVoice
from assistant.speaking.layout import Layout
from assistant.speaking.player import Playout
from assistant.speaking.voice_worker import VoiceWorker
from assistant.testing.fake_voice import hum

RATE = 8_000
PATIENCE = 20.0
"""Seconds: so long is a thread waited for before the test fails."""


class Doors:
    """A voice that renders a line when its door is opened."""

    name = voice = "doors"

    def __init__(self, *locked: str) -> None:
        self.doors = {text: Flag() for text in locked}
        self.begun: SimpleQueue[str] = SimpleQueue()

    def render(self, text: str, words_per_minute: int) -> Sound:
        self.begun.put(text)
        if text in self.doors:
            assert self.doors[text].wait(PATIENCE)
        if text == "broken":
            raise ZeroDivisionError
        return hum(0.5, RATE)

    def close(self) -> None:
        for door in self.doors.values():
            door.set()


class Watched(Playout):
    """Tells when it is complete."""

    def __init__(self, utterance: int) -> None:
        super().__init__(UtteranceId(utterance), 0)
        self.finished = Flag()

    def finish(self) -> None:
        super().finish()
        self.finished.set()


def worker_for(doors: Doors, events: list[Event]) -> VoiceWorker:
    voice = CachedVoice(doors, None)
    return VoiceWorker(Layout(voice, RATE, 120, Path(), {}), voice, events.append)


def said(*texts: str) -> Timeline:
    return Timeline(tuple(Speech(text) for text in texts))


def test_the_first_words_are_there_while_the_next_are_still_rendered() -> None:
    doors = Doors("second")
    worker, playout = worker_for(doors, []), Watched(1)
    worker.start()
    worker.speak(UtteranceId(1), said("first", "second"), playout)
    assert [doors.begun.get(timeout=PATIENCE) for _ in range(2)] == ["first", "second"]
    assert {part.segment for part in playout.parts} == {0}
    doors.close()
    assert playout.finished.wait(PATIENCE)
    worker.close()


def test_the_newest_wins_and_what_was_being_rendered_is_abandoned() -> None:
    doors = Doors("old")
    worker, old, new = worker_for(doors, []), Watched(1), Watched(2)
    worker.start()
    worker.speak(UtteranceId(1), said("old", "never"), old)
    assert doors.begun.get(timeout=PATIENCE) == "old"
    worker.speak(UtteranceId(2), said("new"), new)
    doors.close()
    assert new.finished.wait(PATIENCE)
    assert doors.begun.get(timeout=PATIENCE) == "new" and doors.begun.empty()
    assert not old.complete
    worker.close()


def test_an_utterance_that_is_over_is_not_rendered_to_its_end() -> None:
    doors = Doors()
    playout = Watched(1)
    playout.over = True
    worker_for(doors, []).render(UtteranceId(1), said("first", "second"), playout)
    assert doors.begun.get() == "first" and doors.begun.empty()


def test_what_is_said_never_waits_for_what_is_prepared() -> None:
    ahead, doors = Doors("fixed one"), Doors("wanted now")
    worker, playout = worker_for(doors, []), Watched(1)
    worker.start()
    worker.prepare([Speech("fixed one"), Speech("fixed two")], lambda: CachedVoice(ahead, None))
    assert ahead.begun.get(timeout=PATIENCE) == "fixed one"
    worker.speak(UtteranceId(1), said("wanted now"), playout)
    assert doors.begun.get(timeout=PATIENCE) == "wanted now", "though the other engine hangs"
    ahead.close()
    doors.close()
    assert playout.finished.wait(PATIENCE)
    assert ahead.begun.get(timeout=PATIENCE) == "fixed two"
    worker.close()


def test_what_is_prepared_waits_while_something_is_said() -> None:
    ahead, doors = Doors(), Doors("wanted now")
    worker, playout = worker_for(doors, []), Watched(1)
    worker.start()
    worker.speak(UtteranceId(1), said("wanted now"), playout)
    assert doors.begun.get(timeout=PATIENCE) == "wanted now"
    worker.prepare([Speech("fixed one")], lambda: CachedVoice(ahead, None))
    with pytest.raises(Empty):
        ahead.begun.get(timeout=0.2)
    doors.close()
    assert ahead.begun.get(timeout=PATIENCE) == "fixed one"
    worker.close()


def test_nothing_is_started_ahead_where_every_line_is_kept(tmp_path: Path) -> None:
    kept = CachedVoice(Doors(), tmp_path)
    kept.render("fixed one", 120)
    voice, built = CachedVoice(Doors(), tmp_path), list[CachedVoice]()

    def build() -> CachedVoice:
        built.append(voice)
        return voice

    worker = VoiceWorker(Layout(voice, RATE, 120, Path(), {}), voice, lambda event: None)
    worker.prepare([Speech("fixed one")], build)
    worker.close()
    assert built == []


@pytest.mark.parametrize("where", ["said", "prepared"])
def test_a_fault_nobody_thought_of_does_not_end_the_voice(where: str) -> None:
    doors, events = Doors(), list[Event]()
    worker, broken, next_one = worker_for(doors, events), Watched(1), Watched(2)
    worker.start()
    if where == "said":
        worker.speak(UtteranceId(1), said("broken"), broken)
        assert broken.finished.wait(PATIENCE), "nobody waits for ever"
        assert events == [SynthesisFailed(UtteranceId(1), "voice-engine-failed")]
    else:
        worker.prepare([Speech("broken")], lambda: CachedVoice(doors, None))
        assert doors.begun.get(timeout=PATIENCE) == "broken"
    worker.speak(UtteranceId(2), said("next"), next_one)
    assert next_one.finished.wait(PATIENCE)
    worker.close()


def test_it_can_be_closed_before_it_was_started_and_twice() -> None:
    worker = worker_for(Doors(), [])
    worker.close()
    worker.close()


def test_a_long_passage_is_laid_out_a_minute_ahead_and_not_all_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.speaking.voice_worker.AHEAD_PARTS", 4)
    monkeypatch.setattr("assistant.speaking.voice_worker.LOOK_SECONDS", 0.001)
    worker, playout, waits = worker_for(Doors(), []), Watched(1), Flag()
    sleep = worker._wake.wait

    def wait(timeout: float | None = None) -> bool:
        if timeout is not None:  # for some of it to be heard
            waits.set()
        return sleep(timeout)

    monkeypatch.setattr(worker._wake, "wait", wait)
    worker.start()
    worker.speak(UtteranceId(1), said(*map(str, range(40))), playout)
    assert waits.wait(PATIENCE) and len(playout.parts) == 4 and not playout.complete
    taken = 0
    while not playout.finished.is_set() or playout.parts:
        if playout.parts:
            playout.parts.popleft()
            taken += 1
    assert taken >= 40
    worker.close()


def test_what_waits_to_be_heard_gives_way_to_what_is_newer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.speaking.voice_worker.AHEAD_PARTS", 2)
    worker, old, new = worker_for(Doors(), []), Watched(1), Watched(2)
    worker.start()
    worker.speak(UtteranceId(1), said(*map(str, range(40))), old)
    worker.speak(UtteranceId(2), said("new"), new)
    assert new.finished.wait(PATIENCE) and not old.finished.is_set()
    worker.close()
