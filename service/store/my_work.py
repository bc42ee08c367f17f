"""Reads of one person's own page: what they hold, wait for, put away, and did today."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, and_, func, select

from data.schemas.vocabulary import AuditEvent, CaseStatus, Verdict
from service.domain.wall import Wall
from service.store.case_screens import case_summaries, cases_with_assessments
from service.store.cases import case_name
from service.store.chunks import chunks
from service.store.notifications import SqlNotificationStore
from service.store.tables import audit, decision, review_case, undo
from service.store.walls import within
from service.wire.cases import CaseSummary
from service.wire.my_work import HeldCase, MyDay, MyWork

SHOWN = 100
"""Most cases of each list: whoever waits for more has another problem than a list."""
SNOOZED_READ = 1_000


class SqlMyWork:
    """Answers a person's own page from a reading engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def my_work(self, person_id: str, *, wall: Wall, since: datetime, now: datetime) -> MyWork:
        """Give a person's work on their side of the wall; `since` begins their day."""
        with self._engine.connect() as connection:
            reader = _Reader(connection, person_id=person_id, wall=wall)
            return MyWork(
                held=reader.held(now=now),
                awaiting_information=reader.awaiting_information(),
                snoozed=reader.snoozed(),
                returned=reader.returned(),
                day=reader.day(since=since),
                unread=SqlNotificationStore(connection).count_unread(person_id, wall=wall),
            )


class _Reader:
    def __init__(self, connection: Connection, *, person_id: str, wall: Wall) -> None:
        self._connection, self._person_id, self._wall = connection, person_id, wall

    def held(self, *, now: datetime) -> tuple[HeldCase, ...]:
        rows = self._rows(
            cases_with_assessments()
            .where(
                review_case.c.status == CaseStatus.CLAIMED.value,
                review_case.c.lease_owner_id == self._person_id,
                review_case.c.lease_expires_at > now,
            )
            .order_by(review_case.c.lease_expires_at)
        )
        return tuple(
            HeldCase(case=case, lease_token=row.lease_token)
            for row, case in zip(rows, case_summaries(rows, self._connection), strict=True)
        )

    def awaiting_information(self) -> tuple[CaseSummary, ...]:
        return self._last_decided_by_me(
            review_case.c.status == CaseStatus.AWAITING_INFORMATION.value,
            decision.c.verdict == Verdict.REQUEST_INFORMATION.value,
        )

    def returned(self) -> tuple[CaseSummary, ...]:
        # Nothing but the person's own decisions is looked at: a case that was chosen for them
        # for another reason must not be told from work.
        waits = [CaseStatus.OPEN.value, CaseStatus.HELD.value]
        return self._last_decided_by_me(review_case.c.status.in_(waits))

    def snoozed(self) -> tuple[CaseSummary, ...]:
        rows = self._rows(
            cases_with_assessments()
            .where(review_case.c.status == CaseStatus.SNOOZED.value)
            .order_by(review_case.c.snoozed_until),
            most=SNOOZED_READ,
        )
        mine = self._snoozed_by_me([case_name(row.number) for row in rows])
        rows = [row for row in rows if case_name(row.number) in mine][:SHOWN]
        return tuple(case_summaries(rows, self._connection))

    def day(self, *, since: datetime) -> MyDay:
        query = (
            select(decision.c.body)
            .join(review_case, review_case.c.number == decision.c.case_number)
            .outerjoin(undo, undo.c.decision_id == decision.c.id)
            .where(
                decision.c.actor_id == self._person_id,
                decision.c.decided_at >= since,
                undo.c.decision_id.is_(None),
            )
        )
        bodies = self._connection.execute(within(query, review_case, self._wall)).scalars()
        seconds = [float(json.loads(body)["active_seconds"]) for body in bodies]
        # Decided together, a case was on the screen for no time of its own.
        timed = [spent for spent in seconds if spent > 0]
        return MyDay(
            since=since,
            decided=len(seconds),
            median_active_seconds=median(timed) if timed else None,
        )

    def _last_decided_by_me(self, *conditions: Any) -> tuple[CaseSummary, ...]:  # noqa: ANN401 - SQL expressions
        """Give the cases whose last decision that stands is the person's own, oldest first."""
        mine = select(decision.c.case_number).where(decision.c.actor_id == self._person_id)
        last = (
            select(decision.c.case_number, func.max(decision.c.id).label("id"))
            .outerjoin(undo, undo.c.decision_id == decision.c.id)
            .where(undo.c.decision_id.is_(None), decision.c.case_number.in_(mine))
            .group_by(decision.c.case_number)
            .subquery()
        )
        query = (
            cases_with_assessments()
            .join(last, last.c.case_number == review_case.c.number)
            .join(
                decision,
                and_(decision.c.id == last.c.id, decision.c.actor_id == self._person_id),
            )
            .where(*conditions)
            .order_by(review_case.c.due_at)
        )
        return tuple(case_summaries(self._rows(query), self._connection))

    def _snoozed_by_me(self, case_ids: Sequence[str]) -> set[str]:
        """Give the cases that the person was the last to put away, as the trail tells it."""
        by: dict[str, str] = {}
        for part in chunks(case_ids):
            query = (
                select(audit.c.subject, audit.c.body)
                .where(audit.c.subject.in_(part), audit.c.event == AuditEvent.CASE_SNOOZED.value)
                .order_by(audit.c.id)
            )
            for row in self._connection.execute(query):
                by[row.subject] = json.loads(row.body)["actor"]
        return {case_id for case_id, actor_id in by.items() if actor_id == self._person_id}

    def _rows(self, query: Select[Any], *, most: int = SHOWN) -> Sequence[Row[Any]]:
        cut = within(query, review_case, self._wall).limit(most)
        return self._connection.execute(cut).all()
