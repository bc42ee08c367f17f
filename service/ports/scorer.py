"""The models with their memory, as the use cases see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from data.schemas.allocation import Allocation
from data.schemas.assessment import Assessment
from data.schemas.contracts import Contract
from data.schemas.missing_time import AbsentTime
from service.domain.check import CheckDraw
from service.domain.shadow import ShadowScore
from service.ports.clock import Ids
from service.ports.stores import StoredItem, UnitOfWork


class Scorer(Protocol):
    """The models with their memory, as the use cases see them."""

    def catch_up(self, uow: UnitOfWork) -> None:
        """Learn every fact stored since the last call."""
        ...

    def assess(self, items: Sequence[StoredItem], *, now: datetime, ids: Ids) -> list[Assessment]:
        """Assess items against the terms and everything learned so far."""
        ...

    def drawn(self, items: Sequence[StoredItem], said: Sequence[Assessment]) -> list[CheckDraw]:
        """Give the items just assessed that were cleared and drawn for a check."""
        ...

    def shadowed(
        self, items: Sequence[StoredItem], said: Sequence[Assessment]
    ) -> list[ShadowScore]:
        """Give what the challenger says of items just assessed; nothing without one."""
        ...

    def contract_of(self, contract_id: str) -> Contract | None:
        """Give a contract as the scorer knows it, or None if it is unknown."""
        ...

    def business_unit_of(self, contract_id: str, line_id: str) -> str | None:
        """Give the part of the firm that delivers a contract's line; None where none is named."""
        ...

    def allocation_of(
        self, contract: Contract, *, line_id: str | None, client_id: str | None, on: date
    ) -> Allocation:
        """Explain who used up a ceiling that holds on a day."""
        ...

    def absent(self, *, start: date, end: date) -> list[AbsentTime]:
        """Give who was assigned and recorded nothing in a period."""
        ...
