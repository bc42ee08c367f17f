"""Assess items. Read this first: everything between a submitted item and its route is here."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from data.schemas.assessment import Assessment
from data.schemas.batch import Batch, FieldProblem, Rejection
from data.schemas.contracts import Contract
from data.schemas.items import AnyItem, content_sha256
from data.schemas.vocabulary import AuditEvent, Route
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.intake import objections_to, problem
from service.domain.wall import OPEN_WALL, Wall
from service.ports.clock import Ids
from service.ports.engine import Engine
from service.ports.scorer import Scorer
from service.ports.stores import Fact, FactKind, StoredItem, UnitOfWork
from service.usecases.billing.make_bill import open_posting, posting_enqueued
from service.usecases.queue.open_cases import open_cases
from service.usecases.queue.raise_cases import raise_cases
from service.wire.assessments import AssessmentResponse, ItemOutcome, ItemResult

Item = AnyItem
IS_HISTORY = "this item was taken as history: it was billed before Countersign and is not assessed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """One request's rows, read: which were understood and which were not."""

    batch_id: str
    actor_id: str
    received: int
    batch: Batch[Item]
    idempotency_key: str | None = None
    request_sha256: str = ""
    wall: Wall = OPEN_WALL
    """Of whoever submits: a contract behind it is unknown to them."""


def assess_items(
    arrivals: Sequence[Arrival],
    *,
    uow: UnitOfWork,
    scorer: Scorer,
    engine: Engine,
    ledger: str,
    now: datetime,
    ids: Ids,
) -> list[AssessmentResponse]:
    """Answer each request with an assessment or a rejection for each of its rows.

    No item id may stand twice over all arrivals; the caller keeps such requests for the next call.
    """
    # 1. Learn what became known since the last call.
    scorer.catch_up(uow)
    # 2. Tell new versions from repeats of what was assessed before.
    hashes = {
        item.item_id: content_sha256(item) for one in arrivals for _, item in one.batch.accepted
    }
    repeats = uow.items.find_versions(list(hashes.items()))
    # 3. Refuse what no contract covers and what was billed before us: only answerable items go on.
    past = uow.items.find_unassessed(list(hashes.items()))
    answered = {item_id for item_id, _ in repeats}
    read = [_answerable(arrival, scorer, past=past, answered=answered) for arrival in arrivals]
    fresh = _stored(read, hashes, repeats, uow=uow, scorer=scorer, now=now)
    # 4. Assess new items together and each correction alone, and write down what was said.
    said = _assessed(fresh, uow=uow, scorer=scorer, now=now, ids=ids)
    # 5. A newer version joins the case that is open on its item; whoever held it is told.
    raised = raise_cases(fresh, said, uow=uow, now=now)
    # 6. Open a case wherever else a person is asked, and wherever policy holds the item.
    unasked = [one for one in zip(fresh, said, strict=True) if one[1].item_id not in raised]
    cases = raised | open_cases(unasked, uow=uow, now=now)
    # 7. Bill what policy cleared and nobody is asked about.
    _post_cleared(fresh, said, uow=uow, engine=engine, ledger=ledger, now=now, ids=ids)
    # 8. Answer, and keep each answer under its key, in the same transaction.
    by_id = {one.item_id: one for one in said}
    opened = uow.cases.opened_by([item_id for item_id, _ in repeats])
    answers = []
    for arrival in read:
        results = _results(arrival, by_id, cases, repeats, opened, hashes, uow=uow)
        _record_arrival(arrival, results, uow=uow, now=now)
        answers.append(_answered(arrival, results, uow=uow, now=now))
    return answers


def _answerable(arrival: Arrival, scorer: Scorer, *, past: set[str], answered: set[str]) -> Arrival:
    accepted, rejected = [], list(arrival.batch.rejected)
    for row, item in arrival.batch.accepted:
        problems: tuple[FieldProblem, ...] = ()
        if item.item_id not in answered:
            problems = objections_to(item, contract=_contract_seen(item, arrival.wall, scorer))
        if not problems and item.item_id in past:
            problems = (problem("external_id", item.external_id, reason=IS_HISTORY),)
        if problems:
            rejected.append(Rejection(row=row, external_id=item.external_id, problems=problems))
        else:
            accepted.append((row, item))
    return Arrival(
        batch_id=arrival.batch_id,
        actor_id=arrival.actor_id,
        received=arrival.received,
        batch=Batch(tuple(accepted), tuple(rejected)),
        idempotency_key=arrival.idempotency_key,
        request_sha256=arrival.request_sha256,
        wall=arrival.wall,
    )


def _contract_seen(item: Item, wall: Wall, scorer: Scorer) -> Contract | None:
    contract = scorer.contract_of(item.contract_id)
    if contract is None or wall.is_open:
        return contract
    unit = scorer.business_unit_of(item.contract_id, item.line_id)
    is_seen = wall.admits(client_id=contract.client_id, business_unit=unit)
    return contract if is_seen else None


def _stored(
    arrivals: Iterable[Arrival],
    hashes: dict[str, str],
    repeats: dict[tuple[str, str], str],
    *,
    uow: UnitOfWork,
    scorer: Scorer,
    now: datetime,
) -> list[StoredItem]:
    fresh = [
        StoredItem(
            seq=0,
            item=item,
            sha256=hashes[item.item_id],
            client_id=_client_of(item, scorer),
            business_unit=scorer.business_unit_of(item.contract_id, item.line_id),
            received_at=now,
        )
        for arrival in arrivals
        for _, item in arrival.batch.accepted
        if (item.item_id, hashes[item.item_id]) not in repeats
    ]
    fresh.sort(key=lambda one: (one.item.submitted_at, one.item.item_id))
    return uow.items.add(fresh) if fresh else []


def _client_of(item: Item, scorer: Scorer) -> str:
    contract = scorer.contract_of(item.contract_id)
    return "" if contract is None else contract.client_id


def _assessed(
    fresh: Sequence[StoredItem],
    *,
    uow: UnitOfWork,
    scorer: Scorer,
    now: datetime,
    ids: Ids,
) -> list[Assessment]:
    said: list[Assessment] = []
    for part in _parts(fresh):
        if said:
            scorer.catch_up(uow)
        assessed = scorer.assess(part, now=now, ids=ids)
        uow.items.add_assessments(
            [(stored.seq, one) for stored, one in zip(part, assessed, strict=True)]
        )
        uow.facts.add(
            [Fact(kind=FactKind.ITEM, subject_id=str(stored.seq), at=now) for stored in part]
        )
        uow.audit.record(*(_assessed_entry(one) for one in assessed))
        uow.checks.add(scorer.drawn(part, assessed))
        uow.shadows.add(scorer.shadowed(part, assessed))
        said.extend(assessed)
    return said


def _parts(fresh: Sequence[StoredItem]) -> Iterator[Sequence[StoredItem]]:
    """Cut where an item takes the place of an older version: that one counts until then."""
    for is_correction, run in groupby(fresh, key=lambda one: one.is_correction):
        if is_correction:
            yield from ([one] for one in run)
        else:
            yield list(run)


def _assessed_entry(assessment: Assessment) -> AuditEntry:
    return AuditEntry(
        event=AuditEvent.ITEM_ASSESSED,
        at=assessment.assessed_at,
        actor_id="policy",
        subject=assessment.item_id,
        facts={
            "assessment": assessment.id,
            "assessment_sha256": sha256_of(assessment),
            "item_sha256": assessment.item_sha256,
            "route": assessment.route,
            "lane": assessment.lane,
            "propensity": assessment.propensity,
            "codes": [finding.code for finding in assessment.findings],
            "violation_probability": assessment.violation_probability,
            "delay_probability": assessment.delay_probability,
            "amount_minor": assessment.amount_minor,
            "currency": assessment.currency,
            "bundle": assessment.versions.bundle,
            "rules": assessment.versions.rules,
            "policy": assessment.versions.policy,
            "history_through": assessment.versions.history_through,
        },
    )


def sha256_of(assessment: Assessment) -> str:
    """The hash by which the audit trail vouches for a stored assessment."""
    return sha256_of_text(assessment.model_dump_json())


def sha256_of_text(stored: str) -> str:
    """The same of an assessment's stored text: it may be older than a field of today's shape."""
    return hashlib.sha256(stored.encode()).hexdigest()


def _post_cleared(
    fresh: Sequence[StoredItem],
    said: Sequence[Assessment],
    *,
    uow: UnitOfWork,
    engine: Engine,
    ledger: str,
    now: datetime,
    ids: Ids,
) -> None:
    postings = [
        open_posting(stored, ledger=ledger, now=now, ids=ids)
        for stored, one in zip(fresh, said, strict=True)
        if one.route is Route.AUTO_CLEAR and one.lane is None and one.amount_minor > 0
    ]
    if not postings:
        return
    uow.postings.add(postings)
    uow.facts.add([Fact(kind=FactKind.BILL, subject_id=one.id, at=now) for one in postings])
    uow.audit.record(*(posting_enqueued(one, actor_id="policy") for one in postings))
    engine.enqueue_postings(uow, [one.id for one in postings])


def _results(
    arrival: Arrival,
    said: dict[str, Assessment],
    cases: dict[str, Case],
    repeats: dict[tuple[str, str], str],
    opened: dict[str, str],
    hashes: dict[str, str],
    *,
    uow: UnitOfWork,
) -> list[ItemResult]:
    results = [
        ItemResult(row=one.row, outcome=ItemOutcome.REJECTED, rejection=one)
        for one in arrival.batch.rejected
    ]
    for row, item in arrival.batch.accepted:
        known = repeats.get((item.item_id, hashes[item.item_id]))
        if known is not None:
            results.append(
                ItemResult(
                    row=row,
                    outcome=ItemOutcome.UNCHANGED,
                    assessment=uow.items.assessment(known),
                    case_id=opened.get(known),
                )
            )
            continue
        case = cases.get(item.item_id)
        results.append(
            ItemResult(
                row=row,
                outcome=ItemOutcome.ASSESSED,
                assessment=said[item.item_id],
                case_id=case.id if case else None,
            )
        )
    return sorted(results, key=lambda one: one.row)


def _record_arrival(
    arrival: Arrival, results: Sequence[ItemResult], *, uow: UnitOfWork, now: datetime
) -> None:
    entries = [
        AuditEntry(
            event=AuditEvent.BATCH_RECEIVED,
            at=now,
            actor_id=arrival.actor_id,
            subject=arrival.batch_id,
            facts={"received": arrival.received, "rejected": len(arrival.batch.rejected)},
        )
    ]
    for one in results:
        if one.rejection is not None:
            facts = {
                "batch": arrival.batch_id,
                "row": one.row,
                "fields": sorted({problem.field for problem in one.rejection.problems}),
            }
            name = one.rejection.external_id or "(unnamed)"
            event = AuditEvent.ITEM_REJECTED
        elif one.assessment is not None and one.outcome is ItemOutcome.ASSESSED:
            facts = {"batch": arrival.batch_id, "row": one.row,
                     "item_sha256": one.assessment.item_sha256}  # fmt: skip
            name, event = one.assessment.item_id, AuditEvent.ITEM_RECEIVED
        else:
            continue
        entries.append(
            AuditEntry(event=event, at=now, actor_id=arrival.actor_id, subject=name, facts=facts)
        )
    uow.audit.record(*entries)


def _answered(
    arrival: Arrival, results: Sequence[ItemResult], *, uow: UnitOfWork, now: datetime
) -> AssessmentResponse:
    count = dict.fromkeys(ItemOutcome, 0)
    for one in results:
        count[one.outcome] += 1
    answer = AssessmentResponse(
        batch_id=arrival.batch_id,
        received=arrival.received,
        assessed=count[ItemOutcome.ASSESSED],
        unchanged=count[ItemOutcome.UNCHANGED],
        rejected=count[ItemOutcome.REJECTED],
        results=tuple(results),
    )
    if arrival.idempotency_key is not None:
        uow.answers.keep(
            owner=arrival.actor_id,
            key=arrival.idempotency_key,
            request_sha256=arrival.request_sha256,
            answer=answer.model_dump_json().encode(),
            at=now,
        )
    return answer
