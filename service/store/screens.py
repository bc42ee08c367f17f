"""Reads for lists and screens: straight from the tables into the shapes of the wire."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Row,
    Select,
    func,
    or_,
    select,
)
from sqlalchemy import case as sql_case

from data.schemas.assessment import Assessment
from data.schemas.contracts import Clause, Contract
from data.schemas.decision import Decision
from data.schemas.items import Milestone, Timesheet
from data.schemas.vocabulary import CaseStatus, ItemKind, PostingStatus
from service.domain.case import Case
from service.domain.errors import InvalidRequestError
from service.domain.queue import REVIEWER_ERROR
from service.ports import CaseFilter
from service.store.cases import FINISHED, LONGEST_NUMBER, case_name, case_number, case_of_row
from service.store.items import SqlItemStore
from service.store.postings import posting_of_row
from service.store.references import SqlReferenceStore
from service.store.tables import (
    account,
    assessment,
    audit,
    audit_leaf,
    decision,
    posting,
    reference,
    review_case,
    undo,
)
from service.wire.cases import (
    AuditEntryView,
    AuditPage,
    CaseDetail,
    CasePage,
    CaseSummary,
    DecisionPage,
    DecisionView,
    HistoryEvent,
    PostingPage,
    PostingView,
    QueueSummary,
    WhyNext,
)

HISTORY_SHOWN = 50


class SqlScreens:
    """Answers screens from a reading engine; a reader never waits for the writer."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def case_page(self, wanted: CaseFilter, *, cursor: str | None, limit: int) -> CasePage:
        """Give one page of cases, newest first."""
        query = _with_assessment().order_by(review_case.c.number.desc()).limit(limit + 1)
        query = _filtered(query, wanted)
        if cursor is not None:
            query = query.where(review_case.c.number < _number(cursor))
        with self._read() as connection:
            rows = connection.execute(query).all()
            shown = rows[:limit]
            cases = tuple(_summaries(shown, connection))
        more = len(rows) > limit
        return CasePage(cases=cases, next_cursor=str(shown[-1].number) if more else None)

    def case_detail(self, case_id: str, *, undo_window: timedelta) -> CaseDetail | None:
        """Give everything about a case."""
        with self._read() as connection:
            query = _with_assessment().where(review_case.c.number == case_number(case_id))
            row = connection.execute(query).one_or_none()
            if row is None:
                return None
            said = Assessment.model_validate_json(row.said)
            item = SqlItemStore(connection).version(row.item_seq).item
            return CaseDetail(
                case=next(iter(_summaries([row], connection))),
                item=item,
                assessment=said,
                clauses=_cited(said, item.contract_id, connection),
                names=_names_in(item, connection),
                history=_history(row, connection),
                decisions=_decisions(
                    _decision_query().where(decision.c.case_number == row.number),
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
        return _queue_summary(rows, decided_today=int(decided))

    def decision_page(
        self, *, actor_id: str | None, cursor: str | None, limit: int, undo_window: timedelta
    ) -> DecisionPage:
        """Give one page of decisions, newest first."""
        query = _decision_query().limit(limit + 1)
        if actor_id is not None:
            query = query.where(decision.c.actor_id == actor_id)
        if cursor is not None:
            query = query.where(decision.c.id < cursor)
        with self._read() as connection:
            views = _decisions(query, connection, undo_window=undo_window)
        more = len(views) > limit
        return DecisionPage(
            decisions=views[:limit], next_cursor=views[limit - 1].id if more else None
        )

    def decision(self, decision_id: str, *, undo_window: timedelta) -> DecisionView | None:
        """Give one decision."""
        query = _decision_query().where(decision.c.id == decision_id)
        with self._read() as connection:
            return next(iter(_decisions(query, connection, undo_window=undo_window)), None)

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
        views = tuple(_posting_view(row) for row in rows[:limit])
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

    def reference(self, kind: str, object_id: str) -> str | None:
        """Give a reference object's body."""
        with self._read() as connection:
            return SqlReferenceStore(connection).get(kind, object_id)

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection


def why_next(case: Case) -> WhyNext:
    """Say why a case stands where it stands; the lane is not told."""
    return WhyNext(
        value_minor=case.value_minor,
        currency=case.currency,
        doubt=case.doubt,
        reviewer_error=REVIEWER_ERROR,
        review_minutes=case.review_minutes,
        net_per_minute_minor=case.value_minor * (case.doubt - REVIEWER_ERROR) / case.review_minutes,
        sentence=(
            f"{case.doubt:.0%} doubt about the money at stake, about "
            f"{case.review_minutes:.0f} min of work: the best use of the next minutes."
        ),
    )


def _with_assessment() -> Select[Any]:
    return select(review_case, assessment.c.body.label("said")).join(
        assessment, assessment.c.id == review_case.c.assessment_id
    )


def _filtered(query: Select[Any], wanted: CaseFilter) -> Select[Any]:
    if wanted.status is not None:
        query = query.where(review_case.c.status == wanted.status.value)
    if wanted.client_id is not None:
        query = query.where(review_case.c.client_id == wanted.client_id)
    if wanted.kind is not None:
        query = query.where(review_case.c.kind == wanted.kind.value)
    if wanted.code is not None:
        query = query.where(assessment.c.body.contains(f'"code":"{wanted.code.value}"'))
    if wanted.text:
        query = query.where(
            or_(
                review_case.c.title.icontains(wanted.text, autoescape=True),
                review_case.c.item_id.icontains(wanted.text, autoescape=True),
                review_case.c.contract_id.icontains(wanted.text, autoescape=True),
            )
        )
    return query


def _summaries(rows: Sequence[Row[Any]], connection: Connection) -> Iterator[CaseSummary]:
    cases = [(case_of_row(row), Assessment.model_validate_json(row.said)) for row in rows]
    clients = _names("clients", {case.client_id for case, _ in cases}, connection)
    contracts = _names("contracts", {case.contract_id for case, _ in cases}, connection)
    people = _names("people", {case.title.split(", ")[0] for case, _ in cases}, connection)
    owners = _owners({case.lease.owner_id for case, _ in cases if case.lease}, connection)
    for case, said in cases:
        yield CaseSummary(
            id=case.id,
            status=case.status,
            version=case.version,
            item_id=case.item_id,
            kind=case.kind,
            title=_title(case, people),
            client_id=case.client_id,
            client_name=clients.get(case.client_id, case.client_id),
            contract_id=case.contract_id,
            contract_name=contracts.get(case.contract_id, case.contract_id),
            amount_minor=case.amount_minor,
            currency=case.currency,
            risk_minor=case.risk_minor,
            leak_minor=case.leak_minor,
            codes=tuple(dict.fromkeys(finding.code for finding in said.findings)),
            route=case.route,
            violation_probability=said.violation_probability,
            delay_probability=said.delay_probability,
            opened_at=case.opened_at,
            due_at=case.due_at,
            assignee_id=case.lease.owner_id if case.lease else None,
            assignee_name=owners.get(case.lease.owner_id) if case.lease else None,
            lease_expires_at=case.lease.expires_at if case.lease else None,
        )


def _title(case: Case, people: dict[str, str]) -> str:
    person, _, rest = case.title.partition(", ")
    if case.kind is ItemKind.TIMESHEET and person in people:
        return f"{people[person]}, {rest}"
    return case.title


def _cited(said: Assessment, contract_id: str, connection: Connection) -> tuple[Clause, ...]:
    body = SqlReferenceStore(connection).get("contracts", contract_id)
    if body is None:
        return ()
    cited = {finding.clause_id for finding in said.findings}
    clauses = Contract.model_validate_json(body).clauses
    return tuple(clause for clause in clauses if clause.id in cited)


def _names_in(item: Timesheet | Milestone, connection: Connection) -> dict[str, str]:
    people = {event.actor_id for event in item.approvals}
    if isinstance(item, Timesheet):
        people.add(item.person_id)
        projects = {entry.project_id for entry in item.entries}
    else:
        people.add(item.owner_id)
        projects = {item.project_id}
    names = _names("people", people, connection) | _names("projects", projects, connection)
    for body in _bodies("projects", projects, connection).values():
        names |= {task["id"]: task["name"] for task in json.loads(body)["tasks"]}
    return names


def _names(kind: str, ids: Iterable[str], connection: Connection) -> dict[str, str]:
    query = (
        select(reference.c.id, reference.c.name)
        .where(reference.c.kind == kind, reference.c.id.in_(set(ids)))
        .order_by(reference.c.version)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def _bodies(kind: str, ids: Iterable[str], connection: Connection) -> dict[str, str]:
    query = (
        select(reference.c.id, reference.c.body)
        .where(reference.c.kind == kind, reference.c.id.in_(set(ids)))
        .order_by(reference.c.version)
    )
    return {row.id: row.body for row in connection.execute(query)}


def _owners(ids: set[str], connection: Connection) -> dict[str, str]:
    query = select(account.c.person_id, account.c.name).where(account.c.person_id.in_(ids))
    return {row.person_id: row.name for row in connection.execute(query)}


def _history(row: Row[Any], connection: Connection) -> tuple[HistoryEvent, ...]:
    subjects = (case_name(row.number), row.item_id)
    query = (
        select(audit.c.body)
        .where(audit.c.subject.in_(subjects))
        .order_by(audit.c.id.desc())
        .limit(HISTORY_SHOWN)
    )
    bodies = [json.loads(body) for body in connection.execute(query).scalars()]
    owners = _owners({body["actor"] for body in bodies}, connection)
    return tuple(
        HistoryEvent(
            at=datetime.fromisoformat(body["at"]),
            event=body["event"],
            actor=owners.get(body["actor"], body["actor"]),
            text=_told(body.get("facts", {})),
        )
        for body in bodies
    )


TOLD = ("verdict", "total_minor", "document", "why", "bundle")
"""Facts a history shows; the route stays out, as it would tell a random check from work."""


def _told(facts: dict[str, Any]) -> str:
    return ", ".join(f"{name.replace('_', ' ')} {facts[name]}" for name in TOLD if name in facts)


def _decision_query() -> Select[Any]:
    return (
        select(
            decision.c.body,
            decision.c.actor_id,
            review_case.c.title,
            review_case.c.currency,
            review_case.c.kind,
            undo.c.at.label("undone_at"),
            posting.c.status.label("posting_status"),
            account.c.name.label("actor_name"),
        )
        .join(review_case, review_case.c.number == decision.c.case_number)
        .outerjoin(undo, undo.c.decision_id == decision.c.id)
        .outerjoin(posting, posting.c.decision_id == decision.c.id)
        .outerjoin(account, account.c.person_id == decision.c.actor_id)
        .order_by(decision.c.id.desc())
    )


def _decisions(
    query: Select[Any], connection: Connection, *, undo_window: timedelta
) -> tuple[DecisionView, ...]:
    rows = connection.execute(query).all()
    people = _names("people", {row.title.split(", ")[0] for row in rows}, connection)
    return tuple(_decision_view(row, people, undo_window=undo_window) for row in rows)


def _decision_view(
    row: Row[Any], people: dict[str, str], *, undo_window: timedelta
) -> DecisionView:
    one = Decision.model_validate_json(row.body)
    person, _, rest = row.title.partition(", ")
    status = None if row.posting_status is None else PostingStatus(row.posting_status)
    is_open = row.undone_at is None and status in {None, PostingStatus.PENDING}
    return DecisionView(
        id=one.id,
        case_id=one.case_id,
        title=f"{people[person]}, {rest}" if person in people else row.title,
        actor_id=one.actor_id,
        actor_name=row.actor_name or one.actor_id,
        verdict=one.verdict,
        reason_codes=one.reason_codes,
        note=one.note,
        approved_minor=one.approved_minor,
        currency=row.currency,
        decided_at=one.decided_at,
        undo_until=one.decided_at + undo_window if is_open else None,
        is_undone=row.undone_at is not None,
        posting=status,
    )


def _posting_view(row: Row[Any]) -> PostingView:
    one = posting_of_row(row)
    return PostingView(
        id=one.id,
        token=one.token,
        item_id=one.item_id,
        case_id=one.case_id,
        ledger=one.ledger,
        status=one.status,
        total_minor=one.total_minor,
        currency=one.currency,
        document_id=one.document_id,
        attempts=one.attempts,
        error=one.error,
        owner_id=one.owner_id,
        created_at=one.created_at,
        done_at=one.done_at,
    )


def _queue_summary(rows: Sequence[Row[Any]], *, decided_today: int) -> QueueSummary:
    count = dict.fromkeys(CaseStatus, 0)
    money: dict[str, int] = {}
    minutes, due = 0.0, []
    for row in rows:
        status = CaseStatus(row.status)
        count[status] += row.number
        if status in FINISHED:
            continue
        money[row.currency] = money.get(row.currency, 0) + row.value
        if status is CaseStatus.OPEN:
            minutes += row.work
            due.append(row.next_due)
    return QueueSummary(
        waiting=count[CaseStatus.OPEN],
        claimed=count[CaseStatus.CLAIMED],
        held=count[CaseStatus.HELD],
        awaiting_information=count[CaseStatus.AWAITING_INFORMATION],
        escalated=count[CaseStatus.ESCALATED],
        decided_today=decided_today,
        waiting_minutes=round(minutes, 1),
        money_at_stake_minor=money,
        next_due_at=min(due, default=None),
    )


def _number(cursor: str) -> int:
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > LONGEST_NUMBER:
        raise InvalidRequestError("cursor", cursor, "is not a cursor this list gave out")
    return int(cursor)
