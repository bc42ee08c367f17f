"""A case times out at its moment and not before: over nights, weekends and the change of clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from data.schemas.review_policy import ReviewPolicy, TimeoutRule, WorkingHours
from data.schemas.vocabulary import CaseStatus, TimeoutAction
from service.usecases.upkeep.sweep_cases import sweep_cases
from tests.builders.items import timesheet
from tests.builders.policies import publish

VIENNA = WorkingHours(zone="Europe/Vienna", start_hour=8, end_hour=18)
SURE = {"violation_probability": 0.02}
BEFORE, AFTER = timedelta(microseconds=-1), timedelta(microseconds=1)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def policy(action: TimeoutAction, **more) -> ReviewPolicy:
    return ReviewPolicy(
        timeouts=(TimeoutRule(respond_hours=4, on_timeout=action),), working_hours=VIENNA, **more
    )


def swept(place, moment: datetime) -> int:
    """Sweep at a moment; gives how many cases timed out."""
    place.clock.forward(seconds=(moment - place.clock.now()).total_seconds())
    return place.run(lambda uow: sweep_cases(context=place.context(uow))).timed_out


def opened(place, moment: datetime, ruled: ReviewPolicy):
    place.clock.forward(seconds=(moment - place.clock.now()).total_seconds())
    publish(place, ruled)
    return place.open_case(timesheet(), **SURE)


# Vienna is an hour ahead of UTC until Sunday 29 March 2026, then two.
MOMENTS = [
    ("2026-03-10T09:00", "2026-03-10T13:00"),  # within one Tuesday
    ("2026-03-10T15:00", "2026-03-11T09:00"),  # two hours to 18:00, two from 8:00 on
    ("2026-03-13T15:00", "2026-03-16T09:00"),  # from Friday over the weekend
    ("2026-03-14T12:00", "2026-03-16T11:00"),  # from Saturday: Monday 8:00 and four hours
    ("2026-03-27T15:00", "2026-03-30T08:00"),  # clocks went forward: Monday 8:00 is 6:00 UTC
]


@pytest.mark.parametrize(("start", "due"), MOMENTS)
def test_a_sure_model_answers_at_the_moment_the_hours_are_over_and_not_before(
    workplace, start, due
):
    case = opened(workplace, at(start), policy(TimeoutAction.APPLY_MODEL))
    assert case.due_at == at(due)
    assert swept(workplace, at(due) + BEFORE) == 0
    assert workplace.case(case.id).status is CaseStatus.OPEN
    assert workplace.postings("test:TS-1") == []
    assert swept(workplace, at(due)) == 1
    assert workplace.case(case.id).status is CaseStatus.DECIDED
    assert len(workplace.postings("test:TS-1")) == 1
    assert swept(workplace, at(due) + AFTER) == 0


@pytest.mark.parametrize(("start", "due"), MOMENTS)
def test_a_case_that_the_sweep_comes_late_to_is_answered_all_the_same(workplace, start, due):
    case = opened(workplace, at(start), policy(TimeoutAction.APPLY_MODEL))
    assert swept(workplace, at(due) + timedelta(days=3)) == 1
    assert workplace.case(case.id).status is CaseStatus.DECIDED


@pytest.mark.parametrize(
    ("start", "escalated", "held"),
    [
        # Three working hours after it was escalated at 14:00 in Vienna.
        ("2026-03-10T09:00", "2026-03-10T13:00", "2026-03-10T16:00"),
        # Escalated on Friday at 17:00 in Vienna: an hour that day, two on Monday.
        ("2026-03-13T12:00", "2026-03-13T16:00", "2026-03-16T09:00"),
        # The same over the weekend on which clocks go forward: Monday begins an hour earlier.
        ("2026-03-27T12:00", "2026-03-27T16:00", "2026-03-30T08:00"),
        # And back again, on 25 October: Friday is two hours ahead of UTC, Monday one.
        ("2026-10-23T11:00", "2026-10-23T15:00", "2026-10-26T09:00"),
    ],
)
def test_an_escalated_case_is_held_after_its_own_working_hours_and_not_before(
    workplace, start, escalated, held
):
    ruled = policy(TimeoutAction.ESCALATE, hold_escalated_after_hours=3)
    case = opened(workplace, at(start), ruled)
    assert swept(workplace, at(escalated) + BEFORE) == 0
    assert swept(workplace, at(escalated)) == 1
    waiting = workplace.case(case.id)
    assert (waiting.status, waiting.due_at) == (CaseStatus.ESCALATED, at(held))
    assert swept(workplace, at(held) + BEFORE) == 0
    assert workplace.case(case.id).status is CaseStatus.ESCALATED
    assert swept(workplace, at(held)) == 1
    assert workplace.case(case.id).status is CaseStatus.HELD
    assert swept(workplace, at(held) + AFTER) == 0


def test_hours_to_hold_run_from_the_sweep_that_escalated_even_in_the_night(workplace):
    ruled = policy(TimeoutAction.ESCALATE, hold_escalated_after_hours=3)
    case = opened(workplace, at("2026-03-10T09:00"), ruled)
    # The sweep came at midnight: three hours from 8:00 in Vienna on Wednesday.
    assert swept(workplace, at("2026-03-10T23:00")) == 1
    assert workplace.case(case.id).due_at == at("2026-03-11T10:00")
