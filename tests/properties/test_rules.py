"""What holds of the rules whatever the items are."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from data.schemas.catalogue import CATALOGUE, ExceptionCode
from data.schemas.clauses import LaborCategoryHours, NotToExceed, PeriodOfPerformance
from data.schemas.contracts import ContractLine
from data.schemas.items import Milestone, Timesheet
from data.schemas.vocabulary import ClauseKind
from models.rules.exposure import net_exposure
from tests.builders.checking import findings
from tests.builders.contracts import assignment, clauses, contract, rate, reference
from tests.builders.items import MONDAY, entry, timesheet
from tests.builders.part_by_part import findings_part_by_part
from tests.builders.strategies import (
    DECIDED_AT,
    batches,
    fixed_seed,
    in_order_of_arrival,
    invoices,
    row_amounts_minor,
    worlds,
)
from tests.golden.exceptions_page import EITHER, LEAKS

DEAREST_RATE_MINOR = 12_500
COARSEST_INCREMENT = 15
SCHEDULED_MINOR = 13_500_00
"""What the billing schedule of a strict world leaves of a milestone."""

LINES = tuple(ContractLine(id=one, project_id="P-1", name=one) for one in ("L-1", "L-2"))
TIGHT = contract(
    lines=LINES,
    rate_card=(rate(), rate(line_id="L-2", hourly_rate_minor=DEAREST_RATE_MINOR)),
    clauses=clauses(
        PeriodOfPerformance(start=MONDAY, end=MONDAY + timedelta(days=7)),
        NotToExceed(limit_minor=4_000_00),
        LaborCategoryHours(labor_category="engineer", cap_minutes=1_500),
    ),
)
LIMITED = reference(TIGHT, assignments=[assignment(), assignment(id="A-2", person_id="bob")])
LIMITS = {
    ExceptionCode.NOT_TO_EXCEED_BREACH: 4_000_00,
    # 1,500 minutes at the rate of 2.00 a minute.
    ExceptionCode.LABOR_CATEGORY_HOURS_CAP: 1_500 * 2_00,
}
"""What the default line may use up under TIGHT before each limit is met, in minor units."""
SHARED = {ClauseKind.NOT_TO_EXCEED, ClauseKind.LABOR_CATEGORY_HOURS}


@fixed_seed(60)
@given(worlds(), batches(), invoices(), st.randoms(use_true_random=False))
def test_order_of_items_in_a_batch_never_changes_findings(world, items, bills, random):
    shuffled = random.sample(items, len(items))
    given_world = {"under": world, "invoices": bills, "decided_at": DECIDED_AT}
    assert findings(*items, **given_world) == findings(*shuffled, **given_world)


@fixed_seed(60)
@given(worlds(), batches(), invoices())
def test_exposure_never_exceeds_the_item_nor_its_rows(world, items, bills):
    found = findings(*items, under=world, invoices=bills, decided_at=DECIDED_AT)
    for item in items:
        own = found[item.item_id]
        risk_minor, leak_minor = net_exposure(own, item)
        assert 0 <= risk_minor <= item.amount_minor
        assert 0 <= leak_minor <= _due_minor(item) + _missing_time_minor(own)
        amounts = row_amounts_minor(item)
        for row in (row for finding in own for row in finding.evidence if row.row_id in amounts):
            assert row.exposure_minor <= amounts[row.row_id]


def _due_minor(item) -> int:
    """The most that an item could ask for: dear, rounded up, and as scheduled."""
    if isinstance(item, Milestone):
        return item.amount_minor + SCHEDULED_MINOR
    if not isinstance(item, Timesheet):
        return item.amount_minor
    minutes = [max(one.minutes_billable, one.minutes_worked) for one in item.entries]
    return sum((one + COARSEST_INCREMENT) * DEAREST_RATE_MINOR // 60 + 1 for one in minutes)


def _missing_time_minor(own) -> int:
    missing = ExceptionCode.MISSING_TIMESHEET
    return -sum(one.exposure_minor for one in own if one.code is missing)


@fixed_seed(60)
@given(batches(persons=st.sampled_from(["bob", "eve"])))
def test_clean_item_stays_clean_whatever_other_people_hand_in(items):
    # Ceilings and caps are shared between people, so others may well use them up; not here.
    loose = contract(lines=LINES, clauses=clauses(without=SHARED))
    own = timesheet(external_id="own")
    found = findings(*items, own, under=reference(loose), decided_at=DECIDED_AT)
    assert found[own.item_id] == ()


@fixed_seed(60)
@given(worlds(), batches(size=6), invoices(), st.randoms(use_true_random=False))
def test_cutting_a_stream_of_arrivals_anywhere_never_changes_findings(world, items, bills, random):
    arriving = in_order_of_arrival(items)
    cuts = sorted(random.choices(range(len(arriving) + 1), k=random.randrange(4)))
    parts = [arriving[low:high] for low, high in pairwise([0, *cuts, len(arriving)])]
    given_world = {"under": world, "invoices": bills, "decided_at": DECIDED_AT}
    assert findings_part_by_part(parts, **given_world) == findings(*arriving, **given_world)


@fixed_seed(40)
@given(worlds(), batches(size=6), invoices())
def test_one_by_one_gives_what_the_batch_gives(world, items, bills):
    arriving = in_order_of_arrival(items)
    given_world = {"under": world, "invoices": bills, "decided_at": DECIDED_AT}
    one_by_one = findings_part_by_part([[item] for item in arriving], **given_world)
    assert one_by_one == findings(*arriving, **given_world)


@fixed_seed(60)
@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_every_unit_above_a_fixed_limit_is_flagged_once_whatever_order_work_arrives_in(
    work_days, random
):
    sheets = [_eight_hours(place, day=day) for place, day in enumerate(work_days)]
    arriving = random.sample(sheets, len(sheets))
    cuts = sorted(random.choices(range(len(sheets) + 1), k=random.randrange(4)))
    parts = [arriving[low:high] for low, high in pairwise([0, *cuts, len(sheets)])]
    flagged = dict.fromkeys(LIMITS, 0)
    for found in findings_part_by_part(parts, under=LIMITED, decided_at=DECIDED_AT).values():
        for one in found:
            if one.code in LIMITS:
                flagged[one.code] += one.exposure_minor
    # 480 minutes at 2.00 each are 960.00 a sheet.
    used_minor = len(sheets) * 960_00
    assert flagged == {code: max(0, used_minor - limit) for code, limit in LIMITS.items()}


def _eight_hours(place, *, day):
    own = entry(id=f"E-{place}", work_date=MONDAY + timedelta(days=day))
    return timesheet(external_id=f"TS-{place}", entries=(own,))


def test_every_code_that_a_rule_decides_is_found_by_these_strategies_with_its_sign():
    told: dict[ExceptionCode, set[bool]] = {}

    @fixed_seed(120)
    @given(worlds(), batches(), invoices())
    def look(world, items, bills):
        found = findings(*items, under=world, invoices=bills, decided_at=DECIDED_AT)
        for one in (one for own in found.values() for one in own):
            signs = told.setdefault(one.code, set())
            signs |= {row.exposure_minor > 0 for row in one.evidence if row.exposure_minor}

    look()
    # What only a model scores rests on months of learned work: tests/unit/likely shows it.
    assert told.keys() == {code for code, kind in CATALOGUE.items() if kind.is_rule_decidable}
    for code, signs in told.items():
        allowed = {True, False} if code in EITHER else {code not in LEAKS}
        assert signs <= allowed, code
