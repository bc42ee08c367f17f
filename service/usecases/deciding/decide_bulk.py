"""Decide several cases at once for one shared reason, and take the whole bulk back."""

from __future__ import annotations

from datetime import datetime, timedelta

from data.schemas.vocabulary import AuditEvent, Role
from service.domain.actor import Actor
from service.domain.audit_entry import AuditEntry
from service.domain.errors import InvalidRequestError, NotFoundError, TooLateError
from service.ports.deciding_stores import Bulk
from service.ports.engine import DecisionContext
from service.ports.stores import UnitOfWork
from service.usecases.deciding.decide_case import settle_case
from service.usecases.deciding.sort_out_bulk import sort_out_bulk, spoken_verdict, total_minor
from service.usecases.deciding.take_back import take_back
from service.usecases.deciding.undo_decision import require_undoable
from service.usecases.queue.see_case import see_case
from service.usecases.telling.tell import tell_bulk_reverted
from service.wire.deciding import BulkAnswer, BulkRequest

HOLD = timedelta(minutes=5)
"""The cases of a bulk are held for the moment in which they are decided."""


def decide_bulk(request: BulkRequest, *, actor: Actor, context: DecisionContext) -> BulkAnswer:
    """Decide every case that can be decided together; each row says what became of it.

    All of it is one transaction: nothing is half decided. Raises InvalidRequestError where no case
    can take part.
    """
    actor.require_role(Role.REVIEWER, Role.APPROVER)
    uow, now = context.uow, context.now
    # 1. Look at each case, as the preview did.
    found = sort_out_bulk(request, actor=actor, context=context)
    cases = [one.case for one in found if one.case is not None and one.row.is_included]
    if not cases:
        raise InvalidRequestError(
            "cases", len(request.cases),
            "none of them can be decided together; the preview says why of each",
        )  # fmt: skip
    # 2. Decide each as if it were held, under one name.
    spoken, bulk_id = spoken_verdict(request), context.ids.new("bulk")
    uow.bulks.add(
        Bulk(
            id=bulk_id,
            actor_id=actor.id,
            verdict=request.verdict,
            reason_codes=request.reason_codes,
            note=request.note,
            decisions=len(cases),
            at=now,
        )
    )
    for case in cases:
        held = case.claimed(owner_id=actor.id, now=now, hold=HOLD)
        settle_case(held, spoken, actor=actor, context=context, bulk_id=bulk_id)
    # 3. Write the bulk itself down.
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.BULK_DECIDED,
            at=now,
            actor_id=actor.id,
            subject=bulk_id,
            facts={
                "verdict": request.verdict,
                "reasons": list(request.reason_codes),
                "cases": [case.id for case in cases],
                "left_out": len(found) - len(cases),
            },
        )
    )
    rows = tuple(one.row for one in found)
    return BulkAnswer(
        bulk_id=bulk_id,
        rows=rows,
        included=len(cases),
        total_minor=total_minor(rows),
        undo_until=now + context.undo_window,
    )


def revert_bulk(
    bulk_id: str, *, actor: Actor, uow: UnitOfWork, undo_window: timedelta, now: datetime
) -> Bulk:
    """Take every decision of one's own bulk back, inside the undo window; a repeat changes nothing.

    Raises TooLateError once the window is over: then each case is corrected by itself.
    """
    bulk = uow.bulks.get(bulk_id)
    if bulk is None or bulk.actor_id != actor.id:
        raise NotFoundError("bulk", bulk_id)
    if uow.bulks.is_reverted(bulk_id):
        return bulk
    if now >= bulk.at + undo_window:
        seconds = int(undo_window.total_seconds())
        raise TooLateError(f"The {seconds} seconds to take bulk {bulk_id} back are over.")
    for decision in uow.decisions.of_bulk(bulk_id):
        case = see_case(decision.case_id, actor=actor, uow=uow)
        require_undoable(decision, case, uow=uow, undo_window=undo_window, now=now)
        take_back(case, (decision,), actor=actor, uow=uow, now=now)
    uow.bulks.add_revert(bulk_id, actor_id=actor.id, at=now)
    uow.audit.record(
        AuditEntry(event=AuditEvent.BULK_REVERTED, at=now, actor_id=actor.id, subject=bulk_id)
    )
    tell_bulk_reverted(bulk.decisions, actor=actor, uow=uow, now=now)
    return bulk
