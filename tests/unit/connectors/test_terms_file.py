"""A terms file is read whole, or every mistake in it is told with its line and its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.connectors.terms_file import read_terms
from service.connectors.yaml_file import FileMistakesError

SAMPLE = Path(__file__).parents[3] / "data" / "samples" / "tryton_terms.yaml"


@pytest.fixture
def changed(tmp_path):
    def write(old, new):
        text = SAMPLE.read_text()
        assert old in text
        path = tmp_path / "terms.yaml"
        path.write_text(text.replace(old, new, 1))
        return path

    return write


def mistakes(path):
    with pytest.raises(FileMistakesError) as caught:
        read_terms(path)
    return caught.value.problems


def test_the_sample_has_a_line_for_each_tryton_project():
    terms = read_terms(SAMPLE)
    assert [contract.type for contract in terms.terms] == [
        "time_and_materials_ceiling",
        "milestone",
        "retainer",
    ]
    for project in terms.tryton.projects.values():
        assert terms.line(contract_id=project.contract_id, line_id=project.line_id)


@pytest.mark.parametrize(
    ("old", "new", "field", "reason"),
    [
        ("value_minor: 40000000", "value_minor: 400,000.00", "terms.0.lines.0.value_minor",
         "whole number"),
        ("signed_on: 2025-12-10", "signed_on: 10.12.2025", "terms.0.signed_on", "as 2026-03-02"),
        ("zone: America/New_York", "zone: Boston", "tryton.zone", "IANA"),
        ("    currency: USD\n    payment", "    currency: Dollar\n    payment",
         "clients.0.currency", "ISO 4217"),
        ("start: 2026-01-01, end: 2027-06-30", "start: 2028-01-01, end: 2027-06-30",
         "terms.0.clauses.0.terms", "lies before start"),
        ("kind: working_time", "kind: working_hours", "terms.0.clauses.3.terms.kind",
         "did you mean 'working_time'?"),
        ("    type: milestone\n", "", "terms.1.type", "add it"),
        ("default_labor_category", "default_category", "tryton.default_category",
         "did you mean 'default_labor_category'?"),
        ("line_id: acme-rollout-work\n        labor", "line_id: nowhere\n        labor",
         "terms.0", "not a line of this contract"),
        ("line_id: acme-retainer-work\n      manager", "line_id: nowhere\n      manager",
         "tryton.projects.Acme retainer progress.line_id", "name one under terms"),
        ("client_id: bluewater", "client_id: greenwater", "terms.1.client_id", "acme, bluewater"),
        ("    bluewater: Bluewater Bank", "    greenwater: Bluewater Bank",
         "tryton.clients.greenwater", "is no client of this file"),
        ("  zone: America/New_York\n  currency: USD", "  zone: America/New_York\n  currency: EUR",
         "tryton.currency", "same currency"),
        ("terms:\n", "terms: []\nother:\n", "terms", "at least 1 item"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_place_and_its_remedy(changed, old, new, field, reason):
    path = changed(old, new)
    found = mistakes(path)
    told = next(one for one in found if one.field.endswith(f", {field}"))
    assert reason in told.reason
    assert path.name in str(FileMistakesError(path, found))


def test_the_line_of_a_mistake_is_told(changed):
    path = changed("zone: America/New_York", "zone: Boston")
    line = path.read_text().splitlines().index("  zone: Boston") + 1
    assert mistakes(path)[0].field == f"line {line}, tryton.zone"


def test_all_mistakes_are_told_at_once(changed):
    path = changed("zone: America/New_York", "zone: Boston")
    path.write_text(path.read_text().replace("country: US\n  default", "country: usa\n  default"))
    assert len(mistakes(path)) == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("clients: [", "is no YAML at line 1"),
        ("clients: 1\nclients: 2", "is given twice, first on line 1"),
        ("? [a, b]\n: 1", "is no YAML"),
        ("clients: !!python/object:os.system {}", "is no YAML"),
        ("", "object"),
        ("just words", "object"),
    ],
)
def test_what_is_no_terms_file_is_refused(tmp_path, text, reason):
    path = tmp_path / "terms.yaml"
    path.write_text(text)
    assert reason in mistakes(path)[0].reason


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert "check the path" in mistakes(tmp_path / "none.yaml")[0].reason


def test_bytes_that_are_no_utf_8_are_refused(tmp_path):
    path = tmp_path / "terms.yaml"
    path.write_bytes(b"clients: M\xfcller")
    assert "save it as UTF-8" in mistakes(path)[0].reason


def test_words_that_other_readers_take_for_a_boolean_stay_words(changed):
    terms = read_terms(changed("country: US", 'country: "NO"'))
    assert terms.clients[0].country == "NO"
    assert read_terms(changed("country: US", "country: NO")).clients[0].country == "NO"
