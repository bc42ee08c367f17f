"""A room of reviewers at one queue: the cases a test wants, and what became of them."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from data.schemas.items import AnyItem
from service.clock import SystemClock
from service.wire.preferences import Preferences
from tests.browser.real_desk import RealDesk, Tab, real_desk
from tests.builders.contracts import contract, reference
from tests.builders.items import entry, timesheet
from tests.fakes.scorer import TWO_LINES, FakeScorer

PEOPLE = ("ana", "bo")
SENT_SECONDS, LOOK_SECONDS = 30, 0.1


@dataclass
class ClockAhead:
    """The machine's clock and some more."""

    ahead: timedelta = timedelta(0)

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRoom:
    """The reviewers Ana and Bo, who know the tour, before one queue."""

    desk: RealDesk
    scorer: FakeScorer
    clock: ClockAhead = field(default_factory=ClockAhead)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def tab(self, login: str = "ana") -> Tab:
        """Open the queue as somebody."""
        tab = self.desk.tab(login)
        tab.open()
        return tab

    def opens(self, count: int = 1, **said: Any) -> list[str]:
        """Submit short timesheets of which the scorer says something; gives their cases."""
        return [self.opens_of(self.sheet(), **said) for _ in range(count)]

    def opens_of(self, item: AnyItem, **said: Any) -> str:
        """Submit an item; gives its case."""
        if said:
            self.scorer.says(item.item_id, **said)
        (case_id,) = self.desk.world.submit([item])
        return case_id

    def sheet(self, **overrides: Any) -> AnyItem:
        """A timesheet of one day, 960.00 EUR."""
        name = overrides.pop("external_id", f"TS-room-{next(self._numbers)}")
        given = {"entries": (entry(id=f"{name}-1"),)} | overrides
        return timesheet(external_id=name, **given)

    def status(self, case_id: str) -> str:
        """Where a case stands."""
        return str(self.desk.world.client("olga").case(case_id).case.status)

    def comes_to(self, case_id: str, status: str) -> None:
        """Wait until a case stands there: what is said on the screen is sent behind it."""
        until = time.monotonic() + SENT_SECONDS
        while (now := self.status(case_id)) != status:
            assert time.monotonic() < until, f"{case_id} should have come to {status}, not {now}"
            time.sleep(LOOK_SECONDS)

    def decided(self) -> list[tuple[str, str, str]]:
        """Case, person and verdict of every decision that stands, oldest first."""
        found = self.desk.world.client("dora").decisions(mine=False, limit=200).decisions
        return [
            (one.case_id, one.actor_name, str(one.verdict))
            for one in reversed(found)
            if not one.is_undone
        ]

    def ends_with(self, *decisions: tuple[str, str, str]) -> None:
        """Wait until these are the last decisions that stand: they are sent behind the screen."""
        wanted = sorted(decisions)
        until = time.monotonic() + SENT_SECONDS
        while (last := sorted(self.decided()[-len(wanted) :])) != wanted:
            assert time.monotonic() < until, f"{wanted} should have been the last, not {last}"
            time.sleep(LOOK_SECONDS)

    def clear(self) -> None:
        """Put away what an earlier test left, and set the clock right."""
        self.clock.ahead = timedelta(0)
        with self.desk.world.opener.engine.begin() as connection:
            connection.exec_driver_sql(
                "UPDATE review_case SET status = 'closed', lease_owner_id = NULL, "
                "lease_expires_at = NULL WHERE status != 'decided'"
            )


@contextmanager
def queue_room(folder: Path, browser: Browser, **more: Any) -> Iterator[QueueRoom]:
    """Start a whole installation with a told scorer and a clock that can be put forward."""
    scorer, known = FakeScorer(), reference(contract(lines=TWO_LINES))
    with real_desk(folder, browser, reference=known, scorer=scorer, **more) as desk:
        room = QueueRoom(desk=desk, scorer=scorer)
        app = desk.world.app
        app.state.parts = replace(app.state.parts, clock=room.clock)
        for login in PEOPLE:
            desk.world.client(login).save_preferences(Preferences(has_seen_guide=True))
        yield room
