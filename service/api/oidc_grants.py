"""Authorization codes between the log-in form and the token call: few, short-lived, used once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.schemas.vocabulary import Role

CODE_LIFE = timedelta(seconds=60)
MAX_CODES = 1_000
"""More codes than people who could log in within a minute; beyond it the oldest go."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A person whose password was right, with the API session that was opened for them."""

    token: str
    person_id: str
    name: str
    roles: frozenset[Role]
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What one code stands for."""

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


class GrantBook:
    """The open codes of one API process."""

    def __init__(self) -> None:
        self._grants: OrderedDict[str, Grant] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, code: str, *, grant: Grant) -> None:
        """Remember a code for a minute."""
        with self._lock:
            self._forget_expired(grant.signed_in_at)
            self._grants[code] = grant
            while len(self._grants) > MAX_CODES:
                self._grants.popitem(last=False)

    def take(self, code: str, *, now: datetime) -> Grant | None:
        """Give what the code stands for, once; None when it is unknown, used or too old."""
        with self._lock:
            self._forget_expired(now)
            return self._grants.pop(code, None)

    def _forget_expired(self, now: datetime) -> None:
        while self._grants:
            oldest = next(iter(self._grants.values()))
            if now - oldest.signed_in_at < CODE_LIFE:
                return
            self._grants.popitem(last=False)
