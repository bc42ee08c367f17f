"""Postings that their ledger refused for good."""

from __future__ import annotations

from datetime import datetime

from data.schemas.vocabulary import FailureKind
from service.usecases.billing.note_failure import Carers, note_failure
from service.usecases.billing.post_billing import OpenWork
from service.usecases.billing.trouble_of import told_trouble
from tests.fakes.engine import FakeEngine


def refuse_posting(
    posting_id: str, *, why: str, open_work: OpenWork, owner_id: str | None, now: datetime
) -> None:
    """Note that the ledger refused a posting, as the worker does; it goes to its owner."""
    with open_work() as uow:
        note_failure(
            posting_id,
            told_trouble(why, kind=FailureKind.PERMANENT),
            carers=Carers(engine=FakeEngine(), system="sandbox", owner_id=owner_id),
            draw=1.0,
            uow=uow,
            now=now,
        )
