"""Let a decision take effect: its bill is prepared, and it is concluded after the undo window."""

from __future__ import annotations

from data.schemas.decision import Decision
from data.schemas.vocabulary import PostingStatus
from service.domain.bill import Bill
from service.domain.case import Case
from service.domain.posting import Posting
from service.domain.queue import has_effect
from service.ports.engine import DecisionContext
from service.ports.stores import Fact, FactKind, StoredItem
from service.usecases.billing.make_bill import (
    bill_from_json,
    difference_bill,
    make_bill,
    posting_enqueued,
    posting_of_bill,
)


def take_effect(
    decision: Decision, case: Case, stored: StoredItem, *, context: DecisionContext
) -> None:
    """Prepare the posting of a final decision, and conclude it after the undo window.

    Where the case was billed before, the difference is posted. A verdict on a case that only
    repeats another bills nothing.
    """
    uow, now = context.uow, context.now
    if has_effect(case):
        posting = _posting(decision, case, stored, context=context)
        if posting is not None:
            uow.postings.add([posting])
            uow.facts.add([Fact(kind=FactKind.BILL, subject_id=posting.id, at=now)])
            uow.audit.record(posting_enqueued(posting, actor_id=decision.actor_id))
    context.engine.enqueue_conclusion(
        uow, decision.id, delay_seconds=context.undo_window.total_seconds()
    )


def _posting(
    decision: Decision, case: Case, stored: StoredItem, *, context: DecisionContext
) -> Posting | None:
    posting_id = context.ids.new("post")
    bill = make_bill(stored, decision=decision, token=posting_id)
    earlier = _bills_left(case, context=context)
    if earlier:
        bill = difference_bill(bill, earlier=earlier)
    if not bill.lines:
        return None
    return posting_of_bill(
        bill,
        stored=stored,
        decision=decision,
        case_id=case.id,
        ledger=context.ledger,
        now=context.now,
        not_before=context.now + context.undo_window,
    )


def _bills_left(case: Case, *, context: DecisionContext) -> list[Bill]:
    """The bills of this case that the ledger has, oldest first."""
    return [
        bill_from_json(one.bill_json)
        for one in context.uow.postings.of_item(case.item_id)
        if one.case_id == case.id and one.status is PostingStatus.DONE
    ]
