"""Reads of cases: rows of lists, the clauses they cite, why one is next, what happened to it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
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
from data.schemas.values import minor_per_major
from data.schemas.vocabulary import AuditEvent, ItemKind
from service.domain.case import Case
from service.domain.proved_money import proved_money
from service.ports.screens import CaseFilter
from service.store.cases import EFFECT_FREE, FINISHED, case_name, case_of_row
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
    WhyNext,
)

HISTORY_SHOWN = 50


def why_next(case: Case) -> WhyNext:
    """Say why a case stands where it stands; the lane is not told."""
    return WhyNext(
        value_minor=case.value_minor,
        currency=case.currency,
        doubt=case.doubt,
        reviewer_error=case.review_error,
        review_minutes=case.review_minutes,
        net_per_minute_minor=case.value_minor
        * (case.doubt - case.review_error)
        / case.review_minutes,
        sentence=_why(case),
    )


def _why(case: Case) -> str:
    """One form for every lane: a random check must not be told by its words."""
    major = case.value_minor / minor_per_major(case.currency)
    first = f"{case.boost}. " if case.boost else ""
    return (
        f"{first}{major:,.0f} {case.currency} at stake, {case.doubt:.0%} doubt that it may be "
        f"billed as it stands, about {max(round(case.review_minutes), 1)} min of work, "
        f"due {case.due_at:%d %B %H:%M} UTC."
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
    if wanted.late_at is not None:
        is_late = review_case.c.due_at < wanted.late_at
        query = query.where(is_late, review_case.c.status.not_in(FINISHED))
    if wanted.judge_id is not None:
        query = query.where(
            review_case.c.lane.not_in(EFFECT_FREE)
            | (review_case.c.lease_owner_id == wanted.judge_id)
        )
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
        proved = proved_money(said)
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
            snoozed_until=case.snoozed_until,
            boost=case.boost,
            business_unit=case.business_unit,
            person_id=case.person_id,
            project_id=case.project_id,
            proved_risk_minor=proved.risk_minor,
            proved_leak_minor=proved.leak_minor,
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
    """Give what happened to a case and its item, newest first.

    That a bill was prepared stands with its decision; here it would tell a blind repeat, as none is
    prepared for one.
    """
    subjects = (case_name(row.number), row.item_id)
    query = (
        select(audit.c.body)
        .where(audit.c.subject.in_(subjects), audit.c.event != AuditEvent.POSTING_ENQUEUED.value)
        .order_by(audit.c.id.desc())
        .limit(HISTORY_SHOWN)
    )
    bodies = [json.loads(body) for body in connection.execute(query).scalars()]
    if row.lane in EFFECT_FREE:
        bodies = _as_of_opening(bodies, row)
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


def _as_of_opening(bodies: Sequence[dict[str, Any]], row: Row[Any]) -> list[dict[str, Any]]:
    """A blind repeat tells of its item what a case opened at that time would tell, in its order."""
    own = [body for body in bodies if body["subject"] == case_name(row.number)]
    opened = [
        body | {"at": row.opened_at.isoformat()}
        for body in own
        if body["event"] == AuditEvent.CASE_OPENED
    ]
    since = [body for body in own if body["event"] != AuditEvent.CASE_OPENED]
    before = [
        body
        for body in bodies
        if body["subject"] == row.item_id and datetime.fromisoformat(body["at"]) <= row.opened_at
    ]
    received = [body for body in before if body["event"] == AuditEvent.ITEM_RECEIVED]
    assessed = [body for body in before if body["event"] != AuditEvent.ITEM_RECEIVED]
    return since + received + opened + assessed


TOLD = ("verdict", "until", "total_minor", "document", "why", "bundle")
"""Facts a history shows; the route stays out, as it would tell a random check from work."""


def _told(facts: dict[str, Any]) -> str:
    return ", ".join(
        f"{name.replace('_', ' ')} {_in_words(name, facts[name])}" for name in TOLD if name in facts
    )


def _in_words(name: str, value: object) -> object:
    if name != "until":
        return value
    return f"{datetime.fromisoformat(str(value)).astimezone(UTC):%d %B %Y, %H:%M} UTC"
