"""Timesheets written flat, one row an entry, as a file of time entries holds them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pyarrow as pa

from data.schemas.items import ApprovalEvent, Timesheet
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict
from models.bulk.table_items import SIGNATURES

SHEET = ("source", "person_id", "contract_id", "line_id", "currency", "zone", "period_start",
         "period_end", "submitted_at")  # fmt: skip
ENTRY = ("work_date", "minutes_worked", "minutes_billable", "project_id", "task_id",
         "labor_category", "hourly_rate_minor", "narrative", "recorded_at", "started_at",
         "ended_at", "activity", "location", "change_order_id", "adjustment_reason")  # fmt: skip
MOMENT = pa.timestamp("us", tz="UTC")
TYPES = {
    "submitted_at": MOMENT, "recorded_at": MOMENT, "started_at": MOMENT, "ended_at": MOMENT,
    "approved_at": MOMENT, "client_approved_at": MOMENT, "work_date": pa.date32(),
    "period_start": pa.date32(), "period_end": pa.date32(), "minutes_worked": pa.int32(),
    "minutes_billable": pa.int32(), "hourly_rate_minor": pa.int64(),
    "authority_limit_minor": pa.int64(),
}  # fmt: skip


def flat_table(sheets: Iterable[Timesheet]) -> pa.Table:
    """One row an entry; of the signatures those that `flat_sheet` keeps."""
    rows = [row for sheet in sheets for row in _rows(sheet)]
    names = list(rows[0])
    return pa.table(
        {name: pa.array([row[name] for row in rows], TYPES.get(name, pa.string()))
         for name in names}
    )  # fmt: skip


def flat_sheet(sheet: Timesheet) -> Timesheet:
    """The sheet with what a flat row can say of its signatures: the last of each step."""
    kept = (_signature(sheet, step) for step in (ApprovalStep.MANAGER, ApprovalStep.CLIENT))
    return sheet.model_copy(update={"approvals": tuple(one for one in kept if one)})


def _rows(sheet: Timesheet) -> Iterator[dict[str, Any]]:
    head = {"sheet_id": sheet.external_id, **{name: getattr(sheet, name) for name in SHEET}}
    for step, name in SIGNATURES.items():
        event = _signature(sheet, step)
        head[f"{name}_by"] = event and event.actor_id
        head[f"{name}_at"] = event and event.at
        head[f"{name}_sha256"] = event and event.entries_sha256
        if step is ApprovalStep.MANAGER:
            head["authority_limit_minor"] = event and event.authority_limit_minor
    for entry in sheet.entries:
        yield {"entry_id": entry.id, **head, **{name: getattr(entry, name) for name in ENTRY}}


def _signature(sheet: Timesheet, step: ApprovalStep) -> ApprovalEvent | None:
    given = [one for one in sheet.approvals
             if one.step is step and one.verdict is ApprovalVerdict.APPROVE]  # fmt: skip
    if not given:
        return None
    # Only a manager's signature has a limit of authority in a flat row.
    unlimited = {} if step is ApprovalStep.MANAGER else {"authority_limit_minor": None}
    return given[-1].model_copy(update=unlimited)
