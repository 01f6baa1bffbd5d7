"""A virtual sound card: a private PulseAudio with two null sinks, so that a real process meets real PortAudio.

What is played into `mic` is heard by the default microphone; what the default speaker plays is recorded from `spk`.
Latencies are read off that recording, not off any program's own log. Linux only; needs pulseaudio, pulseaudio-utils and
libasound2-plugins.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Thread
from types import TracebackType
from typing import Self

import numpy as np
from numpy import float32
from numpy.typing import NDArray

from assistant.errors import DeviceError

RATE = 48_000
"""Hz, of recordings."""
SINK_RATE = 50_000
"""Hz, of both sinks. PulseAudio's null sinks count time in whole microseconds a block. At 48 kHz a sample is none, so
one sink ran faster than the other, by 0.3 to 1 ms a second: the echo's buffer ran empty, and from then on the silence
put in moved the echo by some milliseconds every second or two, as no air does. At 50 kHz a sample is 20 of them.
"""
NEEDED = ("pulseaudio", "pactl", "parec", "paplay")
ECHO_MS = 100
"""From the speaker to the microphone: the buffers of a card, and two metres of air."""
_READY_SECONDS = 10.0

_ALSA = "</usr/share/alsa/alsa.conf>\npcm.!default {{type pulse}}\nctl.!default {{type pulse}}\n"
_TWO_CARDS = """pcm.speaker {{type pulse server "unix:{speaker}"}}
pcm.microphone {{type pulse server "unix:{microphone}"}}
pcm.!default {{type asym playback.pcm speaker capture.pcm microphone}}
"""


def missing_parts() -> tuple[str, ...]:
    """Programs that a virtual sound card needs and this machine lacks."""
    return tuple(program for program in NEEDED if shutil.which(program) is None)


@dataclass
class SoundCard:
    """Use as a context manager. `environment` is for the process under test.

    `latency_ms`: how far ahead the card is played to. 5 shows moments; sound cards people have take 40 and wake a
    program less often.
    """

    latency_ms: int = 5
    echo_db: float | None = None
    """How loud the speaker arrives at the microphone, against what was played; None: not at all (headphones)."""

    def __enter__(self) -> Self:
        if missing := missing_parts():
            raise DeviceError("sound-card-missing", f"A virtual sound card needs {', '.join(missing)}; install them.")
        self._directory = tempfile.TemporaryDirectory(prefix="grounding-card-")
        folder = Path(self._directory.name)
        alsa = folder / "asound.conf"
        alsa.write_text(_ALSA.format())
        # Without compiled modules every start would compile all of them: no installed program does.
        caller = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        self.environment = {
            **caller,
            "PULSE_SERVER": f"unix:{folder / 'native'}",
            "PULSE_COOKIE": str(folder / "cookie"),
            "PULSE_RUNTIME_PATH": str(folder),
            "ALSA_CONFIG_PATH": str(alsa),
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder),
        }
        self._socket = folder / "native"
        self._inside = self.environment | {"PULSE_SERVER": f"unix:{folder / 'inside'}"}
        try:
            self.plug_in()
        except BaseException:
            self._directory.cleanup()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.unplug()
        self._directory.cleanup()

    def plug_in(self, *, asleep: bool = False) -> None:
        """The card is there; `with` begins so. Programs see it only when it takes and gives sound, as with a card.

        `asleep`: takes the first sound some two seconds after it is opened, as a Bluetooth speaker does.
        """
        command = [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--log-target=null",
            "--realtime=no", "--high-priority=no", "--disable-shm=yes",
            "-L", f"module-native-protocol-unix socket={self._socket.parent / 'inside'} auth-anonymous=1",
            "-L", f"module-null-sink sink_name=spk rate={SINK_RATE}",
            "-L", f"module-null-sink sink_name=mic rate={SINK_RATE} channels=1",
            "-L", "module-remap-source master=mic.monitor source_name=virtmic",
        ]  # fmt: skip
        if self.echo_db is not None:
            # Without adjust_time the loop-back would resample all the time to keep its latency; air does not.
            loopback = f"module-loopback source=spk.monitor sink=mic latency_msec={ECHO_MS} adjust_time=0"
            command += ["-L", f"{loopback} source_dont_move=true sink_dont_move=true"]
        self._server = subprocess.Popen(command, env=self._inside, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._keepers: list[subprocess.Popen[bytes]] = []
        try:
            self._begin(asleep=asleep)
        except BaseException:  # Ctrl-C too: nobody else ends the server
            self.unplug()
            raise
        self.plugged_in = time.monotonic()

    def _begin(self, *, asleep: bool) -> None:
        self._wait_until_ready()
        self._pactl("set-default-sink", "spk")
        self._pactl("set-default-source", "virtmic")
        if self.echo_db is not None:
            self._pactl("set-sink-input-volume", "0", f"{self.echo_db}dB")
        for sink in ("mic",) if asleep else ("spk", "mic"):
            self._keepers.append(self._keep_awake(sink))
        self._pactl("load-module", "module-native-protocol-unix", f"socket={self._socket}", "auth-anonymous=1")

    def unplug(self) -> None:
        """The card is gone, in the middle of whatever it does."""
        for keeper in self._keepers:
            keeper.terminate()
            keeper.wait(timeout=5)
        self._server.terminate()
        self._server.wait(timeout=5)

    def suspend(self, name: str, *, until_resumed: bool = True) -> None:
        """`virtmic` or `spk` stays where it is and gives or takes no more sound; or does again."""
        kind = "source" if name == "virtmic" else "sink"
        self._pactl(f"suspend-{kind}", name, "1" if until_resumed else "0")

    def play(self, path: Path) -> subprocess.Popen[bytes]:
        """Speak a sound file into the microphone; returns at once."""
        return subprocess.Popen(["paplay", "-d", "mic", "--latency-msec=10", str(path)], env=self.environment)

    @contextmanager
    def listening(self, source: str = "spk.monitor", late_ms: int = 5) -> Iterator[Recording]:
        """Record what the speaker plays (`spk.monitor`) or what the microphone hears (`mic.monitor`).

        `late_ms`: how much later a sample may arrive. Moments need few; hours cost less with more.
        """
        recording = Recording(source, self._inside, late_ms)
        try:
            yield recording
        finally:
            recording.stop()

    def _keep_awake(self, sink: str) -> subprocess.Popen[bytes]:
        """A null sink nobody plays to renders two seconds ahead, and a first stream waits for them; a card does not."""
        keeper = subprocess.Popen(
            ["pacat", "-d", sink, f"--latency-msec={self.latency_ms}", "--raw", "/dev/zero"],
            env=self._inside, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        with self.listening(f"{sink}.monitor") as recording:
            if not recording.begun.wait(_READY_SECONDS):
                for process in (keeper, self._server):
                    process.terminate()
                    process.wait(timeout=5)
                raise DeviceError("sound-card-failed", f"The virtual sound card's {sink!r} gives no sound.")
        return keeper

    def _wait_until_ready(self) -> None:
        for _ in range(int(_READY_SECONDS / 0.1)):
            ready = subprocess.run(
                ["pactl", "info"], env=self._inside, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            if ready.returncode == 0:
                return
            try:
                self._server.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
            break
        raise DeviceError("sound-card-failed", "The virtual sound card did not start; is pulseaudio installed whole?")

    def _pactl(self, *arguments: str) -> None:
        subprocess.run(["pactl", *arguments], env=self._inside, check=True, stdout=subprocess.DEVNULL)


class TwoCards(SoundCard):
    """A speaker, and a microphone that is a card of its own, so that each can be pulled out without the other.

    Programs know them as `speaker`, `microphone` and `default`, which is both.
    """

    def __enter__(self) -> Self:
        super().__enter__()
        self.microphone = SoundCard(self.latency_ms).__enter__()
        Path(self.environment["ALSA_CONFIG_PATH"]).write_text(
            _TWO_CARDS.format(speaker=self._socket, microphone=self.microphone._socket)
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.microphone.__exit__(kind, error, trace)
        super().__exit__(kind, error, trace)

    def play(self, path: Path) -> subprocess.Popen[bytes]:
        """Speak a sound file into the microphone; returns at once."""
        return self.microphone.play(path)


class Recording:
    """What came out of one source, with the moment of every sample on `time.monotonic`'s clock.

    Blocks are stamped when they arrive. The origin is the earliest that any stamp allows, so what remains of the
    recorder's own latency (`late_ms`) makes measured latencies longer, never shorter.
    """

    def __init__(self, source: str, environment: dict[str, str], late_ms: int) -> None:
        self._process = subprocess.Popen(
            ["parec", "-d", source, f"--latency-msec={late_ms}", "--format=s16le", f"--rate={RATE}", "--channels=1"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        self._blocks: list[bytes] = []
        self._count = 0
        self.begun = Event()
        """Set once something has arrived."""
        self.origin = float("inf")
        self._thread = Thread(target=self._read, name=f"recording {source}", daemon=True)
        self._thread.start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        while block := os.read(self._process.stdout.fileno(), 4096):
            self._blocks.append(block)
            self._count += len(block)
            self.origin = min(self.origin, time.monotonic() - self._count / 2 / RATE)
            self.begun.set()

    @property
    def samples(self) -> NDArray[float32]:
        """Mono, at `RATE`, -1 to 1; what has arrived so far."""
        data = b"".join(list(self._blocks))
        return np.frombuffer(data[: len(data) // 2 * 2], dtype="<i2").astype(float32) / 32768.0

    def level(self, seconds: float = 0.1) -> float:
        """RMS of the last moments."""
        samples = self.samples[-int(seconds * RATE) :]
        return float(np.sqrt(np.mean(np.square(samples)))) if len(samples) else 0.0

    def stop(self) -> None:
        """End the recording; what was recorded stays."""
        self._process.terminate()
        self._process.wait(timeout=5)
        self._thread.join(timeout=5)
        if self._process.stdout is not None:
            self._process.stdout.close()
