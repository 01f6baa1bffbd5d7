"""The key of the notes: in the keyring of the system where there is a real one, else in a file nobody else may read."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any

from assistant.errors import EngineError, StoreError
from assistant.keyrings import system_keyring
from assistant.memory.shredding import shred
from assistant.memory.troubles import told

FILE = "notes.key"
"""Beside the memory: the key, or which of the keyring's it is. So a folder that is moved keeps its key, and two folders
have one each.
"""
IN_KEYRING = b"keyring "
"""What the file begins with then; no key has a space."""


@dataclass(frozen=True, slots=True)
class Key:
    """`secret` as Fernet wants it: 32 bytes in URL-safe base 64."""

    secret: bytes
    in_keyring: bool

    def __repr__(self) -> str:
        return f"Key(in_keyring={self.in_keyring})"


def find_key(folder: Path) -> Key | None:
    """The key there is. Raises StoreError where its file or its keyring cannot be read."""
    path = folder / FILE
    with told(path):
        if not path.exists():
            return None
        written = path.read_bytes().strip()
    if not written:
        return None  # the disk was full, or the machine went off, as it was made: nothing was sealed yet
    if not written.startswith(IN_KEYRING):
        return Key(written, in_keyring=False)
    keyring = system_keyring(_account(written))
    secret = keyring.kept() if keyring is not None else None
    return None if secret is None else Key(secret.encode(), in_keyring=True)


def make_key(folder: Path) -> Key:
    """A new one, kept before it is used."""
    secret: bytes = _fernet().generate_key()
    written, account = secret, f"notes-{token_hex(8)}"
    keyring = system_keyring(account)
    if keyring is not None:
        with suppress(StoreError):  # a keyring that stays locked: the file, which `Key` says
            keyring.keep(secret.decode())
            written = IN_KEYRING + account.encode()
    path = folder / FILE
    with told(path):
        if path.exists() and find_key(folder) is None:
            path.unlink()  # it is empty, or the keyring has lost what it says
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)  # with its mode from the first moment
        try:
            with open(descriptor, "wb") as file:  # noqa: PTH123 - as above
                file.write(written)
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            path.unlink()  # half a key would keep every later note from being kept
            raise
    return Key(secret, in_keyring=written is not secret)


def forget_key(folder: Path) -> bool:
    """Whether there was one. Without it, what was sealed with it is noise. Its file goes last, as it says which of the
    keyring's it is.
    """
    path = folder / FILE
    with told(path):
        if not path.exists():
            return False
        written = path.read_bytes().strip()
    if written.startswith(IN_KEYRING) and (keyring := system_keyring(_account(written))) is not None:
        keyring.forget()
    with told(path):
        shred(path)
    return True


def _account(written: bytes) -> str:
    return written.removeprefix(IN_KEYRING).decode(errors="replace")


def seal(key: Key, text: str) -> bytes:
    """Encrypted and signed (AES-128 in CBC mode with HMAC-SHA256: Fernet)."""
    return _box(key).encrypt(text.encode())  # type: ignore[no-any-return] # its own types are not seen here


def unseal(key: Key, sealed: bytes) -> str:
    """Raises StoreError for another key, or bytes that were changed."""
    try:
        opened: bytes = _box(key).decrypt(sealed)
    except _invalid():
        raise StoreError(
            "notes-other-key", "The notes were sealed with another key; put that one back. Nothing was changed."
        ) from None
    return opened.decode()


def _box(key: Key) -> Any:
    try:
        return _fernet()(key.secret)
    except ValueError:
        raise StoreError(
            "notes-other-key", f"{FILE} holds no key; put back the one that was there. Nothing was changed."
        ) from None


def _fernet() -> Any:
    try:
        from cryptography.fernet import Fernet
    except ImportError:
        raise EngineError("notes-unsealed", "Notes are only kept encrypted: pip install cryptography.") from None
    return Fernet


def _invalid() -> type[Exception]:
    from cryptography.fernet import InvalidToken

    return InvalidToken
