"""What lies on an approver's desk: one item after the other, in office hours, not on holidays."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from data.firm.calendars import is_working_day

OPENING, CLOSING = 8, 18
"""Office hours, in UTC."""

Key = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One item that waits for a signature."""

    key: Key
    approver_id: str
    country: str
    """Whose holidays the approver keeps."""
    asked_at: datetime
    office_days: float
    """Office days until the approver would turn to it with an empty desk."""
    minutes: float
    follows: Key | None = None
    """It is looked at after this one has arrived, so that its own arrival is the later one."""


def work_through(tasks: Iterable[Task], *, sign: Callable[[Task, datetime], datetime]) -> None:
    """Sign everything: each approver takes up items in the order in which their turn comes.

    `sign` is told when the approver is done with an item and says when the item arrives. An
    approver who has many items on one day finishes the last of them days later.
    """
    waiting: list[tuple[datetime, Key]] = []
    by_key: dict[Key, Task] = {}
    followers: dict[Key, list[Task]] = defaultdict(list)
    for task in tasks:
        by_key[task.key] = task
        if task.follows is not None:
            followers[task.follows].append(task)
        else:
            waiting.append((_turn(task, asked_at=task.asked_at), task.key))
    heapq.heapify(waiting)
    free_at: dict[str, datetime] = {}
    while waiting:
        turn, key = heapq.heappop(waiting)
        task = by_key[key]
        start = max(turn, free_at.get(task.approver_id, turn))
        done_at = after_work(start, minutes=task.minutes, country=task.country)
        free_at[task.approver_id] = done_at
        received_at = sign(task, done_at)
        for later in followers[key]:
            asked_at = max(later.asked_at, received_at)
            heapq.heappush(waiting, (_turn(later, asked_at=asked_at), later.key))


def next_open(moment: datetime, *, country: str) -> datetime:
    """The moment itself, or the next one at which an office of the country is open."""
    day = moment
    if moment.hour >= CLOSING:
        day = (moment + timedelta(days=1)).replace(hour=OPENING, minute=moment.minute)
    elif moment.hour < OPENING:
        day = moment.replace(hour=OPENING)
    while not is_working_day(country, day.date()):
        day = (day + timedelta(days=1)).replace(hour=OPENING)
    return day


def after_work(start: datetime, *, minutes: float, country: str) -> datetime:
    """When work of so many minutes is done that starts as soon as the office is open."""
    now = next_open(start, country=country)
    left = timedelta(minutes=round(minutes))
    while True:
        closing = now.replace(hour=CLOSING, minute=0, second=0)
        if now + left < closing:
            return now + left
        left -= closing - now
        now = next_open(closing.replace(minute=0), country=country)


def _turn(task: Task, *, asked_at: datetime) -> datetime:
    """When the approver would take it up with an empty desk."""
    minutes = task.office_days * (CLOSING - OPENING) * 60
    return after_work(asked_at.replace(microsecond=0), minutes=minutes, country=task.country)
