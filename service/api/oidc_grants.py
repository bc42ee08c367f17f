"""What is handed out between two steps of a log-in: few, short-lived, used once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from service.api.oidc_door import SignedIn

CODE_LIFE = timedelta(seconds=60)
CHOICE_LIFE = timedelta(minutes=10)
"""How long a person may think about a new password."""
MOST_KEPT = 1_000
"""More than people who could log in within a minute; beyond it the oldest go."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one authorization code stands for."""

    signed_in: SignedIn
    redirect_uri: str
    nonce: str
    """Empty when the client sent none."""
    code_challenge: str
    signed_in_at: datetime

    def is_proved_by(self, verifier: str) -> bool:
        """Say whether the verifier is the one whose S256 hash came with the log-in (RFC 7636)."""
        digest = hashlib.sha256(verifier.encode()).digest()
        shown = base64.urlsafe_b64encode(digest).rstrip(b"=")
        return hmac.compare_digest(shown, self.code_challenge.encode())


class OnceBook(Generic[T]):
    """Things kept under a secret name for a short while, in one API process."""

    def __init__(self, *, life: timedelta) -> None:
        self._life = life
        self._kept: OrderedDict[str, tuple[datetime, T]] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, name: str, thing: T, *, now: datetime) -> None:
        """Remember a thing under a name."""
        with self._lock:
            self._forget_expired(now)
            self._kept[name] = (now, thing)
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)

    def take(self, name: str, *, now: datetime) -> T | None:
        """Give what the name stands for, once; None when it is unknown, used or too old."""
        with self._lock:
            self._forget_expired(now)
            _, thing = self._kept.pop(name, (now, None))
            return thing

    def _forget_expired(self, now: datetime) -> None:
        while self._kept:
            oldest, _ = next(iter(self._kept.values()))
            if now - oldest < self._life:
                return
            self._kept.popitem(last=False)
