"""A firm as flat Arrow tables, for files and for tools that know no records of ours.

Nothing is written here: the caller has the tables and decides where they go. The tables of two
practices have the same columns and no id in common, so they can be put under one another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields

import numpy as np
import pyarrow as pa

from data.firm import table_columns as of
from data.firm.records import Firm, Submission
from data.schemas.items import ExpenseReport, Milestone, Timesheet
from data.schemas.questions import ASKED, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class FirmTables:
    """One practice, a table for each kind of record; see `data.firm.table_columns`.

    A table whose records have rows of their own has one row for each of those, with the head
    beside it: `entries` is what `countersign check` reads, and `contracts` has one row a line.
    """

    people: pa.Table
    clients: pa.Table
    contracts: pa.Table
    entries: pa.Table
    expenses: pa.Table
    milestones: pa.Table
    invoices: pa.Table
    payments: pa.Table
    disputes: pa.Table
    write_offs: pa.Table
    verdicts: pa.Table
    truth: pa.Table

    def __iter__(self) -> Iterator[tuple[str, pa.Table]]:
        """The tables with their names."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)


def tables_of(firm: Firm) -> FirmTables:
    """Lay a firm out as tables, in order of arrival where its records have one."""
    items = [one.item for one in firm.submissions]
    sheets = [item for item in items if isinstance(item, Timesheet)]
    reports = [item for item in items if isinstance(item, ExpenseReport)]
    milestones = [item for item in items if isinstance(item, Milestone)]
    contracts = tuple(firm.reference.contracts.values())
    return FirmTables(
        people=_table(firm.reference.people.values(), of.PEOPLE),
        clients=_table(firm.reference.clients.values(), of.CLIENTS),
        contracts=_rows(
            contracts, of.CONTRACTS, rows=[one.lines for one in contracts], columns=of.LINES
        ),
        entries=_rows(
            sheets, of.SHEETS, rows=[sheet.entries for sheet in sheets], columns=of.ENTRIES
        ),
        expenses=_rows(
            reports, of.REPORTS, rows=[one.expenses for one in reports], columns=of.EXPENSES
        ),
        milestones=_table(milestones, of.MILESTONES),
        invoices=_rows(
            firm.invoices,
            of.INVOICES,
            rows=[one.lines for one in firm.invoices],
            columns=of.INVOICE_LINES,
        ),
        payments=_table(firm.payments, of.PAYMENTS),
        disputes=_table(firm.disputes, of.DISPUTES),
        write_offs=_table(firm.write_offs, of.WRITE_OFFS),
        verdicts=_table(firm.verdicts, of.VERDICTS),
        truth=_truth(firm),
    )


def _table(records: Iterable[object], columns: of.Columns) -> pa.Table:
    return pa.table(of.arrays(list(records), columns))


def _rows(
    heads: Sequence[object],
    head_columns: of.Columns,
    *,
    rows: Sequence[Sequence[object]],
    columns: of.Columns,
) -> pa.Table:
    """One row for each row of the records, the head of the record repeated beside it."""
    place = pa.array(np.repeat(np.arange(len(heads)), [len(own) for own in rows]))
    head = of.arrays(heads, head_columns)
    return pa.table(
        {name: column.take(place) for name, column in head.items()}
        | of.arrays([row for own in rows for row in own], columns)
    )


def _truth(firm: Firm) -> pa.Table:
    """One row an item: a probability and an answer for each question, null where not asked."""
    known = [firm.truth[one.item.item_id] for one in firm.submissions]
    columns: of.Columns = {
        "is_violation": (of.FLAG, lambda one: one.is_violation),
        "has_hidden_fault": (of.FLAG, lambda one: one.hidden_violation),
        "correct_minor": (of.NUMBER, lambda one: one.correct_minor),
        "fault_codes": (of.TEXTS, lambda one: [fault.code.value for fault in one.faults]),
    }
    for question in ASKED:
        columns |= _answers(question)
    heads: of.Columns = {
        "item_id": (of.TEXT, lambda one: one.item.item_id),
        "kind": (of.TEXT, _kind),
        "received_at": (of.MOMENT, lambda one: one.received_at),
    }
    return pa.table(of.arrays(firm.submissions, heads) | of.arrays(known, columns))


def _answers(question: Question) -> of.Columns:
    return {
        f"probability_{question}": (of.SHARE, lambda one: one.probabilities.get(question)),
        f"answer_{question}": (of.FLAG, lambda one: one.answers.get(question)),
    }


def _kind(submission: Submission) -> str:
    return submission.item.kind.value
