"""Sitting after sitting in one program; reminders that are noted, and looked for on the wall's clock."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from pathlib import Path

import pytest

from assistant.config import load_settings, settings_faults
from assistant.content.root import content_root
from assistant.core.commands import Answered, Command, End, EndReason, Knocked, Speak
from assistant.core.conversation import Conversation
from assistant.core.events import Event, PlaybackFinished, ReminderDue, StopRequested, TranscriptReady, Trouble
from assistant.core.ids import UtteranceId
from assistant.core.reminders import Knock, Reminder, Schedule
from assistant.core.scenes.waiting import Waiting
from assistant.runtime.clock import HERE
from assistant.runtime.knocks import KnockFile
from assistant.runtime.loop import Loop
from assistant.runtime.reminding import Reminding
from assistant.safety.transcript import Transcript, Trust
from tests.core.stories import a_conversation

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)
DAILY = Schedule((Reminder(time_of_day(12), "evening"),), (time_of_day(22), time_of_day(8)), 2)


class Stage:
    """A speaker that is done at once, and a person who says goodbye twice and leaves."""

    def __init__(self) -> None:
        self.loop: Loop | None = None
        self.ids: list[UtteranceId] = []
        self.ends = 0

    def perform(self, command: Command, now: float) -> None:
        assert self.loop is not None
        match command:
            case Speak(utterance, timeline):
                self.ids.append(utterance)
                self.loop.post(PlaybackFinished(utterance, len(timeline.segments) - 1, interrupted=False))
                self.loop.post(TranscriptReady(None, Transcript("goodbye", Trust.TRUSTED, 1.0, "test")))
            case End():
                self.ends += 1
                said = TranscriptReady(None, Transcript("wake", Trust.TRUSTED, 1.0, "test"))
                self.loop.post(said if self.ends < 3 else StopRequested("sigint", leave=True))


def test_one_sitting_follows_another_until_the_person_leaves_and_no_id_is_used_twice() -> None:
    def following(before: Conversation) -> Conversation:
        again = a_conversation(opening=Waiting())
        again.utterances = before.utterances
        return again

    stage = Stage()
    stage.loop = loop = Loop(a_conversation(), lambda: 0.0, following)
    assert loop.run(stage) is EndReason.ASKED
    assert stage.ends == 4 and len(set(stage.ids)) == len(stage.ids) >= 6


def test_without_waiting_there_is_one_sitting() -> None:
    stage = Stage()
    stage.loop = loop = Loop(a_conversation(), lambda: 0.0)
    loop.run(stage)
    assert stage.ends == 1


class Wall:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def noted(path: Path, wall: Wall, posted: list[Event], *, lasting: bool = True) -> KnockFile:
    return KnockFile(path, wall, posted.append, lasting=lasting)


def test_knocks_are_kept_without_a_word_and_readable_by_nobody_else(tmp_path: Path) -> None:
    posted: list[Event] = []
    wall, path = Wall(), tmp_path / "state" / "reminders.json"
    knocks = noted(path, wall, posted)
    knocks.command(Knocked(), 0.0, "knock")
    wall.now += timedelta(days=1)
    knocks.command(Knocked(), 0.0, "knock")
    knocks.command(Answered(), 0.0, "knock")
    assert noted(path, wall, posted).knocks == (Knock(NOON, False), Knock(NOON + timedelta(days=1), True))
    assert path.stat().st_mode & 0o777 == 0o600 and posted == []
    assert set(path.read_text(encoding="utf-8")) <= set('[]{}":,-+. atnswerdfluT0123456789'), "times, yes and no"


@pytest.mark.parametrize("content", ["", "{", "[1]", '[{"at": "yesterday", "answered": true}]', "\x00\xff"])
def test_a_damaged_file_counts_as_empty(tmp_path: Path, content: str) -> None:
    path = tmp_path / "reminders.json"
    path.write_text(content, encoding="latin-1")
    assert noted(path, Wall(), []).knocks == ()


def test_a_disk_that_takes_nothing_is_told_and_knocks_are_still_counted(tmp_path: Path) -> None:
    posted: list[Event] = []
    (tmp_path / "file").write_text("")
    knocks = noted(tmp_path / "file" / "reminders.json", Wall(), posted)
    knocks.command(Knocked(), 0.0, "knock")
    assert posted == [Trouble("knocks-unwritable")] and len(knocks.knocks) == 1


def test_a_guest_leaves_nothing_behind(tmp_path: Path) -> None:
    knocks = noted(tmp_path / "reminders.json", Wall(), [], lasting=False)
    knocks.command(Knocked(), 0.0, "knock")
    assert list(tmp_path.iterdir()) == [] and len(knocks.knocks) == 1


def test_what_is_due_is_posted_until_it_was_heeded(tmp_path: Path) -> None:
    wall, posted = Wall(), list[Event]()
    knocks = noted(tmp_path / "reminders.json", wall, posted)
    reminding = Reminding(DAILY, knocks, wall, posted.append, lambda: None)
    wall.now -= timedelta(minutes=1)
    reminding.look()
    assert posted == []
    wall.now += timedelta(minutes=2)
    reminding.look()
    reminding.look()
    assert posted == [ReminderDue("evening")] * 2
    knocks.command(Knocked(), 0.0, "knock")
    reminding.look()
    assert len(posted) == 2


def test_that_reminders_rest_is_shown_once(tmp_path: Path) -> None:
    wall, posted, shown = Wall(), list[Event](), list[str]()
    knocks = noted(tmp_path / "reminders.json", wall, posted)
    reminding = Reminding(DAILY, knocks, wall, posted.append, lambda: shown.append("rests"))
    for _ in range(9):
        reminding.look()
        if posted:
            posted.clear()
            knocks.command(Knocked(), 0.0, "knock")
        wall.now += timedelta(days=1)
    assert shown == ["rests"] and len(knocks.knocks) == 5


def test_the_systems_zone_knows_its_clock_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/London")
    time.tzset()
    try:
        winter, summer = (datetime(2026, month, 1, 12, tzinfo=HERE).utcoffset() for month in (1, 7))
        assert (winter, summer) == (timedelta(0), timedelta(hours=1))
        assert datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone(HERE).hour == 13
        twice = (
            datetime(2026, 10, 25, 0, 30, tzinfo=UTC).astimezone(HERE),
            datetime(2026, 10, 25, 1, 30, tzinfo=UTC).astimezone(HERE),
        )
        assert [(at.hour, at.fold) for at in twice] == [(1, 0), (1, 1)]
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ('times: ["8:30"]', 'no time of day, write it as "08:30"'), ('times: ["08:30 Evening!"]', "no reminder"),
        ('times: ["23:00"]', "23:00 lies in the quiet hours"),
        ('times: ["09:00", "12:00", "15:00"]', "raise most_a_day"),
        ('quiet_from: "25:00"', "no time of day"), ("most_a_day: -1", "greater than or equal to 0"),
    ],
)  # fmt: skip
def test_a_reminder_that_could_not_come_is_told(tmp_path: Path, own: str, told: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(f"reminders:\n  {own}\n", encoding="utf-8")
    faults = settings_faults([content_root() / "config.yaml", path])
    assert len(faults) == 1 and told in str(faults[0]) and faults[0].path == path


def test_more_than_two_a_day_come_when_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "config.yaml"
    path.write_text('reminders: {times: ["09:00", "12:00 evening", "15:00"], most_a_day: 3}\n', encoding="utf-8")
    schedule = load_settings([content_root() / "config.yaml", path]).reminders.schedule("number")
    assert [reminder.check_in for reminder in schedule.reminders] == ["number", "evening", "number"]
