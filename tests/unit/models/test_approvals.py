"""Signatures as columns."""

from __future__ import annotations

from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict
from models.approvals import NO_LIMIT_GIVEN, STEPS, VERDICTS, approval_columns
from models.codes import Codebook
from models.columns import microseconds
from tests.builders.expenses import expense, expense_report
from tests.builders.items import MONDAY, at, milestone, signature, timesheet

OTHER_HASH = "0" * 64


def _columns(*items):
    people = Codebook()
    return approval_columns(items, person_code=people.code), people


def test_every_event_is_a_row_in_the_order_of_the_items():
    columns, people = _columns(
        timesheet(),
        milestone(),
        expense_report(
            expense(),
            approvals=(signature(verdict=ApprovalVerdict.REJECT, authority_limit_minor=None),),
        ),
    )
    assert columns.item.tolist() == [0, 0, 2]
    assert [STEPS[one] for one in columns.step.tolist()] == [
        ApprovalStep.SUBMIT,
        ApprovalStep.MANAGER,
        ApprovalStep.MANAGER,
    ]
    assert VERDICTS[columns.verdict[2]] is ApprovalVerdict.REJECT
    assert columns.actor_id.tolist() == ["ada", "mia", "mia"]
    assert columns.actor.tolist() == [people.find(one) for one in ("ada", "mia", "mia")]
    assert columns.authority_limit_minor.tolist() == [NO_LIMIT_GIVEN, 50_000_00, NO_LIMIT_GIVEN]


def test_moments_are_microseconds_like_all_others():
    moment = at(MONDAY).replace(microsecond=123_456)
    columns, _ = _columns(timesheet(approvals=(signature(at=moment),)))
    assert columns.at_us.tolist() == [microseconds(moment)]


def test_signature_is_current_while_the_rows_are_those_that_were_signed():
    sheet = timesheet()
    edited = sheet.model_copy(update={"entries": sheet.entries[1:]})
    unhashed = sheet.model_copy(update={"approvals": (signature(),)})
    columns, _ = _columns(sheet, edited, unhashed)
    assert columns.is_current.tolist() == [True, True, False, False, True]


def test_milestone_has_no_rows_that_could_change():
    due = milestone(approvals=(signature(entries_sha256=OTHER_HASH),))
    columns, _ = _columns(due)
    assert columns.is_current.tolist() == [True]


def test_no_items_have_no_signatures():
    columns, _ = _columns()
    assert len(columns) == 0
    assert columns.at_us.dtype == columns.item.dtype
