"""Password hashes by argon2id, with the library's recommended cost."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST_PASSWORD = 10


class WeakPasswordError(ValueError):
    """The password is too short."""


class Passwords:
    """Makes and checks hashes; checking an unknown name costs as much as a known one."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Give the hash to store. Raises WeakPasswordError."""
        if len(password) < SHORTEST_PASSWORD:
            raise WeakPasswordError(
                f"the password has {len(password)} characters; use at least {SHORTEST_PASSWORD}"
            )
        return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Say whether the password fits the stored hash."""
        try:
            self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None
