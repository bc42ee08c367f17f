"""Reads for lists and screens: straight from the tables into the shapes of the wire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import (
    Connection,
    Engine,
    select,
)

from data.schemas.assessment import Assessment
from data.schemas.vocabulary import CaseStatus, PostingStatus
from service.domain.wall import Wall
from service.ports.screens import CaseFilter, PostingFilter, StoredEntry
from service.store.audit_screens import audit_page, entries_about
from service.store.case_screens import (
    case_history,
    case_summaries,
    cases_with_assessments,
    cited_clauses,
    filtered,
    why_next,
)
from service.store.cases import case_number, case_of_row
from service.store.contract_screens import contract_page_of
from service.store.cursors import number_of
from service.store.decision_screens import decision_views, decisions_query
from service.store.display_names import names_in
from service.store.items import SqlItemStore
from service.store.kin_screens import relatives_of, similar_to
from service.store.posting_screens import (
    bill_of_posting,
    posting_named,
    posting_page_of,
    reasons_of,
)
from service.store.queue_screens import queue_summary_of
from service.store.tables import (
    assessment,
    decision,
    item,
    review_case,
)
from service.store.walls import within
from service.wire.audit import AuditPage, AuditQuery
from service.wire.cases import (
    CaseDetail,
    CasePage,
    DecisionPage,
    DecisionView,
    PostingPage,
    PostingView,
    QueueSummary,
)
from service.wire.contracts import ContractPage, ContractQuery
from service.wire.items import ItemVersions
from service.wire.known_cases import RelativePage, SimilarPage
from service.wire.postings import ReasonsView


class SqlScreens:
    """Answers screens from a reading engine; a reader never waits for the writer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def case_page(
        self, wanted: CaseFilter, *, wall: Wall, cursor: str | None, limit: int
    ) -> CasePage:
        """Give one page of cases, newest first."""
        query = cases_with_assessments().order_by(review_case.c.number.desc()).limit(limit + 1)
        query = filtered(within(query, review_case, wall), wanted)
        if cursor is not None:
            query = query.where(review_case.c.number < number_of(cursor))
        with self._read() as connection:
            rows = connection.execute(query).all()
            shown = rows[:limit]
            cases = tuple(case_summaries(shown, connection))
        more = len(rows) > limit
        return CasePage(cases=cases, next_cursor=str(shown[-1].number) if more else None)

    def case_detail(
        self, case_id: str, *, wall: Wall, undo_window: timedelta, now: datetime
    ) -> CaseDetail | None:
        """Give everything about a case."""
        with self._read() as connection:
            query = cases_with_assessments().where(review_case.c.number == case_number(case_id))
            row = connection.execute(within(query, review_case, wall)).one_or_none()
            if row is None:
                return None
            said = Assessment.model_validate_json(row.said)
            shown = SqlItemStore(connection).version(row.item_seq).item
            return CaseDetail(
                case=next(iter(case_summaries([row], connection))),
                item=shown,
                assessment=said,
                clauses=cited_clauses(said, shown.contract_id, connection),
                names=names_in(shown, connection),
                history=case_history(row, connection),
                decisions=decision_views(
                    decisions_query().where(decision.c.case_number == row.number),
                    connection,
                    undo_window=undo_window,
                    now=now,
                ),
                why_next=why_next(case_of_row(row)),
            )

    def relatives(self, case_id: str, *, wall: Wall) -> RelativePage | None:
        """Give the unfinished cases that have something in common with one."""
        with self._read() as connection:
            return relatives_of(case_id, wall=wall, connection=connection)

    def similar(self, case_id: str, *, wall: Wall) -> SimilarPage | None:
        """Give the decided cases most like one, with what became of them."""
        with self._read() as connection:
            return similar_to(case_id, wall=wall, connection=connection)

    def queue_summary(self, *, wall: Wall, now: datetime) -> QueueSummary:
        """Give what waits."""
        with self._read() as connection:
            return queue_summary_of(connection, wall=wall, now=now)

    def decision_page(
        self,
        *,
        actor_id: str | None,
        wall: Wall,
        blind_to: str | None,
        cursor: str | None,
        limit: int,
        undo_window: timedelta,
        now: datetime,
    ) -> DecisionPage:
        """Give one page of decisions, newest first.

        To the person `blind_to` nothing is told of colleagues' verdicts that wait for a second one.
        """
        query = within(decisions_query(), review_case, wall).limit(limit + 1)
        if blind_to is not None:
            is_settled = review_case.c.status != CaseStatus.AWAITING_SIGNATURE.value
            query = query.where(is_settled | (decision.c.actor_id == blind_to))
        if actor_id is not None:
            query = query.where(decision.c.actor_id == actor_id)
        if cursor is not None:
            query = query.where(decision.c.id < cursor)
        with self._read() as connection:
            views = decision_views(query, connection, undo_window=undo_window, now=now)
        more = len(views) > limit
        return DecisionPage(
            decisions=views[:limit], next_cursor=views[limit - 1].id if more else None
        )

    def decision(
        self, decision_id: str, *, wall: Wall, undo_window: timedelta, now: datetime
    ) -> DecisionView | None:
        """Give one decision."""
        query = within(decisions_query(), review_case, wall).where(decision.c.id == decision_id)
        with self._read() as connection:
            return next(
                iter(decision_views(query, connection, undo_window=undo_window, now=now)), None
            )

    def posting_page(
        self,
        *,
        status: PostingStatus | None,
        wall: Wall,
        cursor: str | None,
        limit: int,
        reason: str | None = None,
        owner_id: str | None = None,
    ) -> PostingPage:
        """Give one page of postings, newest first."""
        wanted = PostingFilter(status=status, reason=reason, owner_id=owner_id)
        with self._read() as connection:
            return posting_page_of(connection, wanted, wall=wall, cursor=cursor, limit=limit)

    def posting_reasons(self, *, wall: Wall, now: datetime) -> ReasonsView:
        """Give the exception queue by reason."""
        with self._read() as connection:
            return reasons_of(connection, wall=wall, now=now)

    def bill(self, posting_id: str, *, wall: Wall) -> str | None:
        """Give the bill of a posting as it was written down."""
        with self._read() as connection:
            return bill_of_posting(connection, posting_id, wall=wall)

    def contract_page(self, wanted: ContractQuery, *, wall: Wall) -> ContractPage:
        """Give one page of contracts, by id."""
        with self._read() as connection:
            return contract_page_of(connection, wanted, wall=wall)

    def posting(self, posting_id: str, *, wall: Wall) -> PostingView | None:
        """Give one posting."""
        with self._read() as connection:
            return posting_named(connection, posting_id, wall=wall)

    def audit_page(self, wanted: AuditQuery) -> AuditPage:
        """Give one page of the audit trail; no wall can cut it."""
        with self._read() as connection:
            return audit_page(wanted, connection)

    def entries_about(self, subjects: Sequence[str]) -> tuple[StoredEntry, ...]:
        """Give every entry about any of these, oldest first, as it is stored."""
        with self._read() as connection:
            return entries_about(subjects, connection)

    def assessment(self, assessment_id: str, *, wall: Wall) -> Assessment | None:
        """Give a stored assessment."""
        query = (
            select(assessment.c.body)
            .join(item, item.c.seq == assessment.c.item_seq)
            .where(assessment.c.id == assessment_id)
        )
        with self._read() as connection:
            body = connection.execute(within(query, item, wall)).scalar()
        return None if body is None else Assessment.model_validate_json(body)

    def item_versions(self, item_id: str, *, wall: Wall) -> ItemVersions | None:
        """Give every version of an item, oldest first; where one is hidden, all are."""
        hidden = select(item.c.seq).where(item.c.item_id == item_id)
        with self._read() as connection:
            store = SqlItemStore(connection)
            known = connection.execute(hidden).scalars().all()
            seen = connection.execute(within(hidden, item, wall)).scalars().all()
            return store.versions(item_id) if len(seen) == len(known) else None

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection
