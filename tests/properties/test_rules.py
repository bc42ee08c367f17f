"""What holds of the rules whatever the items are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import LaborCategoryHours, NotToExceed, PeriodOfPerformance
from data.schemas.contracts import ContractLine
from data.schemas.items import Timesheet
from data.schemas.vocabulary import AcceptanceKind, ClauseKind
from models.columns import Codes, to_batch
from models.history import History
from models.rules.check import check
from models.rules.exposure import net_exposure
from models.terms import Terms
from tests.builders.checking import findings
from tests.builders.contracts import assignment, clauses, contract, rate, reference
from tests.builders.items import MONDAY, acceptance, at, entry, milestone, timesheet

DECIDED_AT = datetime(2026, 6, 1, tzinfo=UTC)
LINES = tuple(ContractLine(id=one, project_id="P-1", name=one) for one in ("L-1", "L-2"))
TIGHT = contract(
    lines=LINES,
    rate_card=(rate(), rate(line_id="L-2", hourly_rate_minor=12_500)),
    clauses=clauses(
        PeriodOfPerformance(start=MONDAY, end=MONDAY + timedelta(days=7)),
        NotToExceed(limit_minor=4_000_00),
        LaborCategoryHours(labor_category="engineer", cap_minutes=1_500),
    ),
)
WORLD = reference(TIGHT, assignments=[assignment(), assignment(id="A-2", person_id="bob")])
LIMITS = {
    ExceptionCode.NOT_TO_EXCEED_BREACH: 4_000_00,
    # 1,500 minutes at the rate of 2.00 a minute.
    ExceptionCode.LABOR_CATEGORY_HOURS_CAP: 1_500 * 2_00,
}
"""What the default line may use up under TIGHT before each limit is met, in minor units."""
SHARED = {ClauseKind.NOT_TO_EXCEED, ClauseKind.LABOR_CATEGORY_HOURS}
FIXED_SEED = settings(
    max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)

people = st.sampled_from(["ada", "bob", "eve"])
days = st.integers(-1, 9).map(lambda offset: MONDAY + timedelta(days=offset))


@st.composite
def timesheets(draw, *, name: str, entries: int = 4, persons=people):
    """A sheet of a few entries, with now and then something wrong with it."""
    rows = tuple(
        entry(
            id=f"{name}-{place}",
            work_date=draw(days),
            minutes_worked=draw(st.sampled_from([0, 15, 240, 330, 360])),
            hourly_rate_minor=draw(st.sampled_from([12_000, 12_000, 12_500, 1])),
            task_id=draw(st.sampled_from(["T-1", "T-2"])),
            narrative=draw(st.sampled_from(["", "Built it", "Tested it"])),
        )
        for place in range(draw(st.integers(1, entries)))
    )
    submitted_at = at(MONDAY + timedelta(days=draw(st.integers(9, 25))))
    given_approvals = {} if draw(st.booleans()) else {"approvals": ()}
    return timesheet(
        external_id=name,
        person_id=draw(persons),
        line_id=draw(st.sampled_from(["L-1", "L-2"])),
        entries=rows,
        submitted_at=submitted_at,
        zone=draw(st.sampled_from(["Europe/Vienna", "America/New_York"])),
        **given_approvals,
    )


@st.composite
def milestones(draw, *, name: str):
    """A milestone somewhere on its way to acceptance."""
    kinds = draw(st.lists(st.sampled_from(list(AcceptanceKind)), max_size=3))
    return milestone(
        external_id=name,
        acceptance=tuple(
            acceptance(kind, MONDAY + timedelta(days=place)) for place, kind in enumerate(kinds)
        ),
        is_ready_to_bill=draw(st.booleans()),
        evidence_provided=draw(st.sampled_from([(), ("design document", "test report")])),
    )


@st.composite
def batches(draw, *, size: int = 5, **how):
    """Timesheets and a milestone, in any order."""
    items = [draw(timesheets(name=f"TS-{n}", **how)) for n in range(draw(st.integers(1, size)))]
    items += [draw(milestones(name="MS-1"))] if draw(st.booleans()) else []
    return draw(st.permutations(items))


@FIXED_SEED
@given(batches(), st.randoms(use_true_random=False))
def test_order_of_items_in_a_batch_never_changes_findings(items, random):
    shuffled = random.sample(items, len(items))
    assert findings(*items, under=WORLD, decided_at=DECIDED_AT) == findings(
        *shuffled, under=WORLD, decided_at=DECIDED_AT
    )


@FIXED_SEED
@given(batches())
def test_exposure_never_exceeds_the_item(items):
    found = findings(*items, under=WORLD, decided_at=DECIDED_AT)
    for item in items:
        risk_minor, leak_minor = net_exposure(found[item.item_id], item)
        assert 0 <= risk_minor <= item.amount_minor
        assert 0 <= leak_minor <= _due_minor(item)


def _due_minor(item) -> int:
    """What an item asks for, or what its minutes are worth at the dearest rate, if more."""
    if not isinstance(item, Timesheet):
        return item.amount_minor
    at_card = sum(one.minutes_billable * 12_500 // 60 + 1 for one in item.entries)
    return max(item.amount_minor, at_card)


@FIXED_SEED
@given(batches(persons=st.sampled_from(["bob", "eve"])))
def test_clean_item_stays_clean_whatever_other_people_hand_in(items):
    # Ceilings and caps are shared between people, so others may well use them up; not here.
    loose = contract(lines=LINES, clauses=clauses(without=SHARED))
    own = timesheet(external_id="own")
    found = findings(*items, own, under=reference(loose), decided_at=DECIDED_AT)
    assert found[own.item_id] == ()


@FIXED_SEED
@given(batches(size=8), st.randoms(use_true_random=False))
def test_cutting_a_stream_of_arrivals_anywhere_never_changes_findings(items, random):
    arriving = sorted(items, key=lambda one: (one.submitted_at, one.item_id))
    cuts = sorted(random.choices(range(len(arriving) + 1), k=random.randrange(4)))
    parts = [arriving[low:high] for low, high in pairwise([0, *cuts, len(arriving)])]
    at_once = findings(*arriving, under=WORLD, decided_at=DECIDED_AT)
    assert _part_by_part([part for part in parts if part]) == at_once


@FIXED_SEED
@given(batches(size=8))
def test_one_by_one_gives_what_the_batch_gives(items):
    arriving = sorted(items, key=lambda one: (one.submitted_at, one.item_id))
    at_once = findings(*arriving, under=WORLD, decided_at=DECIDED_AT)
    assert _part_by_part([[item] for item in arriving]) == at_once


@FIXED_SEED
@given(st.lists(st.integers(0, 9), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_every_unit_above_a_fixed_limit_is_flagged_once_whatever_order_work_arrives_in(
    work_days, random
):
    sheets = [_eight_hours(place, day=day) for place, day in enumerate(work_days)]
    arriving = random.sample(sheets, len(sheets))
    cuts = sorted(random.choices(range(len(sheets) + 1), k=random.randrange(4)))
    parts = [arriving[low:high] for low, high in pairwise([0, *cuts, len(sheets)])]
    flagged = dict.fromkeys(LIMITS, 0)
    for found in _part_by_part([part for part in parts if part]).values():
        for one in found:
            if one.code in LIMITS:
                flagged[one.code] += one.exposure_minor
    # 480 minutes at 2.00 each are 960.00 a sheet.
    used_minor = len(sheets) * 960_00
    assert flagged == {code: max(0, used_minor - limit) for code, limit in LIMITS.items()}


def _eight_hours(place, *, day):
    own = entry(id=f"E-{place}", work_date=MONDAY + timedelta(days=day))
    return timesheet(external_id=f"TS-{place}", entries=(own,))


def _part_by_part(parts):
    """Assess each part as a batch, then let the next one see it through the history."""
    codes = Codes()
    terms, history = Terms.build(WORLD, codes=codes), History(codes=codes)
    found = {}
    for through, part in enumerate(parts, start=1):
        batch = to_batch(part, codes=codes)
        past = history.past(batch, decided_at=DECIDED_AT)
        said = check(batch, past=past, terms=terms, decided_at=DECIDED_AT)
        found |= {item.item_id: own for item, own in zip(part, said, strict=True)}
        history.add_batch(batch, known_at=DECIDED_AT, through=through)
    return found
