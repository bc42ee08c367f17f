"""T3: the forecast of the funds is told once, at the entry with which it crosses the notice share.

The clause funds 10,000.00 and asks for notice at 75 %, which is 7,500.00; it looks 60 days ahead.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Funding
from data.schemas.contracts import Notice, NoticeKind
from data.schemas.vocabulary import Proof
from tests.builders.checking import findings, suspicions
from tests.builders.contracts import clauses, contract, reference
from tests.builders.items import MONDAY, at, entry, timesheet

CODE = ExceptionCode.FUNDING_NOTICE_DUE


def funded(funded_minor=10_000_00, **overrides):
    terms = Funding(funded_minor=funded_minor)
    return reference(contract(clauses=clauses(terms), **overrides))


def sheet(name, minutes, *, day=MONDAY):
    work = entry(id=f"E-{name}", work_date=day, minutes_worked=minutes)
    return timesheet(external_id=f"TS-{name}", entries=(work,), submitted_at=at(day, hour=18))


def worked(hours, *, day):
    """So many hours of work, in sheets of eight."""
    return [sheet(f"{day}-{n}", 480, day=day) for n in range(hours // 8)]


FEBRUARY, WINTER = date(2026, 2, 2), date(2026, 1, 2)


def of_code(found, item):
    return [one for one in found[item.item_id] if one.code is CODE]


def test_the_entry_that_takes_the_forecast_over_the_share_is_told_with_its_chance():
    # 24 h = 2,880.00 within 60 days, and 8 h more = 960.00: used and forecast are 3,840.00 each.
    before, own = worked(24, day=FEBRUARY), sheet("own", 480)
    (one,) = of_code(suspicions(own, under=funded(), before=before), own)
    # 7,680.00 reach 7,500.00 by 180.00 of a spread of 0.3 x 3,840.00: 1.7 x 0.15625 = 0.265625.
    assert one.probability == pytest.approx(0.566019, abs=1e-6)
    assert one.proof is Proof.MODEL
    assert one.exposure_minor == 0
    assert one.clause_id == "CL-funding"
    assert findings(own, under=funded(), before=before)[own.item_id] == ()


def test_at_risk_is_what_the_forecast_lies_above_the_funds():
    # 7,680.00 forecast of 7,500.00 funded; notice was due at 5,625.00, crossed with this entry
    # only where the two before it were 16 h: 3,840.00 + 3,840.00 against 1,920.00 + 1,920.00.
    before, own = worked(16, day=FEBRUARY), sheet("own", 960)
    limits = funded(7_000_00)
    (one,) = of_code(suspicions(own, under=limits, before=before), own)
    assert one.exposure_minor == 680_00


def test_below_the_share_nothing_is_said():
    before, own = worked(16, day=FEBRUARY), sheet("own", 480)
    assert of_code(suspicions(own, under=funded(), before=before), own) == []


def test_after_the_crossing_it_is_not_told_again():
    before, own = worked(32, day=FEBRUARY), sheet("own", 480)
    assert of_code(suspicions(own, under=funded(), before=before), own) == []


def test_within_a_batch_the_first_to_cross_is_told():
    before = worked(24, day=FEBRUARY)
    first, second = sheet("a", 480), sheet("b", 480, day=MONDAY + timedelta(days=1))
    found = suspicions(second, first, under=funded(), before=before)
    assert len(of_code(found, first)) == 1
    assert of_code(found, second) == []


def test_work_of_more_than_the_window_ago_makes_no_run_rate():
    # Sixty-six days before the decision: used, and no sign of what is to come.
    before, own = worked(24, day=WINTER), sheet("own", 480)
    assert of_code(suspicions(own, under=funded(), before=before), own) == []


def test_notice_given_answers_for_it():
    noticed = funded(notices=(Notice(kind=NoticeKind.FUNDING, given_on=FEBRUARY),))
    before, own = worked(24, day=FEBRUARY), sheet("own", 480)
    assert of_code(suspicions(own, under=noticed, before=before), own) == []


def test_what_is_used_already_is_left_to_the_rule():
    before, own = worked(72, day=FEBRUARY), sheet("own", 480)
    assert len(of_code(findings(own, under=funded(), before=before), own)) == 1
    assert of_code(suspicions(own, under=funded(), before=before), own) == []
