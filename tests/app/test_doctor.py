"""What `doctor` says about echo, without a sound card: every answer, and how to mend it."""

from __future__ import annotations

import subprocess

import pytest

from assistant.app import examining
from assistant.app.loopback import Loopback
from assistant.devices import Device
from assistant.errors import DeviceError


def sources(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    listed = "".join(f"{index}\t{name}\tmodule\ts16le 1ch 48000Hz\tIDLE\n" for index, name in enumerate(names))
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: subprocess.CompletedProcess((), 0, listed))


def devices(monkeypatch: pytest.MonkeyPatch, *names: str) -> None:
    found = [Device(index, name, 48_000.0, 2, 0) for index, name in enumerate(names)]
    monkeypatch.setattr(examining, "all_devices", lambda direction: found)


def test_without_webrtcs_canceller_the_way_to_get_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examining, "webrtc_canceller", object)
    assert examining._echo_canceller()["state"] == "ok"
    monkeypatch.setattr(examining, "webrtc_canceller", lambda: None)
    finding = examining._echo_canceller()
    assert finding["state"] == "degraded" and finding["mend"] == "pip install 'grounding-assistant[aec]'"


@pytest.mark.parametrize("name", ["Echo-Cancel Source", "echocancel", "source.echo-cancel", "USB AEC Mic"])
def test_a_canceller_among_the_microphones_is_shown_with_the_way_to_choose_it(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    devices(monkeypatch, "HDA Intel", name)
    sources(monkeypatch)
    finding = examining._system_cancellers()[0]
    assert finding["mend"] == f"to choose it: microphone.device: {name}"
    assert "only if you choose it" in str(finding["detail"])


def test_a_canceller_that_only_pulseaudio_names_is_chosen_there(monkeypatch: pytest.MonkeyPatch) -> None:
    devices(monkeypatch, "pulse", "default")
    sources(monkeypatch, "alsa_input.pci", "echo-cancel-sink.monitor", "echo-cancel-source")
    assert "pactl set-default-source echo-cancel-source" in str(examining._system_cancellers()[0]["mend"])


@pytest.mark.parametrize("names", [(), ("alsa_input.pci", "usb-praec", "aecho", "echo-cancel-sink.monitor")])
def test_no_canceller_is_no_finding(monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]) -> None:
    devices(monkeypatch, "HDA Intel")
    sources(monkeypatch, *names)
    assert examining._system_cancellers() == []


def test_a_machine_without_portaudio_and_without_pulseaudio_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_sound(direction: str) -> list[Device]:
        raise DeviceError("portaudio-missing", "no sound")

    def no_program(*_: object, **__: object) -> None:
        raise FileNotFoundError

    monkeypatch.setattr(examining, "all_devices", no_sound)
    monkeypatch.setattr(subprocess, "run", no_program)
    assert examining._system_cancellers() == []


@pytest.mark.parametrize(
    ("measured", "state", "told"),
    [
        (Loopback(-12.04, 0.0607, -60.0, muted=False), "ok", "-12.0 dB against what is played, 61 ms"),
        (Loopback(-12.0, 0.22, -60.0, muted=False), "ok", "220 ms from speaker to microphone, as with Bluetooth"),
        (Loopback(-12.0, 0.7, -60.0, muted=False), "degraded", "700 ms"),
        (Loopback(None, None, -60.0, muted=False), "ok", "none: what is played does not reach"),
        (Loopback(None, None, -120.0, muted=True), "ok", "none: the microphone heard nothing at all"),
    ],
)
def test_every_echo_has_its_sentence(measured: Loopback, state: str, told: str) -> None:
    finding = examining._echo(measured)
    assert finding["state"] == state and told in str(finding["detail"])
    assert (finding["delay_ms"] is None) is (measured.delay_seconds is None)
