"""The operations page adds up what happened, figure by figure as one would by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.vocabulary import CaseStatus, PostingStatus, ReasonCode, Verdict
from service.domain.wall import OPEN_WALL, Wall
from service.ports.operations import Period
from service.store.operations import SqlOperations
from service.wire.operations import Named
from tests.builders.items import MONDAY, milestone, timesheet, week
from tests.builders.refusals import refuse_posting
from tests.builders.service import Workplace
from tests.fakes.scorer import CLEAR, finding

WEEK_MINOR = 4_800_00
"""A timesheet of five days."""


def view(place: Workplace, *, days: int = 7, wall: Wall = OPEN_WALL, **asked: str):
    now = place.clock.now()
    period = Period(since=now - timedelta(days=days), until=now, **asked)
    return SqlOperations(place.reader).view(period, wall=wall)


def sheet(name: str):
    return timesheet(external_id=name, entries=week(of=name))


def rejected(place: Workplace, item, **said):
    claimed = place.claim(place.open_case(item, **said).id)
    return place.decide(
        claimed, verdict=Verdict.REJECT, reason_codes=(ReasonCode.EVIDENCE_MISSING,)
    )


def test_an_empty_desk_shows_noughts_and_no_shares(workplace):
    seen = view(workplace)

    assert (seen.open.cases, seen.straight_through.items, seen.decided.cases) == (0, 0, 0)
    assert seen.decided.override_share is None
    assert seen.decided.hours_to_decision.p50_hours is None
    assert seen.posted.cycle.p90_hours is None
    # The day of `since`, six days between, and today.
    assert len(seen.days) == 8


def test_straight_through_counts_items_and_money(workplace):
    workplace.scorer.says("test:TS-1", **CLEAR)
    workplace.assess(sheet("TS-1"), sheet("TS-2"), sheet("TS-3"))
    seen = view(workplace).straight_through

    assert (seen.items, seen.cleared) == (3, 1)
    assert seen.assessed_minor == {"EUR": 3 * WEEK_MINOR}
    assert seen.cleared_minor == {"EUR": WEEK_MINOR}


def test_a_corrected_item_counts_once(workplace):
    workplace.assess(sheet("TS-1"))
    workplace.assess(timesheet(external_id="TS-1", entries=week(of="TS-1")[:4]))

    # Four days at 960.00 took the place of five.
    assert view(workplace).straight_through.assessed_minor == {"EUR": 4 * 960_00}


def test_findings_are_counted_with_what_they_put_at_risk_or_leave_unbilled(workplace):
    late = ExceptionCode.LATE_TIME_SUBMISSION
    for name in ("TS-1", "TS-2"):
        workplace.open_case(
            sheet(name), findings=(finding(), finding(code=late, exposure_minor=-40_00))
        )
    first, second = sorted(view(workplace).found, key=lambda one: one.code)

    assert (first.code, first.findings, first.risk_minor, first.leak_minor) == (
        late, 2, {}, {"EUR": 80_00},
    )  # fmt: skip
    assert (second.code, second.findings, second.risk_minor, second.leak_minor) == (
        ExceptionCode.RATE_MISMATCH, 2, {"EUR": 200_00}, {},
    )  # fmt: skip


def test_open_cases_stand_by_kind_age_and_state_and_late_ones_are_told(workplace):
    workplace.open_case(sheet("TS-1"), risk_minor=100_00)
    workplace.clock.forward(days=5)
    workplace.open_case(milestone(external_id="M-1"))
    workplace.claim(workplace.open_case(sheet("TS-2")).id)
    seen = view(workplace).open

    assert seen.cases == 3
    assert {one.id: one.cases for one in seen.by_kind} == {"milestone": 1, "timesheet": 2}
    # Only the first one's response time of working hours has run out after five days.
    assert (seen.late, [(one.id, one.cases) for one in seen.by_age]) == (
        1, [("under a day", 2), ("3 to 7 days", 1)],
    )  # fmt: skip
    assert {one.id: one.cases for one in seen.by_status} == {
        CaseStatus.CLAIMED: 1, CaseStatus.OPEN: 2,
    }  # fmt: skip
    timesheets = next(one for one in seen.by_kind if one.id == "timesheet")
    assert timesheets.amount_minor == {"EUR": 2 * WEEK_MINOR}
    assert timesheets.at_risk_minor == {"EUR": 100_00}


def test_decided_money_falls_into_bill_give_up_and_stop(workplace):
    workplace.decided(sheet("TS-1"))
    rejected(workplace, sheet("TS-2"))
    workplace.decide(
        workplace.claim(workplace.open_case(sheet("TS-3")).id),
        verdict=Verdict.WRITE_OFF,
        reason_codes=(ReasonCode.LATE,),
    )
    (money,) = view(workplace).decided.money

    assert (money.cases, money.asked_minor) == (3, 3 * WEEK_MINOR)
    assert (money.to_bill_minor, money.written_off_minor) == (WEEK_MINOR, WEEK_MINOR)
    assert (money.moved_minor, money.stopped_minor) == (0, WEEK_MINOR)


def test_going_against_the_machine_is_an_override(workplace):
    # Doubt 0.3: approving goes with it, rejecting against it.
    workplace.decided(sheet("TS-1"))
    rejected(workplace, sheet("TS-2"))
    # A rule proved a fault: rejecting goes with it.
    rejected(workplace, sheet("TS-3"), findings=(finding(),))
    workplace.decide(workplace.claim(workplace.open_case(sheet("TS-4"), findings=(finding(),)).id))
    seen = view(workplace).decided

    assert (seen.overrides, seen.override_share) == (2, 0.5)
    assert seen.by_verdict == {"approve": 2, "reject": 2}


def test_an_undone_decision_counts_nowhere(workplace):
    workplace.undo(workplace.decided(sheet("TS-1")))
    seen = view(workplace)

    assert (seen.decided.cases, seen.decided.money) == (0, ())
    assert sum(day.decided for day in seen.days) == 0
    assert seen.open.cases == 1


def test_time_to_decision_is_told_by_the_middle_and_the_ninetieth(workplace):
    cases = [workplace.open_case(sheet(f"TS-{number}")) for number in range(10)]
    for case in cases:
        workplace.clock.forward(hours=1)
        workplace.decide(workplace.claim(case.id))
    seen = view(workplace).decided.hours_to_decision

    # After 1, 2, ... 10 hours: half took at most 5, nine in ten at most 9.
    assert (seen.count, seen.p50_hours, seen.p90_hours) == (10, 5.0, 9.0)


def test_capacity_is_the_work_of_days_on_which_anybody_decided(workplace):
    for name in ("TS-1", "TS-2"):
        case = workplace.open_case(sheet(name), review_minutes=10.0)
        workplace.decide(workplace.claim(case.id))
    workplace.clock.forward(days=2)
    workplace.decide(workplace.claim(workplace.open_case(sheet("TS-3"), review_minutes=4.0).id))

    # 20 minutes on one day, 4 on another.
    assert view(workplace).decided.capacity_minutes == pytest.approx(12.0)


def test_postings_are_told_by_state(workplace):
    workplace.decided(sheet("TS-1"))
    workplace.decided(sheet("TS-2"))
    posting_id = workplace.postings("test:TS-1")[0].id
    refuse_posting(posting_id, why="closed", open_work=workplace.open_work, owner_id=None,
                   now=workplace.clock.now())  # fmt: skip

    assert view(workplace).posted.by_status == {
        PostingStatus.PENDING: 1, PostingStatus.REFUSED: 1,
    }  # fmt: skip


def test_each_day_has_its_own_figures(workplace):
    workplace.scorer.says("test:TS-1", **CLEAR)
    workplace.assess(sheet("TS-1"))
    workplace.clock.forward(days=1)
    workplace.decided(sheet("TS-2"))
    days = {one.day: one for one in view(workplace).days}
    monday = datetime(2026, 3, 9, tzinfo=UTC).date()

    assert (days[monday].assessed, days[monday].cleared, days[monday].decided) == (1, 1, 0)
    tuesday = monday + timedelta(days=1)
    assert (days[tuesday].assessed, days[tuesday].opened, days[tuesday].decided) == (1, 1, 1)
    assert MONDAY not in days


def test_what_lies_before_the_period_is_not_counted_but_stays_open(workplace):
    workplace.open_case(sheet("TS-1"))
    workplace.clock.forward(days=30)
    seen = view(workplace, days=7)

    assert (seen.straight_through.items, seen.found) == (0, ())
    assert seen.open.cases == 1
    assert [one.id for one in seen.open.by_age] == ["over 30 days"]


def test_nothing_behind_a_wall_is_counted_or_offered(workplace):
    workplace.decided(sheet("TS-1"))
    workplace.open_case(sheet("TS-2"), findings=(finding(),))
    seen = view(workplace, wall=Wall(client_ids=frozenset({"somebody-else"})))

    assert (seen.open.cases, seen.straight_through.items, seen.decided.cases) == (0, 0, 0)
    assert (seen.found, seen.clients, seen.business_units) == ((), (), ())
    assert seen.posted.by_status == {}
    assert sum(day.assessed + day.opened + day.decided for day in seen.days) == 0


def test_one_client_can_be_looked_at_alone(workplace):
    workplace.open_case(sheet("TS-1"))
    (client,) = view(workplace).clients

    assert client == Named(id=client.id, name=client.name)
    assert view(workplace, client_id=client.id).open.cases == 1
    assert view(workplace, client_id="somebody-else").open.cases == 0
