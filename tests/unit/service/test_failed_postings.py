"""A failed posting is tried again by itself, or gets an owner, a reason and a deadline."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.vocabulary import (
    AuditEvent,
    CircuitState,
    FailureKind,
    PostingStatus,
)
from service.domain.circuit import FAILURES_IN_A_ROW
from service.domain.wall import OPEN_WALL
from service.ports.ledger import Receipt
from service.ports.outside_errors import (
    OutsideAmbiguousError,
    OutsideConflictError,
    OutsideRefusedError,
    OutsideTransientError,
)
from service.usecases.billing.post_billing import NotYetError
from service.usecases.billing.watch_exceptions import take_up_forgotten, tell_late_exceptions
from tests.builders.failing import (
    SYSTEM,
    SayingLedger,
    account,
    cleared,
    fail,
    failure,
    post_once,
    told,
    try_once,
)
from tests.fakes.ledger import FakeLedger

DOWN = OutsideTransientError("nobody answers")


def posting(place, posting_id):
    return place.run(lambda uow: uow.postings.get(posting_id))


def circuit(place):
    return place.run(lambda uow: uow.circuits.get(SYSTEM))


def delays(place, posting_id):
    return [delay for _, name, delay in place.enqueued() if name == posting_id][1:]


def test_a_ledger_that_is_away_has_the_bill_tried_again_ever_later(workplace):
    posting_id, ledger = cleared(workplace), FakeLedger(fail_times=4)
    for _ in range(4):
        assert try_once(workplace, posting_id, ledger) is PostingStatus.PENDING
        workplace.clock.forward(hours=2)

    assert delays(workplace, posting_id) == [1.0, 3.0, 9.0, 27.0]
    assert try_once(workplace, posting_id, ledger) is PostingStatus.DONE


def test_what_the_ledger_asks_for_is_waited_in_full_before_the_drawn_part(workplace):
    posting_id = cleared(workplace)
    limited = OutsideTransientError("too many calls", retry_after_seconds=90.0)
    fail(workplace, posting_id, limited, draw=0.0)

    assert delays(workplace, posting_id) == [90.0]
    assert failure(workplace, posting_id).next_try_at == workplace.clock.now() + timedelta(
        seconds=90
    )


def test_the_whole_ledger_is_left_alone_while_it_asks_for_patience(workplace):
    first, second, ledger = cleared(workplace, "one"), cleared(workplace, "two"), FakeLedger()
    fail(workplace, first, OutsideTransientError("too many calls", retry_after_seconds=90.0))

    workplace.clock.forward(seconds=89)
    with pytest.raises(NotYetError):
        post_once(workplace, second, ledger)
    assert posting(workplace, second).attempts == 0
    workplace.clock.forward(seconds=2)
    assert try_once(workplace, second, ledger) is PostingStatus.DONE


def test_a_run_that_a_crash_repeats_does_not_undercut_what_was_noted(workplace):
    posting_id, ledger = cleared(workplace), FakeLedger(fail_times=1)
    try_once(workplace, posting_id, ledger)

    with pytest.raises(NotYetError):
        post_once(workplace, posting_id, ledger)
    assert ledger.tries == 1


def test_a_bill_that_fails_again_and_again_gets_an_owner_while_others_pass(workplace):
    posting_id, ledger = cleared(workplace), FakeLedger(fail_times=100)
    for _ in range(12):
        status = try_once(workplace, posting_id, ledger)
        workplace.clock.forward(hours=2)

    assert status is PostingStatus.REFUSED
    refused = posting(workplace, posting_id)
    assert (refused.owner_id, refused.attempts) == ("ines", 12)
    assert circuit(workplace).state is CircuitState.CLOSED


def test_a_clear_no_is_asked_once_and_due_within_a_working_day(workplace):
    posting_id = cleared(workplace)
    assert fail(workplace, posting_id, OutsideRefusedError("the period 2026-03 is closed")) is (
        PostingStatus.REFUSED
    )

    found = failure(workplace, posting_id)
    assert found.kind is FailureKind.PERMANENT
    assert found.reason == "permanent/the_period_is_closed"
    assert found.due_at > workplace.clock.now()
    (entry,) = workplace.audited(AuditEvent.POSTING_REFUSED)
    assert entry["facts"]["reason"] == found.reason


def test_the_same_failure_noted_twice_is_tried_again_once(workplace):
    posting_id = cleared(workplace)
    for _ in range(2):
        fail(workplace, posting_id, DOWN)
    assert len(delays(workplace, posting_id)) == 1


def test_an_outage_is_told_once_and_makes_no_bill_an_exception(workplace):
    workplace.run(lambda uow: uow.accounts.save(account("ines")))
    ids = [cleared(workplace, f"bill-{number}") for number in range(8)]
    for _ in range(30):
        for posting_id in ids:
            if not circuit(workplace).rests_until(workplace.clock.now()):
                try_once(workplace, posting_id, FakeLedger(fail_times=1))
        workplace.clock.forward(hours=2)

    assert {posting(workplace, one).status for one in ids} == {PostingStatus.PENDING}
    assert circuit(workplace).failures >= FAILURES_IN_A_ROW
    (said,) = told(workplace, "ines")
    assert "left alone" in said
    assert len(workplace.audited(AuditEvent.SYSTEM_RESTED)) == 1


def test_of_a_ledger_that_rested_one_bill_tries_whether_it_answers_again(workplace):
    workplace.run(lambda uow: uow.accounts.save(account("ines")))
    ids = [cleared(workplace, f"bill-{number}") for number in range(FAILURES_IN_A_ROW + 2)]
    for posting_id in ids[:FAILURES_IN_A_ROW]:
        try_once(workplace, posting_id, FakeLedger(fail_times=1))
    assert circuit(workplace).state is CircuitState.OPEN
    workplace.clock.forward(minutes=1)

    class Asking(FakeLedger):
        def create_draft(self, bill):
            # While this call tries it, nobody else may call.
            with pytest.raises(NotYetError):
                post_once(workplace, ids[-1], FakeLedger())
            return super().create_draft(bill)

    assert try_once(workplace, ids[-2], Asking()) is PostingStatus.DONE
    assert circuit(workplace).is_calm
    assert "answers again" in told(workplace, "ines")[0]
    assert try_once(workplace, ids[-1], FakeLedger()) is PostingStatus.DONE


def test_a_clear_no_shows_that_the_ledger_is_there(workplace):
    for number in range(FAILURES_IN_A_ROW - 1):
        fail(workplace, cleared(workplace, f"bill-{number}"), DOWN)
    fail(workplace, cleared(workplace, "no"), OutsideRefusedError("no"))
    assert circuit(workplace).is_calm


def test_a_hundred_bills_with_one_reason_are_told_once(workplace):
    workplace.run(lambda uow: uow.accounts.save(account("ines")))
    for number in range(3):
        fail(workplace, cleared(workplace, f"bill-{number}"), OutsideRefusedError(f"{number} no"))

    assert len(told(workplace, "ines")) == 1
    (reason,) = workplace.screens.posting_reasons(wall=OPEN_WALL, now=workplace.clock.now()).reasons
    assert (reason.postings, reason.late) == (3, 0)
    assert reason.name == "Refused by the ledger: no"


def test_an_amount_the_ledger_did_not_get_is_read_again_before_anything_is_believed(workplace):
    posting_id = cleared(workplace)

    class Garbling(FakeLedger):
        def create_draft(self, bill):
            receipt = super().create_draft(bill)
            return Receipt(
                token=receipt.token, document_id=receipt.document_id, state=receipt.state,
                total_minor=receipt.total_minor + 1,
            )  # fmt: skip

    ledger = Garbling()
    assert try_once(workplace, posting_id, ledger) is PostingStatus.PENDING
    assert failure(workplace, posting_id).kind is FailureKind.AMBIGUOUS
    workplace.clock.forward(minutes=1)
    assert try_once(workplace, posting_id, ledger) is PostingStatus.DONE
    assert len(ledger.bills) == 1


def test_a_document_that_was_cancelled_in_the_ledger_is_nobodys_proof(workplace):
    posting_id, ledger = cleared(workplace), FakeLedger(lose_answer_once=True)
    try_once(workplace, posting_id, ledger)
    ledger.cancel("FAKE-1")
    for _ in range(3):
        workplace.clock.forward(minutes=1)
        status = try_once(workplace, posting_id, ledger)

    assert status is PostingStatus.REFUSED
    assert failure(workplace, posting_id).kind is FailureKind.CONFLICT


@pytest.mark.parametrize(
    "errors",
    [[OutsideAmbiguousError("lost"), OutsideRefusedError("no")], [OutsideConflictError("changed")]],
    ids=["a lost answer before the no", "a changed document"],
)
def test_only_after_clear_noes_nothing_can_stand_in_the_ledger(workplace, errors):
    posting_id = cleared(workplace)
    for error in errors:
        try_once(workplace, posting_id, SayingLedger(error))
        workplace.clock.forward(hours=2)
    assert not failure(workplace, posting_id).is_surely_unwritten
    clear = cleared(workplace, "clear")
    fail(workplace, clear, OutsideRefusedError("no"))
    assert failure(workplace, clear).is_surely_unwritten


def test_owners_are_told_once_of_exceptions_that_lie_too_long(workplace):
    workplace.run(lambda uow: uow.accounts.save(account("ines")))
    for number in range(2):
        fail(workplace, cleared(workplace, f"bill-{number}"), OutsideRefusedError("no"))
    assert _tell_late(workplace) == 0
    workplace.clock.forward(days=7)

    assert (_tell_late(workplace), _tell_late(workplace)) == (2, 0)
    assert told(workplace, "ines")[0].startswith("2 failed postings lie")


def _tell_late(place):
    return place.run(lambda uow: tell_late_exceptions(uow=uow, now=place.clock.now()))


def test_a_bill_that_waits_for_nothing_is_taken_up_again(workplace):
    lost, waiting = cleared(workplace, "lost"), cleared(workplace, "waiting")
    limited = OutsideTransientError("come tomorrow", retry_after_seconds=20 * 3600.0)
    fail(workplace, waiting, limited)
    workplace.clock.forward(hours=2)
    found = workplace.run(
        lambda uow: take_up_forgotten(
            uow=uow, engine=workplace.engine, now=workplace.clock.now(), ids=workplace.ids
        )
    )

    assert found == 1
    assert workplace.enqueued()[-1] == ("post", lost, 0.0)
