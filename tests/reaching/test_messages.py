"""A message is sent through the channel the person chose, what became of it is true, and its address stays a secret."""

from __future__ import annotations

import io
import os
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.app.own_settings import GONE, answered, save
from assistant.app.reaching import reachable, trusted_finding
from assistant.app.setting_up import ask_all
from assistant.app.trusting import ask_message, ask_name, ask_number, somebody_is_trusted, without_the_former
from assistant.cli.main import main
from assistant.config import load_settings
from assistant.content.root import content_root
from assistant.core.commands import End, EndReason, Notify
from assistant.core.events import Event, MessageEnded
from assistant.core.trusted import Sending, TrustedPerson
from assistant.errors import StoreError
from assistant.reaching.channel import FILE, find_channel, keep_channel
from assistant.reaching.messenger import Messenger, deliver, fits
from assistant.settings import Settings, Trusted
from assistant.settings_files import own_settings_file, settings_files

from .server import SECRET, Service, a_service

pytest.importorskip("apprise")
MAYA = TrustedPerson("Maya", "07700 900123", "please ring", reachable=True)


@pytest.fixture
def service() -> Iterator[Service]:
    with a_service() as state:
        yield state


@pytest.fixture(autouse=True)
def _no_keyring_of_whoever_runs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)


def settings() -> Settings:
    return load_settings(settings_files(content_root() / "config.yaml"))


def test_what_the_server_took_is_sent(service: Service) -> None:
    assert deliver(service.url, "please ring") is Sending.SENT
    assert service.messages == ["please ring"]


@pytest.mark.parametrize("status", [401, 404, 500])
def test_what_it_refused_is_not_sent(service: Service, status: int) -> None:
    service.status = status
    assert deliver(service.url, "please ring") is Sending.FAILED


def test_with_nobody_at_the_other_end_it_is_not_sent() -> None:
    assert deliver("json://127.0.0.1:9/", "please ring") is Sending.FAILED


def test_what_takes_too_long_may_have_been_sent_or_not(service: Service) -> None:
    service.hang = threading.Event()
    assert deliver(service.url, "please ring", seconds=2.5) is Sending.UNSURE


@pytest.mark.parametrize("url", ["", "no address", "nosuchservice://x", "json://", "json://a json://b"])
def test_what_is_no_address_is_known_before_anything_is_sent(url: str) -> None:
    assert not fits(url)


def test_an_address_is_looked_at_without_sending_anything(service: Service) -> None:
    assert fits(service.url) and service.messages == []


def test_the_conversation_hands_it_on_and_hears_its_end() -> None:
    posted: list[Event] = []
    shown: list[str] = []
    messenger = Messenger(
        lambda body: Sending.SENT if body == "please ring" else Sending.FAILED, posted.append, shown.append
    )
    messenger.start()
    messenger.command(Notify(1, MAYA, "please ring"), 0.0, "message")
    messenger.close()
    assert posted == [MessageEnded(1, Sending.SENT)] and shown == []


def test_a_network_that_hangs_keeps_no_thread_waiting_and_after_the_end_the_screen_tells() -> None:
    asked, released = threading.Event(), threading.Event()

    def hang(body: str) -> Sending:
        asked.set()
        released.wait(10.0)
        return Sending.UNSURE

    posted: list[Event] = []
    shown: list[str] = []
    messenger = Messenger(hang, posted.append, shown.append)
    messenger.start()
    messenger.command(Notify(1, MAYA, "please ring"), 0.0, "message")
    assert asked.wait(10.0), "the call has come back while it is being sent"
    messenger.command(End(EndReason.ASKED), 0.0, "message")
    released.set()
    messenger.close()
    assert posted == [] and shown == [Sending.UNSURE]


# The secret -----------------------------------------------------------------------------------------------------------


def test_the_address_is_in_a_file_nobody_else_can_read_and_in_no_repr(tmp_path: Path) -> None:
    keep_channel(tmp_path / "own", f"json://user:{SECRET}@host/")
    path = tmp_path / "own" / FILE
    assert (stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)) == (0o600, 0o700)
    channel = find_channel(tmp_path / "own")
    assert channel is not None and SECRET in channel.url and SECRET not in repr(channel)


def test_a_file_that_others_may_read_is_not_used_and_that_is_told(tmp_path: Path) -> None:
    keep_channel(tmp_path, f"json://user:{SECRET}@host/")
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(StoreError, match="chmod 600") as raised:
        find_channel(tmp_path)
    assert SECRET not in raised.value.hint


def test_with_a_keyring_no_file_has_the_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.memory.test_notes import RealKeyring, with_backend

    monkeypatch.setattr(RealKeyring, "__module__", "keyring.backends.SecretService")
    backend = RealKeyring()
    with_backend(monkeypatch, backend)
    assert keep_channel(tmp_path, f"json://user:{SECRET}@host/").in_keyring
    assert list(tmp_path.iterdir()) == []
    found = find_channel(tmp_path)
    assert found is not None and found.in_keyring and SECRET in found.url
    backend.locked = True
    with pytest.raises(StoreError):
        find_channel(tmp_path)


def test_doctor_says_what_is_set_and_neither_number_nor_address(service: Service) -> None:
    assert "no channel is set" in str(trusted_finding(settings())["detail"])
    own_settings_file().parent.mkdir(parents=True)
    own_settings_file().write_text('trusted_person: {name: Maya, number: "07700 900123"}\n')
    keep_channel(own_settings_file().parent, service.url)
    found = str(trusted_finding(settings()))
    assert "through json" in found and "a name and a number" in found
    assert not any(secret in found for secret in (SECRET, "900123", "Maya"))
    (own_settings_file().parent / FILE).chmod(0o644)
    assert trusted_finding(settings())["state"] == "degraded"
    told: list[str] = []
    assert not reachable(lambda line, style: told.append(line)) and "chmod 600" in told[0]


# A whole sitting ------------------------------------------------------------------------------------------------------


def sits(monkeypatch: pytest.MonkeyPatch, events: Path, *lines: str) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in lines)))
    return main(["run", "--mic", "none", "--speaker", "none", "--events", str(events), "--with-words"])


@pytest.mark.parametrize(("answer", "sent"), [("yes", ["It's me. Ring me."]), ("no", []), ("seven", [])])
def test_a_sitting_sends_after_a_yes_and_only_then(
    answer: str, sent: list[str], service: Service, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    own_settings_file().parent.mkdir(parents=True)
    own_settings_file().write_text(
        'trusted_person: {name: Maya, number: "07700 900123", message: It\'s me. Ring me.}\n'
    )
    keep_channel(own_settings_file().parent, service.url)
    assert sits(monkeypatch, tmp_path / "events.jsonl", "i'm panicking", "send Maia a message", answer) == 0
    shown = capsys.readouterr().out
    assert service.messages == sent
    assert ("Your message was sent." in shown) == bool(sent) and "Shall I send Maya your message now?" in shown
    assert SECRET not in shown
    holding = [path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    assert holding == [own_settings_file().parent / FILE], "the address is in its own file alone"


def test_no_sound_of_their_number_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from assistant.app.voices import build_voice

    kept: list[bool] = []
    monkeypatch.setattr("assistant.app.voices.CachedVoice", lambda engines, folder, keeps, told: kept.extend(
        keeps(line) for line in ("The number of your person is zero seven.", "Is Maya near?", "Let your feet rest.")
    ))  # fmt: skip
    own_settings_file().parent.mkdir(parents=True)
    own_settings_file().write_text("trusted_person: {name: Maya}\n")
    build_voice(settings(), "pyttsx3", lambda event: None, private="zero seven")
    assert kept == [False, False, True]


# Setup ----------------------------------------------------------------------------------------------------------------


def answering(monkeypatch: pytest.MonkeyPatch, *typed: str) -> None:
    """What somebody types, in order; a secret too."""
    left = list(typed)
    monkeypatch.setattr("builtins.input", lambda prompt: left.pop(0))
    monkeypatch.setattr("assistant.app.asking.getpass", lambda prompt: left.pop(0))


def test_setup_asks_what_a_message_says_and_where_it_goes_and_sends_a_test_when_wanted(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    save({"trusted_person.name": "Maya"})
    answering(monkeypatch, "It's me. Ring me.", service.url, "y")
    assert ask_message(settings()) == {"trusted_person.message": "It's me. Ring me."}
    assert len(service.messages) == 1 and "test" in service.messages[0]
    answering(monkeypatch, "")
    assert ask_message(settings()) == {"trusted_person.message": None}, "where it goes is not asked again"
    shown = capsys.readouterr().out
    assert "took the test message" in shown and SECRET not in shown


def test_every_answer_may_be_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    answering(monkeypatch, "", "", "", "")
    assert ask_name(settings()) == {"trusted_person.name": None} and not somebody_is_trusted(settings())
    assert ask_number(settings()) == {"trusted_person.number": None}
    assert ask_message(settings()) == {"trusted_person.message": None}
    assert find_channel(own_settings_file().parent) is None


def test_another_name_keeps_nothing_of_the_former_person_and_their_number_is_asked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    save({"trusted_person.name": "Maya", "trusted_person.number": "07700 900123", "trusted_person.message": "Ring me."})
    keep_channel(own_settings_file().parent, f"json://user:{SECRET}@host/")
    answering(monkeypatch, "maya")
    ask_all(settings(), "trusted_person", alone=False)
    assert settings().trusted_person.number == "07700 900123", "written otherwise it is the same person"
    answering(monkeypatch, "Sam", "later", "later")
    ask_all(settings(), "trusted_person", alone=False)
    assert "Sam's telephone number?" in capsys.readouterr().out
    assert settings().trusted_person == Trusted("Sam", None, None)
    assert find_channel(own_settings_file().parent) is None
    assert answered() & {"trusted_person.number", "trusted_person.message"} == set(), "so that it is asked once more"


def test_another_name_in_a_file_of_answers_has_no_number_of_the_former_person() -> None:
    save({"trusted_person.name": "Maya", "trusted_person.number": "07700 900123"})
    assert GONE in without_the_former(settings(), {"trusted_person.name": "Sam"}).values()
    both = {"trusted_person.name": "Sam", "trusted_person.number": "07700 900456"}
    save(without_the_former(settings(), both))
    assert settings().trusted_person == Trusted("Sam", "07700 900456", None)


def test_what_does_not_fit_is_told_and_asked_again(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    answering(monkeypatch, "ring the bell", "none")
    assert ask_number(settings()) == {"trusted_person.number": None}
    assert "no telephone number" in capsys.readouterr().out
    answering(monkeypatch, "", "not an address", "")
    ask_message(settings())
    assert "no address that can be used" in capsys.readouterr().out and find_channel(own_settings_file().parent) is None


def test_a_test_that_fails_is_told_as_it_is(
    service: Service, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    service.status = 500
    answering(monkeypatch, "", service.url, "y")
    ask_message(settings())
    assert "was not sent" in capsys.readouterr().out and find_channel(own_settings_file().parent) is not None


def test_the_child_is_given_the_secret_where_nobody_else_can_read_it(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not on its command line, and not in its environment: others on the machine can list both."""
    seen: list[object] = []
    real = subprocess.run

    def run(command: list[str], **options: Any) -> Any:
        seen.append((command, options.get("env")))
        return real(command, **options)

    monkeypatch.setattr(subprocess, "run", run)
    deliver(service.url, "please ring")
    assert seen and SECRET not in str(seen) and SECRET not in str(os.environ)
