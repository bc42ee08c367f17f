"""A mapping of anything but time: its fields are named as those of the records they fill."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import Field, model_validator

from data.schemas.billing import Dispute, Invoice, Payment, WriteOff
from data.schemas.calendars import Leave, OvertimeApproval, Preapproval, Trip, WorkingCalendar
from data.schemas.contracts import Client, RateCardRow
from data.schemas.items import ExpenseReport, Milestone
from data.schemas.people import Assignment, Person, Project
from data.schemas.values import Currency, Identifier, Name, Record, Zone
from service.connectors.file_layout import FileKind, Layout
from service.connectors.file_record_shape import Leaf, leaves_of
from service.connectors.file_rule import Rule, Unit


class ContractRate(RateCardRow):
    """A row of a rate card, and the contract it belongs to."""

    contract_id: Identifier


MODELS: Mapping[FileKind, type[Record]] = MappingProxyType(
    {
        FileKind.EXPENSE_REPORTS: ExpenseReport,
        FileKind.MILESTONES: Milestone,
        FileKind.CLIENTS: Client,
        FileKind.PEOPLE: Person,
        FileKind.PROJECTS: Project,
        FileKind.RATE_CARD: ContractRate,
        FileKind.ASSIGNMENTS: Assignment,
        FileKind.LEAVE: Leave,
        FileKind.CALENDARS: WorkingCalendar,
        FileKind.OVERTIME_APPROVALS: OvertimeApproval,
        FileKind.TRIPS: Trip,
        FileKind.PREAPPROVALS: Preapproval,
        FileKind.INVOICES: Invoice,
        FileKind.PAYMENTS: Payment,
        FileKind.DISPUTES: Dispute,
        FileKind.WRITE_OFFS: WriteOff,
    }
)
"""The record that each kind of file is read into."""

GIVEN = frozenset({"source", "currency", "zone", "kind"})
"""Fields that stand beside the rules where they are the same for every row."""

WORKED_OUT = frozenset(
    {
        "period_start", "period_end", "submitted_at",
        "expenses.recorded_at", "expenses.currency", "expenses.cost_minor",
        "expenses.billable_minor",
    }
)  # fmt: skip
"""Fields of an expense report that are worked out where no rule gives them."""


class RecordMapping(Layout):
    """Everything needed to read a file of one kind of record."""

    kind: Annotated[FileKind, Field(strict=False)]
    currency: Currency | None = None
    """Of all money in the file, where no column says it."""
    zone: Zone = "UTC"
    """Of times without an offset."""
    fields: Annotated[dict[Name, Rule], Field(min_length=1)]

    @model_validator(mode="after")
    def _fields_are_known(self) -> RecordMapping:
        known = leaves_of(self.model)
        for name in self.fields:
            if name not in known:
                near = difflib.get_close_matches(name, known, n=1)
                hint = f"write {near[0]}" if near else f"it has {', '.join(known)}"
                raise ValueError(f"has a rule for {name}, no field of {self.kind}; {hint}")
        missing = [leaf.path for leaf in known.values() if self._is_missing(leaf)]
        if missing:
            raise ValueError(
                f"has no rule for {', '.join(missing)}; every record of {self.kind} needs it: "
                "name a column, or write a constant"
            )
        return self

    @model_validator(mode="after")
    def _money_has_a_currency(self) -> RecordMapping:
        rules = [rule for rule in self.fields.values() if rule.unit is Unit.MAJOR]
        if rules and self.currency is None and "currency" not in self.fields:
            raise ValueError(
                "reads money in major units without a currency; write `currency: EUR` beside "
                "`fields`, or a rule for the field currency"
            )
        return self

    @property
    def model(self) -> type[Record]:
        """The record a row, or several, are read into."""
        return MODELS[self.kind]

    @property
    def columns(self) -> frozenset[str]:
        """Every column the mapping names; a template names those in its braces when it is read."""
        return frozenset(
            {rule.column for rule in self.fields.values() if rule.column}
            | {one.column for one in self.where}
        )

    def _is_missing(self, leaf: Leaf) -> bool:
        if not leaf.is_required or leaf.path in self.fields:
            return False
        if leaf.path in GIVEN:
            return leaf.path == "currency" and self.currency is None
        if self.kind is FileKind.EXPENSE_REPORTS and leaf.path in WORKED_OUT:
            return False
        known = leaves_of(self.model)
        roots = {known[name].root for name in self.fields}
        needed = self.model.model_fields.get(leaf.root)
        return not leaf.root or leaf.root in roots or bool(needed and needed.is_required())


Kept = Literal["id", "external_id"]


def id_field(kind: FileKind) -> Kept | None:
    """Give the field by which rows of one record are told together; none where rows have no id."""
    match kind:
        case FileKind.RATE_CARD:
            return None
        case FileKind.EXPENSE_REPORTS | FileKind.MILESTONES:
            return "external_id"
        case _:
            return "id"
