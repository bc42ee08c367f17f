"""Posting: exactly once whatever gets lost, and an owner for what failed for good."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from data.schemas.vocabulary import AuditEvent, PostingStatus
from service.domain.bill import Bill, BillingLine
from service.domain.wall import OPEN_WALL
from service.ports.outside_errors import OutsideRefusedError, OutsideTransientError
from service.usecases.assessing.take_history import take_history
from service.usecases.billing.billed_rows import BilledRows
from service.usecases.billing.make_bill import bill_from_json, bill_to_json
from service.usecases.billing.post_billing import Gates, post_billing
from service.usecases.terms.put_reference import put_reference
from service.wire.assessments import PastItem
from tests.builders.contracts import assignment
from tests.builders.expenses import expense, expense_report
from tests.builders.items import MONDAY, milestone, timesheet
from tests.builders.refusals import refuse_posting
from tests.fakes.ledger import FakeLedger
from tests.fakes.scorer import CLEAR


@pytest.fixture
def ledger():
    return FakeLedger()


def _cleared(workplace, item):
    """Submit an item that policy clears, and give the id of its posting."""
    workplace.scorer.says(item.item_id, **CLEAR)
    workplace.assess(item)
    return workplace.postings(item.item_id)[-1].id


def _post(workplace, posting_id, ledger):
    return post_billing(
        posting_id,
        open_work=workplace.open_work,
        ledger=ledger,
        gates=Gates(billed=BilledRows(), regions={}),
        now=workplace.clock.now,
    )


def _posting(workplace, posting_id):
    return workplace.run(lambda uow: uow.postings.get(posting_id))


def test_a_posting_is_written_and_noted(workplace, ledger):
    posting_id = _cleared(workplace, timesheet())
    assert _post(workplace, posting_id, ledger) is PostingStatus.DONE
    posting = _posting(workplace, posting_id)
    assert (posting.document_id, posting.attempts) == ("FAKE-1", 1)
    assert posting.done_at == workplace.clock.now()
    assert list(ledger.bills) == [posting_id]
    (entry,) = workplace.audited(AuditEvent.POSTING_DONE)
    assert entry["facts"]["document"] == "FAKE-1"
    assert entry["facts"]["total_minor"] == 4_800_00


def test_a_lost_answer_is_found_again_and_nothing_is_written_twice(workplace, ledger):
    posting_id = _cleared(workplace, timesheet())
    ledger.lose_answer_once = True
    with pytest.raises(OutsideTransientError):
        _post(workplace, posting_id, ledger)
    assert _posting(workplace, posting_id).status is PostingStatus.PENDING
    assert _post(workplace, posting_id, ledger) is PostingStatus.DONE
    assert (len(ledger.bills), ledger.tries) == (1, 1)
    assert _posting(workplace, posting_id).attempts == 2


def test_a_ledger_that_is_away_leaves_the_posting_pending(workplace, ledger):
    posting_id = _cleared(workplace, timesheet())
    ledger.fail_times = 1
    with pytest.raises(OutsideTransientError):
        _post(workplace, posting_id, ledger)
    posting = _posting(workplace, posting_id)
    assert (posting.status, posting.attempts) == (PostingStatus.PENDING, 1)


def test_posting_again_after_it_is_done_asks_the_ledger_nothing(workplace, ledger):
    posting_id = _cleared(workplace, timesheet())
    _post(workplace, posting_id, ledger)
    assert _post(workplace, posting_id, ledger) is PostingStatus.DONE
    assert ledger.tries == 1
    assert len(workplace.audited(AuditEvent.POSTING_DONE)) == 1


@pytest.mark.parametrize("status", [PostingStatus.CANCELLED, PostingStatus.REFUSED])
def test_a_posting_that_is_off_never_leaves(workplace, ledger, status):
    posting_id = _cleared(workplace, timesheet())
    posting = _posting(workplace, posting_id)
    workplace.run(lambda uow: uow.postings.save(replace(posting, status=status)))
    assert _post(workplace, posting_id, ledger) is status
    assert ledger.bills == {}


def test_an_unknown_posting_never_leaves(workplace, ledger):
    assert _post(workplace, "post-unknown", ledger) is PostingStatus.CANCELLED
    assert ledger.tries == 0


def test_no_transaction_is_open_while_the_ledger_is_called(workplace):
    posting_id = _cleared(workplace, timesheet())

    class Looking(FakeLedger):
        def create_draft(self, bill):
            # Would wait for ever behind an open writing transaction.
            workplace.run(lambda uow: uow.postings.get(posting_id))
            return super().create_draft(bill)

    assert _post(workplace, posting_id, Looking()) is PostingStatus.DONE


def test_a_refused_posting_lands_in_the_exception_queue_with_reason_and_owner(workplace, ledger):
    posting_id = _cleared(workplace, timesheet())
    token = _posting(workplace, posting_id).token
    other = Bill(
        token=token, item_id="x", contract_id="C-1", client_id="acme", currency="EUR",
        period_end=MONDAY, lines=(),
    )  # fmt: skip
    ledger.create_draft(other)
    ledger.find_by_token = lambda token: None
    with pytest.raises(OutsideRefusedError) as refused:
        _post(workplace, posting_id, ledger)
    for _ in range(2):
        refuse_posting(
            posting_id,
            why=str(refused.value),
            open_work=workplace.open_work,
            owner_id="ines",
            now=workplace.clock.now(),
        )
    page = workplace.screens.posting_page(
        status=PostingStatus.REFUSED, wall=OPEN_WALL, cursor=None, limit=10
    )
    (view,) = page.postings
    assert (view.id, view.owner_id) == (posting_id, "ines")
    assert "stands for another bill" in view.error
    assert len(workplace.audited(AuditEvent.POSTING_REFUSED)) == 1


def test_what_was_done_meanwhile_is_not_refused(workplace, ledger):
    posting_id = _cleared(workplace, timesheet())
    _post(workplace, posting_id, ledger)
    refuse_posting(
        posting_id, why="late", open_work=workplace.open_work, owner_id=None,
        now=workplace.clock.now(),
    )  # fmt: skip
    assert _posting(workplace, posting_id).status is PostingStatus.DONE


def _with_assignments(workplace, *assignments):
    workplace.run(
        lambda uow: put_reference(
            "assignments",
            [(one.id, one) for one in assignments],
            actor_id="key-1",
            uow=uow,
            now=workplace.clock.now(),
        )
    )


def test_the_last_milestone_of_a_line_releases_its_people(workplace, ledger):
    gone = assignment(id="A-2", person_id="bob", end=MONDAY)
    elsewhere = assignment(id="A-3", person_id="eve", project_id="P-2")
    _with_assignments(workplace, assignment(), gone, elsewhere)
    first = _cleared(workplace, milestone())
    last = _cleared(workplace, milestone(external_id="MS-2"))
    _post(workplace, first, ledger)
    assert workplace.audited(AuditEvent.CAPACITY_RELEASED) == []
    _post(workplace, last, ledger)
    (entry,) = workplace.audited(AuditEvent.CAPACITY_RELEASED)
    assert entry["subject"] == "P-1"
    assert entry["facts"]["freed"] == [
        {"person": "ada", "assignment": "A-1", "planned_until": "2026-12-31"}
    ]


def test_milestones_of_another_line_or_billed_before_us_hold_nobody(workplace, ledger):
    _with_assignments(workplace, assignment())
    workplace.run(
        lambda uow: take_history(
            [PastItem(item=milestone(external_id="MS-old"))],
            actor_id="key-1",
            uow=uow,
            scorer=workplace.scorer,
            now=workplace.clock.now(),
        )
    )
    workplace.assess(milestone(external_id="MS-other", line_id="L-2"))
    _post(workplace, _cleared(workplace, milestone()), ledger)
    assert len(workplace.audited(AuditEvent.CAPACITY_RELEASED)) == 1


def test_time_releases_nobody(workplace, ledger):
    _with_assignments(workplace, assignment())
    _post(workplace, _cleared(workplace, timesheet()), ledger)
    assert workplace.audited(AuditEvent.CAPACITY_RELEASED) == []


def test_a_bill_reads_back_as_it_was_written():
    bill = Bill(
        token="post-1",
        item_id="test:TS-1",
        contract_id="C-1",
        client_id="acme",
        currency="EUR",
        period_end=MONDAY,
        lines=(
            BillingLine(
                description="Zeichnung – naïve",
                quantity_minutes=90,
                hourly_rate_minor=12_000,
                amount_minor=18_000,
                source_row_ids=("E-1", "E-2"),
            ),
            BillingLine(
                description="Fixed",
                quantity_minutes=None,
                hourly_rate_minor=None,
                amount_minor=5,
                source_row_ids=("test:MS-1",),
            ),
        ),
    )
    assert bill_from_json(bill_to_json(bill)) == bill
    assert bill.total_minor == 18_005


def test_a_bill_names_its_contract_line_its_period_and_the_days_of_its_lines(workplace):
    posting = _posting(workplace, _cleared(workplace, timesheet()))
    bill = bill_from_json(posting.bill_json)
    assert (bill.contract_line_id, bill.period_start, bill.period_end) == (
        "L-1", MONDAY, MONDAY + timedelta(days=4),
    )  # fmt: skip
    assert bill.lines[0].service_date == MONDAY
    assert bill_from_json(bill_to_json(bill)) == bill


def test_the_period_of_a_bill_of_expenses_takes_in_their_days(workplace):
    before = expense(incurred_on=MONDAY - timedelta(days=3))
    posting = _posting(workplace, _cleared(workplace, expense_report(before)))
    bill = bill_from_json(posting.bill_json)
    assert bill.period_start == bill.lines[0].service_date == MONDAY - timedelta(days=3)
    assert bill.lines[0].description == "2026-02-27 OEBB, train"


def test_a_bill_written_before_it_named_its_line_still_reads(workplace):
    posting = _posting(workplace, _cleared(workplace, timesheet()))
    raw = json.loads(posting.bill_json)
    for name in ("contract_line_id", "period_start"):
        del raw[name]
    for line in raw["lines"]:
        del line["service_date"]
    old = bill_from_json(json.dumps(raw))
    assert (old.contract_line_id, old.period_start, old.lines[0].service_date) == (None, None, None)
    assert old.total_minor == posting.total_minor
