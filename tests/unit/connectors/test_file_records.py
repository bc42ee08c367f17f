"""Rows become records of any kind: by their fields' names, several rows to a record."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from data.schemas.batch import parse_items
from service.connectors.file_layout import FileKind
from service.connectors.file_record_mapping import MODELS, RecordMapping
from service.connectors.file_record_shape import leaves_of
from service.connectors.files import read_file

NOW = datetime(2026, 4, 1, tzinfo=UTC)


def a_mapping(kind, fields, **more):
    rules = {
        name: {"column": rule} if isinstance(rule, str) else rule for name, rule in fields.items()
    }
    return RecordMapping.model_validate_json(json.dumps({"kind": kind, "fields": rules} | more))


@pytest.fixture
def read(tmp_path):
    def read_text(text, mapping):
        (tmp_path / "file.csv").write_text(text)
        return read_file(tmp_path / "file.csv", mapping=mapping, now=NOW)

    return read_text


PROJECT = {"id": "id", "name": "name", "client_id": "client", "contract_id": "contract"}
TASKS = {"tasks.id": "task", "tasks.name": "task", "tasks.is_in_scope": "scope"}
PROJECTS = a_mapping("projects", PROJECT | TASKS)
HEAD = "id,name,client,contract,task,scope\n"


def test_rows_of_one_id_are_parts_of_one_record(read):
    found = read(f"{HEAD}p,Kiln,acme,c1,design,yes\np,Kiln,acme,c1,build,no\n", PROJECTS)
    (project,) = found.records
    assert [(one.id, one.is_in_scope) for one in project.tasks] == [
        ("design", True),
        ("build", False),
    ]
    assert (found.received, found.accepted) == (2, 2)


def test_a_row_that_disagrees_with_an_earlier_one_is_given_back(read):
    found = read(f"{HEAD}p,Kiln,acme,c1,design,yes\np,Oven,acme,c1,build,no\n", PROJECTS)
    (rejection,) = found.rejections
    assert (rejection.row, rejection.problems[0].field) == (3, "name")
    assert "differs from row 2, which says 'Kiln'" in rejection.problems[0].reason


def test_a_row_that_stands_twice_is_given_back(read):
    found = read(f"{HEAD}p,Kiln,acme,c1,design,yes\np,Kiln,acme,c1,design,yes\n", PROJECTS)
    assert "stands in row 2 already" in found.rejections[0].problems[0].reason


def test_a_bad_cell_is_named_by_its_column(read):
    found = read(f"{HEAD}p,Kiln,acme,c1,design,perhaps\nq,,acme,c1,design,yes\n", PROJECTS)
    told = [(one.row, one.problems[0].field, one.problems[0].value) for one in found.rejections]
    assert told == [(2, "scope", "perhaps"), (3, "name", "")]


def test_a_record_whose_parts_make_no_whole_gives_back_all_its_rows(read):
    fields = {
        "id": "id", "client_id": "client", "contract_id": "contract", "issued_at": "at",
        "period_end": "end", "due_on": "due", "status": {"constant": "posted"}, "lines.id": "line",
        "lines.entry_id": "entry", "lines.expense_id": "expense", "lines.amount_minor": "amount",
    }  # fmt: skip
    text = (
        "id,client,contract,at,end,due,line,entry,expense,amount\n"
        "i1,acme,c1,2026-03-01T00:00:00Z,2026-02-28,2026-03-31,l1,e1,,100\n"
        "i2,acme,c1,2026-03-01T00:00:00Z,2026-02-28,2026-03-31,l1,e1,x1,100\n"
    )
    found = read(text, a_mapping("invoices", fields, currency="EUR"))
    assert [one.id for one in found.records] == ["i1"]
    assert [one.row for one in found.rejections] == [3]
    assert "names exactly one of" in found.rejections[0].problems[0].reason


def test_several_values_stand_in_one_cell(read):
    fields = {
        "id": "id",
        "name": "id",
        "minutes_by_weekday": {"template": "{week}", "split": ";", "unit": "hours"},
        "free_days": {"column": "free", "split": "/", "formats": ["%d.%m.%Y"]},
    }
    text = "id,week,free\nat,8;8;8;8;6.5;0;0,24.12.2026 / 31.12.2026\n"
    (calendar,) = read(text, a_mapping("calendars", fields)).records
    assert calendar.minutes_by_weekday == (480, 480, 480, 480, 390, 0, 0)
    assert [str(day) for day in calendar.free_days] == ["2026-12-24", "2026-12-31"]


def test_money_is_read_in_the_currency_of_its_row(read):
    fields = {
        "id": "id", "name": "id", "country": {"constant": "JP"}, "currency": "currency",
        "practice.increment_minutes": {"column": "step", "unit": "minutes"},
    }  # fmt: skip
    found = read("id,currency,step\na,JPY,15\nb,XXX,15\n", a_mapping("clients", fields))
    (client,) = found.records
    assert (client.currency, client.practice.increment_minutes) == ("JPY", 15)
    assert "not a known ISO 4217" in found.rejections[0].problems[0].reason


EXPENSES = {
    "external_id": "report", "person_id": "who", "contract_id": {"constant": "c1"},
    "line_id": {"constant": "l1"}, "expenses.id": "id", "expenses.incurred_on": "day",
    "expenses.project_id": {"constant": "p1"}, "expenses.category": "category",
    "expenses.merchant": "merchant", "expenses.amount_minor": {"column": "paid", "unit": "major"},
    "expenses.currency": {"column": "currency", "default": "EUR"},
}  # fmt: skip


def test_expenses_of_one_report_are_one_item_with_its_period_worked_out(read):
    text = (
        "report,who,id,day,category,merchant,paid,currency\n"
        "r1,ana,1,2026-03-04,train,Westbahn,58.40,\n"
        "r1,ana,2,2026-03-02,meals,Post,27.90,\n"
        "r2,ana,3,2026-03-05,meals,Adler,30.00,CHF\n"
    )
    mapping = a_mapping("expense_reports", EXPENSES, currency="EUR", zone="Europe/Vienna")
    found = read(text, mapping)
    batch = parse_items(found.items)
    ((_, report),) = batch.accepted
    assert (str(report.period_start), str(report.period_end)) == ("2026-03-02", "2026-03-04")
    assert (report.amount_minor, report.expenses[0].cost_minor) == (8_630, 5_840)
    # What a foreign amount costs in the contract's currency nobody can know from it.
    (rejection,) = found.rejections
    assert (rejection.row, rejection.problems[0].reason) == (4, "is required; add it")


def test_a_part_whose_columns_are_empty_is_none(read):
    fields = {
        "external_id": "id", "contract_id": {"constant": "c"}, "line_id": {"constant": "l"},
        "project_id": {"constant": "p"}, "name": "id", "owner_id": {"constant": "o"},
        "amount_minor": "amount", "due_on": "due", "is_ready_to_bill": {"constant": "yes"},
        "submitted_at": {"constant": "2026-03-01T00:00:00Z"},
        "acceptance.kind": {"constant": "accepted"}, "acceptance.at": "accepted",
        "acceptance.actor": {"constant": "the client"},
    }  # fmt: skip
    text = "id,amount,due,accepted\nm1,100,2026-04-01,2026-03-20T09:00\nm2,100,2026-04-01,\n"
    found = read(text, a_mapping("milestones", fields, currency="EUR"))
    (_, first), (_, second) = parse_items(found.items).accepted
    assert [one.kind for one in first.acceptance] == ["accepted"]
    assert second.acceptance == ()


@pytest.mark.parametrize(
    ("kind", "fields", "more", "told"),
    [
        ("people", {"id": "a", "nam": "b"}, {}, "no field of people; write name"),
        ("people", {"id": "a", "name": "b"}, {}, "no rule for grade, labor_category, country"),
        ("projects", PROJECT, {}, "no rule for tasks.id, tasks.name"),
        ("projects", PROJECT | TASKS | {"progress.as_of": "x"}, {}, "no rule for progress.earned"),
        ("clients", {"id": "a", "name": "b", "country": "c"}, {}, "no rule for currency"),
        (
            "payments",
            {"id": "a", "invoice_id": "b", "paid_on": "c", "recorded_at": "d",
             "amount_minor": {"column": "e", "unit": "major"}},
            {},
            "write `currency: EUR`",
        ),
    ],
)  # fmt: skip
def test_a_mapping_that_makes_no_record_is_refused_when_it_is_read(kind, fields, more, told):
    with pytest.raises(ValidationError, match=told):
        a_mapping(kind, fields, **more)


@pytest.mark.parametrize("kind", sorted(set(FileKind) - {FileKind.TIMESHEETS}))
def test_every_kind_has_a_record_and_every_needed_field_can_be_filled(kind):
    model = MODELS[FileKind(kind)]
    known = leaves_of(model)
    for name, field in model.model_fields.items():
        if field.is_required():
            assert any(path == name or path.startswith(f"{name}.") for path in known), name
