"""What version 0.1.0 left behind is opened by this program, and by the one after it; what a later one left is refused.

`v0.1.0` is what that version wrote, by its own code, and is never changed. Each later version puts its own beside it.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.app.own_settings import answered, save
from assistant.app.places import knocks_path, latch_path, memory_folder
from assistant.app.serving import install, needs_network
from assistant.app.voices import speech_folder
from assistant.cli.main import main
from assistant.config import load_settings, settings_faults
from assistant.content.root import content_root
from assistant.core.past import Forgetting
from assistant.core.states import State
from assistant.memory import schema
from assistant.memory.forgetting import forget
from assistant.memory.notes import notes
from assistant.memory.store import FILE, Store
from assistant.runtime.knocks import KnockFile
from assistant.runtime.latch import LatchFile
from assistant.runtime.mute import MuteSwitch
from assistant.service.plan import NAME
from assistant.service.systems import Answer, Systemd
from assistant.settings_files import own_settings_file, settings_files
from assistant.speaking.cache import CachedVoice
from assistant.testing.fake_voice import FakeVoice

LEFT_BEHIND = [pytest.param(path, id=path.name) for path in sorted(Path(__file__).parent.glob("v*"))]
NOW = datetime(2027, 1, 1, tzinfo=UTC)
ROOT = content_root()


@pytest.fixture(params=LEFT_BEHIND)
def before(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A person's folders as that version left them; git keeps no modes, which are put back."""
    home = tmp_path / "home"
    shutil.copytree(request.param, home)
    for path in home.rglob("*"):
        path.chmod(0o700 if path.is_dir() else 0o600)
    for name in ("config", "data", "state", "cache"):
        monkeypatch.setenv(f"XDG_{name.upper()}_HOME", str(home / name))
    monkeypatch.delenv("GROUNDING_MEMORY", raising=False)
    return home


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch) -> int:
    """An invented migration, as the next version may bring one: a new column, and every row changed."""
    step = ("ALTER TABLE exercises ADD COLUMN place TEXT NOT NULL DEFAULT ''", "UPDATE exercises SET place = 'home'")
    steps = (*schema.MIGRATIONS, step)
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    monkeypatch.setattr("assistant.memory.store.VERSION", len(steps))
    monkeypatch.setattr(schema.migrate, "__defaults__", (len(steps),))
    return len(steps)


def test_the_settings_mean_what_they_meant_and_no_question_comes_again(before: Path) -> None:
    paths = settings_files(ROOT / "config.yaml")
    settings = load_settings(paths)
    assert settings_faults(paths) == [] and len(paths) == 2
    assert (settings.country, settings.trusted_person.name, settings.trusted_person.number) == (
        "GB", "Zoë", "07700 900123",
    )  # fmt: skip
    assert settings.cautions == ("asthma_flare", "cardiac") and settings.turn.patient and settings.button.pin == 17
    assert {"country", "cautions", "turn.patient", "microphone.device", "speech_to_text.threads"} <= answered()
    old = own_settings_file().read_text(encoding="utf-8")
    save({"country": "NO"})
    assert own_settings_file().read_text(encoding="utf-8") == old.replace("GB", "NO")


def opened(version: int) -> None:
    with Store.open(memory_folder(), NOW) as store:
        first, second = store.past()
        assert store.set_aside is None and schema.version_of(store._database) == version
        reflection, bookmark = notes(store)
    assert (first.exercise, first.state, first.before, first.after) == ("feet-on-floor", State.PANIC, 8.0, 4.5)
    assert (second.exercise, second.before, second.stopped) == ("number-and-word", None, True)
    assert reflection.text == "The sea was loud — and that was fine." and bookmark.text == "Ask about sleep."


def test_the_memory_and_the_notes_are_read_by_this_version(before: Path) -> None:
    opened(schema.VERSION)


def test_and_by_one_with_another_migration_behind_a_backup_that_is_forgotten_with_the_rest(
    before: Path, next_version: int
) -> None:
    opened(next_version)
    backup = memory_folder() / f"before-version-{next_version}.sqlite3"
    with closing(sqlite3.connect(backup)) as database:
        assert schema.version_of(database) == next_version - 1
        assert database.execute("SELECT count(*) FROM exercises").fetchone() == (2,)
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(memory_folder() / FILE)) as database:
        assert set(database.execute("SELECT place FROM exercises")) == {("home",)}
    forget(memory_folder(), Forgetting.EVERYTHING, NOW)
    assert not backup.exists()


def test_cut_off_in_the_migration_it_is_done_whole_the_next_time(
    before: Path, next_version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = schema.MIGRATIONS
    monkeypatch.setattr(schema, "MIGRATIONS", (*whole[:-1], (*whole[-1], "the power is pulled")))
    with pytest.raises(Exception, match=r"memory"):
        Store.open(memory_folder(), NOW)
    monkeypatch.setattr(schema, "MIGRATIONS", whole)
    opened(next_version)


def test_mute_reminders_and_the_note_of_support_hold_over_the_upgrade(before: Path) -> None:
    assert MuteSwitch(latch_path().with_name("muted"), print).muted
    knocks = KnockFile(knocks_path(), lambda: NOW, print).knocks
    assert [knock.answered for knock in knocks] == [True, False]
    given = latch_path().stat().st_mtime
    assert LatchFile(latch_path(), lambda: given + 60.0, print).is_set()
    assert not LatchFile(latch_path(), lambda: given + 46 * 60.0, print).is_set()


def test_a_rendered_line_is_not_rendered_again(before: Path) -> None:
    voice = FakeVoice()
    CachedVoice(voice, speech_folder()).render("Rest.", 125)
    assert voice.spoken == []


def test_an_export_comes_back_with_its_notes(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("GROUNDING_MEMORY", str(tmp_path / "new"))
    monkeypatch.setattr("assistant.memory.key.system_keyring", lambda account: None)
    assert main(["import", str(before / "export.json")]) == 0 and "2" in capsys.readouterr().out
    with Store.open(memory_folder(), NOW) as store:
        assert len(notes(store)) == 2


def test_the_service_is_written_anew_in_place_of_the_old_one(
    before: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tmp_path / "units"
    unit = config / "systemd" / "user" / f"{NAME}.service"
    unit.parent.mkdir(parents=True)
    shutil.copy(before / f"{NAME}.service", unit)
    system = Systemd(config, "ada", lambda command: Answer(0, "Linger=yes systemd 252"))
    monkeypatch.setattr("assistant.app.serving.this_system", lambda: system)
    file, told = install(load_settings(settings_files(ROOT / "config.yaml")))
    assert file == unit and "written anew" in told[0] and sys.executable in unit.read_text(encoding="utf-8")
    assert not needs_network(load_settings(settings_files(ROOT / "config.yaml")))
    system.uninstall()
    assert not unit.exists() and own_settings_file().is_file() and (memory_folder() / FILE).is_file()


# From a newer version -------------------------------------------------------------------------------------------------


def grounding(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments], cwd=ROOT, capture_output=True, text=True,
        stdin=subprocess.DEVNULL, env={**os.environ, "LANG": "C.UTF-8"},
    )  # fmt: skip


def one_line(result: subprocess.CompletedProcess[str], code: int) -> str:
    told = result.stderr.strip()
    assert result.returncode == code and "\n" not in told and "Traceback" not in told, (result.returncode, told)
    return told


@pytest.mark.parametrize(
    "command", [("setup", "--defaults"), ("service", "install"), ("setup", "--answers", "ANSWERS")]
)
def test_settings_of_a_newer_version_are_refused_in_one_line_and_stay(before: Path, command: tuple[str, ...]) -> None:
    path = own_settings_file()
    newer = path.read_text(encoding="utf-8").replace("version: 1", "version: 2") + "unheard_of: [a]\n"
    path.write_text(newer, encoding="utf-8")
    (before / "answers.yaml").write_text("country: NO\n", encoding="utf-8")
    result = grounding(*(str(before / "answers.yaml") if part == "ANSWERS" else part for part in command))
    assert "a newer version of this program (form 2; this one knows 1); upgrade it" in one_line(result, 3)
    assert path.read_text(encoding="utf-8") == newer


@pytest.mark.parametrize("command", [("history",), ("export", "-"), ("note", "list"), ("forget", "that", "--yes")])
def test_a_memory_of_a_newer_version_is_refused_in_one_line_and_stays(before: Path, command: tuple[str, ...]) -> None:
    path = memory_folder() / FILE
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    newer = path.read_bytes()
    assert "newer version" in one_line(grounding(*command), 1)
    assert path.read_bytes() == newer and not list(memory_folder().glob("before-*"))


def test_an_export_of_a_newer_version_is_refused_in_one_line(before: Path) -> None:
    path = before / "export.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"edition": 1', '"edition": 2'), encoding="utf-8")
    assert "newer" in one_line(grounding("import", str(path)), 1)
