"""Rows of the case table, and the ids people read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from data.schemas.vocabulary import CaseStatus, ItemKind, Lane, Route
from service.domain.case import Case, Lease

DIGITS = 6
LONGEST_NUMBER = 15
"""Digits that every integer column holds."""


def case_name(number: int) -> str:
    """The id people read and say: C-000123."""
    return f"C-{number:0{DIGITS}d}"


def case_number(case_id: str) -> int:
    """The number behind a case id; -1 for what is none: one case has one spelling."""
    digits = case_id.removeprefix("C-")
    is_number = digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER
    number = int(digits) if is_number else -1
    return number if case_name(number) == case_id else -1


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
        review_error=row.review_error,
        opened_at=row.opened_at,
        due_at=row.due_at,
        lease_token=row.lease_token,
        lease=lease,
        released_by_id=row.released_by_id,
        business_unit=row.business_unit,
        person_id=row.person_id,
        project_id=row.project_id,
        boost=row.boost,
        timeouts=row.timeouts,
        snoozed_until=row.snoozed_until,
        reserved_for_id=row.reserved_for_id,
        kept_from_id=row.kept_from_id,
        repeats_case_id=None if row.repeats_number is None else case_name(row.repeats_number),
    )


def row_of_case(case: Case) -> dict[str, object]:
    """Write a row of the case table."""
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
        "review_error": case.review_error,
        "opened_at": case.opened_at,
        "due_at": case.due_at,
        "lease_token": case.lease_token,
        "lease_owner_id": case.lease.owner_id if case.lease else None,
        "lease_expires_at": case.lease.expires_at if case.lease else None,
        "released_by_id": case.released_by_id,
        "business_unit": case.business_unit,
        "person_id": case.person_id,
        "project_id": case.project_id,
        "worth": case.worth,
        "boost": case.boost,
        "timeouts": case.timeouts,
        "snoozed_until": case.snoozed_until,
        "reserved_for_id": case.reserved_for_id,
        "kept_from_id": case.kept_from_id,
        "repeats_number": case.repeats_case_id and case_number(case.repeats_case_id),
    }
