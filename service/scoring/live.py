"""The scorer of the running service: memory, champion and coin behind one port."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta

from data.schemas.allocation import Allocation
from data.schemas.assessment import Assessment
from data.schemas.contracts import Contract
from data.schemas.missing_time import AbsentTime
from data.schemas.questions import Question
from data.schemas.vocabulary import Proof, Route
from models.assess import assess
from models.bundle import Bundle
from models.columns import UTC_EPOCH, to_batch
from models.consumers import allocation_of
from models.rules.absent import absent_people
from models.shadow import Shadow, shadow
from models.watched_promise import frozen_segments
from service.domain.check import CheckDraw
from service.domain.cut_off import CUT_OFF_DAY
from service.domain.errors import UnavailableError
from service.domain.shadow import ShadowScore
from service.ports.clock import Ids
from service.ports.stores import StoredItem, UnitOfWork
from service.scoring.check_draws import draws_of
from service.scoring.memory import Memory


def no_bundle() -> None:
    """Stand in for a challenger where there is none."""


class LiveScorer:
    """Assesses with the champion of the last catch-up, or with rules alone while there is none."""

    def __init__(
        self,
        *,
        champion: Callable[[], Bundle | None],
        coin: Callable[[str], float],
        challenger: Callable[[], Bundle | None] = no_bundle,
        cut_off_day: int = CUT_OFF_DAY,
    ) -> None:
        self._champion, self._challenger = champion, challenger
        self._coin = coin
        self._cut_off_day = cut_off_day
        self._memory = Memory(cut_off_day=cut_off_day)
        self._bundle: Bundle | None = None
        self._beside: Bundle | None = None
        self._cleared = 0

    def catch_up(self, uow: UnitOfWork) -> None:
        """Learn every fact stored since the last call, and take the bundles of the moment."""
        self._memory.catch_up(uow)
        self._bundle, self._beside = self._champion(), self._challenger()
        self._cleared = uow.items.count_cleared(self._bundle.id) if self._bundle else 0

    def forget(self) -> None:
        """Forget everything, to learn it again: some of it was never committed."""
        self._memory = Memory(cut_off_day=self._cut_off_day)

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
            frozen=frozen_segments(self._memory.alarms, bundle=self._bundle),
        )
        self._cleared += sum(one.route is Route.AUTO_CLEAR for one in said)
        self._memory.expect(list(items))
        return said

    def drawn(self, items: Sequence[StoredItem], said: Sequence[Assessment]) -> list[CheckDraw]:
        """Give the items just assessed that were cleared and drawn for a check."""
        return draws_of(items, said, bundle=self._bundle)

    def shadowed(
        self, items: Sequence[StoredItem], said: Sequence[Assessment]
    ) -> list[ShadowScore]:
        """Give what the challenger says of items just assessed; nothing without one."""
        beside = self._beside
        if beside is None:
            return []
        batch = to_batch([stored.item for stored in items], codes=self._memory.codes)
        shadows = shadow(said, batch=batch, bundle=beside)
        return [
            _score(one, cast, bundle=beside.id) for one, cast in zip(said, shadows, strict=True)
        ]

    def contract_of(self, contract_id: str) -> Contract | None:
        """Give a contract as of the last fact learned, or None if it is unknown."""
        terms = self._memory.terms
        return None if terms is None else terms.reference.contracts.get(contract_id)

    def business_unit_of(self, contract_id: str, line_id: str) -> str | None:
        """Give the unit of the line's project as of the last fact learned."""
        contract = self.contract_of(contract_id)
        if contract is None or self._memory.terms is None:
            return None
        projects = self._memory.terms.reference.projects
        units = [
            projects[line.project_id].business_unit
            for line in contract.lines
            if line.id == line_id and line.project_id in projects
        ]
        return units[0] if units else None

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


def _score(said: Assessment, cast: Shadow, *, bundle: str) -> ShadowScore:
    return ShadowScore(
        assessment_id=said.id,
        bundle=bundle,
        probabilities={question.value: one for question, one in cast.probabilities.items()},
        fault_probability=cast.probabilities.get(Question.ANY_FAULT),
        would_clear=cast.would_clear,
        champion=said.versions.bundle,
        champion_probability=said.violation_probability,
        is_cleared=said.route is Route.AUTO_CLEAR,
        is_proved=any(one.proof is Proof.RULE for one in said.findings),
        propensity=said.propensity,
    )
