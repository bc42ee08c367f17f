"""Rows from outside: what is malformed comes back with field, value and reason."""

from __future__ import annotations

import json
from copy import deepcopy

import pytest
from pydantic import TypeAdapter

from data.schemas.batch import FieldProblem, parse_items, parse_rows
from data.schemas.contracts import Contract
from tests.builders.contracts import contract
from tests.builders.items import milestone, timesheet

SHEET = json.loads(timesheet().model_dump_json())
MILESTONE = json.loads(milestone().model_dump_json())
GONE = object()


def _changed(raw: dict, path: str, value: object) -> dict:
    """The row with one field changed, or taken away."""
    row = deepcopy(raw)
    *way, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = row
    for part in way:
        place = place[part]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return row


def _problems(row: object) -> list[tuple[str, str, str]]:
    batch = parse_items([row])
    assert batch.accepted == ()
    return [(one.field, one.value, one.reason) for one in batch.rejected[0].problems]


@pytest.mark.parametrize(
    ("path", "value", "problem"),
    [
        ("entries.0.minutes_worked", float("nan"),
         ("entries.0.minutes_worked", "nan", "Input should be a valid integer")),
        ("entries.0.minutes_billable", -1,
         ("entries.0.minutes_billable", "-1", "Input should be greater than or equal to 0")),
        ("entries.0.minutes_worked", 25 * 60,
         ("entries.0.minutes_worked", "1500", "Input should be less than or equal to 1440")),
        ("entries.0.minutes_billable", 540,
         ("entries.0.minutes_billable", "540",
          "exceeds minutes_worked 480 by an hour or more; no billing increment rounds up that far"
          )),
        ("entries.0.minutes_worked", 480.5,
         ("entries.0.minutes_worked", "480.5", "Input should be a valid integer")),
        ("entries.0.minutes_worked", "480",
         ("entries.0.minutes_worked", "'480'", "Input should be a valid integer")),
        ("approvals.1.step", "boss",
         ("approvals.1.step", "'boss'",
          "Input should be 'submit', 'manager', 'finance' or 'client'")),
        ("kind", "expense",
         ("kind", "'expense'",
          "is not a known kind; use timesheet or milestone or expense_report")),
        ("kind", GONE,
         ("kind", "(missing)", "is required; use timesheet or milestone or expense_report")),
        ("currency", "EUX",
         ("currency", "'EUX'",
          "is not a known ISO 4217 currency code; use three capitals such as EUR")),
        ("zone", GONE, ("zone", "(missing)", "is required; add it")),
        ("zone", "CEST",
         ("zone", "'CEST'", "is not an IANA time zone; use a name such as Europe/Vienna")),
        ("submitted_at", "2026-03-06T17:00:00",
         ("submitted_at", "'2026-03-06T17:00:00'",
          "has no time zone; write an offset, for example 2026-03-02T09:00:00Z")),
        ("submitted_at", "1887-03-06T17:00:00Z",
         ("submitted_at", "'1887-03-06T17:00:00Z'", "lies outside 1990-01-01 to 2100-01-01")),
        ("entries.1.id", "TS-1-1", ("entries.1.id", "'TS-1-1'", "stands twice; ids are unique")),
        ("entries.1.narrative", "x" * 4_001,
         ("entries.1.narrative", "'" + "x" * 79 + "...",
          "String should have at most 4000 characters")),
        ("entries.1.narrative", "pay\u202eme",
         ("entries.1.narrative", "'pay\\u202eme'",
          "contains the hidden character U+202E; remove it")),
        ("entries.1.work_date", "2026-03-09",
         ("entries.1.work_date", "'2026-03-09'",
          "lies outside the period 2026-03-02 to 2026-03-06")),
        ("entries", [], ("entries", "(list of 0)",
                         "Tuple should have at least 1 item after validation, not 0")),
        ("period_end", "2026-03-01",
         ("period_end", "'2026-03-01'", "lies before period_start 2026-03-02")),
        ("period_end", "2027-03-04",
         ("period_end", "'2027-03-04'",
          "lies more than 366 days after period_start 2026-03-02; split the item")),
        ("external_id", "x" * 150,
         ("external_id", "'" + "x" * 79 + "...", "String should have at most 149 characters")),
        ("bonus", 5, ("bonus", "5", "is not a known field; remove it")),
    ],
)  # fmt: skip
def test_malformed_timesheet_is_refused_with_field_value_and_reason(path, value, problem):
    assert _problems(_changed(SHEET, path, value)) == [problem]


@pytest.mark.parametrize(
    ("path", "value", "field"),
    [
        ("amount_minor", float("inf"), "amount_minor"),
        ("amount_minor", -1, "amount_minor"),
        ("amount_minor", 10**400, "amount_minor"),
        ("acceptance.0.kind", "perhaps", "acceptance.0.kind"),
        ("is_ready_to_bill", "yes", "is_ready_to_bill"),
        ("name", "", "name"),
    ],
)
def test_malformed_milestone_is_refused_with_its_field(path, value, field):
    assert [one[0] for one in _problems(_changed(MILESTONE, path, value))] == [field]


@pytest.mark.parametrize("row", [None, 5, "timesheet", [], [SHEET], {}, {"kind": ["timesheet"]}])
def test_row_that_is_no_item_at_all_is_refused(row):
    assert len(_problems(row)) == 1


def test_broken_entry_is_not_blamed_on_the_list_that_holds_it():
    alone = _changed(SHEET, "entries", SHEET["entries"][:1])
    fields = [one[0] for one in _problems(_changed(alone, "entries.0.minutes_worked", -1))]
    assert fields == ["entries.0.minutes_worked"]


def test_all_problems_of_a_row_are_told_at_once():
    row = _changed(_changed(SHEET, "zone", GONE), "entries.3.minutes_worked", -5)
    assert [one[0] for one in _problems(row)] == ["zone", "entries.3.minutes_worked"]


def test_day_of_more_than_twenty_four_hours_names_the_entry_that_overflows():
    row = _changed(SHEET, "entries.1.work_date", "2026-03-02")
    row = _changed(row, "entries.1.minutes_worked", 961)
    assert _problems(row) == [
        ("entries.1.minutes_worked", "961", "makes 1441 minutes on 2026-03-02; a day has 1440")
    ]


def test_sum_beyond_any_bill_is_a_typing_error():
    row = _changed(SHEET, "entries.0.hourly_rate_minor", 10**13)
    assert [one[0] for one in _problems(row)] == ["entries"]


def test_text_that_is_not_unicode_is_refused():
    reasons = [one[2] for one in _problems(_changed(SHEET, "entries.0.narrative", "\ud800"))]
    assert reasons == ["is not readable as JSON; look for broken characters or a missing end"]


def test_repeated_external_id_rejects_the_later_row():
    batch = parse_items([SHEET, MILESTONE, SHEET])
    assert [row for row, _ in batch.accepted] == [0, 1]
    assert batch.rejected[0].row == 2
    assert batch.rejected[0].external_id == "TS-1"
    assert batch.rejected[0].problems[0].field == "external_id"


def test_clause_of_an_unknown_kind_is_named_by_its_place():
    raw = json.loads(contract().model_dump_json())
    raw["clauses"][2]["terms"]["kind"] = "penalty"
    batch = parse_rows([raw], adapter=TypeAdapter(Contract))
    problem = batch.rejected[0].problems[0]
    assert (problem.field, problem.value) == ("clauses.2.terms.kind", "'penalty'")
    assert problem.reason.startswith("is not a known kind; use period_of_performance or ")


def test_clause_without_a_kind_is_named_by_its_place():
    raw = json.loads(contract().model_dump_json())
    del raw["clauses"][2]["terms"]["kind"]
    batch = parse_rows([raw], adapter=TypeAdapter(Contract))
    assert batch.rejected[0].problems == (
        FieldProblem(
            field="clauses.2.terms.kind",
            value="(missing)",
            reason="is required; use one of the documented kinds",
        ),
    )


def test_long_external_id_comes_back_whole_so_that_the_row_can_be_found():
    row = _changed(_changed(SHEET, "external_id", "x" * 120), "zone", GONE)
    assert parse_items([row]).rejected[0].external_id == "x" * 120


def test_hidden_characters_in_names_the_caller_chose_are_spelled_out():
    row = _changed(_changed(SHEET, "external_id", "a\x1fb"), "zo\u202ene", 5)
    rejection = parse_items([row]).rejected[0]
    assert rejection.external_id == "a\\x1fb"
    assert "zo\\u202ene" in {problem.field for problem in rejection.problems}
