"""A bill without its purchase order waits in the exception queue until the order is put."""

from __future__ import annotations

import time

import pytest

from data.schemas.contracts import ContractLine
from data.schemas.vocabulary import AuditEvent, PostingStatus
from service.commands.postings import postings, retry_postings
from service.settings import Settings
from service.usecases.billing.billed_rows import BilledRows
from service.usecases.billing.post_billing import Gates
from service.usecases.terms.put_reference import put_reference
from service.workflows.engine import DbosEngine, prepare_engine
from service.workflows.flows import FlowParts, launch, shut_down
from tests.builders.contracts import client, contract
from tests.builders.items import timesheet
from tests.builders.service import Workplace, database, never
from tests.fakes.ledger import FakeLedger
from tests.fakes.scorer import CLEAR
from tests.fakes.training import unused

DEADLINE_SECONDS = 20


@pytest.fixture(scope="module")
def working(tmp_path_factory):
    """A workplace with the real engine, whose client pays nothing without a purchase order."""
    place = Workplace(database(tmp_path_factory.mktemp("gates")))
    prepare_engine(place.url)
    place.engine, place.ledger = DbosEngine(place.url), FakeLedger()
    _put(place, "clients", client(purchase_order_required=True))
    _put(place, "contracts", _contract(order=None))
    parts = FlowParts(
        open_work=place.open_work,
        ledger=place.ledger,
        gates=Gates(billed=BilledRows(), regions={}),
        watcher=place.watcher,
        coin=never,
        carry_out=unused,
        now=place.clock.now,
        owner_of_failures="ines",
        engine=place.engine,
    )
    launch(parts, database_url=place.url, executor_id="test")
    yield place
    shut_down()
    place.engine.close()
    place.close()


def _contract(*, order):
    line = ContractLine(id="L-1", project_id="P-1", name="Build", purchase_order=order)
    return contract(lines=(line,))


def _put(place, kind, one):
    place.run(
        lambda uow: put_reference(
            kind, [(one.id, one)], actor_id="key-1", uow=uow, now=place.clock.now()
        )
    )


def _settled(place, posting_id):
    deadline = time.monotonic() + DEADLINE_SECONDS
    while time.monotonic() < deadline:
        posting = place.run(lambda uow: uow.postings.get(posting_id))
        if posting.status is not PostingStatus.PENDING:
            return posting
        time.sleep(0.05)
    raise AssertionError("the posting stays pending")


def test_a_bill_without_its_order_is_refused_and_leaves_once_the_order_is_put(working):
    sheet = timesheet()
    working.scorer.says(sheet.item_id, **CLEAR)
    working.assess(sheet)
    posting_id = working.postings(sheet.item_id)[-1].id
    # 1. The gate stops it before the ledger hears of it, and gives it an owner.
    stopped = _settled(working, posting_id)
    assert (stopped.status, stopped.owner_id) == (PostingStatus.REFUSED, "ines")
    assert "Purchase order missing or exhausted: line L-1" in stopped.error
    assert "Put the contract with the order's number, then retry" in stopped.error
    assert (working.ledger.tries, stopped.attempts) == (0, 0)
    (told,) = working.audited(AuditEvent.POSTING_REFUSED)
    assert told["facts"]["reason"] == "purchase_order_missing_or_exhausted"
    # 2. A retry without mending is stopped again.
    settings = Settings(database_url=working.url)
    assert retry_postings(settings, posting_ids=[posting_id]) == [posting_id]
    assert _settled(working, posting_id).status is PostingStatus.REFUSED
    # 3. The order is put, and the same posting passes.
    _put(working, "contracts", _contract(order="PO-4711"))
    retry_postings(settings, posting_ids=[posting_id])
    passed = _settled(working, posting_id)
    assert (passed.status, passed.error) == (PostingStatus.DONE, None)
    assert list(working.ledger.bills) == [posting_id]
    assert postings(settings, status=PostingStatus.REFUSED) == []
