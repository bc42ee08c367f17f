"""Where the order in which everything became known is kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class FactKind(StrEnum):
    """What the scorer remembers; the subject says of which one."""

    ITEM = "item"
    REFERENCE = "reference"
    INVOICE = "invoice"
    PAYMENT = "payment"
    DISPUTE = "dispute"
    WRITE_OFF = "write_off"
    VERDICT = "verdict"
    PAST_VERDICT = "past_verdict"
    BILL = "bill"
    BILL_WITHDRAWN = "bill_withdrawn"
    ITEM_WITHDRAWN = "item_withdrawn"
    SEGMENT_FROZEN = "segment_frozen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something that became known; `seq` is the one order that replay repeats."""

    kind: FactKind
    subject_id: str
    at: datetime
    seq: int = 0


class FactStore(Protocol):
    """The order in which everything became known; each fact stands once."""

    def add(self, facts: Sequence[Fact]) -> None:
        """Append facts; one that stands already is left as it is."""
        ...

    def since(self, seq: int) -> list[Fact]:
        """Give the facts after `seq`, in order."""
        ...
