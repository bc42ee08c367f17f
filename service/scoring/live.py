"""The scorer of the running service: memory, champion and coin behind one port."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from data.schemas.allocation import Allocation
from data.schemas.assessment import Assessment
from data.schemas.contracts import Contract
from data.schemas.missing_time import AbsentTime
from data.schemas.vocabulary import Route
from models.assess import assess
from models.bundle import Bundle
from models.columns import UTC_EPOCH, to_batch
from models.consumers import allocation_of
from models.rules.absent import absent_people
from service.domain.errors import UnavailableError
from service.ports.clock import Ids
from service.ports.stores import StoredItem, UnitOfWork
from service.scoring.memory import Memory


class LiveScorer:
    """Assesses with the champion of the last catch-up, or with rules alone while there is none."""

    def __init__(
        self, *, champion: Callable[[], Bundle | None], coin: Callable[[str], float]
    ) -> None:
        self._champion = champion
        self._coin = coin
        self._memory = Memory()
        self._bundle: Bundle | None = None
        self._cleared = 0

    def catch_up(self, uow: UnitOfWork) -> None:
        """Learn every fact stored since the last call, and take the champion of the moment."""
        self._memory.catch_up(uow)
        self._bundle = self._champion()
        self._cleared = uow.items.count_cleared(self._bundle.id) if self._bundle else 0

    def forget(self) -> None:
        """Forget everything, to learn it again: some of it was never committed."""
        self._memory = Memory()

    def assess(self, items: Sequence[StoredItem], *, now: datetime, ids: Ids) -> list[Assessment]:
        """Assess items against the terms and everything learned so far."""
        terms = self._memory.terms
        if terms is None:
            raise UnavailableError("The terms are not loaded yet.")
        said = assess(
            to_batch([stored.item for stored in items], codes=self._memory.codes),
            history=self._memory.history,
            terms=terms,
            bundle=self._bundle,
            decided_at=max(now, self._latest_fact()),
            coin=self._coin,
            new_id=lambda: ids.new("asm"),
            cleared=self._cleared,
        )
        self._cleared += sum(one.route is Route.AUTO_CLEAR for one in said)
        self._memory.expect(list(items))
        return said

    def contract_of(self, contract_id: str) -> Contract | None:
        """Give a contract as of the last fact learned, or None if it is unknown."""
        terms = self._memory.terms
        return None if terms is None else terms.reference.contracts.get(contract_id)

    def allocation_of(
        self, contract: Contract, *, line_id: str | None, client_id: str | None, on: date
    ) -> Allocation:
        """Explain who used up a ceiling that holds on a day, as of the last fact learned."""
        terms = self._memory.terms
        if terms is None:
            raise UnavailableError("The terms are not loaded yet.")
        return allocation_of(
            contract,
            line_id=line_id,
            client_id=client_id,
            on=on,
            history=self._memory.history,
            terms=terms,
            codes=self._memory.codes,
        )

    def absent(self, *, start: date, end: date) -> list[AbsentTime]:
        """Give who was assigned and recorded nothing in a period, as of the last fact learned."""
        terms = self._memory.terms
        if terms is None:
            raise UnavailableError("The terms are not loaded yet.")
        return absent_people(terms=terms, history=self._memory.history, start=start, end=end)

    def _latest_fact(self) -> datetime:
        """Another process's clock may run ahead by a hair; a decision never precedes its facts."""
        return UTC_EPOCH.astimezone(UTC) + timedelta(microseconds=self._memory.history.known_us)
