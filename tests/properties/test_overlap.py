"""What holds of overlapping time whatever the entries are."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.schemas.catalogue import ExceptionCode
from tests.builders.checking import findings, rows_of
from tests.builders.items import MONDAY, at, entry, timesheet

FIXED_SEED = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
RATE_MINOR = 60_00
"""One unit of money a minute."""


@st.composite
def sheets(draw, *, name: str):
    """A sheet of one person with entries of random times, some of them without any."""
    rows = []
    for place in range(draw(st.integers(1, 4))):
        day = MONDAY + timedelta(days=draw(st.integers(0, 3)))
        start = draw(st.none() | st.integers(0, 40))
        minutes = draw(st.integers(1, 30))
        times = {}
        if start is not None:
            # Starts lie so close that work dates of several days meet in the same hour.
            began = at(MONDAY, hour=22) + timedelta(minutes=start)
            times = {"started_at": began, "ended_at": began + timedelta(minutes=minutes)}
        rows.append(
            entry(
                id=f"{name}-{place}",
                work_date=day,
                minutes_worked=minutes,
                hourly_rate_minor=RATE_MINOR,
                narrative=f"Work {place} of {name}",
                **times,
            )
        )
    submitted_at = at(MONDAY + timedelta(days=draw(st.integers(5, 8))))
    person = draw(st.sampled_from(["ada", "bob"]))
    return timesheet(
        external_id=name, person_id=person, entries=tuple(rows), submitted_at=submitted_at
    )


@st.composite
def batches(draw):
    """A few sheets, in any order."""
    made = [draw(sheets(name=f"TS-{n}")) for n in range(draw(st.integers(1, 5)))]
    return draw(st.permutations(made))


def _overlaps(*batch, before=()) -> dict[str, int]:
    found = findings(*batch, before=before, decided_at=at(MONDAY + timedelta(days=30)))
    return {
        row: exposure
        for each in found.values()
        for one in each
        if one.code is ExceptionCode.OVERLAPPING_TIME
        for row, exposure in rows_of(one).items()
    }


def _minute_by_minute(items) -> dict[str, int]:
    """The same, by sets of minutes and entry after entry in the counting order."""
    timed = [(item, one) for item in items for one in item.entries if one.started_at is not None]
    counted = sorted(
        timed,
        key=lambda pair: (
            pair[0].submitted_at,
            pair[0].item_id,
            pair[1].work_date,
            pair[1].recorded_at,
            pair[1].id,
        ),
    )
    taken: dict[tuple[str, object], set[int]] = {}
    found = {}
    for item, one in counted:
        start = int(one.started_at.timestamp()) // 60
        own = set(range(start, start + one.minutes_worked))
        near = (one.work_date + timedelta(days=by) for by in (-1, 0, 1))
        over = own & set().union(*(taken.get((item.person_id, day), set()) for day in near))
        if over:
            found[one.id] = len(over) * RATE_MINOR // 60
        taken.setdefault((item.person_id, one.work_date), set()).update(own)
    return found


@FIXED_SEED
@given(batches())
def test_overlap_is_what_minute_by_minute_counting_gives(items):
    assert _overlaps(*items) == _minute_by_minute(items)


@FIXED_SEED
@given(batches(), st.randoms(use_true_random=False))
def test_cutting_a_stream_of_arrivals_anywhere_never_changes_overlaps(items, random):
    arriving = sorted(items, key=lambda one: (one.submitted_at, one.item_id))
    cuts = sorted(random.choices(range(len(arriving) + 1), k=2))
    found: dict[str, int] = {}
    for low, high in pairwise([0, *cuts, len(arriving)]):
        found |= _overlaps(*arriving[low:high], before=arriving[:low])
    assert found == _overlaps(*items)
