"""Hold a verdict against its item: reasons that fit, figures the item bears, a target that is."""

from __future__ import annotations

from collections.abc import Sequence

from data.schemas.contracts import Contract
from data.schemas.decision import Adjustment
from data.schemas.vocabulary import FINAL_VERDICTS, REASONS_BY_VERDICT, ReasonCode, Verdict
from service.domain.actor import Actor
from service.domain.decided_money import DecidedMoney, decided_money
from service.domain.errors import InvalidRequestError
from service.ports.stores import StoredItem, UnitOfWork
from service.wire.verdicts import SpokenVerdict


def weigh_verdict(
    spoken: SpokenVerdict, stored: StoredItem, *, actor: Actor, uow: UnitOfWork
) -> DecidedMoney:
    """Give what a verdict bills, gives up, moves and leaves; preview and storing both ask here.

    Raises InvalidRequestError for a verdict that makes no sense.
    """
    check_reasons(spoken)
    money = decided_money(
        stored.item,
        verdict=spoken.verdict,
        adjustments=spoken.adjustments,
        approved_minor=spoken.approved_minor,
    )
    _check_targets(spoken.adjustments, stored, actor=actor, uow=uow)
    return money


def require_final(verdict: Verdict, *, why: str) -> None:
    """Raise InvalidRequestError for a verdict that would not end the case."""
    if verdict not in FINAL_VERDICTS:
        final = ", ".join(sorted(FINAL_VERDICTS))
        raise InvalidRequestError("verdict", verdict.value, f"{why}; say one of {final}")


def check_reasons(spoken: SpokenVerdict) -> None:
    """Raise InvalidRequestError for a reason that does not belong to the verdict."""
    offered = REASONS_BY_VERDICT[spoken.verdict]
    for code in spoken.reason_codes:
        if code not in offered:
            raise InvalidRequestError(
                "reason_codes", code.value,
                f"is no reason to {spoken.verdict}; use one of {', '.join(offered)}",
            )  # fmt: skip
    if ReasonCode.OTHER in spoken.reason_codes and not spoken.note.strip():
        raise InvalidRequestError("note", spoken.note, "the reason 'other' needs a note")


def _check_targets(
    adjustments: Sequence[Adjustment], stored: StoredItem, *, actor: Actor, uow: UnitOfWork
) -> None:
    """Minutes move to another line that exists, on the actor's side of the wall."""
    for target in {one.moved_to for one in adjustments if one.moved_to is not None}:
        item = stored.item
        if (target.contract_id, target.line_id) == (item.contract_id, item.line_id):
            raise InvalidRequestError(
                "moved_to", target.line_id, "is the line the minutes are on; name another one"
            )
        contract = _contract(target.contract_id, actor=actor, uow=uow)
        lines = () if contract is None else contract.lines
        if target.line_id not in {line.id for line in lines}:
            raise InvalidRequestError(
                "moved_to", f"{target.contract_id}/{target.line_id}",
                "is no contract line that you may see; GET /v1/contracts/{id} lists the lines",
            )  # fmt: skip


def _contract(contract_id: str, *, actor: Actor, uow: UnitOfWork) -> Contract | None:
    body = uow.references.get("contracts", contract_id)
    contract = None if body is None else Contract.model_validate_json(body)
    clients = actor.wall.client_ids
    is_hidden = contract is not None and clients is not None and contract.client_id not in clients
    return None if is_hidden else contract
