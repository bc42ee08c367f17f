"""Waits never undercut what a system asked for, and a system that rests is left alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from data.schemas.vocabulary import CircuitState, FailureKind
from service.domain.circuit import LONGEST_REST, PROBE_TIME, Circuit
from service.domain.failure import Trouble, failed, name_of, reason_of
from service.domain.retry_plan import LONGEST_TOLD_WAIT_SECONDS, RULES, wait_seconds

START = datetime(2026, 3, 9, 9, tzinfo=UTC)
KINDS = st.sampled_from(FailureKind)
DRAWS = st.floats(0, 1)
ASKED = st.none() | st.floats(0, LONGEST_TOLD_WAIT_SECONDS)


@given(KINDS, st.integers(1, 50), ASKED, DRAWS)
def test_a_wait_is_as_long_as_was_asked_for_and_no_longer_than_the_rule(kind, tries, asked, draw):
    wait = wait_seconds(kind, tries=tries, retry_after_seconds=asked, draw=draw)
    rule = RULES[kind]
    if wait is None:
        assert tries >= rule.tries
        return
    least = max(asked or 0.0, rule.least_seconds)
    assert least <= wait <= least + rule.longest_seconds


@given(KINDS, st.integers(1, 10), ASKED)
def test_waits_grow_with_every_try(kind, tries, asked):
    waits = [
        wait_seconds(kind, tries=one, retry_after_seconds=asked, draw=1.0)
        for one in (tries, tries + 1)
    ]
    if None not in waits:
        assert waits[0] <= waits[1]


@given(KINDS)
def test_more_patience_than_a_day_takes_a_person(kind):
    asked = LONGEST_TOLD_WAIT_SECONDS + 1
    assert wait_seconds(kind, tries=1, retry_after_seconds=asked, draw=0.5) is None


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["answer", "late answer", "failure", "limit", "late failure"]),
        st.integers(0, 3),
        st.floats(0, 400),
    ),
    max_size=60,
)


@given(STEPS)
@example(
    [
        *(("failure", bill, 0.0) for bill in (1, 0, 1)),
        ("limit", 0, 0.0),
        ("late failure", 1, 0.0),
        ("answer", 0, 30.0),
    ]
)
def test_a_system_that_rests_is_called_by_nobody_and_one_that_answers_is_not_avoided(steps):
    now, circuit, asked_until = START, Circuit(system="s"), START
    for what, bill, seconds in steps:
        now += timedelta(seconds=seconds)
        is_late = what.startswith("late")
        if not is_late:
            if circuit.rests_until(now) is not None:
                continue
            assert now >= asked_until
            circuit = circuit.called(now=now)
        if what.endswith("answer"):
            circuit = circuit.answered(now=now)
        else:
            asked = 120.0 if what == "limit" else None
            circuit = circuit.failed(f"b{bill}", why="no", retry_after_seconds=asked, now=now)
            asked_until = max(asked_until, now + timedelta(seconds=asked or 0))
        # It is never left alone for ever.
        until = circuit.rests_until(now)
        longest = max(LONGEST_REST, PROBE_TIME) + timedelta(seconds=120)
        assert until is None or until <= now + longest


@given(st.integers(1, 200))
def test_a_lone_bill_that_always_fails_stops_no_other(times):
    circuit = Circuit(system="s")
    for number in range(times):
        circuit = circuit.failed(
            "one", why="no", retry_after_seconds=None, now=START + timedelta(minutes=number)
        )
    assert circuit.state is CircuitState.CLOSED


@given(st.lists(st.tuples(KINDS, st.integers(1, 2)), min_size=1, max_size=8))
def test_only_an_unbroken_row_of_clear_noes_proves_that_nothing_was_written(row):
    attempt, before, is_clear = 0, None, True
    for kind, calls in row:
        attempt += calls
        is_clear = is_clear and calls == 1 and kind in {FailureKind.PERMANENT, FailureKind.STOPPED}
        trouble = Trouble(kind=kind, reason="r", told="t", remedy="m")
        before = failed(trouble, posting_id="p", attempt=attempt, before=before, now=START)
        assert before.is_surely_unwritten == is_clear


@given(KINDS, st.text(max_size=300))
def test_every_reason_has_a_name_in_words(kind, told):
    reason = reason_of(kind, told)
    assert len(reason) <= 200 or len(told) > 150
    assert "_" not in name_of(reason)
