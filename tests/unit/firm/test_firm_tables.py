"""A firm as flat tables says what its records say."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest

from data.firm.generate import generate_firm
from data.firm.records import Firm, FirmSize
from data.firm.tables import FirmTables, tables_of
from data.schemas.items import Expense, ExpenseReport, Milestone, PaidBy, TimeEntry, Timesheet
from data.schemas.questions import Question, questions_for
from data.schemas.vocabulary import ApprovalStep, ItemKind
from models.bulk.tables import batch_of_table
from models.codes import Codes


@pytest.fixture(scope="module")
def firm() -> Firm:
    return generate_firm(FirmSize(people=16, clients=5, contracts=16, months=5))


@pytest.fixture(scope="module")
def tables(firm: Firm) -> FirmTables:
    return tables_of(firm)


def test_every_time_entry_comes_back_from_its_row(firm: Firm, tables: FirmTables) -> None:
    entries = [entry for sheet in _of_kind(firm, Timesheet) for entry in sheet.entries]

    rows = tables.entries.to_pylist()

    assert [_entry(row) for row in rows] == entries


def test_an_entry_stands_beside_the_head_of_its_sheet(firm: Firm, tables: FirmTables) -> None:
    heads = [
        (sheet.external_id, sheet.person_id, sheet.line_id, sheet.submitted_at, sheet.period_end)
        for sheet in _of_kind(firm, Timesheet)
        for _ in sheet.entries
    ]
    names = ("sheet_id", "person_id", "line_id", "submitted_at", "period_end")

    rows = tables.entries.select(names).to_pylist()

    assert [tuple(row[name] for name in names) for row in rows] == heads


def test_signatures_keep_who_when_and_what(firm: Firm, tables: FirmTables) -> None:
    signed = {
        (sheet.external_id, event.actor_id, event.at, event.entries_sha256)
        for sheet in _of_kind(firm, Timesheet)
        for event in sheet.approvals
        if event.step is not ApprovalStep.SUBMIT
    }

    told = {
        (row["sheet_id"], row[f"{step}_by"], row[f"{step}_at"], row[f"{step}_sha256"])
        for row in tables.entries.to_pylist()
        for step in ("approved", "client_approved")
        if row[f"{step}_by"] is not None
    }

    assert told == signed


def test_the_bulk_check_reads_the_entries(firm: Firm, tables: FirmTables) -> None:
    batch = batch_of_table(tables.entries, codes=Codes())

    assert batch.item_id.tolist() == [one.item_id for one in _of_kind(firm, Timesheet)]
    assert batch.amount_minor.tolist() == [one.amount_minor for one in _of_kind(firm, Timesheet)]


def test_every_expense_comes_back_from_its_row(firm: Firm, tables: FirmTables) -> None:
    expenses = [row for report in _of_kind(firm, ExpenseReport) for row in report.expenses]

    assert [_expense(row) for row in tables.expenses.to_pylist()] == expenses


def test_milestones_keep_their_evidence_and_acceptance(firm: Firm, tables: FirmTables) -> None:
    delivered = [
        (one.external_id, one.amount_minor, list(one.evidence_provided),
         [(event.kind.value, event.at) for event in one.acceptance])
        for one in _of_kind(firm, Milestone)
    ]  # fmt: skip

    told = [
        (row["milestone_id"], row["amount_minor"], row["evidence_provided"],
         [(event["kind"], event["at"]) for event in row["acceptance"]])
        for row in tables.milestones.to_pylist()
    ]  # fmt: skip

    assert told == delivered


def test_the_ledger_adds_up_to_the_same_money(firm: Firm, tables: FirmTables) -> None:
    def total(table: pa.Table, name: str) -> int:
        return sum(table[name].to_pylist())

    assert total(tables.invoices, "amount_minor") == sum(one.total_minor for one in firm.invoices)
    assert total(tables.payments, "amount_minor") == sum(one.amount_minor for one in firm.payments)
    assert total(tables.write_offs, "amount_minor") == sum(
        one.amount_minor for one in firm.write_offs
    )
    assert total(tables.disputes, "credited_minor") == sum(
        one.credited_minor for one in firm.disputes
    )


def test_truth_answers_every_question_where_it_is_asked(firm: Firm, tables: FirmTables) -> None:
    for row in tables.truth.to_pylist():
        asked = questions_for(ItemKind(row["kind"]))
        truth = firm.truth[row["item_id"]]
        for question in Question:
            probability, answer = row[f"probability_{question}"], row[f"answer_{question}"]
            assert probability == truth.probabilities.get(question)
            assert answer == truth.answers.get(question)
            assert (answer is not None) == (question in asked)


def test_verdicts_keep_what_was_found_and_by_whom(firm: Firm, tables: FirmTables) -> None:
    told = [
        (row["item_id"], row["rater"], row["found"], row["known_at"])
        for row in tables.verdicts.to_pylist()
    ]

    assert told == [
        (one.item_id, one.rater, [code.value for code in one.found], one.known_at)
        for one in firm.verdicts
    ]


def _of_kind(firm: Firm, kind: type[Any]) -> list[Any]:
    return [one.item for one in firm.submissions if isinstance(one.item, kind)]


def _entry(row: dict[str, Any]) -> TimeEntry:
    values = {name: row[name] for name in TimeEntry.model_fields if name != "id"}
    return TimeEntry(id=row["entry_id"], **values)


def _expense(row: dict[str, Any]) -> Expense:
    values = {name: row[name] for name in Expense.model_fields if name not in {"id", "paid_by"}}
    return Expense(id=row["expense_id"], paid_by=PaidBy(row["paid_by"]), **values)
