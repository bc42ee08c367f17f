"""Reads for lists and screens: straight from the tables into the shapes of the wire."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    Engine,
    func,
    select,
)
from sqlalchemy import case as sql_case

from data.schemas.assessment import Assessment
from data.schemas.vocabulary import CaseStatus, PostingStatus
from service.domain.errors import InvalidRequestError
from service.ports.screens import CaseFilter
from service.store.case_screens import (
    case_history,
    case_summaries,
    cases_with_assessments,
    cited_clauses,
    filtered,
    queue_summary_of,
    why_next,
)
from service.store.cases import LONGEST_NUMBER, case_number, case_of_row
from service.store.decision_screens import decision_views, decisions_query, posting_view
from service.store.display_names import names_in
from service.store.items import SqlItemStore
from service.store.references import SqlReferenceStore
from service.store.tables import (
    audit,
    audit_leaf,
    decision,
    posting,
    review_case,
    undo,
)
from service.wire.cases import (
    AuditEntryView,
    AuditPage,
    CaseDetail,
    CasePage,
    DecisionPage,
    DecisionView,
    PostingPage,
    QueueSummary,
)
from service.wire.items import ItemVersions


class SqlScreens:
    """Answers screens from a reading engine; a reader never waits for the writer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def case_page(self, wanted: CaseFilter, *, cursor: str | None, limit: int) -> CasePage:
        """Give one page of cases, newest first."""
        query = cases_with_assessments().order_by(review_case.c.number.desc()).limit(limit + 1)
        query = filtered(query, wanted)
        if cursor is not None:
            query = query.where(review_case.c.number < _number(cursor))
        with self._read() as connection:
            rows = connection.execute(query).all()
            shown = rows[:limit]
            cases = tuple(case_summaries(shown, connection))
        more = len(rows) > limit
        return CasePage(cases=cases, next_cursor=str(shown[-1].number) if more else None)

    def case_detail(self, case_id: str, *, undo_window: timedelta) -> CaseDetail | None:
        """Give everything about a case."""
        with self._read() as connection:
            query = cases_with_assessments().where(review_case.c.number == case_number(case_id))
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            said = Assessment.model_validate_json(row.said)
            item = SqlItemStore(connection).version(row.item_seq).item
            return CaseDetail(
                case=next(iter(case_summaries([row], connection))),
                item=item,
                assessment=said,
                clauses=cited_clauses(said, item.contract_id, connection),
                names=names_in(item, connection),
                history=case_history(row, connection),
                decisions=decision_views(
                    decisions_query().where(decision.c.case_number == row.number),
                    connection,
                    undo_window=undo_window,
                ),
                why_next=why_next(case_of_row(row)),
            )

    def queue_summary(self, *, now: datetime) -> QueueSummary:
        """Give what waits."""
        with self._read() as connection:
            # A claim that ran out waits again, as the queue hands it out again.
            is_waiting = (review_case.c.status == CaseStatus.CLAIMED.value) & (
                review_case.c.lease_expires_at <= now
            )
            status = sql_case((is_waiting, CaseStatus.OPEN.value), else_=review_case.c.status)
            query = select(
                status.label("status"),
                review_case.c.currency,
                func.count().label("number"),
                func.sum(review_case.c.review_minutes).label("work"),
                func.sum(review_case.c.value_minor).label("value"),
                func.min(review_case.c.due_at).label("next_due"),
            ).group_by(status, review_case.c.currency)
            rows = connection.execute(query).all()
            midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
            decided = connection.execute(
                select(func.count())
                .select_from(decision)
                .outerjoin(undo, undo.c.decision_id == decision.c.id)
                .where(decision.c.decided_at >= midnight, undo.c.decision_id.is_(None))
            ).scalar_one()
        return queue_summary_of(rows, decided_today=int(decided))

    def decision_page(
        self, *, actor_id: str | None, cursor: str | None, limit: int, undo_window: timedelta
    ) -> DecisionPage:
        """Give one page of decisions, newest first."""
        query = decisions_query().limit(limit + 1)
        if actor_id is not None:
            query = query.where(decision.c.actor_id == actor_id)
        if cursor is not None:
            query = query.where(decision.c.id < cursor)
        with self._read() as connection:
            views = decision_views(query, connection, undo_window=undo_window)
        more = len(views) > limit
        return DecisionPage(
            decisions=views[:limit], next_cursor=views[limit - 1].id if more else None
        )

    def decision(self, decision_id: str, *, undo_window: timedelta) -> DecisionView | None:
        """Give one decision."""
        query = decisions_query().where(decision.c.id == decision_id)
        with self._read() as connection:
            return next(iter(decision_views(query, connection, undo_window=undo_window)), None)

    def posting_page(
        self, *, status: PostingStatus | None, cursor: str | None, limit: int
    ) -> PostingPage:
        """Give one page of postings, newest first."""
        query = select(posting).order_by(posting.c.id.desc()).limit(limit + 1)
        if status is not None:
            query = query.where(posting.c.status == status.value)
        if cursor is not None:
            query = query.where(posting.c.id < cursor)
        with self._read() as connection:
            rows = connection.execute(query).all()
        views = tuple(posting_view(row) for row in rows[:limit])
        return PostingPage(postings=views, next_cursor=views[-1].id if len(rows) > limit else None)

    def audit_page(self, *, subject: str | None, cursor: str | None, limit: int) -> AuditPage:
        """Give one page of the audit trail, oldest first."""
        query = (
            select(audit.c.id, audit.c.body, audit_leaf.c.idx)
            .outerjoin(audit_leaf, audit_leaf.c.id == audit.c.id)
            .order_by(audit.c.id)
            .limit(limit + 1)
        )
        if subject is not None:
            query = query.where(audit.c.subject == subject)
        if cursor is not None:
            query = query.where(audit.c.id > _number(cursor))
        with self._read() as connection:
            rows = connection.execute(query).all()
        entries = tuple(
            AuditEntryView(index=row.idx, id=row.id, body=json.loads(row.body))
            for row in rows[:limit]
        )
        return AuditPage(
            entries=entries, next_cursor=str(entries[-1].id) if len(rows) > limit else None
        )

    def assessment(self, assessment_id: str) -> Assessment | None:
        """Give a stored assessment."""
        with self._read() as connection:
            return SqlItemStore(connection).assessment(assessment_id)

    def item_versions(self, item_id: str) -> ItemVersions | None:
        """Give every version of an item, oldest first."""
        with self._read() as connection:
            return SqlItemStore(connection).versions(item_id)

    def reference(self, kind: str, object_id: str) -> str | None:
        """Give a reference object's body."""
        with self._read() as connection:
            return SqlReferenceStore(connection).get(kind, object_id)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection


def _number(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > LONGEST_NUMBER:
        raise InvalidRequestError("cursor", cursor, "is not a cursor this list gave out")
    return int(cursor)
