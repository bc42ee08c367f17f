"""Who recorded nothing, over HTTP: no item can tell of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.clauses import BillingCutOff
from tests.builders.api import running_api
from tests.builders.contracts import clauses, contract, manager, person, reference
from tests.builders.items import MONDAY, timesheet

SUNDAY = MONDAY + timedelta(days=6)
PATH = f"/v1/missing-time?start={MONDAY}&end={SUNDAY}"


@pytest.fixture(scope="module")
def firm_api(tmp_path_factory):
    """An API that knows Ada, assigned all year under a billing cut-off, in Austria."""
    under = reference(
        contract(clauses=clauses(BillingCutOff())),
        people=[person(country="AT"), manager()],
    )
    with running_api(tmp_path_factory.mktemp("missing"), reference=under) as running:
        yield running


def test_a_person_without_any_time_is_named_with_the_money(firm_api):
    (found,) = firm_api.call("read-key", "GET", PATH).json()["people"]
    assert (found["person_id"], found["contract_id"]) == ("ada", "C-1")
    # Five days of 8 h by the shipped Austrian calendar; 40 h x 0.698 = 1,675 min at 120.00.
    assert (found["missing_minutes"], found["exposure_minor"]) == (2_400, -3_350_00)


def test_whoever_hands_in_a_sheet_is_named_no_longer(firm_api):
    next_week = (
        f"/v1/missing-time?start={SUNDAY + timedelta(days=1)}&end={SUNDAY + timedelta(days=7)}"
    )
    assert len(firm_api.call("read-key", "GET", next_week).json()["people"]) == 1
    firm_api.assess(timesheet())
    assert firm_api.call("read-key", "GET", PATH).json()["people"] == []


@pytest.mark.parametrize(
    ("query", "why"),
    [
        (f"start={SUNDAY}&end={MONDAY}", "lies before start"),
        (f"start={MONDAY}&end=2099-01-01", "more than a year"),
        ("start=2098-12-25&end=2099-01-01", "is not over"),
    ],
)
def test_a_period_that_cannot_be_asked_for_is_refused_with_the_reason(firm_api, query, why):
    answer = firm_api.call("read-key", "GET", f"/v1/missing-time?{query}")
    assert answer.status_code == 422
    assert why in answer.json()["detail"]
