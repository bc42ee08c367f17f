"""The columns of each flat table: its name, its Arrow type, and where a record holds it.

Days are local dates, moments are UTC, money is in minor units; every name says which it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter

import pyarrow as pa

from data.firm.records import PastVerdict
from data.schemas.items import AnyItem, ApprovalEvent, Milestone
from data.schemas.vocabulary import ApprovalStep

Read = Callable[..., object]
Columns = dict[str, tuple[pa.DataType, Read]]
"""By name: the type, and what reads the value off a record."""

TEXT, NUMBER, SHARE, FLAG = pa.string(), pa.int64(), pa.float64(), pa.bool_()
DAY, MOMENT = pa.date32(), pa.timestamp("us", tz="UTC")
TEXTS = pa.list_(TEXT)


def arrays(records: Sequence[object], columns: Columns) -> dict[str, pa.Array]:
    """Each column of the records as an array."""
    return {
        name: pa.array([read(one) for one in records], type=kind)
        for name, (kind, read) in columns.items()
    }


def _fields(kind: pa.DataType, *names: str) -> Columns:
    """Columns that are called as the fields they hold."""
    return {name: (kind, attrgetter(name)) for name in names}


def _named(kind: pa.DataType, **fields: str) -> Columns:
    """Columns that are called otherwise than their fields."""
    return {name: (kind, attrgetter(field)) for name, field in fields.items()}


def _signature(item: AnyItem, step: ApprovalStep) -> ApprovalEvent | None:
    return next((one for one in item.approvals if one.step is step), None)


def _signed(prefix: str, step: ApprovalStep) -> Columns:
    """The signature of a step: who, when, and the hash of what was signed."""

    def read(field: str) -> Read:
        def of(item: AnyItem) -> object:
            event = _signature(item, step)
            return None if event is None else getattr(event, field)

        return of

    return {
        f"{prefix}_by": (TEXT, read("actor_id")),
        f"{prefix}_at": (MOMENT, read("at")),
        f"{prefix}_sha256": (TEXT, read("entries_sha256")),
    }


def _limit_minor(item: AnyItem) -> int | None:
    event = _signature(item, ApprovalStep.MANAGER)
    return None if event is None else event.authority_limit_minor


def _acceptance(milestone: Milestone) -> list[dict[str, object]]:
    return [
        {"kind": one.kind.value, "at": one.at, "actor": one.actor} for one in milestone.acceptance
    ]


def _found(verdict: PastVerdict) -> list[str]:
    return [code.value for code in verdict.found]


_SIGNED: Columns = {
    **_signed("approved", ApprovalStep.MANAGER),
    "authority_limit_minor": (NUMBER, _limit_minor),
    **_signed("client_approved", ApprovalStep.CLIENT),
}

PEOPLE: Columns = {
    **_named(TEXT, person_id="id"),
    **_fields(TEXT, "name", "grade", "labor_category", "country", "manager_id"),
    **_fields(NUMBER, "hourly_cost_minor", "authority_limit_minor"),
    **_fields(DAY, "hired_on", "left_on"),
}
CLIENTS: Columns = {
    **_named(TEXT, client_id="id"),
    **_fields(TEXT, "name", "country", "currency"),
    **_fields(NUMBER, "payment_terms_days"),
    **_fields(FLAG, "purchase_order_required"),
}
CONTRACTS: Columns = {
    **_named(TEXT, contract_id="id"),
    **_fields(TEXT, "client_id", "name", "type", "currency"),
    **_fields(DAY, "signed_on"),
}
LINES: Columns = {
    **_named(TEXT, line_id="id", line_name="name"),
    **_fields(TEXT, "project_id", "purchase_order"),
    **_fields(NUMBER, "value_minor"),
}
SHEETS: Columns = {
    **_named(TEXT, sheet_id="external_id"),
    **_fields(TEXT, "source", "person_id", "contract_id", "line_id", "currency", "zone"),
    **_fields(DAY, "period_start", "period_end"),
    **_fields(MOMENT, "submitted_at"),
    **_SIGNED,
}
ENTRIES: Columns = {
    **_named(TEXT, entry_id="id"),
    **_fields(DAY, "work_date"),
    **_fields(NUMBER, "minutes_worked", "minutes_billable", "hourly_rate_minor"),
    **_fields(TEXT, "project_id", "task_id", "labor_category", "narrative"),
    **_fields(MOMENT, "recorded_at", "started_at", "ended_at"),
    **_fields(TEXT, "activity", "location", "change_order_id", "adjustment_reason"),
}
REPORTS: Columns = {
    **_named(TEXT, report_id="external_id", contract_currency="currency"),
    **_fields(TEXT, "source", "person_id", "contract_id", "line_id", "zone"),
    **_fields(DAY, "period_start", "period_end"),
    **_fields(MOMENT, "submitted_at"),
    **_SIGNED,
}
EXPENSES: Columns = {
    **_named(TEXT, expense_id="id"),
    **_fields(DAY, "incurred_on"),
    **_fields(TEXT, "project_id", "category", "merchant", "currency", "paid_by"),
    **_fields(NUMBER, "amount_minor", "cost_minor", "billable_minor"),
    **_fields(TEXT, "receipt_sha256", "trip_id", "preapproval_id", "change_order_id"),
    **_fields(TEXT, "description"),
    **_fields(MOMENT, "recorded_at"),
}
MILESTONES: Columns = {
    **_named(TEXT, milestone_id="external_id"),
    **_fields(TEXT, "source", "contract_id", "line_id", "project_id", "name", "owner_id"),
    **_fields(TEXT, "currency", "zone", "change_order_id"),
    **_fields(NUMBER, "amount_minor"),
    **_fields(DAY, "due_on", "forecast_on"),
    **_fields(FLAG, "is_ready_to_bill"),
    **_fields(MOMENT, "submitted_at"),
    **_fields(TEXTS, "evidence_required", "evidence_provided", "open_predecessors"),
    "acceptance": (
        pa.list_(pa.struct({"kind": TEXT, "at": MOMENT, "actor": TEXT})),
        _acceptance,
    ),
}
INVOICES: Columns = {
    **_named(TEXT, invoice_id="id"),
    **_fields(TEXT, "client_id", "contract_id", "currency", "status"),
    **_fields(DAY, "period_end", "due_on"),
    **_fields(MOMENT, "issued_at"),
}
INVOICE_LINES: Columns = {
    **_named(TEXT, invoice_line_id="id"),
    **_fields(TEXT, "entry_id", "expense_id", "milestone_id", "line_id"),
    **_fields(NUMBER, "amount_minor"),
}
PAYMENTS: Columns = {
    **_named(TEXT, payment_id="id"),
    **_fields(TEXT, "invoice_id"),
    **_fields(DAY, "paid_on"),
    **_fields(NUMBER, "amount_minor"),
    **_fields(MOMENT, "recorded_at"),
}
DISPUTES: Columns = {
    **_named(TEXT, dispute_id="id"),
    **_fields(TEXT, "invoice_id", "row_id", "reason"),
    **_fields(DAY, "opened_on"),
    **_fields(NUMBER, "credited_minor"),
    **_fields(MOMENT, "recorded_at"),
}
WRITE_OFFS: Columns = {
    **_named(TEXT, write_off_id="id"),
    **_fields(TEXT, "item_id"),
    **_fields(NUMBER, "amount_minor"),
    **_fields(MOMENT, "recorded_at"),
}
VERDICTS: Columns = {
    **_fields(TEXT, "item_id", "rater"),
    **_fields(FLAG, "is_violation", "is_score_shown"),
    **_fields(NUMBER, "active_seconds"),
    **_fields(MOMENT, "known_at"),
    "found": (TEXTS, _found),
}
