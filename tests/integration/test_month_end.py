"""The end of a month: thousands of bills at once, and one person's decision between them."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest

from data.schemas.vocabulary import PostingStatus
from service.workflows.engine import CHUNK, PARALLEL_WORKFLOWS
from tests.builders.items import milestone, timesheet
from tests.builders.service import database
from tests.integration.test_flows import Working

PATIENCE_SECONDS = 600
BILLS = 5_000
IN_HAND = PARALLEL_WORKFLOWS * CHUNK
"""Bills of the chunks that are begun when the decision comes; each is carried to its end."""


def _queued_at_once(place, numbers):
    """Clear items in one request; gives the ids of their postings."""
    return place.clear(*(timesheet(external_id=f"peak-{number}") for number in numbers))


def _wait(place, holds):
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not place.run(holds):
        assert time.monotonic() < deadline, "the bills stay"
        time.sleep(0.1)


@pytest.mark.long
@pytest.mark.slow
@pytest.mark.timeout(PATIENCE_SECONDS * 2)
def test_five_thousand_at_once_all_leave_in_order_and_one_decision_does_not_wait_for_them(tmp_path):
    place = Working(database(tmp_path))
    try:
        ids = _queued_at_once(place, range(BILLS // 2))
        ids += _queued_at_once(place, range(BILLS // 2, BILLS))
        place.undo_window = timedelta(0)
        before = len(place.ledger.bills)
        decided = place.decided(milestone(external_id="urgent"))
        urgent = place.postings("test:urgent")[0].id
        _wait(place, lambda uow: uow.postings.get(urgent).status is PostingStatus.DONE)
        left = [bill.item_id for bill in place.ledger.bills.values()]
        assert decided.case_id
        # Only what was in hand went before it, and at most one chunk begun meanwhile.
        assert left.index("test:urgent") <= before + 2 * IN_HAND
        _wait(
            place,
            lambda uow: all(
                uow.postings.get(one).status is PostingStatus.DONE for one in reversed(ids)
            ),
        )
        order = [
            int(bill.item_id.rpartition("-")[2])
            for bill in place.ledger.bills.values()
            if "peak" in bill.item_id
        ]
        assert sorted(order) == list(range(BILLS))
        # First come, first served, but for the chunks that leave side by side.
        second = next(at for at, number in enumerate(order) if number >= BILLS // 2)
        assert second >= BILLS // 2 - 2 * IN_HAND
    finally:
        place.close()
