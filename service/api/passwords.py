"""Password hashes by argon2id, with the library's recommended cost."""

from __future__ import annotations

import secrets
import threading

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from service.domain.errors import WeakPasswordError
from service.domain.password_rules import why_weak

ONE_TIME_WORDS = 4
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"
"""What nobody confuses when it is read out: no 0, 1, i, l or o."""
SIGNS_OF_A_WORD = 4
AT_ONCE = 4
"""Each hash takes 64 MiB while it is made: forty log-ins at once would take 2.5 GB."""


class Passwords:
    """Makes and checks hashes; checking an unknown name costs as much as a known one."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher()
        self._places = threading.BoundedSemaphore(AT_ONCE)
        # Of something nobody knows: whoever has no password is not let in by any.
        self._nobody = self._hasher.hash(secrets.token_urlsafe(32))

    def hash(self, password: str, *, login: str = "", name: str = "") -> str:
        """Give the hash to store of a password a person chose. Raises WeakPasswordError."""
        why = why_weak(password, login=login, name=name)
        if why is not None:
            raise WeakPasswordError(why)
        with self._places:
            return self._hasher.hash(password)

    def verify(self, stored: str | None, password: str) -> bool:
        """Say whether the password fits the stored hash; without one, no password does."""
        try:
            with self._places:
                self._hasher.verify(stored or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False
        return bool(stored)

    def one_time(self) -> tuple[str, str]:
        """Give a new one-time password of 79 random bits, `abcd-efgh-jkmn-pqrs`, and its hash."""
        words = (
            "".join(secrets.choice(SIGNS) for _ in range(SIGNS_OF_A_WORD))
            for _ in range(ONE_TIME_WORDS)
        )
        password = "-".join(words)
        with self._places:
            return password, self._hasher.hash(password)
