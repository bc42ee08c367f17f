"""SQL of checks and alarms: a check's outcome is read from its case, decision and conclusion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, exists, func, insert, select, update

from data.schemas.vocabulary import FINAL_VERDICTS, CaseStatus, Lane, Verdict
from service.domain.check import Alarm, CheckDraw, CheckOutcome, CountedCheck, OpenCheck
from service.ports.stores import FactKind
from service.store.model_tables import alarm, check_draw, check_result, watch
from service.store.tables import assessment, decision, fact, item, review_case, undo

FINAL = [one.value for one in FINAL_VERDICTS]


def concluded_verdicts() -> Select[Any]:
    """The final verdicts whose undo window is over, by case number."""
    is_undone = exists().where(undo.c.decision_id == decision.c.id)
    return (
        select(decision.c.case_number, decision.c.verdict)
        .join(
            fact,
            and_(fact.c.subject_id == decision.c.id, fact.c.kind == FactKind.VERDICT.value),
        )
        .where(decision.c.verdict.in_(FINAL), ~is_undone)
    )


class SqlCheckStore:
    """Checks of cleared items: drawn with the assessment, counted once."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, draws: Sequence[CheckDraw]) -> None:
        """Store who was drawn."""
        if not draws:
            return
        self._connection.execute(
            insert(check_draw),
            [
                {
                    "assessment_id": one.assessment_id,
                    "item_seq": one.item_seq,
                    "segment": one.segment,
                    "bundle": one.bundle,
                    "propensity": one.propensity,
                    "amount_reporting_minor": one.amount_reporting_minor,
                    "promise": one.promise,
                    "drawn_at": one.drawn_at,
                }
                for one in draws
            ],
        )

    def segment_of(self, assessment_id: str) -> str | None:
        """Give the segment in which an assessed item was drawn, None where it was not."""
        query = select(check_draw.c.segment).where(check_draw.c.assessment_id == assessment_id)
        return self._connection.execute(query).scalar()

    def open(self, segment: str) -> list[OpenCheck]:
        """Give what is not counted yet, in the order in which it was drawn."""
        verdict = concluded_verdicts().subquery()
        query = (
            _draws()
            .add_columns(review_case.c.status, verdict.c.verdict)
            .outerjoin(
                review_case,
                and_(
                    review_case.c.assessment_id == check_draw.c.assessment_id,
                    review_case.c.lane == Lane.AUDIT.value,
                ),
            )
            .outerjoin(verdict, verdict.c.case_number == review_case.c.number)
            .outerjoin(check_result, check_result.c.assessment_id == check_draw.c.assessment_id)
            .where(check_draw.c.segment == segment, check_result.c.assessment_id.is_(None))
            .order_by(check_draw.c.item_seq)
        )
        return [
            OpenCheck(draw=_draw_of(row), outcome=_outcome(row))
            for row in self._connection.execute(query)
        ]

    def count(self, assessment_id: str, *, is_wrong: bool | None, at: datetime) -> None:
        """Append that a check was counted; None where it was passed over."""
        self._connection.execute(
            insert(check_result).values(
                assessment_id=assessment_id,
                is_wrong=None if is_wrong is None else int(is_wrong),
                at=at,
            )
        )

    def counted(self, *, after: datetime | None, segment: str) -> list[CountedCheck]:
        """Give the checks drawn after a moment that were counted, without those passed over."""
        query = (
            _draws()
            .add_columns(check_result.c.is_wrong)
            .join(check_result, check_result.c.assessment_id == check_draw.c.assessment_id)
            .where(check_draw.c.segment == segment, check_result.c.is_wrong.is_not(None))
            .order_by(check_draw.c.item_seq)
        )
        if after is not None:
            query = query.where(check_draw.c.drawn_at > after)
        return [
            CountedCheck(draw=_draw_of(row), is_wrong=bool(row.is_wrong))
            for row in self._connection.execute(query)
        ]

    def segments(self) -> list[str]:
        """Give every segment in which anything was drawn."""
        query = select(check_draw.c.segment).distinct().order_by(check_draw.c.segment)
        return list(self._connection.execute(query).scalars())


class SqlWatchStore:
    """The state of each segment's watch, and the alarms there were."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def state(self, segment: str) -> str | None:
        """Give the state as the watcher wrote it."""
        query = select(watch.c.body).where(watch.c.segment == segment)
        return self._connection.execute(query).scalar()

    def save(self, segment: str, *, state: str, at: datetime) -> None:
        """Write the state."""
        written = self._connection.execute(
            update(watch).where(watch.c.segment == segment).values(body=state, changed_at=at)
        )
        if not written.rowcount:
            self._connection.execute(
                insert(watch).values(segment=segment, body=state, changed_at=at)
            )

    def sound(self, *, segment: str, bundle: str, why: str, at: datetime) -> Alarm:
        """Append an alarm and give it with its number."""
        number = self._connection.execute(
            insert(alarm)
            .values(segment=segment, bundle=bundle, why=why, at=at)
            .returning(alarm.c.number)
        ).scalar_one()
        return Alarm(number=number, segment=segment, bundle=bundle, why=why, at=at)

    def newest_alarms(self) -> dict[str, Alarm]:
        """Give the newest alarm of each segment that ever had one."""
        newest = select(func.max(alarm.c.number)).group_by(alarm.c.segment)
        query = select(alarm).where(alarm.c.number.in_(newest)).order_by(alarm.c.segment)
        rows = self._connection.execute(query).mappings()
        return {row["segment"]: Alarm(**row) for row in rows}


def _draws() -> Select[Any]:
    return (
        select(check_draw, item.c.item_id)
        .join(assessment, assessment.c.id == check_draw.c.assessment_id)
        .join(item, item.c.seq == check_draw.c.item_seq)
    )


def _draw_of(row: Row[Any]) -> CheckDraw:
    return CheckDraw(
        assessment_id=row.assessment_id,
        item_id=row.item_id,
        item_seq=row.item_seq,
        segment=row.segment,
        bundle=row.bundle,
        propensity=row.propensity,
        amount_reporting_minor=row.amount_reporting_minor,
        promise=row.promise,
        drawn_at=row.drawn_at,
    )


def _outcome(row: Row[Any]) -> CheckOutcome:
    if row.status is None or row.status == CaseStatus.CLOSED.value:
        return CheckOutcome.VOID
    if row.verdict is None:
        return CheckOutcome.WAITING
    return CheckOutcome.SOUND if row.verdict == Verdict.APPROVE.value else CheckOutcome.WRONG
