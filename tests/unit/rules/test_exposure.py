"""What several findings cost together, in exact minor units."""

from __future__ import annotations

import pytest

from data.schemas.assessment import EvidenceRow, Finding
from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.vocabulary import Proof
from models.rules.exposure import marginal_exposures, net_exposure
from tests.builders.expenses import expense, expense_report
from tests.builders.items import entry, milestone, timesheet

E = ExceptionCode
EIGHT_HOURS = timesheet(entries=(entry(hourly_rate_minor=11_000),))
"""880.00: eight hours at 110.00."""


def _finding(code, *exposures, row_id="E-1"):
    rows = tuple(
        EvidenceRow(row_id=row_id, field="any", actual="", expected="", exposure_minor=one)
        for one in exposures
    )
    return Finding(
        code=code,
        severity=CATALOGUE[code].severity,
        proof=Proof.RULE,
        clause_id=None,
        summary="",
        evidence=rows,
        exposure_minor=sum(exposures),
    )


@pytest.mark.parametrize(
    ("findings", "net"),
    [
        # 2 of 8 hours over the cap, 110.00 instead of 100.00: 2 x 110.00 and 6 x 10.00.
        ([_finding(E.LABOR_CATEGORY_HOURS_CAP, 220_00), _finding(E.RATE_MISMATCH, 80_00)],
         (280_00, 0)),
        # The same two hours are over two limits.
        ([_finding(E.LABOR_CATEGORY_HOURS_CAP, 220_00), _finding(E.DAILY_HOURS_EXCEEDED, 110_00)],
         (220_00, 0)),
        # Too dear and of the old version of the card: the price is wrong once.
        ([_finding(E.RATE_MISMATCH, 80_00), _finding(E.RATE_ESCALATION_MISSED, 80_00)],
         (80_00, 0)),
        ([_finding(E.RATE_MISMATCH, -80_00), _finding(E.RATE_ESCALATION_MISSED, -80_00)],
         (0, 80_00)),
        # Nothing of it is due: what it costs does not matter.
        ([_finding(E.RATE_MISMATCH, 80_00), _finding(E.OUTSIDE_PERIOD_OF_PERFORMANCE, 880_00)],
         (880_00, 0)),
        # Under the card, and minutes left out: other money each.
        ([_finding(E.RATE_MISMATCH, -80_00), _finding(E.BILLING_INCREMENT_VIOLATION, -11_00)],
         (0, 91_00)),
        # Late and out of scope: the same money leaks once.
        ([_finding(E.LATE_TIME_SUBMISSION, -880_00), _finding(E.OUT_OF_SCOPE_WORK, -880_00)],
         (0, 880_00)),
        # What is at risk does not leak as well: 880.00 - 220.00.
        ([_finding(E.OUT_OF_SCOPE_WORK, -880_00), _finding(E.NOT_TO_EXCEED_BREACH, 220_00)],
         (220_00, 660_00)),
        # A finding without an amount adds nothing.
        ([_finding(E.NOT_TO_EXCEED_BREACH, 0)], (0, 0)),
        # Rows that are not of the item put nothing at risk.
        ([_finding(E.UNASSIGNED_RESOURCE, 50_00, row_id="gone")], (0, 0)),
    ],
)  # fmt: skip
def test_one_hour_counts_once(findings, net):
    assert net_exposure(findings, EIGHT_HOURS) == net
    assert net_exposure(findings[::-1], EIGHT_HOURS) == net


def test_whole_item_at_risk_outweighs_its_rows():
    item = _finding(E.APPROVAL_VIOLATION, 880_00, 0, row_id=EIGHT_HOURS.item_id)
    price = _finding(E.RATE_MISMATCH, 80_00)
    late = _finding(E.LATE_TIME_SUBMISSION, -2_00)
    assert net_exposure([price, late, item], EIGHT_HOURS) == (880_00, 0)


def test_missing_time_is_beside_the_hours_that_were_handed_in():
    missing = _finding(E.MISSING_TIMESHEET, -500_00, row_id=EIGHT_HOURS.item_id)
    price = _finding(E.RATE_MISMATCH, -80_00)
    assert net_exposure([price, missing], EIGHT_HOURS) == (0, 580_00)


def test_penalty_comes_on_top_of_what_is_billed_too_early():
    done = milestone()
    early = _finding(E.PROGRESS_OVERBILLED, 3_000_00, row_id=done.item_id)
    penalty = _finding(E.MILESTONE_LATE_PENALTY, 5_000_00, row_id=done.item_id)
    assert net_exposure([early, penalty], done) == (8_000_00, 0)
    missing = _finding(E.MILESTONE_ACCEPTANCE_MISSING, 20_000_00, row_id=done.item_id)
    assert net_exposure([early, penalty, missing], done) == (20_000_00, 0)


def test_rows_of_an_expense_report_are_its_expenses():
    report = expense_report(expense(), expense(id="X-2", cost_minor=100_00))
    cap = _finding(E.PER_DIEM_EXCEEDED, 30_00, row_id="X-1")
    markup = _finding(E.EXPENSE_MARKUP_OR_CAP, 20_00, row_id="X-1")
    receipt = _finding(E.RECEIPT_MISSING, 100_00, row_id="X-2")
    # Two excesses of one expense are the larger of them; the other expense is all at risk.
    assert net_exposure([cap, markup, receipt], report) == (130_00, 0)
    again = _finding(E.EXPENSE_DUPLICATE, 999_00, row_id="X-1")
    assert net_exposure([cap, again], report) == (80_00, 0)


def test_marginal_exposure_is_what_a_finding_adds():
    findings = [
        _finding(E.LABOR_CATEGORY_HOURS_CAP, 220_00),
        _finding(E.RATE_MISMATCH, 80_00),
        _finding(E.OUT_OF_SCOPE_WORK, -880_00),
        _finding(E.OUTSIDE_PERIOD_OF_PERFORMANCE, 880_00),
    ]
    # The last takes all that leaked: 880.00 - 280.00.
    assert marginal_exposures(findings, EIGHT_HOURS) == (
        (220_00, 0), (60_00, 0), (0, 600_00), (600_00, -600_00),
    )  # fmt: skip
    assert marginal_exposures([], EIGHT_HOURS) == ()
