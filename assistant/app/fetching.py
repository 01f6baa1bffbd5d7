"""Fetching a file: what has come already is gone on from, and nothing counts until its size and hash are right."""

from __future__ import annotations

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from assistant.errors import ConfigError, EngineError, StoreError

SECONDS = 30.0
"""Without a byte for so long, the network counts as gone."""
PIECE = 1 << 16
AGENT = "grounding-assistant"


def fetch(url: str, path: Path, size: int, sha256: str | None, progress: Callable[[int], None]) -> str:
    """`url` at `path`, which exists only when it is whole; its SHA-256. `progress` is told bytes as they come.

    What has come of a broken download stays beside it as a .part, and the next call asks for the rest. Raises
    EngineError when the network or the server fails or sends something else, StoreError when it cannot be written.
    """
    if urlsplit(url).scheme not in ("https", "http"):
        raise ConfigError("download-address", f"{url} is no address that can be fetched from.")
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _fill(url, part, size, progress)
        digest = file_digest(part)
        if part.stat().st_size == size and sha256 in (None, digest):
            part.replace(path)
            return digest
        part.unlink()
    except (urllib.error.URLError, http.client.HTTPException) as error:
        why = "no network, or it broke off"
        if isinstance(error, urllib.error.HTTPError):
            why = f"it says {error.code}"
            error.close()
        host = urlsplit(url).hostname
        raise EngineError(
            "download-failed", f"{host} did not send {path.name} ({why}). Run this again: it goes on from where it was."
        ) from None
    except OSError as error:
        raise StoreError("download-unwritable", f"{path.parent} cannot be written ({error.strerror}).") from None
    raise EngineError(
        "download-changed", f"{path.name} is not the file that is known (its SHA-256 is {digest}); it was removed."
    )


def file_digest(path: Path) -> str:
    """SHA-256 in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _fill(url: str, part: Path, size: int, progress: Callable[[int], None]) -> None:
    """Never more than `size` bytes and one: what is longer is another file."""
    have = part.stat().st_size if part.is_file() else 0
    if have >= size:
        part.unlink()
        have = 0
    request = urllib.request.Request(url, headers={"User-Agent": AGENT})  # noqa: S310 - looked at above
    if have:
        request.add_header("Range", f"bytes={have}-")
    with _network():
        answer = urllib.request.urlopen(request, timeout=SECONDS)  # noqa: S310 - as above
    with answer:
        goes_on = answer.status == http.HTTPStatus.PARTIAL_CONTENT
        have = have if goes_on else 0
        progress(have)
        with part.open("ab" if goes_on else "wb") as file:
            while have <= size:
                with _network():
                    piece = answer.read(min(PIECE, size + 1 - have))
                if not piece:
                    break
                file.write(piece)
                have += len(piece)
                progress(len(piece))
    if have < size:
        raise http.client.IncompleteRead(b"", size - have)


@contextmanager
def _network() -> Iterator[None]:
    """A route that is lost and a TLS record that is none are an OSError as a full disk is: here they are the network's.
    Raises URLError.
    """
    try:
        yield
    except urllib.error.URLError:
        raise
    except OSError as error:
        raise urllib.error.URLError(error) from error
