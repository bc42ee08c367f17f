"""The signed log behind the audit trail, as the API asks of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from service.wire.audit import AuditVerification


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedProofs:
    """A signed head of the log, and what shows that entries stand in it."""

    checkpoint: str
    """The head as a signed note; empty while nothing is signed."""
    public_key: str
    size: int
    proofs: Mapping[int, tuple[bytes, ...]]
    """By index: the sibling hashes from the entry up to the root."""
    check_program: str
    """Source of the program with which anybody checks these proofs without us."""


class AuditBook(Protocol):
    """Checks the running log, and proves its entries."""

    def check(self, *, now: datetime) -> AuditVerification:
        """Check the next part of the log against its newest signed head."""
        ...

    def prove(self, indexes: Sequence[int]) -> SignedProofs:
        """Prove the entries among these that the newest signed head vouches for."""
        ...
