"""Say what a verdict would come to, with the function that stores it."""

from __future__ import annotations

from service.domain.actor import Actor
from service.ports.stores import UnitOfWork
from service.usecases.deciding.weigh_verdict import weigh_verdict
from service.usecases.queue.see_case import see_case
from service.wire.deciding import MoneyPreview, PreviewRequest


def preview_decision(request: PreviewRequest, *, actor: Actor, uow: UnitOfWork) -> MoneyPreview:
    """Give the money of a verdict on a case; nothing is stored.

    Raises InvalidRequestError for a verdict that would be refused.
    """
    case = see_case(request.case_id, actor=actor, uow=uow)
    stored = uow.items.version(case.item_seq)
    money = weigh_verdict(request, stored, actor=actor, uow=uow)
    return MoneyPreview(
        charged_minor=stored.item.amount_minor,
        approved_minor=money.approved_minor,
        written_off_minor=money.written_off_minor,
        moved_minor=money.moved_minor,
        not_billed_minor=money.not_billed_minor,
        currency=case.currency,
    )
