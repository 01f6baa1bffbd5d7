"""Where messages to the trusted person go: an address that holds a password, as a rule, so it is a secret.

It is in the keyring of the system where there is one, else in a file that nobody else may read; never shown whole.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from assistant.errors import StoreError
from assistant.keyrings import system_keyring

FILE = "message-channel"
ACCOUNT = "message-channel"
LONGEST = 2000
"""Characters of an address; those of apprise have a few dozen."""


@dataclass(frozen=True, slots=True)
class Channel:
    """`url`: as apprise writes it, such as `tgram://...`. It is in no repr, and only `service` is ever shown."""

    url: str = field(repr=False)
    in_keyring: bool

    @property
    def service(self) -> str:
        """Which kind of service: what stands before `://`."""
        return self.url.partition("://")[0]


def find_channel(folder: Path) -> Channel | None:
    """The one there is. Raises StoreError for a file that others may read or nobody can, and a locked keyring."""
    path = folder / FILE
    try:
        if path.exists():
            if os.name == "posix" and path.stat().st_mode & 0o077:
                raise StoreError(
                    "channel-unusable",
                    f"{path} could be read by others on this machine, so no message is sent. If somebody may have read "
                    f"it, make a new address at the service; then: chmod 600 {path}",
                )
            return Channel(path.read_text(encoding="utf-8").strip(), in_keyring=False)
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from None
    keyring = system_keyring(ACCOUNT)
    url = keyring.kept() if keyring is not None else None
    return None if url is None else Channel(url, in_keyring=True)


def keep_channel(folder: Path, url: str) -> Channel:
    """Over what was there. Raises StoreError."""
    keyring = system_keyring(ACCOUNT)
    if keyring is not None:
        with suppress(StoreError):  # a keyring that stays locked: the file, which `Channel` says
            keyring.keep(url)
            (folder / FILE).unlink(missing_ok=True)
            return Channel(url, in_keyring=True)
    path = folder / FILE
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123 - with its mode from the first moment
            file.write(url + "\n")
    except OSError as error:
        raise _unreadable(path, error) from None
    return Channel(url, in_keyring=False)


def forget_channel(folder: Path) -> bool:
    """Whether there was one. Raises StoreError where it cannot be taken away."""
    path = folder / FILE
    there = path.exists()
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise _unreadable(path, error) from None
    keyring = system_keyring(ACCOUNT)
    return (keyring is not None and keyring.forget()) or there


def _unreadable(path: Path, error: OSError | UnicodeDecodeError) -> StoreError:
    why = error.strerror if isinstance(error, OSError) else "it is no text"
    return StoreError(
        "channel-unusable", f"{path} cannot be used ({why}), so no message is sent; grounding setup asks anew."
    )
