"""Once a week: how a person's verdicts compared with the cases whose answer was known."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from data.schemas.vocabulary import Lane, NotificationKind
from service.domain.wall import OPEN_WALL
from service.ports.stores import UnitOfWork
from service.usecases.telling.notify import notify

WEEK = timedelta(days=7)
MOST_VERDICTS = 50_000
"""Of one week; a desk that decides more is told of the newest."""


def tell_known_cases(*, uow: UnitOfWork, now: datetime) -> datetime:
    """Tell everybody how last week's known cases went; gives the Monday it was told for.

    Told again for the same week it tells nobody twice.
    """
    monday = monday_of(now)
    truths = uow.quality.truths()
    shown: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for one in uow.quality.judged(since=monday - WEEK, wall=OPEN_WALL, most=MOST_VERDICTS):
        is_faulty = truths.of(one)
        if one.lane is not Lane.GOLD or one.is_undone or one.decided_at >= monday:
            continue
        if is_faulty is not None:
            shown[one.actor_id] += 1
            right[one.actor_id] += one.finds_fault == is_faulty
    for person_id, count in shown.items():
        notify(
            person_id,
            kind=NotificationKind.KNOWN_CASE_FEEDBACK,
            text=f"Last week you met {count} practice cases whose answer is known, and "
            f"{right[person_id]} of your verdicts were right. Only you are told.",
            uow=uow,
            now=monday,
        )
    return monday


def monday_of(now: datetime) -> datetime:
    """Give the beginning of the week, in UTC."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=midnight.weekday())
