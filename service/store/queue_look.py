"""SQL of the look at the queue: a few rows from each index, however many cases wait.

Each lane is read along its own index and stops after a few rows, so the cost of a claim does not
grow with the backlog.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Connection,
    Row,
    Select,
    bindparam,
    exists,
    literal,
    select,
    union_all,
)

from data.schemas.vocabulary import CaseStatus, Lane, Role, Verdict
from service.domain.case import Case
from service.domain.wall import Wall
from service.ports.queue_look import QueueLook, Waiting
from service.store.case_rows import case_of_row
from service.store.desk_tables import exposure
from service.store.tables import decision, review_case
from service.store.walls import within

BEST_CASES = 20
"""Read by stored worth and scored anew: what is known since moves a case by a few places."""
FIRST_CASES = 6
"""Read of each other lane: one more than a claim hands out."""
MOST_LAPSED = 50
"""Leases that ran out and were not swept up yet."""


class Stream(StrEnum):
    """Where a row of the look comes from."""

    MINE = "mine"
    LAPSED = "lapsed"
    BOOSTED = "boosted"
    INDEX = "index"
    DUE = "due"
    AUDIT = "audit"
    DOUBLE = "double"
    GOLD = "gold"
    REST = "rest"


def look_at_queue(look: QueueLook, connection: Connection) -> Waiting:
    """Give the few cases that may come next for a person."""
    asked = _statement(
        look.actor.wall,
        is_approver=Role.APPROVER in look.actor.roles,
        passes_over_own=look.passes_over_own,
    )
    told = {"me": look.actor.id, "now": look.now, "shift_end": look.shift_end}
    return _sorted(connection.execute(asked, told).all(), look)


@lru_cache(maxsize=256)
def _statement(wall: Wall, *, is_approver: bool, passes_over_own: bool) -> CompoundSelect[Any]:
    """The look of everybody behind the same wall: building it costs more than asking it."""
    shape = _Shape(wall=wall, is_approver=is_approver, passes_over_own=passes_over_own)
    return union_all(*(_part(stream, query) for stream, query in _queries(shape).items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shape:
    """What the words of the look depend on; who asks and when are its parameters."""

    wall: Wall
    is_approver: bool
    passes_over_own: bool


ME: BindParameter[Any] = bindparam("me")
NOW: BindParameter[Any] = bindparam("now")
SHIFT_END: BindParameter[Any] = bindparam("shift_end")


def _queries(look: _Shape) -> dict[Stream, Select[Any]]:
    c = review_case.c
    is_open = c.status == CaseStatus.OPEN.value
    ordinary = c.lane.in_([Lane.INDEX.value, Lane.RETURNED.value])
    claimed = c.status == CaseStatus.CLAIMED.value
    return {
        Stream.MINE: select(review_case)
        .where(claimed, c.lease_owner_id == ME, c.lease_expires_at > NOW)
        .limit(FIRST_CASES),
        Stream.LAPSED: _free(look).where(claimed, c.lease_expires_at <= NOW).limit(MOST_LAPSED),
        Stream.BOOSTED: _boosted(look),
        Stream.INDEX: _free(look)
        .where(is_open, c.lane == Lane.INDEX.value, c.worth > 0.0)
        .order_by(c.worth.desc(), c.opened_at, c.number)
        .limit(BEST_CASES),
        Stream.DUE: _free(look)
        .where(is_open, ordinary, c.due_at <= SHIFT_END)
        .order_by(c.due_at, c.number)
        .limit(FIRST_CASES),
        Stream.AUDIT: _oldest(look, Lane.AUDIT),
        Stream.DOUBLE: _oldest(look, Lane.DOUBLE).where(~_saw_the_first()),
        Stream.GOLD: _oldest(look, Lane.GOLD).where(c.reserved_for_id == ME),
        Stream.REST: _free(look)
        .where(is_open, ordinary)
        .order_by(c.due_at, c.number)
        .limit(FIRST_CASES),
    }


def _free(look: _Shape) -> Select[Any]:
    """Cases that the person may be given, on their side of the wall."""
    c, me = review_case.c, ME
    query = select(review_case).where(
        c.kept_from_id.is_distinct_from(me),
        c.reserved_for_id.is_(None) | (c.reserved_for_id == me),
    )
    if look.passes_over_own:
        query = query.where(c.released_by_id.is_distinct_from(me))
    return within(query, review_case, look.wall)


def _boosted(look: _Shape) -> Select[Any]:
    """What goes before the order of value; approvers are also given what was escalated."""
    c = review_case.c
    is_boosted = (c.status == CaseStatus.OPEN.value) & (c.boost > "")
    query = _free(look).order_by(c.due_at, c.number).limit(FIRST_CASES)
    if not look.is_approver:
        return query.where(is_boosted)
    is_escalated = (c.status == CaseStatus.ESCALATED.value) & ~_escalated_it()
    return query.where(is_boosted | is_escalated)


def _escalated_it() -> ColumnElement[bool]:
    return exists().where(
        decision.c.case_number == review_case.c.number,
        decision.c.actor_id == ME,
        decision.c.verdict == Verdict.ESCALATE.value,
    )


def _oldest(look: _Shape, lane: Lane) -> Select[Any]:
    c = review_case.c
    return (
        _free(look)
        .where(c.status == CaseStatus.OPEN.value, c.lane == lane.value)
        .order_by(c.opened_at, c.number)
        .limit(FIRST_CASES)
    )


def _saw_the_first() -> ColumnElement[bool]:
    """Say whether the person was shown the case that this one repeats."""
    return exists().where(
        exposure.c.case_number == review_case.c.repeats_number,
        exposure.c.actor_id == ME,
    )


def _part(stream: Stream, query: Select[Any]) -> Select[Any]:
    rows = query.subquery()
    return select(literal(stream.value).label("stream"), rows)


def _sorted(rows: Sequence[Row[Any]], look: QueueLook) -> Waiting:
    found: dict[Stream, list[Case]] = {stream: [] for stream in Stream}
    for row in rows:
        found[Stream(row.stream)].append(case_of_row(row))
    by_lane = {
        Lane.INDEX: found[Stream.INDEX],
        Lane.RETURNED: found[Stream.DUE],
        Lane.AUDIT: found[Stream.AUDIT],
        Lane.DOUBLE: found[Stream.DOUBLE],
        Lane.GOLD: found[Stream.GOLD],
    }
    for case in found[Stream.LAPSED]:
        _put_back(case, by_lane, look)
    return Waiting(
        mine=found[Stream.MINE], boosted=found[Stream.BOOSTED], by_lane=by_lane,
        rest=found[Stream.REST],
    )  # fmt: skip


def _put_back(case: Case, by_lane: dict[Lane, list[Case]], look: QueueLook) -> None:
    """A lease that ran out and was not swept up yet: the case waits in its lane again."""
    if case.lane in {Lane.AUDIT, Lane.DOUBLE, Lane.GOLD}:
        by_lane[case.lane].insert(0, case)
    elif case.due_at <= look.shift_end:
        by_lane[Lane.RETURNED].insert(0, case)
    else:
        by_lane[Lane.INDEX].append(case)
