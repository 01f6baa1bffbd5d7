"""Exercises of one's own: begun in a word, held to the same gates, offered first, and never in the way."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from assistant.cli.main import main
from assistant.content.check import check_content
from assistant.content.library import Library
from assistant.content.own import new_exercise, own_exercises
from assistant.content.root import content_root
from assistant.core.script import Caution
from assistant.core.understanding import State
from assistant.errors import StoreError, UsageError
from assistant.faults import Fault, Severity

from .test_check import change

REVIEWED = date(2026, 11, 28)


def begun(own: Path, name: str = "my-window") -> Path:
    return new_exercise(content_root(), own, "en", name)


def loaded(own: Path) -> Library:
    return Library.load(content_root(), "en", "GB", own)


def test_what_is_begun_is_sound_and_offered_first_where_it_fits(tmp_path: Path) -> None:
    begun(tmp_path)
    library = loaded(tmp_path)
    assert library.notices == ()
    assert library.repertoire.order[State.PRACTICE][0] == "my-window"
    assert library.repertoire.order[State.PANIC] == loaded(tmp_path / "nobody").repertoire.order[State.PANIC]


def test_one_with_a_fault_is_left_out_and_told_with_its_line_and_the_rest_works(tmp_path: Path) -> None:
    begun(tmp_path, "sound-one")
    change(begun(tmp_path), "Find one thing near you.", "Take a deep breath.")
    faults: list[Fault] = []
    assert list(own_exercises(content_root(), tmp_path, "en", faults)) == ["sound-one"]
    assert [(fault.path.name, fault.line) for fault in faults] == [("my-window.yaml", 25)]
    library = loaded(tmp_path)
    assert "my-window.yaml" in library.notices[0].text
    assert "my-window" not in library.repertoire.scripts and "sound-one" in library.repertoire.scripts


FEET_STATES = "[panic, dissociation, overwhelm, flashback, sensory, numb, shame, anger, unsure]"


def test_it_may_stand_in_for_a_shipped_one_and_for_nothing_else(tmp_path: Path) -> None:
    change(begun(tmp_path, "feet-on-floor"), "[practice]", FEET_STATES)
    folder = tmp_path / "scripts" / "en"
    for name in ("safety.yaml", "phrases.yaml", "understanding.yaml"):
        (folder / name).write_text("[]", encoding="utf-8")
    library, shipped = loaded(tmp_path), loaded(tmp_path / "nobody")
    assert library.repertoire.scripts["feet-on-floor"].title == "one thing near you"
    assert library.rules == shipped.rules and library.repertoire.phrases == shipped.repertoire.phrases


def test_what_is_for_practice_does_not_stand_in_where_a_flashback_is_met(tmp_path: Path) -> None:
    """It would be offered in a flashback, and no gate had looked at it for one."""
    inward = begun(tmp_path, "feet-on-floor")
    change(inward, "imagery: none", "imagery: optional")
    faults: list[Fault] = []
    assert own_exercises(content_root(), tmp_path, "en", faults) == {}
    (fault,) = faults
    assert fault.what.startswith("it stands in for the shipped feet-on-floor, and is not for panic, dissociation,")
    change(inward, "[practice]", FEET_STATES)
    assert own_exercises(content_root(), tmp_path, "en", faults) == {}
    assert "this leads inward" in faults[-1].what
    assert loaded(tmp_path).repertoire.scripts["feet-on-floor"].title == "feet on the floor"


@pytest.mark.parametrize("name", ["", "My Window", "../up", "a--b", "window.yaml"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="small letters"):
        begun(tmp_path, name)
    assert not list(tmp_path.iterdir())


def test_what_is_there_is_never_written_over(tmp_path: Path) -> None:
    begun(tmp_path).write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="already"):
        begun(tmp_path)
    assert begun(tmp_path, "other").with_name("my-window.yaml").read_text() == "mine"


@pytest.mark.parametrize("name", ["my-door.yml", "my-door.YAML"])
def test_one_that_nobody_reads_for_its_ending_is_told_by_check(tmp_path: Path, name: str) -> None:
    """It was left out without a word, and whoever wrote it looked for the fault in it."""
    path = begun(tmp_path, "my-door")
    path.rename(path.with_name(name))
    found = check_content(content_root(), [content_root() / "config.yaml"], REVIEWED, tmp_path)
    (warning,) = (fault for fault in found if fault.path.name == name)
    assert warning.severity is Severity.WARNING
    assert "does not end in .yaml" in warning.what and warning.mend == "call it my-door.yaml"


def test_to_begin_one_of_a_shipped_name_tells_at_once_what_it_has_to_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert main(["new", "script", "feet-on-floor"]) == 0
    assert "mend this first:" in (told := capsys.readouterr().err)
    assert "it stands in for the shipped feet-on-floor, and is not for panic" in told
    assert main(["new", "script", "my-window"]) == 0
    assert capsys.readouterr().err == "", "the other one is no matter of this one"


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "scripts").write_text("a file where a folder belongs")
    with pytest.raises(StoreError, match="cannot be written"):
        begun(tmp_path)


def test_every_caution_keeps_something_away_and_leaves_something_for_every_state() -> None:
    repertoire = loaded(content_root()).repertoire
    named = (content_root() / "config.yaml").read_text(encoding="utf-8")
    for caution in get_args(Caution):
        assert caution in named, "nobody can ask for what is not told"
        assert any(caution in script.avoid_if for script in repertoire.scripts.values()), caution
        for state, names in repertoire.order.items():
            assert any(caution not in repertoire.scripts[name].avoid_if for name in names), (caution, state)
