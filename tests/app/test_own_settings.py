"""One answer is written into the person's own file, and nothing else in it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.app.own_settings import answered, save
from assistant.config import settings_faults
from assistant.content.root import content_root
from assistant.errors import ConfigError, StoreError
from assistant.settings_files import own_settings_file

MINE = """\
# mine
country: 'GB'   # home

# about the voice
voice: {engine: auto} # flow
reminders:
  # mornings
  times: ["08:30"]
"""


def write(text: str) -> Path:
    path = own_settings_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_new_file_says_what_it_is_and_is_for_its_owner_alone() -> None:
    settings = save({"country": "NO", "turn.patient": True})
    text = own_settings_file().read_text(encoding="utf-8")
    assert settings.country == "NO" and settings.turn.patient
    assert text.startswith("# Your settings") and text.endswith("\nversion: 1\ncountry: NO\nturn:\n  patient: true\n")
    assert own_settings_file().stat().st_mode & 0o777 == 0o600
    assert answered() == {"version", "country", "turn", "turn.patient"}


def test_comments_and_order_stay() -> None:
    path = write(MINE)
    settings = save({"country": "NO", "trusted_person.name": None, "cautions": ["cardiac"], "voice.id": "en"})
    expected = MINE.replace("'GB'", "'NO'").replace("{engine: auto}", "{engine: auto, id: en}")
    assert path.read_text(encoding="utf-8") == f"{expected}trusted_person:\n  name: null\ncautions:\n  - cardiac\n"
    assert settings.cautions == ("cardiac",) and settings.reminders.times == ("08:30",)


@pytest.mark.parametrize("text", ["# only words\n", "# only words", "---", "---\n# only words", ""])
def test_a_file_without_a_key_keeps_its_comments_whatever_its_last_line_ends_with(text: str) -> None:
    path = write(text)
    save({"country": "GB"})
    head = f"{text.rstrip()}\n" if text else ""
    assert path.read_text(encoding="utf-8") == f"{head}version: 1\ncountry: GB\n"


@pytest.mark.parametrize("broken", ["country: [", "- a list\n", "just text\n", "a: 1\na: 2\n", f"a: {'1' * 5000}\n"])
def test_a_file_that_cannot_be_read_is_left_alone(broken: str) -> None:
    path = write(broken)
    with pytest.raises(ConfigError):
        save({"country": "GB"})
    assert path.read_text(encoding="utf-8") == broken


def test_a_file_of_a_newer_program_is_refused_with_a_clear_line_and_left_alone() -> None:
    path = write("version: 2\nunheard_of: yes\n")
    with pytest.raises(ConfigError, match="a newer version of this program") as refused:
        save({"country": "GB"})
    assert (
        refused.value.code == "settings-newer" and path.read_text(encoding="utf-8") == "version: 2\nunheard_of: yes\n"
    )
    (fault,) = settings_faults([content_root() / "config.yaml", path])
    assert (fault.line, "upgrade" in fault.mend) == (1, True)


def test_a_file_from_before_there_were_forms_is_read() -> None:
    write("country: NZ\n")
    assert save({"language": "en"}).country == "NZ"


def test_a_key_that_nobody_knows_is_told_and_stays() -> None:
    path = write("contry: GB\n")
    with pytest.raises(ConfigError, match="did you mean 'country'"):
        save({"country": "GB"})
    assert path.read_text(encoding="utf-8") == "contry: GB\n" and list(path.parent.iterdir()) == [path]


def test_pulled_out_in_the_middle_of_a_write_the_old_file_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(MINE)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        save({"country": "NO"})
    assert path.read_text(encoding="utf-8") == MINE


def test_a_link_to_a_file_kept_elsewhere_stays_a_link(tmp_path: Path) -> None:
    elsewhere = tmp_path / "dotfiles.yaml"
    elsewhere.write_text(MINE, encoding="utf-8")
    path = own_settings_file()
    path.parent.mkdir(parents=True)
    path.symlink_to(elsewhere)
    save({"country": "NO"})
    assert path.is_symlink() and "'NO'" in elsewhere.read_text(encoding="utf-8")
