"""The keyring of the system, for what must lie in no file: the key of the notes, the address that messages go to."""

from __future__ import annotations

from typing import Any

from assistant.errors import StoreError

SERVICE = "grounding-assistant"
KEYRINGS = frozenset(
    f"keyring.backends.{name}" for name in ("macOS", "Windows", "SecretService", "libsecret", "kwallet")
)
"""Those of operating systems and desktops. `keyring` also has ones that keep nothing, fail, or write plain text."""


class Keyring:
    """One secret in it. Each call raises StoreError when the keyring gives no answer."""

    def __init__(self, backend: Any, account: str) -> None:
        self._backend = backend
        self._account = account

    def kept(self) -> str | None:
        """The secret, if there is one."""
        secret: str | None = self._asked(self._backend.get_password)
        return secret

    def keep(self, secret: str) -> None:
        """Over what was there."""
        self._asked(self._backend.set_password, secret)

    def forget(self) -> bool:
        """Whether there was one."""
        there = self.kept() is not None
        if there:
            self._asked(self._backend.delete_password)
        return there

    def _asked(self, question: Any, *values: str) -> Any:
        """It may fail in any way that its system invents."""
        try:
            return question(SERVICE, self._account, *values)
        except Exception as error:
            raise StoreError(
                "keyring-locked",
                f"The system's keyring gave no answer ({type(error).__name__}); unlock it, then try again.",
            ) from None


def system_keyring(account: str) -> Keyring | None:
    """When the extra is there and the system's is one of KEYRINGS; else None."""
    try:
        import keyring
    except ImportError:
        return None
    backend = keyring.get_keyring()
    first = next(iter(getattr(backend, "backends", ())), backend)  # a chain asks its first one first
    return Keyring(first, account) if type(first).__module__ in KEYRINGS else None
