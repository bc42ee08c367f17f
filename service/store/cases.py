"""SQL of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, insert, select, update

from data.schemas.vocabulary import CaseStatus, Lane
from service.domain import case as domain
from service.domain.case import Case
from service.ports.queue_look import QueueLook, Waiting
from service.store.case_rows import (
    LONGEST_NUMBER,
    case_name,
    case_number,
    case_of_row,
    row_of_case,
)
from service.store.chunks import chunks
from service.store.desk_tables import known_answer
from service.store.queue_look import look_at_queue
from service.store.queue_tally import count_anew, count_new, counted_before
from service.store.tables import review_case

__all__ = ["FINISHED", "LONGEST_NUMBER", "case_name", "case_number", "case_of_row"]

FINISHED = tuple(status.value for status in sorted(domain.FINISHED))
EFFECT_FREE = (Lane.DOUBLE.value, Lane.GOLD.value)
UNFINISHED = select(review_case).where(
    review_case.c.item_id.in_(bindparam("item_ids", expanding=True)),
    review_case.c.status.not_in(FINISHED),
)
"""Asked with every assessment, so it is built once."""


class SqlCaseStore:
    """Cases, written with the version they were read in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, cases: Sequence[Case]) -> list[Case]:
        """Store new cases and give them back with their ids."""
        rows = [row_of_case(case) for case in cases]
        result = self._connection.execute(
            insert(review_case).returning(review_case.c.number, sort_by_parameter_order=True), rows
        )
        count_new(cases, self._connection)
        return [
            replace(case, id=case_name(number))
            for case, number in zip(cases, result.scalars(), strict=True)
        ]

    def get(self, case_id: str) -> Case | None:
        """Give a case."""
        query = select(review_case).where(review_case.c.number == case_number(case_id))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else case_of_row(row)

    def save(self, case: Case) -> None:
        """Write a changed case."""
        number = case_number(case.id)
        before = counted_before(number, self._connection)
        self._connection.execute(
            update(review_case).where(review_case.c.number == number).values(**row_of_case(case))
        )
        count_anew(before, case, self._connection)

    def take(self, claimed: Case) -> bool:
        """Write a new lease, unless somebody was faster; says whether it was written."""
        number = case_number(claimed.id)
        before = counted_before(number, self._connection)
        written = self._connection.execute(
            update(review_case)
            .where(
                review_case.c.number == number,
                review_case.c.lease_token == claimed.lease_token - 1,
            )
            .values(**row_of_case(claimed))
        )
        if written.rowcount != 1:
            return False
        count_anew(before, claimed, self._connection)
        return True

    def look(self, wanted: QueueLook) -> Waiting:
        """Give the few cases that may come next for a person, however many wait."""
        return look_at_queue(wanted, self._connection)

    def held_by(self, person_id: str, *, now: datetime) -> list[Case]:
        """Give the cases whose lease is the person's and runs."""
        return self._cases(
            select(review_case).where(
                review_case.c.status == CaseStatus.CLAIMED.value,
                review_case.c.lease_owner_id == person_id,
                review_case.c.lease_expires_at > now,
            )
        )

    def unfinished_of_items(self, item_ids: Sequence[str]) -> list[Case]:
        """Give the cases of these items that are neither decided nor closed."""
        found = []
        for part in chunks(item_ids):
            rows = self._connection.execute(UNFINISHED, {"item_ids": part})
            found += [case_of_row(row) for row in rows]
        return found

    def opened_by(self, item_ids: Sequence[str]) -> dict[str, str]:
        """Give the id of the case by its assessment, for these items; what repeats one is none."""
        found: dict[str, str] = {}
        for part in chunks(item_ids):
            query = select(review_case.c.assessment_id, review_case.c.number).where(
                review_case.c.item_id.in_(part), review_case.c.lane.not_in(EFFECT_FREE)
            )
            rows = self._connection.execute(query)
            found |= {assessment_id: case_name(number) for assessment_id, number in rows}
        return found

    def repeats(self, case_id: str) -> list[Case]:
        """Give the cases that show the item of a case again."""
        query = select(review_case).where(review_case.c.repeats_number == case_number(case_id))
        return self._cases(query)

    def lapsed(self, *, now: datetime, limit: int) -> list[Case]:
        """Give claimed cases whose lease ran out."""
        return self._cases(
            select(review_case)
            .where(
                review_case.c.status == CaseStatus.CLAIMED.value,
                review_case.c.lease_expires_at <= now,
            )
            .limit(limit)
        )

    def woken(self, *, now: datetime, limit: int) -> list[Case]:
        """Give snoozed cases whose time has come."""
        return self._cases(
            select(review_case)
            .where(
                review_case.c.status == CaseStatus.SNOOZED.value,
                review_case.c.snoozed_until <= now,
            )
            .limit(limit)
        )

    def overdue(self, *, now: datetime, limit: int) -> list[Case]:
        """Give cases that nobody answered in time and that policy still acts on, oldest due first.

        Verdicts on blind repeats change nothing, so nobody waits for them.
        """
        return self._cases(
            select(review_case)
            .where(
                review_case.c.status.in_([CaseStatus.OPEN.value, CaseStatus.ESCALATED.value]),
                review_case.c.due_at <= now,
                review_case.c.timeouts < domain.MOST_TIMEOUTS,
                review_case.c.lane.not_in(EFFECT_FREE),
            )
            .order_by(review_case.c.due_at)
            .limit(limit)
        )

    def decided_doubles(self, *, limit: int) -> list[Case]:
        """Give blind second reviews that are decided and whose answer is not known yet."""
        is_known = exists().where(known_answer.c.item_seq == review_case.c.item_seq)
        return self._cases(
            select(review_case)
            .where(
                review_case.c.status == CaseStatus.DECIDED.value,
                review_case.c.lane == Lane.DOUBLE.value,
                ~is_known,
            )
            .order_by(review_case.c.opened_at.desc())
            .limit(limit)
        )

    def _cases(self, query: Select[Any]) -> list[Case]:
        return [case_of_row(row) for row in self._connection.execute(query)]
