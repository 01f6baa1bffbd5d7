"""A download: whole and right, or not there; broken off, it goes on from where it was."""

from __future__ import annotations

import errno
import hashlib
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.app.fetching import fetch
from assistant.errors import AssistantError, EngineError, StoreError
from assistant.testing.served import served

FILE = bytes(range(256)) * 1024
READ = "http.client.HTTPResponse.read"
DIGEST = hashlib.sha256(FILE).hexdigest()


@dataclass
class Shelf:
    """A server of one file. `stops_after`: so many bytes of an answer; `ranges`: what was asked for."""

    url: str = ""
    file: bytes = FILE
    status: int = 200
    stops_after: int | None = None
    knows_ranges: bool = True
    ranges: list[str] = field(default_factory=list)


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    state = Shelf()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range", "")
            state.ranges.append(asked)
            start = int(asked[6:-1]) if asked and state.knows_ranges else 0
            body = state.file[start:]
            self.send_response(206 if start and state.status == 200 else state.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: state.stops_after])

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    with served(server) as port:
        state.url = f"http://127.0.0.1:{port}/voice.onnx"
        yield state


def failing(shelf: Shelf, path: Path, sha256: str | None = DIGEST) -> str:
    with pytest.raises(AssistantError) as failure:
        fetch(shelf.url, path, len(FILE), sha256, lambda count: None)
    assert not path.exists() and "\n" not in failure.value.hint
    return failure.value.code


def test_a_file_is_there_when_it_is_whole_and_right(shelf: Shelf, tmp_path: Path) -> None:
    came: list[int] = []
    path = tmp_path / "voices" / "voice.onnx"
    assert fetch(shelf.url, path, len(FILE), DIGEST, came.append) == DIGEST
    assert path.read_bytes() == FILE and sum(came) == len(FILE)
    assert [file.name for file in path.parent.iterdir()] == ["voice.onnx"]


def test_a_hash_that_nobody_knows_is_told(shelf: Shelf, tmp_path: Path) -> None:
    assert fetch(shelf.url, tmp_path / "voice.onnx", len(FILE), None, lambda count: None) == DIGEST


@pytest.mark.parametrize("knows_ranges", [True, False])
def test_what_broke_off_goes_on_from_where_it_was(shelf: Shelf, tmp_path: Path, knows_ranges: bool) -> None:
    path = tmp_path / "voice.onnx"
    shelf.stops_after, shelf.knows_ranges = 100_000, knows_ranges
    assert failing(shelf, path) == "download-failed"
    shelf.stops_after = None
    came: list[int] = []
    fetch(shelf.url, path, len(FILE), DIGEST, came.append)
    assert path.read_bytes() == FILE and sum(came) == len(FILE)
    assert shelf.ranges == ["", "bytes=100000-"]


@pytest.mark.parametrize("other", [FILE[:-1] + b"x", FILE + b"more"], ids=["changed", "longer"])
def test_another_file_of_that_name_is_removed(shelf: Shelf, tmp_path: Path, other: bytes) -> None:
    shelf.file = other
    assert failing(shelf, tmp_path / "voice.onnx") == "download-changed"
    assert list(tmp_path.iterdir()) == []


def test_a_shorter_file_is_never_taken_for_the_whole(shelf: Shelf, tmp_path: Path) -> None:
    shelf.file = FILE[:-1]
    assert failing(shelf, tmp_path / "voice.onnx", None) == "download-failed"


def test_a_part_that_was_spoiled_is_begun_anew_in_the_end(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "voice.onnx"
    (tmp_path / "voice.onnx.part").write_bytes(b"x" * 1000)
    assert failing(shelf, path) == "download-changed"
    assert fetch(shelf.url, path, len(FILE), DIGEST, lambda count: None) == DIGEST


@pytest.mark.parametrize("status", [403, 404, 500])
def test_a_server_that_refuses_is_told_in_one_line(shelf: Shelf, tmp_path: Path, status: int) -> None:
    shelf.status = status
    assert failing(shelf, tmp_path / "voice.onnx") == "download-failed"


def test_without_a_network_one_line_says_so(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="no network"):
        fetch("http://127.0.0.1:9/voice.onnx", tmp_path / "voice.onnx", 1, None, lambda count: None)


@pytest.mark.parametrize("when", ["as it is asked", "in the middle"])
@pytest.mark.parametrize(
    "error",
    [OSError(errno.EHOSTUNREACH, "No route to host"), ssl.SSLError(1, "record layer failure")],
    ids=["way", "TLS"],
)
def test_a_network_that_goes_is_no_disk_that_cannot_be_written(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str, error: OSError
) -> None:
    def goes(*_: object, **__: object) -> bytes:
        raise error

    path = tmp_path / "voice.onnx"
    with monkeypatch.context() as network:
        network.setattr("http.client.HTTPConnection.getresponse" if when == "as it is asked" else READ, goes)
        assert failing(shelf, path) == "download-failed"
    assert fetch(shelf.url, path, len(FILE), DIGEST, lambda count: None) == DIGEST


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_disk_that_is_full_is_told_as_that(shelf: Shelf, tmp_path: Path) -> None:
    path = tmp_path / "voice.onnx"
    path.with_name("voice.onnx.part").symlink_to("/dev/full")
    assert failing(shelf, path) == "download-unwritable"


def test_a_folder_that_cannot_be_written_is_told(shelf: Shelf, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(StoreError):
        fetch(shelf.url, tmp_path / "file" / "voice.onnx", len(FILE), DIGEST, lambda count: None)
