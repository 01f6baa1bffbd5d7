"""The program on 64-bit Arm, proven on another machine: `python -m benchmarks.arm64`, as root on Debian.

    python -m benchmarks.arm64 wheels     every dependency has a wheel for aarch64, on each Python; seconds, no root
    python -m benchmarks.arm64            also a Debian for arm64 under emulation: the wheel installed there from those
                                          wheels alone, checked, and the tests run on every core: 45 minutes on two
    python -m benchmarks.arm64 all -- ARGS   the same, with other arguments for pytest

Emulated, everything takes some ten times as long and a real clock means nothing; what drives a sound card, measures
time or is slow is left out (`LEFT_OUT`). The figures for a Raspberry Pi are estimates: `RATIOS` says from what.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
SUITE = "bookworm"
ITS_PYTHON = "3.11"
PYTHONS = ("3.11", "3.12", "3.13")
ON_A_PI = ("3.11", "3.13")
"""Of Raspberry Pi OS Bookworm and Trixie: there every dependency has to have a wheel."""
PLATFORMS = ("manylinux2014_aarch64", *(f"manylinux_2_{minor}_aarch64" for minor in range(17, 37)))
"""With a C library as old as Debian 12's, 2.36, or older; pip does not count downwards for a platform that is named."""
FOR_THE_PROGRAM = ("python3", "python3-venv", "ca-certificates", "libportaudio2", "libespeak-ng1")
FOR_THE_TESTS = ("espeak-ng", "flite", "shellcheck", "make", "git", "systemd")
EXTRAS = "aec,wakeword,piper,openai,wyoming,discovery,keyring,message,pdf"
"""All that a person can use; eSpeak NG is the system's."""
PINS = {"3.11": ",pi", "3.12": ",pi", "3.13": ""}
"""On Trixie lgpio is the system's (github.com/joan2937/lg/issues/43). Said here too, as pip takes the condition in
the extra for one on the Python that it runs in itself."""
TEST_TOOLS = (
    "pytest==9.2.0", "pytest-timeout==2.4.0", "pytest-xdist==3.8.0", "hypothesis==6.170.15", "import-linter==2.16",
    "onnx==1.23.2", "hatchling==1.33.0",
)  # fmt: skip
LEFT_OUT = "not slow and not sound_card and not real_clock"
FOLDER = Path("/var/tmp/grounding-arm64")  # noqa: S108 - it is to outlive a restart
RATIOS = {"Pi 5": 1.35 / 0.31, "Pi 4": 3.2 / 0.31}
"""How many times longer than on a 2-core x86 machine (Whisper tiny, int8, a turn of 4 s: 0.31 s, engines measured
there): 1.3 to 1.4 s on a Cortex-A76 as in the Pi 5, 3.2 s on a Pi 400
(github.com/fquirin/speech-recognition-experiments)."""
WORKS = {
    "a plea through the recogniser": ("hear", "audio/demo-panic-short.wav", "--json"),
    "a whole session, from WAV to WAV": (
        "run",
        "--mic",
        "audio/demo-panic-short.wav",
        "--speaker",
        "out.wav",
        "--guest",
    ),
}


def main() -> int:
    """Wheels; and, with root, the rest."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("part", nargs="?", choices=("all", "wheels"), default="all")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="where that Debian lies")
    parser.add_argument("--mirror", help="of Debian, for debootstrap; its usual one otherwise")
    parser.add_argument("pytest", nargs="*", help="behind --: instead of the usual arguments")
    arguments = parser.parse_args()
    if arguments.part == "all" and (lacking := _lacking()):
        print(lacking, file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as scratch:
        wheel = _build(Path(scratch))
        wheels = arguments.folder.with_name(f"{arguments.folder.name}-wheels")
        failed = {version for version in PYTHONS if not _wheels(wheel, version, wheels / version)}
        lacks = int(bool(failed.intersection(ON_A_PI)))
        if arguments.part == "wheels" or ITS_PYTHON in failed:
            return lacks
        _userland(arguments.folder, arguments.mirror)
        _install(arguments.folder, wheel, wheels / ITS_PYTHON)
    _measure(arguments.folder)
    return _tests(arguments.folder, arguments.pytest) or lacks


def _lacking() -> str:
    if os.geteuid() != 0:
        return "a Debian inside this one needs root: sudo python -m benchmarks.arm64"
    for program, package in (("debootstrap", "debootstrap"), ("qemu-aarch64-static", "qemu-user-static")):
        if shutil.which(program) is None:
            return f"{program} is missing: apt-get install {package}"
    if not Path("/proc/sys/fs/binfmt_misc/qemu-aarch64").exists():
        return "the kernel does not know how to run arm64: mount binfmt_misc, then update-binfmts --enable qemu-aarch64"
    return ""


def _build(folder: Path) -> Path:
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)], cwd=ROOT, check=True)
    return next(folder.glob("*.whl"))


def _wheels(wheel: Path, version: str, folder: Path) -> bool:
    """Fetch everything the wheel needs there, never as source; tell what has none."""
    folder.mkdir(parents=True, exist_ok=True)
    platforms = [part for platform in PLATFORMS for part in ("--platform", platform)]
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--python-version", version, "--only-binary=:all:",
        *platforms, "--dest", str(folder), f"{wheel}[{EXTRAS}{PINS[version]}]", *TEST_TOOLS,
    ]  # fmt: skip
    result = subprocess.run(command, capture_output=True, text=True)
    native = sorted(path.name.split("-")[0] for path in folder.glob("*aarch64*.whl"))
    if result.returncode:
        print(f"Python {version}: NOT every dependency has a wheel for aarch64:")
        print("\n".join(line for line in result.stderr.splitlines() if line.startswith("ERROR")))
        return False
    count = len(list(folder.glob("*.whl")))
    print(f"Python {version}: {count} wheels, none built from source; for aarch64: {', '.join(native)}")
    return True


def _userland(folder: Path, mirror: str | None) -> None:
    packages = ",".join((*FOR_THE_PROGRAM, *FOR_THE_TESTS))
    made_of = folder / "made-of"
    if made_of.exists() and made_of.read_text() == packages:
        print(f"Debian {SUITE} for arm64 is in {folder}")
        return
    if folder.exists() and any(folder.iterdir()):
        sys.exit(f"{folder} is not empty, and no Debian with all that the tests need; remove it, or name a --folder")
    command = ["debootstrap", "--arch=arm64", "--variant=minbase", f"--include={packages}", SUITE, str(folder)]
    subprocess.run([*command, *([mirror] if mirror else [])], check=True)
    made_of.write_text(packages)


def _inside(folder: Path, command: str) -> list[str]:
    """`command` in that Debian: a /proc and a /dev of its own, only its own network, and nothing left running."""
    mounts = f"ip link set lo up && mount -t proc proc {folder}/proc && mount --rbind /dev {folder}/dev"
    environment = "/usr/bin/env -i HOME=/root LANG=C.UTF-8 PATH=/venv/bin:/usr/bin:/bin"
    inner = f"{mounts} && exec chroot {folder} {environment} {command}"
    return ["nice", "-n", "19", "unshare", "--mount", "--pid", "--fork", "--kill-child", "--net", "sh", "-c", inner]


def _install(folder: Path, wheel: Path, wheels: Path) -> None:
    for name in ("wheels", "checkout"):
        shutil.rmtree(folder / name, ignore_errors=True)
    shutil.copytree(wheels, folder / "wheels")
    shutil.copy(wheel, folder / "wheels")
    tracked = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.split(b"\0")
    for name in filter(None, (part.decode() for part in tracked)):
        if (ROOT / name).is_file():
            (folder / "checkout" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / "checkout" / name)
    shutil.rmtree(folder / "venv", ignore_errors=True)
    subprocess.run(_inside(folder, "python3 -m venv /venv"), check=True)
    names = f"'/wheels/{wheel.name}[{EXTRAS}{PINS[ITS_PYTHON]}]' {' '.join(TEST_TOOLS)}"
    pip = "pip install --quiet --no-index --find-links /wheels --only-binary=:all:"
    subprocess.run(_inside(folder, f'sh -c "{pip} {names}"'), check=True)
    subprocess.run(_inside(folder, "sh -c 'uname -m && grounding --version && grounding check'"), check=True)


def _measure(folder: Path) -> None:
    """The same commands here and there; and, by published ratios, what a Pi may take."""
    print(f"{'':<36} {'here':>8} {'emulated':>9}   " + "   ".join(f"{name}, estimated" for name in RATIOS))
    for name, arguments in WORKS.items():
        native = _timed([sys.executable, "-m", "assistant", *arguments], cwd=ROOT)
        emulated = _timed(_inside(folder, f"sh -c 'cd /checkout && grounding {' '.join(arguments)}'"))
        estimates = "   ".join(f"{native * ratio:>{len(pi) + 8}.1f} s" for pi, ratio in RATIOS.items())
        print(f"{name:<36} {native:>6.1f} s {emulated:>7.1f} s   {estimates}")
    print("sound beside the recogniser, emulated (benchmarks/callback_waits.py):")
    subprocess.run(_inside(folder, "sh -c 'cd /checkout && python -m benchmarks.callback_waits'"), check=True)


def _timed(command: Sequence[str], cwd: Path | None = None) -> float:
    """The second of two runs, in seconds: the first fills the caches."""
    for _ in range(2):
        began = time.perf_counter()
        subprocess.run(command, cwd=cwd, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        took = time.perf_counter() - began
    return took


def _tests(folder: Path, arguments: Sequence[str]) -> int:
    """The usual ones on every core, a file at a time, or whatever is asked for; how pytest ended."""
    usual = ("-q", "-n", "auto", "--dist", "loadfile", "-p", "no:cacheprovider", "-o", "timeout=7200", "-m", LEFT_OUT)
    command = shlex.join(["python", "-m", "pytest", *(arguments or usual)])
    return subprocess.run(_inside(folder, f"sh -c {shlex.quote(f'cd /checkout && {command}')}")).returncode


if __name__ == "__main__":
    sys.exit(main())
