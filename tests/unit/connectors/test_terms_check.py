"""What `terms check` says beside the broken files: warnings, and what is no mistake."""

from __future__ import annotations

import json

import pytest

from service.connectors.terms_check import check_terms

CLAUSE = {"text": "Agreed.", "valid_from": "2026-01-10", "confirmed_by": "lena"}


def contract(**overrides):
    given = {
        "id": "build",
        "client_id": "acme",
        "name": "Build",
        "type": "fixed",
        "currency": "EUR",
        "signed_on": "2026-01-10",
        "recorded_at": "2026-01-10T09:00:00Z",
        "lines": [{"id": "main", "project_id": "build", "name": "Build", "value_minor": 1000}],
    }
    return given | overrides


@pytest.fixture
def checked(tmp_path):
    def write(*contracts, indent=2):
        path = tmp_path / "terms.json"
        clients = [{"id": "acme", "name": "Acme", "country": "AT", "currency": "EUR"}]
        body = {"clients": clients, "terms": list(contracts)}
        path.write_text(json.dumps(body, indent=indent, ensure_ascii=False), encoding="utf-8")
        return check_terms(path)

    return write


def told(found):
    return [(one.field, one.reason) for one in (*found.mistakes, *found.warnings)]


def rate(**overrides):
    given = {
        "line_id": "main",
        "labor_category": "engineer",
        "hourly_rate_minor": 12000,
        "valid_from": "2026-01-10",
    }
    return given | overrides


def clause(name, terms, **overrides):
    return CLAUSE | {"id": name, "terms": terms} | overrides


def test_json_indented_with_tabs_is_read(checked):
    found = checked(contract(name="Bau „Süd“ 🏗"), indent="\t")
    assert told(found) == []
    assert found.terms.terms[0].name == "Bau „Süd“ 🏗"


def test_json_with_escaped_letters_is_read(tmp_path):
    path = tmp_path / "terms.json"
    client = {"id": "acme", "name": "Süd/🏗", "country": "AT", "currency": "EUR"}
    text = json.dumps({"clients": [client], "terms": [contract()]}).replace("/", "\\/")
    path.write_text(text)
    assert "\\ud83c" in text
    assert check_terms(path).terms.clients[0].name == "Süd/🏗"


def test_a_clause_nobody_confirmed_is_a_warning(checked):
    found = checked(contract(clauses=[clause("once", {"kind": "double_billing"},
                                             confirmed_by=None)]))  # fmt: skip
    assert found.terms is not None
    assert [one.field for one in found.warnings] == ["terms.0.clauses.0.confirmed_by"]


@pytest.mark.parametrize(
    ("clauses", "rates", "reason"),
    [
        ([], [rate()], "without a rate_schedule clause"),
        ([clause("rates", {"kind": "rate_schedule"})], [], "has no row in rate_card"),
        ([clause("rates", {"kind": "rate_schedule"})], [rate()], None),
        ([clause("rates", {"kind": "rate_schedule"}, line_id="main")], [rate()], None),
    ],
)
def test_an_hourly_line_without_rates_is_a_warning(checked, clauses, rates, reason):
    found = checked(contract(type="time_and_materials", clauses=clauses, rate_card=rates))
    assert found.mistakes == ()
    assert [one.field for one in found.warnings] == (["terms.0.lines.0.id"] if reason else [])
    assert all(reason in one.reason for one in found.warnings)


def test_milestones_that_do_not_add_up_are_a_warning(checked):
    planned = {"kind": "billing_schedule", "milestones": [
        {"milestone_id": "M1", "amount_minor": 400}, {"milestone_id": "M2", "amount_minor": 500},
    ]}  # fmt: skip
    found = checked(contract(clauses=[clause("plan", planned, line_id="main")]))
    # 4.00 + 5.00 of 10.00
    assert [(one.value, one.field) for one in found.warnings] == [
        ("900", "terms.0.clauses.0.terms.milestones")
    ]


def test_a_span_that_ends_before_it_begins_is_a_mistake(checked):
    found = checked(
        contract(
            clauses=[clause("once", {"kind": "double_billing"}, valid_to="2026-01-09")],
            rate_card=[rate(valid_to="2026-01-01")],
        )
    )
    assert [one.field for one in found.mistakes] == [
        "terms.0.clauses.0.valid_to",
        "terms.0.rate_card.0.valid_to",
    ]


def test_what_stands_side_by_side_is_no_overlap(checked):
    day = {"kind": "working_time", "max_daily_minutes": 600}
    found = checked(
        contract(
            clauses=[
                clause("day", day, valid_to="2026-05-31"),
                clause("later", day, valid_from="2026-06-01"),
                clause("line", day, line_id="main"),
                clause("one", {"kind": "not_to_exceed", "limit_minor": 5, "client_id": "a"}),
                clause("two", {"kind": "not_to_exceed", "limit_minor": 5, "client_id": "b"}),
                clause("hours-a", {"kind": "labor_category_hours", "labor_category": "a",
                                   "cap_minutes": 5}),
                clause("hours-b", {"kind": "labor_category_hours", "labor_category": "b",
                                   "cap_minutes": 5}),
            ],
            rate_card=[rate(), rate(location="Graz"), rate(labor_category="architect")],
        )
    )  # fmt: skip
    assert told(found) == []


def test_a_ceiling_is_lowered_by_the_orders_of_its_own_line_alone(checked):
    lines = [
        {"id": "main", "project_id": "build", "name": "Build"},
        {"id": "other", "project_id": "test", "name": "Test"},
    ]
    ceiling = clause("cap", {"kind": "not_to_exceed", "limit_minor": 1000}, line_id="main")
    order = {"id": "o1", "number": "1", "status": "executed", "effective_on": "2026-02-01",
             "line_id": "other", "delta_value_minor": -2000}  # fmt: skip
    assert told(checked(contract(lines=lines, clauses=[ceiling], change_orders=[order]))) == []
    own = order | {"line_id": "main"}
    found = checked(contract(lines=lines, clauses=[ceiling], change_orders=[own]))
    assert [one.field for one in found.mistakes] == ["terms.0.change_orders.0.delta_value_minor"]
    draft = own | {"status": "draft"}
    assert told(checked(contract(lines=lines, clauses=[ceiling], change_orders=[draft]))) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "Input should be an object; write fields and their values"),
        ("- a\n", "Input should be an object"),
        ("[" * 3_000, "is nested too deeply"),
        ("&x [*x]", "is nested too deeply"),
        ("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
         + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)),
         "holds more than 500000 values"),
        ("? {a: 1}\n: 2\n", "is no YAML at line 1, column 3"),
    ],
    ids=["empty", "a list", "deep", "round", "billion", "odd key"],
)  # fmt: skip
def test_a_file_that_no_person_writes_is_told_and_ends_soon(tmp_path, text, reason):
    path = tmp_path / "terms.yaml"
    path.write_text(text)
    assert reason in check_terms(path).mistakes[0].reason


def test_every_contract_is_read_though_another_is_broken(checked):
    broken = contract(id="first", type="barter")
    late = contract(id="second", clauses=[clause("x", {"kind": "double_billing"},
                                                 valid_to="2026-01-01")])  # fmt: skip
    assert [one.field for one in checked(broken, late).mistakes] == [
        "terms.0.type",
        "terms.1.clauses.0.valid_to",
    ]


def test_of_many_known_words_the_place_of_the_list_is_told(checked):
    found = checked(contract(clauses=[clause("day", {"kind": "working_hours"})]))
    ((_, reason),) = told(found)
    assert "did you mean 'working_time'?" in reason
    assert reason.endswith("or write one of the 32 that `countersign terms schema` lists")
