"""Wyoming servers are looked for when somebody asks: by a real responder on this machine's own loopback."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from assistant.app import discovering
from assistant.app.discovering import EACH_SECONDS, KIND, Found, discover, discovered_findings
from assistant.cli.main import main
from assistant.core.outside import Whose
from assistant.endpoints import whose
from assistant.errors import EngineError, UsageError
from assistant.testing.fake_wyoming_server import FakeWyomingServer, Fault, a_wyoming_server

zeroconf = pytest.importorskip("zeroconf", reason="pip install 'grounding-assistant[discovery]'")
pytest.importorskip("wyoming")
pytestmark = pytest.mark.real_clock
HERE = ["127.0.0.1"]


@contextmanager
def announced(*servers: tuple[str, str]) -> Iterator[None]:
    """`servers`: a name and an address each."""
    responder = zeroconf.Zeroconf(interfaces=HERE)
    try:
        for name, address in servers:
            port = int(address.rsplit(":", 1)[1])
            info = zeroconf.ServiceInfo(KIND, f"{name}.{KIND}", port, addresses=[socket.inet_aton("127.0.0.1")])
            responder.register_service(info)
        yield
    finally:
        responder.close()


@pytest.fixture
def server() -> Iterator[FakeWyomingServer]:
    with a_wyoming_server() as state:
        yield state


def test_one_that_announces_itself_is_found_with_what_it_can_do(
    server: FakeWyomingServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with announced(("kitchen", server.address), ("attic", "tcp://127.0.0.1:9")):
        found = discover(HERE)
    assert found == [Found("attic", "tcp://127.0.0.1:9"), Found("kitchen", server.address, hears=True, speaks=True)]
    assert whose(found[1].address)[0] is Whose.HERE  # an address as the settings take it
    monkeypatch.setattr(discovering, "discover", lambda interfaces: found)
    attic, kitchen = discovered_findings()
    assert attic["mend"] == "" and "hears and speaks" in str(kitchen["detail"])
    assert f"speech_to_text.wyoming.address: {server.address}" in str(kitchen["mend"])


@pytest.mark.parametrize("fault", [fault for fault in Fault if fault is not Fault.NONE])
def test_one_that_answers_badly_is_listed_and_holds_nobody_up(server: FakeWyomingServer, fault: Fault) -> None:
    import asyncio

    server.fault = fault
    began = time.monotonic()
    found = asyncio.run(discovering._described(Found("odd", server.address)))
    assert found == Found("odd", server.address) and time.monotonic() - began < EACH_SECONDS + 1.0


def test_nobody_answers_is_a_line_and_takes_no_longer_than_it_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(discovering, "LOOK_SECONDS", 0.5)
    began = time.monotonic()
    (finding,) = discovered_findings(HERE)
    assert "none answered" in str(finding["detail"]) and "--zeroconf" in str(finding["mend"])
    assert time.monotonic() - began < 3.0


def test_without_the_package_one_line_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "zeroconf", None)
    monkeypatch.setattr(discovering, "find_spec", lambda name: None)
    with pytest.raises(UsageError, match=r"grounding-assistant\[discovery\]"):
        discover(HERE)
    (finding,) = discovered_findings(HERE)
    assert finding["state"] == "degraded" and "[discovery]" in str(finding["mend"])


def test_a_network_that_may_not_be_asked_is_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*arguments: object) -> object:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(discovering, "_discover", refused)
    with pytest.raises(EngineError, match="Operation not permitted"):
        discover(HERE)


def test_nothing_is_asked_of_the_network_unless_somebody_wants_it(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr("assistant.app.examining.doctor", lambda settings, **_: [])

    def answered(interfaces: object) -> list[Found]:
        asked.append("asked")
        return []

    monkeypatch.setattr(discovering, "discover", answered)
    assert main(["doctor"]) == 0 and asked == []
    assert main(["doctor", "--discover"]) == 0 and asked == ["asked"]
