"""Three ways to post that lose or double a bill: the harness has to find each."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

from data.schemas.vocabulary import PostingStatus
from service.domain.posting import Posting
from service.ports.faults import Point
from service.usecases.billing.make_bill import bill_from_json


def post_without_key(posting_id, *, open_work, ledger, gates, now, passing) -> PostingStatus:
    """Write the bill under a key of its own each time: a repeat is another bill to the ledger."""
    posting = _pending(posting_id, open_work)
    if posting is None:
        return PostingStatus.DONE
    bill = bill_from_json(posting.bill_json)
    ledger.create_draft(replace(bill, token=uuid4().hex))
    passing(Point.DRAFT_WRITTEN)
    return _mark_done(posting, open_work)


def mark_before_posting(posting_id, *, open_work, ledger, gates, now, passing) -> PostingStatus:
    """Note the bill as posted, and post it then: what dies in between is never posted."""
    posting = _pending(posting_id, open_work)
    if posting is None:
        return PostingStatus.DONE
    status = _mark_done(posting, open_work)
    passing(Point.TRY_COMMITTED)
    ledger.create_draft(bill_from_json(posting.bill_json))
    return status


def post_with_unkept_key(posting_id, *, open_work, ledger, gates, now, passing) -> PostingStatus:
    """Make a key, look it up, send it, and write it down only afterwards."""
    posting = _pending(posting_id, open_work)
    if posting is None:
        return PostingStatus.DONE
    token = uuid4().hex
    if ledger.find_by_token(token) is None:
        passing(Point.TOKEN_LOOKED_UP)
        ledger.create_draft(replace(bill_from_json(posting.bill_json), token=token))
        passing(Point.DRAFT_WRITTEN)
    return _mark_done(replace(posting, token=token), open_work)


DEFECTS = {
    "no key": post_without_key,
    "marked before posted": mark_before_posting,
    "key not kept": post_with_unkept_key,
}


def _pending(posting_id, open_work) -> Posting | None:
    with open_work() as uow:
        posting = uow.postings.get(posting_id)
        return posting if posting.status is PostingStatus.PENDING else None


def _mark_done(posting, open_work) -> PostingStatus:
    with open_work() as uow:
        uow.postings.save(replace(posting, status=PostingStatus.DONE, document_id="D"))
    return PostingStatus.DONE
