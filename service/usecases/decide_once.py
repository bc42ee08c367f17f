"""Decide a case under an idempotency key: a lost answer is asked for again, not decided again."""

from __future__ import annotations

import hashlib

from data.schemas.decision import Decision
from service.domain.actor import Actor
from service.domain.errors import NotFoundError
from service.ports.engine import DecisionContext
from service.usecases.decide_case import decide_case
from service.usecases.find_answer import find_answer
from service.wire.cases import DecisionRequest


def decide_once(
    case_id: str,
    request: DecisionRequest,
    *,
    idempotency_key: str | None,
    actor: Actor,
    context: DecisionContext,
) -> Decision:
    """Store a verdict, or give the one that this key stored before.

    Raises IdempotencyReusedError when the key came with another request.
    """
    uow = context.uow
    sha256 = hashlib.sha256(f"{case_id}\n{request.model_dump_json()}".encode()).hexdigest()
    kept = find_answer(idempotency_key, owner_id=actor.id, request_sha256=sha256, uow=uow)
    if kept is not None:
        return _stored(kept.decode(), context)
    decision = decide_case(case_id, request, actor=actor, context=context)
    if idempotency_key is not None:
        uow.answers.keep(
            owner=actor.id,
            key=idempotency_key,
            request_sha256=sha256,
            answer=decision.id.encode(),
            at=context.now,
        )
    return decision


def _stored(decision_id: str, context: DecisionContext) -> Decision:
    decision = context.uow.decisions.get(decision_id)
    if decision is None:
        raise NotFoundError("decision", decision_id)
    return decision
