"""What is remembered stays whole: through versions, damage, a full disk, another program, and a clock that jumps."""

from __future__ import annotations

import errno
import os
import random
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.core.past import PastExercise
from assistant.errors import StoreError
from assistant.memory import schema
from assistant.memory.store import FILE, Store
from assistant.memory.troubles import told

from .entries import NOON, entries, entry


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@given(some=st.lists(entries, max_size=20))
def test_what_is_added_comes_back_in_the_order_of_time(
    some: list[PastExercise], tmp_path_factory: pytest.TempPathFactory
) -> None:
    with Store.open(tmp_path_factory.mktemp("memory"), NOON) as store:
        store.add(some)
        assert list(store.past()) == sorted(some, key=lambda one: one.ended)


def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    with Store.open(tmp_path / "memory", NOON) as store:
        store.add([entry()])
        files = list((tmp_path / "memory").iterdir())
        assert len(files) == 3, "the file, its log and the log's index"
        assert {mode(path) for path in files} == {0o600} and mode(tmp_path / "memory") == 0o700


def test_a_file_left_open_to_others_is_closed_to_them(tmp_path: Path) -> None:
    Store.open(tmp_path, NOON).close()
    (tmp_path / FILE).chmod(0o644)
    Store.open(tmp_path, NOON).close()
    assert mode(tmp_path / FILE) == 0o600


def test_a_clock_that_jumps_back_loses_and_overwrites_nothing(tmp_path: Path) -> None:
    with Store.open(tmp_path, NOON) as store:
        store.add([entry("first")])
        store.add([entry("second", days=-1)])
        store.add([entry("third")])
        assert [one.exercise for one in store.past()] == ["second", "first", "third"]


def test_only_the_newest_are_read_when_only_they_are_wanted(tmp_path: Path) -> None:
    with Store.open(tmp_path, NOON) as store:
        store.add(entry(str(day), days=day) for day in range(10))
        assert [one.exercise for one in store.past(3)] == ["7", "8", "9"]


def at_version(folder: Path, version: int) -> None:
    """A file as the program made it at an earlier version, with one entry."""
    folder.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as database:
        schema.migrate(database, folder / FILE, to=version)
        database.execute(
            "INSERT INTO exercises (ended, utc_offset, exercise, state, before, after, worse, stopped) "
            "VALUES (1700000000, 3600, 'feet-on-floor', 'panic', 8, 5, 0, 0)"
        )


@pytest.mark.parametrize("version", range(1, schema.VERSION + 1))
def test_a_file_of_every_earlier_version_keeps_what_is_in_it(version: int, tmp_path: Path) -> None:
    at_version(tmp_path, version)
    with Store.open(tmp_path, NOON) as store:
        (one,) = store.past()
        assert (one.exercise, one.before, one.after) == ("feet-on-floor", 8.0, 5.0)
        store.add([entry()])


@pytest.fixture
def another_step(monkeypatch: pytest.MonkeyPatch) -> int:
    """A version more than there is."""
    steps = (*schema.MIGRATIONS, ("ALTER TABLE exercises ADD COLUMN more TEXT",))
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    monkeypatch.setattr("assistant.memory.store.VERSION", len(steps))
    monkeypatch.setattr(schema.migrate, "__defaults__", (len(steps),))
    return len(steps)


def test_a_backup_is_made_before_every_step(tmp_path: Path, another_step: int) -> None:
    at_version(tmp_path, another_step - 1)
    Store.open(tmp_path, NOON).close()
    backup = tmp_path / f"before-version-{another_step}.sqlite3"
    with closing(sqlite3.connect(backup)) as database:
        assert schema.version_of(database) == another_step - 1
        assert database.execute("SELECT count(*) FROM exercises").fetchone() == (1,)
    assert mode(backup) == 0o600


def test_a_new_file_needs_no_backup(tmp_path: Path) -> None:
    Store.open(tmp_path, NOON).close()
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def test_a_step_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, another_step: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_version(tmp_path, another_step - 1)
    steps = (*schema.MIGRATIONS[:-1], ("CREATE TABLE halfway (a)", "no SQL at all"))
    monkeypatch.setattr(schema, "MIGRATIONS", steps)
    with pytest.raises(StoreError):
        Store.open(tmp_path, NOON)
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        assert schema.version_of(database) == another_step - 1
        assert database.execute("SELECT 1 FROM sqlite_master WHERE name = 'halfway'").fetchone() is None


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    at_version(tmp_path, schema.VERSION)
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    before = (tmp_path / FILE).read_bytes()
    with pytest.raises(StoreError, match="newer version") as raised:
        Store.open(tmp_path, NOON)
    assert raised.value.code == "memory-newer"
    assert (tmp_path / FILE).read_bytes() == before and len(list(tmp_path.iterdir())) == 1


def torn(data: bytes) -> bytes:
    """Its pages after the first are noise."""
    return data[:4096] + random.Random(1).randbytes(len(data) - 4096)


@pytest.mark.parametrize("spoilt", [lambda data: b"no database" * 900, lambda data: data[:5000], torn])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(tmp_path: Path, spoilt: Callable[[bytes], bytes]) -> None:
    with Store.open(tmp_path, NOON) as store:
        store.add(entry(days=day) for day in range(300))
    damaged = spoilt((tmp_path / FILE).read_bytes())
    (tmp_path / FILE).write_bytes(damaged)
    for _ in range(2):
        with Store.open(tmp_path, NOON) as store:
            if store.set_aside is not None:
                aside = store.set_aside
            store.add([entry()])
    assert aside.name == "damaged-2026-11-26-120000.sqlite3"
    assert aside.read_bytes() == damaged, "nothing is lost silently"
    with Store.open(tmp_path, NOON) as store:
        assert (len(store.past()), store.set_aside) == (2, None)


def test_two_that_are_damaged_in_the_same_second_are_both_kept(tmp_path: Path) -> None:
    for content in (b"first damage" * 900, b"second damage" * 900):
        (tmp_path / FILE).write_bytes(content)
        Store.open(tmp_path, NOON).close()
    assert {path.read_bytes()[:6] for path in tmp_path.glob("damaged-*.sqlite3")} == {b"first ", b"second"}


def test_a_finished_entry_is_on_the_disk_and_not_in_the_systems_memory(tmp_path: Path) -> None:
    """What a pulled plug would show, and kill -9 cannot: SQLite waits for the disk (2: FULL)."""
    with Store.open(tmp_path, NOON) as store:
        assert store._database.execute("PRAGMA synchronous").fetchone() == (2,)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with entries and notes, as it lies on the disk."""
    folder = tmp_path_factory.mktemp("sound")
    with Store.open(folder, NOON) as store:
        store.add(entry(days=day) for day in range(40))
        store.add_sealed([(NOON, "bookmark", b"sealed" * 20)] * 3)
    return folder / FILE


@settings(deadline=None)
@given(flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4))
def test_whatever_byte_a_disk_spoils_there_is_an_answer(
    flips: list[tuple[float, int]], sound: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Read, or set aside, or a sentence: never an error of another kind, which would end the sitting."""
    folder, spoiled = tmp_path_factory.mktemp("memory"), bytearray(sound.read_bytes())
    for place, byte in flips:
        spoiled[int(place * len(spoiled))] = byte
    (folder / FILE).write_bytes(spoiled)
    sentences: list[str] = []
    try:
        with Store.open(folder, NOON) as store:
            store.past()
            store.sealed()
            store.add([entry()])
    except StoreError as error:
        sentences.append(error.hint)
    assert all(sentence.endswith(".") for sentence in sentences)


@pytest.mark.parametrize(
    "harm",
    [
        "UPDATE exercises SET ended = 1e17", "UPDATE exercises SET ended = 253402300000",
        "UPDATE exercises SET ended = 'x'", "UPDATE exercises SET utc_offset = 90000",
        "UPDATE exercises SET exercise = x'ff'", "UPDATE notes SET written = -1",
        "UPDATE notes SET sealed = 'plain'", "ALTER TABLE notes RENAME sealed TO sealeb",
    ],
)  # fmt: skip
def test_values_that_no_program_of_ours_wrote_are_damage(harm: str, sound: Path, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(sound.read_bytes())
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute(harm)
        database.commit()
    for _ in range(2):
        with Store.open(tmp_path, NOON) as store:
            store.add([entry()])
            set_aside = store.set_aside
    assert set_aside is None and len(list(tmp_path.glob("damaged-*.sqlite3"))) == 1, "once, and then it works again"


def test_a_name_with_a_spoiled_letter_is_no_reason_to_lose_the_rest(sound: Path, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(sound.read_bytes())
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute("UPDATE exercises SET exercise = CAST(x'66ff74' AS TEXT) WHERE id = 7")
        database.commit()
    with Store.open(tmp_path, NOON) as store:
        assert [one.exercise for one in store.past()].count("f\ufffdt") == 1 and store.set_aside is None


def test_a_database_of_another_program_is_set_aside_and_not_written_to(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute("CREATE TABLE theirs (a)")
    before = (tmp_path / FILE).read_bytes()
    with Store.open(tmp_path, NOON) as store:
        assert store.set_aside is not None and store.set_aside.read_bytes() == before


def test_a_full_disk_is_told_and_what_was_there_stays(tmp_path: Path) -> None:
    with Store.open(tmp_path, NOON) as store:
        store.add([entry()])
        database = store._database
        (pages,) = database.execute("PRAGMA page_count").fetchone()
        database.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError) as raised:
            store.add(entry(days=day) for day in range(1000))
        assert raised.value.code == "memory-full" and "make room" in raised.value.hint
        assert len(store.past()) == 1, "all or none"
        database.execute("PRAGMA max_page_count = 100000")
        store.add([entry()])


def test_a_file_that_another_program_holds_is_told(tmp_path: Path) -> None:
    Store.open(tmp_path, NOON).close()
    with closing(sqlite3.connect(tmp_path / FILE, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with Store.open(tmp_path, NOON, wait=0.01) as store, pytest.raises(StoreError) as raised:
            store.add([entry()])
        assert raised.value.code == "memory-locked"
        other.execute("ROLLBACK")


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with Store.open(tmp_path, NOON) as store:
        store._database.execute("PRAGMA query_only = ON")
        with pytest.raises(StoreError) as raised:
            store.add([entry()])
    assert raised.value.code == "memory-read-only"


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "memory-full"), (errno.EDQUOT, "memory-full"), (errno.EROFS, "memory-read-only"),
     (errno.EACCES, "memory-read-only"), (errno.EIO, "memory-unusable")],
)  # fmt: skip
def test_what_the_disk_itself_says_is_told_as_what_it_is(number: int, code: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError) as raised, told(tmp_path):
        raise OSError(number, os.strerror(number))
    assert raised.value.code == code


@pytest.mark.parametrize("place", ["/proc/nowhere/memory", "/dev/null/memory"])
def test_a_folder_that_cannot_be_is_told(place: str) -> None:
    with pytest.raises(StoreError) as raised:
        Store.open(Path(place), NOON)
    assert raised.value.code in ("memory-unusable", "memory-read-only")


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from assistant.core.past import PastExercise
from assistant.core.understanding import State
from assistant.memory.store import Store
now = datetime(2026, 1, 1, tzinfo=UTC)
with Store.open(Path(sys.argv[1]), now) as store:
    for number in range(int(sys.argv[2]), 10**6):
        store.add([PastExercise(now, str(number), State.PANIC, 7.0, 4.0, False, False)])
        sys.stdout.write(f"{number}\\n")
        sys.stdout.flush()
"""


FORGETTER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from assistant.core.past import PastExercise
from assistant.core.understanding import State
from assistant.memory.store import Store
now = datetime(2026, 1, 1, tzinfo=UTC)
with Store.open(Path(sys.argv[1]), now) as store:
    for number in range(10**6):
        store.add([PastExercise(now, "forgotten", State.PANIC, 7.0, 4.0, False, False)])
        store.add_sealed([(now, "bookmark", b"forgotten" * 100)])
        store.forget_last()
        store.forget_last()
        sys.stdout.write(f"{number}\\n")
        sys.stdout.flush()
"""


def killed_while_writing(folder: Path, begin: int, lines: int, code: str = WRITER) -> int:
    """A process that writes one entry after the other is killed after so many; the last that it called finished."""
    writer = subprocess.Popen([sys.executable, "-c", code, str(folder), str(begin)], stdout=subprocess.PIPE, text=True)
    assert writer.stdout is not None
    for _ in range(lines):
        writer.stdout.readline()
    writer.kill()
    rest = writer.stdout.read().splitlines()
    writer.wait()
    writer.stdout.close()
    return int(rest[-1]) if rest and rest[-1] else begin + lines - 1


def no_finished_entry_is_lost(folder: Path, times: int) -> None:
    chance, begin, begun = random.Random(7), 0, set[int]()
    finished: set[int] = set()
    for _ in range(times):
        last = killed_while_writing(folder, begin, chance.randint(1, 30))
        finished |= set(range(begin, last + 1))
        with Store.open(folder, NOON) as store:
            assert store.set_aside is None, "no damage"
            begun = {int(one.exercise) for one in store.past()}
        assert finished <= begun
        begin = max(begun) + 1
    assert len(begun) == begin, "none twice, none missing"


def test_kill_9_while_writing_loses_no_finished_entry(tmp_path: Path) -> None:
    no_finished_entry_is_lost(tmp_path, 5)


@pytest.mark.slow
def test_kill_9_at_200_moments_loses_no_finished_entry(tmp_path: Path) -> None:
    no_finished_entry_is_lost(tmp_path, 200)


def nothing_else_is_lost(folder: Path, times: int) -> None:
    chance = random.Random(11)
    with Store.open(folder, NOON) as store:
        store.add(entry(f"kept-{day}", days=day) for day in range(300))
        store.add_sealed([(NOON, "bookmark", b"kept")])
    for _ in range(times):
        killed_while_writing(folder, 0, chance.randint(1, 6), FORGETTER)
        with Store.open(folder, NOON) as store:
            assert store.set_aside is None, "no damage"
            names = [one.exercise for one in store.past()]
            sealed = [text for *_, text in store.sealed()]
            while "forgotten" in store.past()[0].exercise or len(store.sealed()) > 1:  # what it was cut off before
                store.forget_last()
        assert names.count("forgotten") <= 1 and sealed.count(b"kept") == 1 and len(sealed) <= 2
        assert [name for name in names if name != "forgotten"] == [f"kept-{day}" for day in range(300)]


def test_kill_9_while_forgetting_damages_nothing_and_loses_nothing_else(tmp_path: Path) -> None:
    nothing_else_is_lost(tmp_path, 3)


@pytest.mark.slow
def test_kill_9_at_100_moments_of_forgetting_loses_nothing_else(tmp_path: Path) -> None:
    nothing_else_is_lost(tmp_path, 100)


def test_ten_years_of_daily_use_are_small(tmp_path: Path) -> None:
    with Store.open(tmp_path, NOON) as store:
        store.add(entry(days=day / 3) for day in range(3 * 3653))
        assert len(store.past()) == 3 * 3653
    assert (tmp_path / FILE).stat().st_size < 2e6
