"""Whatever a person splits, the parts are the whole, and the bill is the part to bill."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.schemas.decision import Adjustment, Decision, MoveTarget
from data.schemas.vocabulary import FINAL_VERDICTS, Lane, ReasonCode, Verdict
from service.domain.decided_money import decided_money, moved_minutes
from service.domain.errors import InvalidRequestError
from service.ports.stores import StoredItem
from service.usecases.billing.make_bill import difference_bill, make_bill
from tests.builders.expenses import expense, expense_report
from tests.builders.items import DECIDED_AT, MONDAY, entry, milestone, timesheet

ELSEWHERE = MoveTarget(contract_id="C-2", line_id="L-1")
RATES = st.integers(0, 500_00)
FIXED_SEED = settings(max_examples=150, deadline=None, derandomize=True)


@st.composite
def entries(draw):
    """Up to five entries of one week, at any rate, some billed for less than was worked."""
    rows = []
    for place in range(draw(st.integers(1, 5))):
        worked = draw(st.integers(1, 600))
        rows.append(
            entry(
                id=f"E-{place}",
                work_date=MONDAY + timedelta(days=place),
                minutes_worked=worked,
                minutes_billable=draw(st.integers(0, worked)),
                hourly_rate_minor=draw(RATES),
            )
        )
    return tuple(rows)


@st.composite
def splits(draw, row):
    """Minutes of a row to bill, to give up and to move: together at most what was worked."""
    most = max(row.minutes_worked, row.minutes_billable)
    billed = draw(st.integers(0, most))
    given_up = draw(st.integers(0, most - billed))
    moved = draw(st.integers(0, most - billed - given_up))
    return Adjustment(
        row_id=row.id,
        minutes_billable=billed,
        minutes_written_off=given_up,
        minutes_moved=moved,
        moved_to=ELSEWHERE if moved else None,
    )


@st.composite
def adjusted_sheets(draw):
    rows = draw(entries())
    changed = [row for row in rows if draw(st.booleans())] or [rows[0]]
    return timesheet(entries=rows), tuple(draw(splits(row)) for row in changed)


def _decision(item, verdict, money, **said):
    return Decision(
        id="dec-1", case_id="C-000001", item_id=item.item_id, assessment_id="asm-1",
        actor_id="rita", verdict=verdict, reason_codes=(ReasonCode.OTHER,),
        approved_minor=money.approved_minor, decided_at=DECIDED_AT, lane=Lane.INDEX,
        propensity=1.0, **said,
    )  # fmt: skip


def _bill(item, decision, *, token="t-1"):
    stored = StoredItem(seq=1, item=item, sha256="0" * 64, client_id="acme", received_at=DECIDED_AT)
    return make_bill(stored, decision=decision, token=token)


@FIXED_SEED
@given(adjusted_sheets())
def test_the_parts_of_a_sheet_are_what_was_asked_and_no_part_is_below_zero(drawn):
    sheet, adjustments = drawn
    money = decided_money(sheet, verdict=Verdict.ADJUST, adjustments=adjustments)
    parts = (money.approved_minor, money.written_off_minor, money.moved_minor,
             money.not_billed_minor)  # fmt: skip
    assert min(parts) >= 0
    asked = {row.id: row.minutes_billable for row in sheet.entries}
    is_within = all(
        one.minutes_billable + one.minutes_written_off + one.minutes_moved <= asked[one.row_id]
        for one in adjustments
    )
    assert sum(parts) == money.total_minor >= sheet.amount_minor
    if is_within:
        assert money.total_minor == sheet.amount_minor


@FIXED_SEED
@given(adjusted_sheets())
def test_the_bill_of_an_adjusted_sheet_is_exactly_the_part_to_bill(drawn):
    sheet, adjustments = drawn
    money = decided_money(sheet, verdict=Verdict.ADJUST, adjustments=adjustments)
    decision = _decision(sheet, Verdict.ADJUST, money, adjustments=adjustments)
    assert _bill(sheet, decision).total_minor == money.approved_minor
    moved = list(moved_minutes(sheet, adjustments))
    assert sum(one.amount_minor for one in moved) == money.moved_minor


@FIXED_SEED
@given(adjusted_sheets(), st.sampled_from(sorted(FINAL_VERDICTS)))
def test_bills_and_corrections_add_up_to_the_last_decision(drawn, verdict):
    sheet, adjustments = drawn
    first = _decision(sheet, Verdict.APPROVE, decided_money(sheet, verdict=Verdict.APPROVE))
    said = {"adjustments": adjustments} if verdict is Verdict.ADJUST else {}
    money = decided_money(sheet, verdict=verdict, **said)
    bills = [_bill(sheet, first)]
    second = _bill(sheet, _decision(sheet, verdict, money, **said), token="t-2")
    bills.append(difference_bill(second, earlier=bills))
    assert sum(bill.total_minor for bill in bills) == money.approved_minor
    rows = {row for bill in bills for line in bill.lines for row in line.source_row_ids}
    for row in rows:
        assert (
            sum(
                line.amount_minor
                for bill in bills
                for line in bill.lines
                if row in line.source_row_ids
            )
            >= 0
        )


@FIXED_SEED
@given(st.lists(st.integers(0, 10_000_00), min_size=1, max_size=6), st.data())
def test_what_is_not_billed_of_expenses_and_milestones_is_the_rest(amounts, data):
    report = expense_report(
        *(
            expense(id=f"X-{place}", amount_minor=minor, cost_minor=minor, billable_minor=minor)
            for place, minor in enumerate(amounts)
        )
    )
    changed = tuple(
        Adjustment(row_id=one.id, billable_minor=data.draw(st.integers(0, one.billable_minor)))
        for one in report.expenses
    )
    money = decided_money(report, verdict=Verdict.ADJUST, adjustments=changed)
    assert money.approved_minor == sum(one.billable_minor for one in changed)
    assert money.total_minor == report.amount_minor
    fee = milestone(amount_minor=amounts[0])
    part = data.draw(st.integers(0, amounts[0]))
    of_fee = decided_money(fee, verdict=Verdict.ADJUST, approved_minor=part)
    assert (of_fee.approved_minor, of_fee.total_minor) == (part, amounts[0])


@FIXED_SEED
@given(entries(), st.sampled_from(sorted(FINAL_VERDICTS - {Verdict.ADJUST})))
def test_a_verdict_on_the_whole_puts_all_of_it_into_one_part(rows, verdict):
    sheet = timesheet(entries=rows)
    money = decided_money(sheet, verdict=verdict)
    parts = {
        Verdict.APPROVE: money.approved_minor,
        Verdict.REJECT: money.not_billed_minor,
        Verdict.WRITE_OFF: money.written_off_minor,
    }
    assert parts[verdict] == money.total_minor == sheet.amount_minor


@FIXED_SEED
@given(st.data())
def test_more_than_was_worked_is_never_split(data):
    row = data.draw(entries())[0]
    most = max(row.minutes_worked, row.minutes_billable)
    billed = data.draw(st.integers(0, most))
    over = Adjustment(row_id=row.id, minutes_billable=billed, minutes_written_off=most - billed + 1)
    with pytest.raises(InvalidRequestError, match="together"):
        decided_money(timesheet(entries=(row,)), verdict=Verdict.ADJUST, adjustments=(over,))
