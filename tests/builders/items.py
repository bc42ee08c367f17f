"""Timesheets and milestones that break no rule until a test changes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from data.schemas.items import (
    AcceptanceEvent,
    ApprovalEvent,
    Milestone,
    TimeEntry,
    Timesheet,
    entries_sha256,
)
from data.schemas.vocabulary import AcceptanceKind, ApprovalStep, ApprovalVerdict
from tests.builders.contracts import HOURLY_RATE_MINOR

MONDAY = date(2026, 3, 2)
DECIDED_AT = datetime(2026, 3, 9, 9, tzinfo=UTC)
"""The Monday after the default week: a good moment to assess the default items."""

NARRATIVES = (
    "Built the import of supplier invoices",
    "Reviewed the ledger mapping with the client",
    "Fixed rounding in the tax report",
    "Wrote tests for the settlement run",
    "Prepared the release of the payment module",
    "Traced a slow query in the reports",
    "Moved the archive to the new storage",
)


def at(day: date, *, hour: int = 16) -> datetime:
    """A moment on a day, in UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def entry(**overrides: Any) -> TimeEntry:
    """Eight billable hours of Ada on Monday, 960.00 EUR."""
    day = overrides.get("work_date", MONDAY)
    given = {
        "id": "E-1",
        "work_date": day,
        "minutes_worked": 480,
        "minutes_billable": overrides.get("minutes_worked", 480),
        "project_id": "P-1",
        "task_id": "T-1",
        "labor_category": "engineer",
        "hourly_rate_minor": HOURLY_RATE_MINOR,
        "narrative": NARRATIVES[day.weekday()],
        "recorded_at": at(day),
    }
    return TimeEntry(**(given | overrides))


def week(*, of: str = "TS-1", monday: date = MONDAY, **overrides: Any) -> tuple[TimeEntry, ...]:
    """Monday to Friday, eight hours each, 4,800.00 EUR in all; ids are `of` and a number."""
    return tuple(
        entry(id=f"{of}-{day + 1}", work_date=monday + timedelta(days=day), **overrides)
        for day in range(5)
    )


def signature(**overrides: Any) -> ApprovalEvent:
    """Mia's approval on the Saturday after the default week, within fifty thousand euros."""
    given = {
        "step": ApprovalStep.MANAGER,
        "verdict": ApprovalVerdict.APPROVE,
        "actor_id": "mia",
        "at": at(MONDAY + timedelta(days=5)),
        "authority_limit_minor": 50_000_00,
    }
    return ApprovalEvent(**(given | overrides))


def signatures(
    entries: Sequence[TimeEntry], *, submitted_at: datetime, person_id: str = "ada"
) -> tuple[ApprovalEvent, ...]:
    """The submission, and Mia's approval of exactly these entries a day later."""
    signed = entries_sha256(tuple(entries))
    return (
        signature(
            step=ApprovalStep.SUBMIT,
            actor_id=person_id,
            at=submitted_at,
            authority_limit_minor=None,
            entries_sha256=signed,
        ),
        signature(at=submitted_at + timedelta(days=1), entries_sha256=signed),
    )


def timesheet(**overrides: Any) -> Timesheet:
    """Ada's first week of March, submitted on Friday and signed by Mia on Saturday.

    The period, the submission and the signatures follow the entries unless they are given.
    """
    external_id = overrides.get("external_id", "TS-1")
    entries = tuple(overrides.get("entries", week(of=external_id)))
    first = min(one.work_date for one in entries)
    last = max(one.work_date for one in entries)
    person_id = overrides.get("person_id", "ada")
    submitted_at = overrides.get("submitted_at", at(max(last, first + timedelta(days=4)), hour=17))
    given = {
        "source": "test",
        "external_id": external_id,
        "person_id": person_id,
        "contract_id": "C-1",
        "line_id": "L-1",
        "currency": "EUR",
        "zone": "Europe/Vienna",
        "period_start": first,
        "period_end": last,
        "submitted_at": submitted_at,
        "approvals": signatures(entries, submitted_at=submitted_at, person_id=person_id),
    }
    return Timesheet(**(given | overrides | {"entries": entries}))


def acceptance(kind: AcceptanceKind, day: date, **overrides: Any) -> AcceptanceEvent:
    """What the client did on a day."""
    return AcceptanceEvent(**({"kind": kind, "at": at(day), "actor": "Acme"} | overrides))


def milestone(**overrides: Any) -> Milestone:
    """A milestone of 20,000.00 EUR, submitted on Monday, accepted on Thursday, ready to bill."""
    given = {
        "source": "test",
        "external_id": "MS-1",
        "contract_id": "C-1",
        "line_id": "L-1",
        "project_id": "P-1",
        "name": "Design accepted",
        "owner_id": "mia",
        "amount_minor": 20_000_00,
        "currency": "EUR",
        "zone": "Europe/Vienna",
        "due_on": MONDAY,
        "is_ready_to_bill": True,
        "submitted_at": at(MONDAY),
        "evidence_required": ("design document", "test report"),
        "evidence_provided": ("test report", "design document"),
        "acceptance": (
            acceptance(AcceptanceKind.SUBMITTED, MONDAY),
            acceptance(AcceptanceKind.ACCEPTED, MONDAY + timedelta(days=3)),
        ),
    }
    return Milestone(**(given | overrides))
