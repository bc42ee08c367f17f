"""Minutes that a decision moved to another contract line: opened with it, settled by a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from data.schemas.decision import Decision
from data.schemas.vocabulary import AuditEvent, Role, TransferStatus
from service.domain.actor import POLICY, Actor
from service.domain.audit_entry import AuditEntry
from service.domain.case import Case
from service.domain.decided_money import moved_minutes
from service.domain.errors import InvalidRequestError, NotFoundError, TransferSettledError
from service.ports.deciding_stores import Transfer
from service.ports.stores import UnitOfWork
from service.wire.deciding import SettleRequest

SETTLERS = (Role.REVIEWER, Role.APPROVER, Role.RESOURCE_MANAGER, Role.INTEGRATION_OWNER)


def open_transfers(decision: Decision, case: Case, *, uow: UnitOfWork, now: datetime) -> None:
    """Open a transfer for each move of a final decision; drop those of the one it supersedes.

    What was booked already under that one is not asked for again. Safe to repeat.
    """
    if uow.transfers.of_decision(decision.id):
        return
    earlier = uow.transfers.of_decision(decision.supersedes_id) if decision.supersedes_id else []
    for one in earlier:
        if one.status is TransferStatus.OPEN:
            settled = replace(
                one,
                status=TransferStatus.DROPPED,
                settled_by_id=POLICY.id,
                settled_at=now,
                note=f"Corrected by {decision.id}",
            )
            _save(settled, uow=uow, now=now)
    booked = {_move(one) for one in earlier if one.status is TransferStatus.DONE}
    fresh = _transfers(decision, case, uow=uow, now=now)
    uow.transfers.add([one for one in fresh if _move(one) not in booked])


def settle_transfer(
    transfer_id: str, request: SettleRequest, *, actor: Actor, uow: UnitOfWork, now: datetime
) -> Transfer:
    """Write down that moved minutes are booked where they belong, or that they will not be.

    Raises TransferSettledError for one that somebody settled before.
    """
    actor.require_role(*SETTLERS)
    found = uow.transfers.get(transfer_id)
    if found is None or not actor.sees(
        client_id=found.client_id, business_unit=found.business_unit
    ):
        raise NotFoundError("transfer", transfer_id)
    if found.status is not TransferStatus.OPEN:
        raise TransferSettledError(transfer_id, status=found.status)
    if not request.is_done and not request.note.strip():
        raise InvalidRequestError("note", request.note, "say why the minutes stay where they are")
    settled = replace(
        found,
        status=TransferStatus.DONE if request.is_done else TransferStatus.DROPPED,
        settled_by_id=actor.id,
        settled_at=now,
        note=request.note,
    )
    _save(settled, uow=uow, now=now)
    return settled


def _transfers(
    decision: Decision, case: Case, *, uow: UnitOfWork, now: datetime
) -> Iterator[Transfer]:
    stored = uow.items.version(case.item_seq)
    for place, one in enumerate(moved_minutes(stored.item, decision.adjustments)):
        yield Transfer(
            id=f"move-{decision.id}-{place}",
            decision_id=decision.id,
            item_id=case.item_id,
            client_id=case.client_id,
            business_unit=case.business_unit,
            row_id=one.row_id,
            minutes=one.minutes,
            amount_minor=one.amount_minor,
            currency=case.currency,
            to_contract_id=one.to.contract_id,
            to_line_id=one.to.line_id,
            status=TransferStatus.OPEN,
            created_at=now,
        )


def _move(one: Transfer) -> tuple[str, int, str, str]:
    return one.row_id, one.minutes, one.to_contract_id, one.to_line_id


def _save(settled: Transfer, *, uow: UnitOfWork, now: datetime) -> None:
    uow.transfers.save(settled)
    uow.audit.record(
        AuditEntry(
            event=AuditEvent.TRANSFER_SETTLED,
            at=now,
            actor_id=settled.settled_by_id or POLICY.id,
            subject=settled.item_id,
            facts={
                "transfer": settled.id,
                "status": settled.status,
                "minutes": settled.minutes,
                "to": f"{settled.to_contract_id}/{settled.to_line_id}",
            },
        )
    )
