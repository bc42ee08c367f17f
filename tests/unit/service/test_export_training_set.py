"""Training rows out of the trail: what verdicts and billing say, and nothing that nobody knows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from data.schemas.billing import Dispute, DisputeReason, WriteOff
from data.schemas.questions import LabelSource, Question, questions_for
from data.schemas.vocabulary import ItemKind, Lane, ReasonCode, Verdict
from service.domain.cut_off import cut_off_after, last_day_of
from service.ports.stores import FactKind
from service.scoring.coin import Raters
from service.usecases.assessing.assess_items import sha256_of_text
from service.usecases.learning.export_training_set import TrailMismatchError, export_training_set
from service.usecases.learning.verdict_answers import verdict_answers
from service.usecases.terms.put_reference import put_reference
from tests.builders.checking import invoice
from tests.builders.items import milestone, timesheet, week
from tests.builders.service import always
from tests.fakes.scorer import CLEAR

CUT_OFF_DAY = 10
RATERS = Raters(b"key")
VERDICTS = questions_for(ItemKind.TIMESHEET, source=LabelSource.VERDICT)
DISPUTED = {one for one in Question if one.value.startswith("disputed_")}


def _rows(workplace, *, rater_of=RATERS, until=None):
    return workplace.run(
        lambda uow: export_training_set(
            uow=uow,
            until=until or workplace.clock.now(),
            rater_of=rater_of,
            cut_off_day=CUT_OFF_DAY,
        )
    )


def _of(rows, source, item_id="test:TS-1"):
    return [one for one in rows if (one.item_id, one.label_source) == (item_id, source)]


def _verdict_row(workplace):
    (row,) = _of(_rows(workplace), LabelSource.VERDICT)
    return row


def _outcomes(workplace, **more):
    """Answers of billing by what is known: billed or not, and then what is said."""
    rows = _of(_rows(workplace, **more), LabelSource.OUTCOME)
    return [(one.is_billed, one.answers) for one in rows]


def _put(workplace, kind, *objects):
    workplace.run(
        lambda uow: put_reference(
            kind, [(one.id, one) for one in objects], actor_id="key-1", uow=uow,
            now=workplace.clock.now(),
        )
    )  # fmt: skip


def _invoiced(workplace, item, *, days=1):
    """Assess an item and let the invoice that bills all of it leave so many days later."""
    workplace.assess(item)
    left = workplace.clock.now() + timedelta(days=days)
    _put(
        workplace,
        "invoices",
        invoice(*(one.id for one in item.entries), issued_at=left, period_end=item.period_end),
    )
    return left


@pytest.mark.parametrize(
    ("kind", "reason", "question"),
    [
        (ItemKind.TIMESHEET, ReasonCode.DUPLICATE, Question.DUPLICATE_TIME),
        (ItemKind.EXPENSE_REPORT, ReasonCode.DUPLICATE, Question.DUPLICATE_EXPENSE),
        (ItemKind.TIMESHEET, ReasonCode.MISCODED, Question.MISCODED_PROJECT),
        (ItemKind.TIMESHEET, ReasonCode.BLOCK_BILLED, Question.BLOCK_BILLING),
        (ItemKind.TIMESHEET, ReasonCode.OUT_OF_SCOPE, Question.OUT_OF_SCOPE),
        (ItemKind.TIMESHEET, ReasonCode.NOT_BILLABLE, Question.NONBILLABLE_ACTIVITY),
        (ItemKind.TIMESHEET, ReasonCode.NARRATIVE_INSUFFICIENT, Question.NARRATIVE_INSUFFICIENT),
        (ItemKind.MILESTONE, ReasonCode.DUPLICATE, None),
        (ItemKind.TIMESHEET, ReasonCode.WRONG_RATE, None),
        (ItemKind.EXPENSE_REPORT, ReasonCode.NOT_BILLABLE, None),
    ],
)
def test_a_reason_names_the_fault_it_stands_for_and_leaves_the_rest_open(kind, reason, question):
    said = verdict_answers(Verdict.REJECT, kind=kind, reasons=[reason])
    assert said == {Question.ANY_FAULT: True} | ({question: True} if question else {})


def test_every_hidden_fault_can_be_named_by_a_reason_of_a_refusal():
    said = verdict_answers(Verdict.REJECT, kind=ItemKind.TIMESHEET, reasons=list(ReasonCode))
    assert set(said) == set(VERDICTS)


def test_who_approves_found_none_of_the_faults(workplace):
    workplace.coin = always
    workplace.decided(timesheet(), active_seconds=42.0)
    row = _verdict_row(workplace)
    assert row.answers == dict.fromkeys(VERDICTS, False)
    assert (row.active_seconds, row.is_score_shown, row.lane) == (42.0, False, Lane.INDEX)
    assert row.narrative.count("\n") == len(timesheet().entries) - 1
    assert row.group == "C-1/2026-03"


def test_raters_are_told_apart_by_pseudonyms_that_name_nobody(workplace):
    workplace.decided(timesheet())
    raters = {_rows(workplace, rater_of=Raters(key))[0].rater for key in (b"one", b"two")}
    assert len(raters) == 2
    assert all(name.startswith("rater-") and "rita" not in name for name in raters)


def test_the_probability_that_was_said_stands_beside_the_verdict(workplace):
    workplace.scorer.says("test:TS-1", violation_probability=0.31)
    workplace.decided(timesheet())
    assert _verdict_row(workplace).probability == 0.31


def test_what_was_cleared_and_never_reviewed_says_nothing(workplace):
    workplace.scorer.says("test:TS-1", **CLEAR)
    workplace.assess(timesheet())
    row = _verdict_row(workplace)
    assert (row.answers, row.lane, row.rater) == ({}, None, None)


def test_an_undone_verdict_says_nothing(workplace):
    workplace.undo(workplace.decided(timesheet()))
    assert _verdict_row(workplace).answers == {}


def test_an_item_in_progress_is_told_with_the_days_so_far(workplace):
    workplace.assess(timesheet())
    workplace.clock.forward(days=3)
    (row,) = _of(_rows(workplace), LabelSource.OUTCOME)
    assert (row.is_billed, row.days_to_bill, row.answers) == (False, 3.0, {})


def test_an_item_that_nobody_billed_for_long_waits_no_longer(workplace):
    workplace.assess(timesheet())
    workplace.clock.forward(days=121)
    assert not any(row.is_billed is False and not row.answers for row in _rows(workplace))


def test_an_item_in_progress_after_its_cut_off_has_missed_it_already(workplace):
    workplace.assess(timesheet())
    workplace.clock.forward(days=40)
    missed, waiting = _of(_rows(workplace), LabelSource.OUTCOME)
    assert (missed.is_billed, missed.answers) == (False, {Question.MISSED_CUT_OFF: True})
    assert f"{missed.known_at:%m-%d %H:%M}" == "04-11 00:00"  # the end of the cut-off day
    assert (waiting.is_billed, waiting.answers, waiting.days_to_bill) == (False, {}, 40.0)


def test_an_item_that_missed_its_cut_off_has_missed_it_however_long_it_waits(workplace):
    workplace.assess(timesheet())
    workplace.clock.forward(days=200)
    assert _outcomes(workplace) == [(False, {Question.MISSED_CUT_OFF: True})]


@pytest.mark.parametrize(("days", "is_missed"), [(5, False), (40, True)])
def test_an_invoice_tells_whether_the_cut_off_was_met_and_nothing_was_given_up(
    workplace, days, is_missed
):
    left = _invoiced(workplace, timesheet(), days=days)
    *missed, row = _of(_rows(workplace, until=left), LabelSource.OUTCOME)
    assert row.answers == {Question.MISSED_CUT_OFF: is_missed, Question.WRITE_OFF: False}
    assert [one.answers for one in missed] == [{Question.MISSED_CUT_OFF: True}] * is_missed
    assert (row.is_billed, row.days_to_bill, row.known_at) == (True, float(days), left)


def test_what_came_in_after_its_cut_off_was_late_before_anybody_could_be_asked(workplace):
    workplace.clock.forward(days=60)
    left = _invoiced(workplace, timesheet())
    assert _outcomes(workplace, until=left) == [(True, {Question.WRITE_OFF: False})]


def test_our_own_bill_counts_where_no_invoice_is_known(workplace):
    workplace.decided(timesheet())
    (posting,) = workplace.postings("test:TS-1")
    with workplace.open_work.engine.begin() as connection:
        connection.execute(
            text("UPDATE posting SET status = 'done', done_at = :at WHERE id = :id"),
            {"at": "2026-03-20T00:00:00.000000Z", "id": posting.id},
        )
    workplace.clock.forward(days=30)
    ((is_billed, answers),) = _outcomes(workplace)
    assert is_billed
    assert answers == {Question.MISSED_CUT_OFF: False, Question.WRITE_OFF: False}


def test_a_client_who_was_silent_for_ninety_days_disputed_nothing(workplace):
    left = _invoiced(workplace, timesheet())
    too_early = _outcomes(workplace, until=left + timedelta(days=89))
    assert not any(DISPUTED & set(answers) for _, answers in too_early)
    *_, (is_billed, answers) = _outcomes(workplace, until=left + timedelta(days=90))
    assert (is_billed, answers) == (None, dict.fromkeys(DISPUTED, False))


def test_a_dispute_answers_its_own_reason_with_yes_and_not_before_the_others(workplace):
    left = _invoiced(workplace, timesheet())
    dispute = Dispute(
        id="D-1", invoice_id="INV-1", row_id=timesheet().entries[0].id,
        reason=DisputeReason.QUANTITY, opened_on=left.date(), credited_minor=0, recorded_at=left,
    )  # fmt: skip
    _put(workplace, "disputes", dispute)
    early = _outcomes(workplace, until=left + timedelta(days=30))
    assert not any(DISPUTED & set(answers) for _, answers in early)
    row = _of(_rows(workplace, until=left + timedelta(days=90)), LabelSource.OUTCOME)[-1]
    assert {one for one, yes in row.answers.items() if yes} == {Question.DISPUTED_QUANTITY}
    assert row.known_at == left + timedelta(days=90)


def test_value_that_was_given_up_waits_for_no_invoice(workplace):
    workplace.assess(timesheet())
    workplace.clock.forward(days=2)
    given_up = WriteOff(id="W-1", item_id="test:TS-1", amount_minor=5_00,
                        recorded_at=workplace.clock.now())  # fmt: skip
    _put(workplace, "write_offs", given_up)
    assert _outcomes(workplace) == [(None, {Question.WRITE_OFF: True})]


def test_what_a_person_refused_waits_for_no_invoice(workplace):
    workplace.decided(timesheet(), verdict=Verdict.REJECT, reason_codes=(ReasonCode.DUPLICATE,))
    assert _outcomes(workplace) == []


def test_an_older_version_of_an_item_has_no_outcome(workplace):
    workplace.assess(timesheet())
    workplace.assess(timesheet(entries=week()[:4]))
    rows = _rows(workplace)
    assert len(_of(rows, LabelSource.VERDICT)) == 2
    assert len(_of(rows, LabelSource.OUTCOME)) == 1


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (timesheet(), datetime(2026, 4, 11, tzinfo=UTC)),  # worked in March: by 10 April, its end
        (milestone(acceptance=(), submitted_at=datetime(2026, 12, 30, tzinfo=UTC)),
         datetime(2027, 1, 11, tzinfo=UTC)),
    ],
)  # fmt: skip
def test_the_cut_off_is_the_end_of_its_day_in_the_month_after_the_work(item, expected):
    assert cut_off_after(last_day_of(item), day=CUT_OFF_DAY) == expected


def test_an_assessment_changed_behind_the_trail_is_never_learned_from(workplace):
    workplace.assess(timesheet())
    with workplace.open_work.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER assessment_refuses_update")
        connection.exec_driver_sql(
            "UPDATE assessment SET body = replace(body, '\"risk_minor\":0', '\"risk_minor\":7')"
        )
    with pytest.raises(TrailMismatchError):
        _rows(workplace)


def test_an_assessment_older_than_a_field_of_today_is_still_vouched_for(workplace):
    """Its stored text is hashed, not what today's shape would write of it."""
    workplace.assess(timesheet())
    with workplace.open_work.engine.begin() as connection:
        for table in ("assessment", "audit"):
            connection.exec_driver_sql(f"DROP TRIGGER {table}_refuses_update")
        body = connection.exec_driver_sql("SELECT body FROM assessment").scalar()
        older = body.replace(',"probabilities":{}', "").replace(',"bill_days":null', "")
        assert older != body
        connection.execute(text("UPDATE assessment SET body = :body"), {"body": older})
        _vouch_for(older, connection)
    assert len(_rows(workplace)) == 2


def _vouch_for(body, connection):
    entry = "SELECT body FROM audit WHERE event = 'item_assessed'"
    stored = connection.exec_driver_sql(entry).scalar()
    known = stored.partition('"assessment_sha256":"')[2][:64]
    connection.execute(
        text("UPDATE audit SET body = :body WHERE event = 'item_assessed'"),
        {"body": stored.replace(known, sha256_of_text(body))},
    )


def test_disputes_and_write_offs_are_facts_of_their_own_kind(workplace):
    at = workplace.clock.now()
    given_up = WriteOff(id="W-1", item_id="test:TS-1", amount_minor=5_00, recorded_at=at)
    dispute = Dispute(
        id="D-1", invoice_id="INV-1", row_id="E-1", reason=DisputeReason.PRICE,
        opened_on=at.date(), credited_minor=0, recorded_at=at,
    )  # fmt: skip
    _put(workplace, "write_offs", given_up)
    _put(workplace, "disputes", dispute)
    facts = workplace.run(lambda uow: uow.facts.since(0))
    assert [one.kind for one in facts] == [FactKind.WRITE_OFF, FactKind.DISPUTE]
