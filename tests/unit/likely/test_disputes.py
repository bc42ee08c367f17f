"""T28: each fault the client can see multiplies the usual three in a hundred."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import PaymentTerms
from data.schemas.vocabulary import AcceptanceKind, ApprovalVerdict
from tests.builders.checking import suspicions
from tests.builders.contracts import clauses, client, contract, reference
from tests.builders.items import MONDAY, acceptance, entry, milestone, signature, timesheet

CODE = ExceptionCode.LIKELY_CLIENT_DISPUTE
STRICT = reference(
    contract(clauses=clauses(PaymentTerms())), clients=(client(purchase_order_required=True),)
)
REJECTED = (signature(verdict=ApprovalVerdict.REJECT),)


def sheet(narrative="Reconciled the ledger", **overrides):
    return timesheet(entries=(entry(narrative=narrative),), **overrides)


def told(item, **given):
    return [one for one in suspicions(item, **given)[item.item_id] if one.code is CODE]


def test_two_graver_faults_make_a_dispute_likely_and_are_named_with_their_reasons():
    (one,) = told(sheet("General work"), under=STRICT)
    assert one.probability == pytest.approx(0.27)
    # 960.00 x 0.27 x (1 + 0.08 x 90 / 365) = 264.3130.
    assert one.exposure_minor == 264_31
    assert one.clause_id == "CL-payment"
    assert one.evidence[0].actual == (
        "REF: no purchase order though one is required; ITM: a narrative that says little"
    )


@pytest.mark.parametrize(
    ("item", "under"),
    [
        (sheet(), STRICT),
        (sheet("General work"), reference()),
        (sheet(approvals=REJECTED), reference()),
    ],
)
def test_one_fault_alone_is_not_enough(item, under):
    assert told(item, under=under) == []


def test_a_sheet_that_was_rejected_before_counts():
    (one,) = told(sheet(approvals=REJECTED), under=STRICT)
    assert one.probability == pytest.approx(0.27)


def test_a_day_far_above_the_usual_doubles_what_is_there():
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(20)]
    usual = [
        timesheet(external_id=f"TS-old-{n}", entries=(entry(id=f"E-{n}", work_date=day,
                                                        minutes_worked=300),))
        for n, day in enumerate(days)
    ]  # fmt: skip
    (one,) = told(sheet("General work"), under=STRICT, before=usual)
    assert one.probability == pytest.approx(0.54)
    (one,) = told(sheet("General work"), under=STRICT, before=usual[1:])
    assert one.probability == pytest.approx(0.27)


def test_a_milestone_sent_back_twice_is_likely_sent_back_again():
    events = [acceptance(AcceptanceKind.REJECTED, MONDAY + timedelta(days=n)) for n in range(2)]
    accepted = acceptance(AcceptanceKind.ACCEPTED, MONDAY + timedelta(days=3))
    (one,) = told(milestone(acceptance=(*events, accepted)))
    assert one.probability == pytest.approx(0.27)
    assert told(milestone(acceptance=(events[0], accepted))) == []
    (one,) = told(milestone(acceptance=(events[0], accepted)), under=STRICT)
    assert one.evidence[0].actual.startswith("QUA: rejected before; REF: ")
