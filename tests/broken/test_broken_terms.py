"""Ten broken terms files: each mistake is told with its place, its reason and its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.connectors.terms_check import check_terms

FOLDER = Path(__file__).parent / "terms"

# file -> line, column, field, part of the reason, part of the remedy
EXPECTED = {
    "overlapping_clauses.yaml": [
        (22, 9, "terms.0.clauses.1.valid_from", "together with 'first-day'",
         "end that one with valid_to: 2026-05-31"),
    ],
    "unknown_names.yaml": [
        (5, 5, "terms.0.client_id", "is no client of this file", "did you mean 'acme'?"),
        (15, 9, "terms.0.clauses.0.line_id", "is no line of this contract", "did you mean 'main'?"),
        (16, 17, "terms.0.clauses.0.terms.kind", "is not a known word",
         "did you mean 'working_time'?"),
        (19, 9, "terms.0.clauses.0.confirmd_by", "not permitted", "did you mean 'confirmed_by'?"),
    ],
    "wrong_values.yaml": [
        (2, 28, "clients.0.country", "no", "use two capitals such as DE"),
        (2, 46, "clients.0.currency", "ISO 4217", "use three capitals such as EUR"),
        (7, 5, "terms.0.type", "is not a known word", "did you mean 'time_and_materials'?"),
        (9, 5, "terms.0.signed_on", "valid date", "write it as 2026-03-02"),
        (10, 5, "terms.0.recorded_at", "has no time zone", "write an offset"),
        (15, 9, "terms.0.lines.0.value_minor", "valid integer", "180.00 is 18000"),
        (18, 9, "terms.0.clauses.0.terms", "end 2026-01-01 lies before start 2026-12-31",
         "correct the value"),
    ],
    "repeated_ids.yaml": [
        (3, 6, "clients.1.id", "is the id of clients.0 too", "rename one"),
        (14, 10, "terms.0.lines.1.id", "is the id of terms.0.lines.0 too", "rename one"),
        (21, 9, "terms.0.clauses.1.id", "is the id of terms.0.clauses.0 too", "rename one"),
    ],
    "rate_card_gap.yaml": [
        (23, 10, "terms.0.rate_card.1.valid_from", "without a rate from 2026-06-01 to 2026-06-30",
         "begin on 2026-06-01"),
        (25, 10, "terms.0.rate_card.2.valid_from", "still holds",
         "end that one with valid_to: 2026-11-30"),
    ],
    "change_orders.yaml": [
        # 10,000.00 - 15,000.00 = -5,000.00
        (24, 9, "terms.0.change_orders.0.delta_value_minor", "down to -500000", "check the sign"),
        (25, 9, "terms.0.change_orders.0.new_period_end", "no clause states",
         "add a period_of_performance"),
        (27, 9, "terms.0.change_orders.1.number", "the number of change_orders.0 too",
         "give each order its own"),
        (29, 9, "terms.0.change_orders.1.effective_on", "before the contract was signed",
         "correct one"),
        (32, 21, "terms.0.change_orders.1.clauses.0.terms.kind", "no clause of this contract",
         "add the clause it replaces"),
    ],
    "broken_indent.yaml": [(4, 4, "(file)", "is no YAML at line 4, column 4", "correct the line")],
    "key_given_twice.yaml": [(6, 5, "clients.0.country", "given twice, first on line 4",
                              "keep one")],
    "missing_comma.json": [(3, 50, "(file)", "is no JSON at line 3, column 50: Expecting ','",
                            "correct the line")],
    "missing_fields.json": [
        (4, 5, "terms.0.signed_on", "Field required", "add it"),
        (11, 7, "terms.0.lines", "at least 1 item", "add one"),
        (15, 11, "terms.0.clauses.0.terms.limit_minor", "Field required", "add it"),
        (15, 46, "terms.0.clauses.0.terms.limit", "not permitted", "did you mean 'limit_minor'?"),
        (18, 11, "terms.0.clauses.0.valid_to", "valid date", "write it as 2026-03-02"),
    ],
}  # fmt: skip


def test_every_broken_file_is_expected_to_be_broken_in_its_own_way():
    assert {path.name for path in FOLDER.iterdir()} == set(EXPECTED)
    assert len(EXPECTED) == 10


@pytest.mark.parametrize("name", EXPECTED)
def test_every_mistake_is_told_with_its_place_its_reason_and_its_remedy(name):
    found = check_terms(FOLDER / name)
    told = [(one.line, one.column, one.field) for one in found.mistakes]
    assert told == [place[:3] for place in EXPECTED[name]]
    for one, (*_, reason, remedy) in zip(found.mistakes, EXPECTED[name], strict=True):
        assert reason in one.reason
        assert remedy in one.reason
    assert found.terms is None
