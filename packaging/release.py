"""`make release`: wheel and sdist, the same twice; used in clean environments; the parts, and their licences.

    python packaging/release.py [FOLDER]     into dist/, or FOLDER

Leaves the wheel, the sdist, sbom.cdx.json (CycloneDX 1.6), licences.md and SHA256SUMS there. Ends with 1 at the first
thing that is not as it must be.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12", "3.13")
ALLOWED = frozenset(
    {"Apache-2.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "MPL-2.0", "PSF-2.0", "ISC", "MIT-0", "Unlicense", "0BSD"}
)
"""SPDX. Each may go with an Apache-2.0 program that installs it as a package of its own; of what is under MPL-2.0
(pyttsx3, and a part of tqdm) nothing is changed or copied here."""
ALSO = {"Zlib", "CC0-1.0", "LGPL-2.1-or-later"}
"""Of numpy's and av's parts, and of soxr, which is a shared library that can be replaced, as the LGPL asks."""
TOLD = {
    "ctranslate2": "MIT", "flatbuffers": "Apache-2.0", "pyttsx3": "MPL-2.0", "sounddevice": "MIT",
    "tokenizers": "Apache-2.0",
    "onnxruntime": "MIT", "faster-whisper": "MIT", "soxr": "LGPL-2.1-or-later", "hf-xet": "Apache-2.0",
    "huggingface-hub": "Apache-2.0", "pocketsphinx": "MIT", "protobuf": "BSD-3-Clause", "PyYAML": "MIT",
    "ruamel.yaml": "MIT", "filelock": "Unlicense", "av": "BSD-3-Clause",
}  # fmt: skip
"""As upstream's own licence file has it, for packages whose metadata gives no SPDX expression."""
CLASSIFIERS = {
    "MIT License": "MIT", "Apache Software License": "Apache-2.0", "BSD License": "BSD-3-Clause",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0", "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0", "The Unlicense (Unlicense)": "Unlicense",
}  # fmt: skip


LIST = """
import importlib.metadata as m, json
print(json.dumps([{"name": d.metadata["Name"], "version": d.version, "license": d.metadata["License"],
    "license_expression": d.metadata["License-Expression"], "classifier": d.metadata.get_all("Classifier")}
    for d in m.distributions()]))
"""
"""Run by the clean environment's own Python: an older pip reads no SPDX expression."""


class Refused(Exception):  # noqa: N818 - a verdict on the release
    """What is not as it must be, in a line."""


@dataclass(frozen=True, slots=True)
class Part:
    """One package that comes along. `licence`: an SPDX expression, or "" where none is known."""

    name: str
    version: str
    licence: str


def main(arguments: Sequence[str]) -> int:
    """All of it."""
    out = Path(arguments[0]) if arguments else ROOT / "dist"
    try:
        version = told_version()
        built = twice(out)
        checked = [python for python in PYTHONS if is_here(python)]
        parts: list[Part] = []
        for python in checked:
            parts = used(built, python)
            print(f"Python {python}: installed, checked, and a session from WAV to WAV")
        if not checked:
            raise Refused(f"none of Python {', '.join(PYTHONS)} is here to check it with")
        if missing := [python for python in PYTHONS if python not in checked]:
            print(f"not checked, as they are not here: Python {', '.join(missing)}")
        refused(parts)
    except Refused as fault:
        print(f"no release: {fault}", file=sys.stderr)
        return 1
    (out / "sbom.cdx.json").write_text(json.dumps(bill(version, parts), indent=2) + "\n", encoding="utf-8")
    (out / "licences.md").write_text(licence_table(parts), encoding="utf-8")
    sums = "".join(f"{digest(path)}  {path.name}\n" for path in sorted(out.iterdir()) if path.name != "SHA256SUMS")
    (out / "SHA256SUMS").write_text(sums, encoding="utf-8")
    print(f"{len(parts)} packages come along, every licence is allowed. In {out}:\n{sums}", end="")
    return 0


def told_version() -> str:
    """Of pyproject.toml; the changelog must have a part for it."""
    version: str = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    if not re.search(rf"^## {re.escape(version)}\b", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE):
        raise Refused(f"CHANGELOG.md has no part for {version}")
    return version


def is_here(python: str) -> bool:
    """Whether it starts: a name on the PATH may be a stand-in that does not."""
    name = f"python{python}"
    return bool(shutil.which(name)) and not subprocess.run([name, "-c", ""], capture_output=True).returncode


def twice(out: Path) -> Path:
    """Build from a copy of what is committed, two times, in two places; the bytes must be the same. Gives the wheel."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    stamp = subprocess.run(["git", "log", "-1", "--format=%ct"], cwd=ROOT, capture_output=True, text=True, check=True)
    environment = {**os.environ, "SOURCE_DATE_EPOCH": stamp.stdout.strip()}
    digests: list[list[str]] = []
    for _ in range(2):
        with tempfile.TemporaryDirectory() as folder:
            tree = Path(folder) / "tree"
            tree.mkdir()
            archive = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True)
            subprocess.run(["tar", "-x", "-C", str(tree)], input=archive.stdout, check=True)
            subprocess.run(
                [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-t", "wheel", "-d", str(out)],
                cwd=tree, env=environment, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        digests.append([digest(path) for path in sorted(out.iterdir())])
    if digests[0] != digests[1]:
        raise Refused("two builds of the same commit differ")
    return next(out.glob("*.whl"))


def used(wheel: Path, python: str) -> list[Part]:
    """Installed alone, checked, and spoken with; what came along."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        subprocess.run([f"python{python}", "-m", "venv", str(place / "venv")], check=True)
        own = place / "venv" / "bin" / "python"
        subprocess.run([str(own), "-m", "pip", "install", "--quiet", str(wheel)], check=True)
        environment = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "PYTHONPATH"))}
        environment |= {"HOME": folder, "PATH": f"{own.parent}:{os.environ['PATH']}"}
        plea = str(ROOT / "audio" / "demo-panic-short.wav")
        for command in (
            ["grounding", "--version"],
            ["grounding", "check"],
            ["grounding", "run", "--mic", plea, "--speaker", "answer.wav", "--country", "GB"],
        ):
            result = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True)
            if result.returncode:
                raise Refused(f"on Python {python}, {' '.join(command[:2])}: {result.stderr[-500:]}")
        if (place / "answer.wav").stat().st_size < 1_000_000:
            raise Refused(f"on Python {python} the session has next to no sound")
        listed = subprocess.run([str(own), "-c", LIST], capture_output=True, text=True, check=True)
    return parts_of(json.loads(listed.stdout))


def parts_of(installed: Iterable[Mapping[str, object]]) -> list[Part]:
    """What `LIST` prints, without pip and the program itself."""
    found = [
        Part(str(metadata["name"]), str(metadata["version"]), licence_of(metadata))
        for metadata in installed
        if metadata["name"] not in ("pip", "setuptools", "grounding-assistant")
    ]
    return sorted(found, key=lambda part: part.name.lower())


def licence_of(metadata: Mapping[str, object]) -> str:
    """As the package says by SPDX, else by a classifier, else as noted here."""
    expression = str(metadata.get("license_expression") or "")
    if not expression and re.fullmatch(
        r"[A-Za-z0-9.+-]{2,20}( (AND|OR) [A-Za-z0-9.+-]{2,20})*", short := str(metadata.get("license") or "").strip()
    ):
        expression = {"Apache2": "Apache-2.0", "BSD": "BSD-3-Clause", "MPL2": "MPL-2.0"}.get(short, short)
    classifiers = metadata.get("classifier") or []
    assert isinstance(classifiers, list)
    classified = [CLASSIFIERS[last] for row in classifiers if (last := str(row).rpartition(" :: ")[2]) in CLASSIFIERS]
    known = {name.lower(): licence for name, licence in TOLD.items()}
    return expression or " AND ".join(dict.fromkeys(classified)) or known.get(str(metadata["name"]).lower(), "")


def refused(parts: Iterable[Part]) -> None:
    """Raises Refused for the packages whose licence is not known, or not one that may come along."""
    wrong = [f"{part.name} ({part.licence or 'no licence known'})" for part in parts if not allowed(part)]
    if wrong:
        raise Refused(f"these come along and may not: {', '.join(wrong)}")


def allowed(part: Part) -> bool:
    """Each licence of an AND, or one of an OR, is on the list; what lies inside a wheel may also be of `ALSO`."""

    def may(expression: str) -> bool:
        if " AND " in expression:
            return all(may(piece) for piece in expression.split(" AND "))
        return any(
            piece.strip(" ()") in ALLOWED | ALSO for piece in re.split(r" OR ", expression.partition(" WITH ")[0])
        )

    return bool(part.licence) and may(part.licence)


def bill(version: str, parts: Iterable[Part]) -> dict[str, object]:
    """A CycloneDX 1.6 bill of materials."""
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": component("application", Part("grounding-assistant", version, "Apache-2.0"))},
        "components": [component("library", part) for part in parts],
    }


def component(kind: str, part: Part) -> dict[str, object]:
    """One of its entries."""
    purl = f"pkg:pypi/{part.name.lower().replace('_', '-')}@{part.version}"
    return {
        "type": kind, "bom-ref": purl, "name": part.name, "version": part.version, "purl": purl,
        "licenses": [{"expression": part.licence}],
    }  # fmt: skip


def licence_table(parts: Iterable[Part]) -> str:
    """For people."""
    rows = "".join(f"| {part.name} | {part.version} | {part.licence} |\n" for part in parts)
    return f"# What comes along\n\n| package | version | licence |\n|---|---|---|\n{rows}"


def digest(path: Path) -> str:
    """SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
