"""SQL of cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from data.schemas.vocabulary import CaseStatus, ItemKind, Lane, Route
from service.domain.case import WAITING, Case, Lease
from service.store.chunks import chunks
from service.store.tables import review_case

FINISHED = (CaseStatus.DECIDED.value, CaseStatus.CLOSED.value)
DIGITS = 6
LONGEST_NUMBER = 15
"""Digits that every integer column holds."""
UNFINISHED = select(review_case).where(
    review_case.c.item_id.in_(bindparam("item_ids", expanding=True)),
    review_case.c.status.not_in(FINISHED),
)
"""Asked with every assessment, so it is built once."""


def case_name(number: int) -> str:
    """The id people read and say: C-000123."""
    return f"C-{number:0{DIGITS}d}"


def case_number(case_id: str) -> int:
    """The number behind a case id; -1 for what is none: one case has one spelling."""
    digits = case_id.removeprefix("C-")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER
    number = int(digits) if is_number else -1
    return number if case_name(number) == case_id else -1


class SqlCaseStore:
    """Cases, written with the version they were read in."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, cases: Sequence[Case]) -> list[Case]:
        """Store new cases and give them back with their ids."""
        rows = [_row_of(case) for case in cases]
        result = self._connection.execute(
            insert(review_case).returning(review_case.c.number, sort_by_parameter_order=True), rows
        )
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
        self._connection.execute(
            update(review_case)
            .where(review_case.c.number == case_number(case.id))
            .values(**_row_of(case))
        )

    def waiting(self) -> list[Case]:
        """Give the cases that are open or claimed; whose claim still runs, the domain says."""
        query = select(review_case).where(
            review_case.c.status.in_([status.value for status in WAITING])
        )
        return [case_of_row(row) for row in self._connection.execute(query)]

    def unfinished_of_items(self, item_ids: Sequence[str]) -> list[Case]:
        """Give the cases of these items that are neither decided nor closed."""
        found = []
        for part in chunks(item_ids):
            rows = self._connection.execute(UNFINISHED, {"item_ids": part})
            found += [case_of_row(row) for row in rows]
        return found


def case_of_row(row: Row[Any]) -> Case:
    """Read a row of the case table."""
    lease = None
    if row.lease_owner_id is not None:
        lease = Lease(
            owner_id=row.lease_owner_id, token=row.lease_token, expires_at=row.lease_expires_at
        )
    return Case(
        id=case_name(row.number),
        item_id=row.item_id,
        item_seq=row.item_seq,
        assessment_id=row.assessment_id,
        kind=ItemKind(row.kind),
        title=row.title,
        client_id=row.client_id,
        contract_id=row.contract_id,
        status=CaseStatus(row.status),
        version=row.version,
        route=Route(row.route),
        lane=Lane(row.lane),
        propensity=row.propensity,
        amount_minor=row.amount_minor,
        currency=row.currency,
        risk_minor=row.risk_minor,
        leak_minor=row.leak_minor,
        value_minor=row.value_minor,
        doubt=row.doubt,
        review_minutes=row.review_minutes,
        opened_at=row.opened_at,
        due_at=row.due_at,
        lease_token=row.lease_token,
        lease=lease,
        released_by_id=row.released_by_id,
    )


def _row_of(case: Case) -> dict[str, object]:
    return {
        "item_id": case.item_id,
        "item_seq": case.item_seq,
        "assessment_id": case.assessment_id,
        "kind": case.kind.value,
        "title": case.title,
        "client_id": case.client_id,
        "contract_id": case.contract_id,
        "status": case.status.value,
        "version": case.version,
        "route": case.route.value,
        "lane": case.lane.value,
        "propensity": case.propensity,
        "amount_minor": case.amount_minor,
        "currency": case.currency,
        "risk_minor": case.risk_minor,
        "leak_minor": case.leak_minor,
        "value_minor": case.value_minor,
        "doubt": case.doubt,
        "review_minutes": case.review_minutes,
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "lease_token": case.lease_token,
        "lease_owner_id": case.lease.owner_id if case.lease else None,
        "lease_expires_at": case.lease.expires_at if case.lease else None,
        "released_by_id": case.released_by_id,
    }
