"""When a source is read next, whatever happened to it: never too soon, and never forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from data.schemas.vocabulary import FailureKind
from service.domain.retry_plan import LONGEST_TOLD_WAIT_SECONDS
from service.domain.sync import Sync, SyncTrouble
from service.domain.sync_plan import (
    LEAST_WAIT,
    SHORTEST_PERIOD,
    SyncPlan,
    due_sources,
    wait_after_failure,
)

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
periods = st.timedeltas(min_value=SHORTEST_PERIOD, max_value=timedelta(days=30))
draws = st.floats(0, 1)
asked = st.none() | st.floats(0, 2 * LONGEST_TOLD_WAIT_SECONDS)


@st.composite
def troubles(draw, kinds=tuple(FailureKind)):
    kind = draw(st.sampled_from(kinds))
    return SyncTrouble(kind=kind, told="It is away.", remedy="Wait.",
                       retry_after_seconds=draw(asked))  # fmt: skip


@given(troubles(), st.integers(1, 5_000), periods, draws)
def test_after_a_failure_it_is_tried_never_sooner_than_the_wait_nor_later_than_the_period(
    trouble, failures, period, draw
):
    wait = wait_after_failure(trouble, failures=failures, period=period, draw=draw)
    told = timedelta(seconds=min(trouble.retry_after_seconds or 0, LONGEST_TOLD_WAIT_SECONDS))
    assert wait >= max(told, min(LEAST_WAIT, period))
    assert wait <= max(told, period)


@given(st.integers(1, 200), periods, draws)
def test_each_failure_more_lets_it_wait_no_shorter(failures, period, draw):
    trouble = SyncTrouble(kind=FailureKind.TRANSIENT, told="", remedy="")
    waits = [
        wait_after_failure(trouble, failures=one, period=period, draw=draw)
        for one in (failures, failures + 1)
    ]
    assert waits == sorted(waits)


@given(st.lists(st.booleans() | troubles(), max_size=12), periods, draws)
def test_whatever_happened_a_source_is_read_again_within_its_period(story, period, draw):
    plan, sync, now = SyncPlan(sources=("psa",), every=period), Sync(source="psa"), NOW
    for one in story:
        sync = sync.begun(now=now)
        assert not plan.is_due(sync, "psa", now=now + timedelta(days=400))
        if isinstance(one, SyncTrouble):
            due_at = plan.due_after_failure(sync, one, draw=draw, now=now)
            sync = sync.failed(one, now=now, next_due_at=due_at)
        elif one:
            sync = sync.done({}, now=now, next_due_at=plan.due_after_success("psa", now=now))
            assert not plan.is_due(sync, "psa", now=now + period - timedelta(seconds=1))
        else:
            sync = sync.stopped(now=now)
        longest = max(period, timedelta(seconds=LONGEST_TOLD_WAIT_SECONDS))
        assert plan.is_due(sync, "psa", now=now + longest)
        now += timedelta(hours=1)


@given(periods, periods)
def test_a_period_that_is_made_shorter_holds_at_once(before, after):
    done = Sync(source="psa").begun(now=NOW).done({}, now=NOW, next_due_at=NOW + before)
    plan = SyncPlan(sources=("psa",), every=after)
    assert plan.is_due(done, "psa", now=NOW + min(before, after))


def test_what_was_never_read_is_read_at_once_and_only_if_the_calendar_says_so():
    never = SyncPlan(sources=("psa", "erp"))
    assert due_sources(never, {}, now=NOW) == []
    hourly = SyncPlan(sources=("psa", "erp"), every=timedelta(hours=1))
    assert due_sources(hourly, {}, now=NOW) == ["psa", "erp"]
    asked_for = {"psa": Sync(source="psa", next_due_at=NOW)}
    assert due_sources(never, asked_for, now=NOW) == ["psa"]


def test_what_is_done_without_a_calendar_waits_until_somebody_asks():
    plan = SyncPlan(sources=("psa",))
    done = Sync(source="psa").begun(now=NOW)
    done = done.done({}, now=NOW, next_due_at=plan.due_after_success("psa", now=NOW))
    assert not plan.is_due(done, "psa", now=NOW + timedelta(days=400))
