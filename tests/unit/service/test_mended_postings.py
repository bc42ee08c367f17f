"""Failed postings are edited, posted by hand or tried again together; each act is on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from data.schemas.vocabulary import AuditEvent, PostingStatus, Role
from service.domain.actor import Actor
from service.domain.errors import (
    DocumentTakenError,
    InvalidRequestError,
    MayBeWrittenError,
    NotAllowedError,
    NotFoundError,
)
from service.domain.wall import Wall
from service.ports.outside_errors import OutsideAmbiguousError, OutsideRefusedError
from service.usecases.billing.edit_posting import edit_posting
from service.usecases.billing.make_bill import bill_from_json
from service.usecases.billing.mark_posted import mark_posted
from service.usecases.billing.retry_alike import retry_alike
from service.wire.postings import EditRequest, LineText
from tests.builders.failing import SayingLedger, cleared, fail, failure, try_once
from tests.builders.service import APPROVER, REVIEWER
from tests.fakes.ledger import FakeLedger

IVO = Actor(id="ivo", name="Ivo Horvat", roles=frozenset({Role.INTEGRATION_OWNER}))
FOREIGN = replace(IVO, wall=Wall(client_ids=frozenset({"somebody-else"})))
NO = OutsideRefusedError("the words are too long")


@pytest.fixture
def refused(workplace):
    posting_id = cleared(workplace)
    fail(workplace, posting_id, NO)
    return posting_id


def edit(place, posting_id, *, actor=IVO, **said):
    request = EditRequest(**({"reason": "shorter"} | said))
    return place.run(
        lambda uow: edit_posting(
            posting_id, request, actor=actor, uow=uow, engine=place.engine,
            now=place.clock.now(), ids=place.ids,
        )
    )  # fmt: skip


def mark(place, posting_id, *, document_id="2026-0815", actor=IVO):
    return place.run(
        lambda uow: mark_posted(
            posting_id, document_id=document_id, reason="could not wait", actor=actor, uow=uow,
            now=place.clock.now(),
        )
    )  # fmt: skip


def again(place, code, *, actor=IVO):
    return place.run(
        lambda uow: retry_alike(
            code, reason="mended", actor=actor, uow=uow, engine=place.engine,
            now=place.clock.now(), ids=place.ids,
        )
    )  # fmt: skip


def posting(place, posting_id):
    return place.run(lambda uow: uow.postings.get(posting_id))


def test_an_edited_bill_says_what_it_should_and_costs_what_it_did(workplace, refused):
    before = bill_from_json(posting(workplace, refused).bill_json)
    edit(
        workplace, refused, period_end=date(2026, 3, 31),
        lines=(LineText(place=1, description="Build"),),
    )  # fmt: skip

    after = bill_from_json(posting(workplace, refused).bill_json)
    assert (after.lines[0].description, after.period_end) == ("Build", date(2026, 3, 31))
    assert (after.token, after.total_minor) == (before.token, before.total_minor)
    assert [one.source_row_ids for one in after.lines] == [
        one.source_row_ids for one in before.lines
    ]
    ledger = FakeLedger()
    assert try_once(workplace, refused, ledger) is PostingStatus.DONE
    assert ledger.bills[before.token] == after
    (entry,) = workplace.audited(AuditEvent.POSTING_EDITED)
    assert entry["facts"]["is"]["period_end"] == "2026-03-31"
    assert "Build" not in str(entry)


def test_a_bill_that_may_stand_in_the_ledger_is_not_edited(workplace):
    posting_id = cleared(workplace)
    for error in (OutsideAmbiguousError("lost"), NO):
        status = try_once(workplace, posting_id, SayingLedger(error))
        workplace.clock.forward(hours=2)
    assert status is PostingStatus.REFUSED
    with pytest.raises(MayBeWrittenError):
        edit(workplace, posting_id, period_end=date(2026, 3, 31))


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"lines": (LineText(place=99, description="no such line"),)},
        {"period_end": date(2001, 1, 1)},
    ],
    ids=["nothing", "a line that is not there", "an end before the start"],
)
def test_an_edit_that_makes_no_sense_changes_nothing(workplace, refused, said):
    with pytest.raises(InvalidRequestError):
        edit(workplace, refused, **said)
    assert posting(workplace, refused).status is PostingStatus.REFUSED


def test_a_bill_posted_by_hand_counts_under_its_number(workplace, refused):
    done = mark(workplace, refused)

    assert (done.status, done.document_id) == (PostingStatus.DONE, "2026-0815")
    (entry,) = workplace.audited(AuditEvent.POSTING_MARKED_POSTED)
    assert (entry["actor"], entry["facts"]["document"]) == ("ivo", "2026-0815")
    ledger = FakeLedger()
    assert try_once(workplace, refused, ledger) is PostingStatus.DONE
    assert ledger.bills == {}


def test_one_document_is_the_proof_of_one_bill(workplace, refused):
    mark(workplace, refused)
    other = cleared(workplace, "other")
    fail(workplace, other, NO)
    with pytest.raises(DocumentTakenError, match="2026-0815"):
        mark(workplace, other)


def test_vouching_for_large_money_takes_an_approver(workplace, refused):
    large = replace(posting(workplace, refused), total_minor=50_000_00)
    workplace.run(lambda uow: uow.postings.save(large))
    with pytest.raises(NotAllowedError, match="approver"):
        mark(workplace, refused)
    assert mark(workplace, refused, actor=APPROVER).status is PostingStatus.DONE


def test_all_bills_of_one_reason_go_out_together_and_no_others(workplace):
    alike = [cleared(workplace, f"bill-{number}") for number in range(3)]
    for number, one in enumerate(alike):
        fail(workplace, one, OutsideRefusedError(f"journal 4{number} is locked"))
    other = cleared(workplace, "other")
    fail(workplace, other, NO)

    assert again(workplace, "permanent/journal_is_locked") == 3
    assert {posting(workplace, one).status for one in alike} == {PostingStatus.PENDING}
    assert posting(workplace, other).status is PostingStatus.REFUSED
    assert len(workplace.audited(AuditEvent.POSTING_RETRIED)) == 3


def test_a_bill_that_is_tried_again_by_hand_has_all_its_tries_again(workplace, refused):
    again(workplace, failure(workplace, refused).reason)
    assert failure(workplace, refused).tries == 0
    assert failure(workplace, refused).is_surely_unwritten


def test_bills_behind_a_wall_stay_where_they_are(workplace, refused):
    assert again(workplace, failure(workplace, refused).reason, actor=FOREIGN) == 0
    for act in (mark, edit):
        with pytest.raises(NotFoundError):
            act(workplace, refused, actor=FOREIGN)


@pytest.mark.parametrize("act", [mark, edit, again])
def test_a_reviewer_mends_no_bills(workplace, refused, act):
    with pytest.raises(NotAllowedError):
        act(workplace, refused, actor=REVIEWER)
