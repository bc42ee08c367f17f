"""What was done under an idempotency key, and what its caller was answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Protocol

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptAnswer:
    """One request that took effect under its key.

    Until its answer is kept, `status` is None and `result` is what the effect gave back, as JSON;
    both None means that the answer can be given to nobody again.
    """

    request_sha256: str
    result: str | None = None
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS)
    body: bytes = b""


class AnswerStore(Protocol):
    """Effects and answers under the idempotency keys of their callers."""

    def find(self, *, owner: str, key: str) -> KeptAnswer | None:
        """Give what is known of a key."""
        ...

    def note_effect(
        self, *, owner: str, key: str, request_sha256: str, result: str | None, at: datetime
    ) -> bool:
        """Write down that a request took effect; False where the key is taken already."""
        ...

    def keep(
        self,
        *,
        owner: str,
        key: str,
        request_sha256: str,
        answer: bytes,
        at: datetime,
        status: int = 200,
        headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS),
    ) -> None:
        """Keep the answer of a request, to be repeated byte for byte."""
        ...

    def forget(self, *, until: datetime) -> int:
        """Forget what was kept before a moment; gives how many keys that were."""
        ...
