"""What holds of the rules on expenses and milestones' money whatever comes in, and in what cuts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import (
    BillingSchedule,
    ExpenseSubstantiation,
    ExpenseTerms,
    LiquidatedDamages,
    Materials,
    PerDiem,
    PlannedMilestone,
    ProgressBilling,
    TravelPolicy,
)
from data.schemas.people import Progress
from tests.builders.checking import findings
from tests.builders.contracts import SIGNED, clauses, contract, project, reference
from tests.builders.expenses import RECEIPT, expense, expense_report, preapproval, trip
from tests.builders.items import MONDAY, at, milestone
from tests.builders.part_by_part import findings_part_by_part

DECIDED_AT = datetime(2026, 6, 1, tzinfo=UTC)
CAP_MINOR = 900_00
STRICT = clauses(
    ExpenseSubstantiation(receipt_threshold_minor=75_00),
    TravelPolicy(rates=(PerDiem(place="graz", daily_minor=50_00, valid_from=SIGNED),)),
    ExpenseTerms(excluded_categories=("alcohol",), preapproval_above_minor=200_00),
    Materials(markup=0.1, cap_minor=CAP_MINOR),
    BillingSchedule(milestones=(PlannedMilestone(milestone_id="MS-1", amount_minor=20_000_00),)),
    LiquidatedDamages(daily_minor=10_00, cap_minor=500_00),
    ProgressBilling(),
)
WORLD = reference(
    contract(clauses=STRICT),
    contract(id="C-2", clauses=STRICT),
    projects=(project(progress=(Progress(as_of=SIGNED, earned=0.3),)),),
    trips=(trip(),),
    preapprovals=(preapproval(),),
)
FIXED_SEED = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
moments = st.integers(5, 9).map(lambda day: at(MONDAY + timedelta(days=day)))
contracts = st.sampled_from(["C-1", "C-2"])


@st.composite
def reports(draw, *, name: str):
    """A report of a few expenses out of few possible ones, so that they meet and repeat."""
    rows = tuple(
        expense(
            id=f"{name}-{place}",
            incurred_on=MONDAY + timedelta(days=draw(st.integers(-1, 4))),
            category=draw(st.sampled_from(["train", "per_diem", "alcohol"])),
            merchant=draw(st.sampled_from(["OEBB", "oebb.", "Taxi"])),
            cost_minor=draw(st.sampled_from([40_00, 80_00, 250_00])),
            billable_minor=draw(st.sampled_from([0, 40_00, 88_00, 275_01])),
            amount_minor=draw(st.sampled_from([40_00, 80_00])),
            receipt_sha256=draw(st.sampled_from([None, RECEIPT])),
            trip_id=draw(st.sampled_from([None, "TR-1"])),
            preapproval_id=draw(st.sampled_from([None, "PA-1"])),
        )
        for place in range(draw(st.integers(1, 3)))
    )
    return expense_report(
        *rows,
        external_id=name,
        person_id=draw(st.sampled_from(["ada", "bob"])),
        contract_id=draw(contracts),
        submitted_at=draw(moments),
    )


@st.composite
def arrivals(draw):
    """Reports and milestones in the order they are handed in."""
    items = [draw(reports(name=f"EX-{n}")) for n in range(draw(st.integers(1, 5)))]
    items += [
        milestone(
            external_id=f"MS-{number}",
            contract_id=draw(contracts),
            amount_minor=draw(st.sampled_from([15_000_00, 20_000_00])),
            submitted_at=draw(moments),
            is_ready_to_bill=draw(st.booleans()),
        )
        for number in range(draw(st.integers(0, 3)))
    ]
    return sorted(items, key=lambda one: (one.submitted_at, one.item_id))


@FIXED_SEED
@given(arrivals(), st.randoms(use_true_random=False))
def test_cutting_a_stream_of_expenses_and_milestones_never_changes_findings(arriving, random):
    cuts = sorted(random.choices(range(len(arriving) + 1), k=random.randrange(4)))
    parts = [arriving[low:high] for low, high in pairwise([0, *cuts, len(arriving)])]
    at_once = findings(*arriving, under=WORLD, decided_at=DECIDED_AT)
    assert findings_part_by_part(parts, under=WORLD, decided_at=DECIDED_AT) == at_once


@FIXED_SEED
@given(arrivals(), st.randoms(use_true_random=False))
def test_order_in_a_batch_never_changes_findings(arriving, random):
    shuffled = random.sample(arriving, len(arriving))
    assert findings(*arriving, under=WORLD, decided_at=DECIDED_AT) == findings(
        *shuffled, under=WORLD, decided_at=DECIDED_AT
    )


@FIXED_SEED
@given(arrivals())
def test_no_expense_is_at_risk_for_more_than_it_bills(arriving):
    found = findings(*arriving, under=WORLD, decided_at=DECIDED_AT)
    for item in arriving:
        billed = {one.id: one.billable_minor for one in getattr(item, "expenses", ())}
        for finding in found[item.item_id]:
            for row in finding.evidence:
                if row.row_id in billed and finding.code is not ExceptionCode.APPROVAL_VIOLATION:
                    assert 0 < row.exposure_minor <= billed[row.row_id]
