"""Reads of cases: rows of lists, the clauses they cite, why one is next, what happened to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    Connection,
    Row,
    Select,
    or_,
    select,
)

from data.schemas.assessment import Assessment
from data.schemas.contracts import Clause, Contract
from data.schemas.vocabulary import CaseStatus, ItemKind
from service.domain.case import Case
from service.domain.queue import REVIEWER_ERROR
from service.ports.screens import CaseFilter
from service.store.cases import FINISHED, case_name, case_of_row
from service.store.display_names import account_names, names_of
from service.store.references import SqlReferenceStore
from service.store.tables import (
    assessment,
    audit,
    review_case,
)
from service.wire.cases import (
    CaseSummary,
    HistoryEvent,
    QueueSummary,
    WhyNext,
)

HISTORY_SHOWN = 50


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


def cases_with_assessments() -> Select[Any]:
    """Cases beside what was said of their items, as `said`."""
    return select(review_case, assessment.c.body.label("said")).join(
        assessment, assessment.c.id == review_case.c.assessment_id
    )


def filtered(query: Select[Any], wanted: CaseFilter) -> Select[Any]:
    """Narrow a query of cases to those wanted."""
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


def case_summaries(rows: Sequence[Row[Any]], connection: Connection) -> Iterator[CaseSummary]:
    """Give rows of cases as a list shows them."""
    cases = [(case_of_row(row), Assessment.model_validate_json(row.said)) for row in rows]
    clients = names_of("clients", {case.client_id for case, _ in cases}, connection)
    contracts = names_of("contracts", {case.contract_id for case, _ in cases}, connection)
    people = names_of("people", {case.title.split(", ")[0] for case, _ in cases}, connection)
    owners = account_names({case.lease.owner_id for case, _ in cases if case.lease}, connection)
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
    if case.kind is not ItemKind.MILESTONE and person in people:
        return f"{people[person]}, {rest}"
    return case.title


def cited_clauses(said: Assessment, contract_id: str, connection: Connection) -> tuple[Clause, ...]:
    """Give the clauses that an assessment's findings cite."""
    body = SqlReferenceStore(connection).get("contracts", contract_id)
    if body is None:
        return ()
    cited = {finding.clause_id for finding in said.findings}
    contract = Contract.model_validate_json(body)
    restated = (clause for order in contract.change_orders for clause in order.clauses)
    return tuple(clause for clause in (*contract.clauses, *restated) if clause.id in cited)


def case_history(row: Row[Any], connection: Connection) -> tuple[HistoryEvent, ...]:
    """Give what happened to a case and its item, newest first."""
    subjects = (case_name(row.number), row.item_id)
    query = (
        select(audit.c.body)
        .where(audit.c.subject.in_(subjects))
        .order_by(audit.c.id.desc())
        .limit(HISTORY_SHOWN)
    )
    bodies = [json.loads(body) for body in connection.execute(query).scalars()]
    owners = account_names({body["actor"] for body in bodies}, connection)
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


def queue_summary_of(rows: Sequence[Row[Any]], *, decided_today: int) -> QueueSummary:
    """Add up what waits."""
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
