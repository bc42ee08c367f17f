"""T6: the person lacks what the labor category asks for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import LaborQualifications, Qualification
from data.schemas.people import Certificate, Degree
from data.schemas.vocabulary import Severity
from tests.builders.checking import finding_of, rows_of
from tests.builders.contracts import (
    change_order,
    clause,
    clauses,
    contract,
    manager,
    person,
    rate,
    reference,
)
from tests.builders.items import MONDAY, entry, timesheet

T6 = ExceptionCode.LABOR_CATEGORY_UNQUALIFIED
EVE, TUESDAY = MONDAY - timedelta(days=1), MONDAY + timedelta(days=1)


def _asks(**asked) -> Qualification:
    return Qualification(**({"labor_category": "engineer"} | asked))


def _unqualified(*asked, card=(), entries=None, person_id="ada", **has):
    """The finding on one sheet of Ada, who has what is given."""
    terms = contract(
        clauses=clauses(LaborQualifications(categories=asked)), rate_card=(rate(), *card)
    )
    under = reference(terms, people=(person(**has), manager()))
    sheet = timesheet(entries=entries or (entry(),), person_id=person_id)
    return finding_of(T6, sheet, under=under)


@pytest.mark.parametrize(
    ("degree", "is_found"),
    [
        (Degree.NONE, True),
        (Degree.BACHELOR, True),
        (Degree.MASTER, False),
        (Degree.DOCTORATE, False),
    ],
)
def test_degree_is_at_least_the_one_asked_for(degree, is_found):
    found = _unqualified(_asks(min_degree=Degree.MASTER), degree=degree)
    assert rows_of(found) == ({"E-1": 960_00} if is_found else {})


@pytest.mark.parametrize(
    ("since", "day", "is_found"),
    [
        (date(2021, 3, 2), MONDAY, False),  # the fifth anniversary itself
        (date(2021, 3, 3), MONDAY, True),  # one day short
        (date(2021, 2, 28), MONDAY, False),
        (date(2015, 1, 1), MONDAY, False),
        (date(2027, 1, 1), MONDAY, True),  # not begun
        (None, MONDAY, True),  # no years are known
        # 29 February: the fifth year is full on 1 March.
        (date(2020, 2, 29), date(2025, 2, 28), True),
        (date(2020, 2, 29), date(2025, 3, 1), False),
    ],
)
def test_years_are_full_on_their_anniversary(since, day, is_found):
    terms = LaborQualifications(categories=(_asks(min_years=5),))
    own = clause(terms, valid_from=date(2024, 1, 1))
    under = reference(
        contract(clauses=(own,)), people=(person(professional_since=since), manager())
    )
    sheet = timesheet(entries=(entry(work_date=day),))
    assert (finding_of(T6, sheet, under=under) is not None) is is_found


@pytest.mark.parametrize(
    ("certificates", "is_found"),
    [
        ([], True),
        ([Certificate(name="PMP")], False),
        ([Certificate(name="pmp")], False),  # capitals do not matter
        ([Certificate(name="PRINCE2")], True),
        ([Certificate(name="PMP", earned_on=MONDAY)], False),
        ([Certificate(name="PMP", earned_on=TUESDAY)], True),
        ([Certificate(name="PMP", expires_on=MONDAY)], False),
        ([Certificate(name="PMP", expires_on=EVE)], True),
        # Renewed: one of the two holds.
        ([Certificate(name="PMP", expires_on=EVE), Certificate(name="PMP", earned_on=EVE)], False),
    ],
)
def test_certificate_is_held_on_the_work_date(certificates, is_found):
    found = _unqualified(_asks(certificates=("PMP",)), certificates=tuple(certificates))
    assert (found is not None) is is_found


def test_every_certificate_is_needed():
    asked = _asks(certificates=("PMP", "AWS"))
    assert _unqualified(asked, certificates=(Certificate(name="PMP"),)) is not None
    both = (Certificate(name="PMP"), Certificate(name="AWS"))
    assert _unqualified(asked, certificates=both) is None


def test_evidence_shows_what_is_asked_and_what_is_there():
    found = _unqualified(
        _asks(min_degree=Degree.MASTER, min_years=5, certificates=("PMP",)),
        degree=Degree.BACHELOR,
        professional_since=date(2025, 1, 1),
        certificates=(Certificate(name="AWS"), Certificate(name="PMP", expires_on=EVE)),
    )
    row = found.evidence[0]
    assert row.actual == "ada: degree bachelor, 1 year, AWS"
    assert row.expected == "engineer: degree master, 5 years, PMP"
    assert found.severity is Severity.CRITICAL


def test_long_lists_of_certificates_are_cut_short():
    names = tuple(f"{'x' * 190}-{number}" for number in range(40))
    found = _unqualified(_asks(certificates=names))
    assert found.evidence[0].expected.endswith("-4, 35 more certificates")


def test_category_that_is_not_listed_asks_for_nothing():
    assert _unqualified(_asks(labor_category="architect", min_degree=Degree.MASTER)) is None


def test_person_nobody_knows_has_nothing():
    found = _unqualified(_asks(min_degree=Degree.NONE), person_id="eve")
    assert found.evidence[0].actual == "eve is not known"
    assert found.exposure_minor == 960_00


JUNIOR = rate(labor_category="junior", hourly_rate_minor=8_000)
ANALYST = rate(labor_category="analyst", hourly_rate_minor=9_000)
MASTER = _asks(min_degree=Degree.MASTER)


@pytest.mark.parametrize(
    ("card", "asked", "exposure_minor"),
    [
        # 960.00 less 8 h at the best rate that the person may be billed at.
        ([JUNIOR], [], 320_00),
        ([JUNIOR, ANALYST], [], 240_00),
        ([JUNIOR, ANALYST], [_asks(labor_category="analyst", min_years=3)], 320_00),
        ([JUNIOR, ANALYST], [_asks(labor_category="analyst", min_degree=Degree.BACHELOR)], 240_00),
        ([JUNIOR], [_asks(labor_category="junior", min_years=3)], 960_00),  # none is left
        ([], [_asks(labor_category="junior")], 960_00),  # none has a rate
        ([rate(labor_category="junior", valid_from=TUESDAY)], [], 960_00),  # not yet
        ([rate(labor_category="partner", hourly_rate_minor=20_000)], [], 0),  # never below zero
        ([rate(labor_category="junior", location="vienna")], [], 960_00),  # elsewhere
    ],
)
def test_difference_to_the_best_category_met_is_at_risk(card, asked, exposure_minor):
    found = _unqualified(MASTER, *asked, card=card, degree=Degree.BACHELOR)
    assert found.exposure_minor == exposure_minor


def test_best_category_is_priced_at_the_place_of_the_work():
    card = (JUNIOR, rate(labor_category="junior", location="vienna", hourly_rate_minor=10_000))
    found = _unqualified(MASTER, card=card, entries=(entry(location="vienna"),))
    assert found.exposure_minor == 160_00  # 960.00 - 8 h x 100.00


def test_work_that_is_not_billed_needs_no_qualification():
    assert _unqualified(MASTER, entries=(entry(minutes_billable=0),)) is None


def test_requirement_of_a_change_order_holds_from_its_day():
    restated = clause(LaborQualifications(categories=(MASTER,)), id="CL-restated")
    order = change_order(effective_on=TUESDAY, clauses=(restated,))
    under = reference(contract(change_orders=(order,)))
    found = finding_of(T6, timesheet(), under=under)
    assert found.clause_id == "CL-restated"
    assert list(rows_of(found)) == ["TS-1-2", "TS-1-3", "TS-1-4", "TS-1-5"]
