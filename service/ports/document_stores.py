"""Texts of contracts that clauses were read out of, kept so that people confirm beside them."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol


class DocumentStore(Protocol):
    """Documents of contracts, named by the hash of their text."""

    def keep(self, contract_id: str, *, sha256: str, text: str, at: datetime) -> None:
        """Store a text; the same text of the same contract is stored once."""
        ...

    def get(self, contract_id: str, *, sha256: str) -> str | None:
        """Give a text."""
        ...
