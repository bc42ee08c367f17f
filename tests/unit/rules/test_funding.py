"""T3: the funds of a line or a contract, and the notice that is due before they run out."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import Funding
from data.schemas.contracts import ContractLine, Notice, NoticeKind
from data.schemas.vocabulary import ChangeOrderStatus, Severity
from tests.builders.checking import finding_of, rows_of
from tests.builders.contracts import change_order, clause, contract, reference
from tests.builders.items import DECIDED_AT, MONDAY, at, timesheet, week

T3 = ExceptionCode.FUNDING_NOTICE_DUE
LAST_WEEK = MONDAY - timedelta(days=7)
ALL = tuple(f"TS-1-{day}" for day in range(1, 6))
TWO_LINES = (
    ContractLine(id="L-1", project_id="P-1", name="Build"),
    ContractLine(id="L-2", project_id="P-1", name="Run"),
)


def _funded(funded_minor, *, share=0.75, line_id=None, **overrides):
    own = clause(Funding(funded_minor=funded_minor, notice_share=share), line_id=line_id)
    return reference(contract(clauses=(own,), **({"lines": TWO_LINES} | overrides)))


def _earlier(**overrides):
    return timesheet(external_id="TS-0", entries=week(of="TS-0", monday=LAST_WEEK), **overrides)


def _notice(given_on, **overrides):
    return Notice(**({"kind": NoticeKind.FUNDING, "given_on": given_on} | overrides))


@pytest.mark.parametrize(
    ("funded_minor", "rows"),
    [
        # 960.00 a day, 4,800.00 in all; three quarters of 6,400.00 are 4,800.00.
        (6_400_00, {"TS-1-5": 0}),
        (6_400_01, {}),  # three quarters are 4,800.0075: 4,800.01 is the first amount above
        (5_120_00, {"TS-1-4": 0, "TS-1-5": 0}),  # 3,840.00
        (4_000_00, {"TS-1-4": 0, "TS-1-5": 800_00}),  # 3,000.00; 800.00 above the funds
        (3_000_00, {"TS-1-3": 0, "TS-1-4": 840_00, "TS-1-5": 960_00}),
        (0, dict.fromkeys(ALL, 960_00)),
    ],
)
def test_notice_is_due_from_the_entry_that_reaches_the_share(funded_minor, rows):
    found = finding_of(T3, timesheet(), under=_funded(funded_minor))
    assert rows_of(found) == rows
    assert found is None or found.severity is Severity.HIGH


def test_evidence_says_what_is_used_and_when_notice_is_due():
    (row,) = finding_of(T3, timesheet(), under=_funded(6_400_00)).evidence
    assert row.actual == "4,800.00 EUR with this entry, and no notice"
    assert row.expected == "notice to the client at 4,800.00 EUR of 6,400.00 EUR funded"


def test_what_was_accepted_before_is_used():
    found = finding_of(T3, timesheet(), before=[_earlier()], under=_funded(12_800_00))
    assert rows_of(found) == {"TS-1-5": 0}


@pytest.mark.parametrize(("line_id", "is_due"), [("L-1", False), (None, True), ("L-2", False)])
def test_clause_of_a_line_looks_at_its_money_alone(line_id, is_due):
    under = _funded(12_800_00, line_id=line_id)
    found = finding_of(T3, timesheet(), before=[_earlier(line_id="L-2")], under=under)
    assert (found is not None) == is_due


@pytest.mark.parametrize(
    ("notices", "is_due"),
    [
        ((), True),
        ((_notice(MONDAY),), False),
        ((_notice(DECIDED_AT.date()),), False),
        ((_notice(DECIDED_AT.date() + timedelta(days=1)),), True),  # not yet given
        ((_notice(MONDAY, line_id="L-1"),), True),  # of the line, not of the contract
    ],
)
def test_notice_answers_for_the_funds(notices, is_due):
    under = _funded(6_000_00, notices=notices)
    assert (finding_of(T3, timesheet(), under=under) is not None) == is_due


def test_notice_counts_by_the_local_day_of_the_decision():
    given = _notice(date(2026, 3, 10))
    under = _funded(6_000_00, notices=(given,))
    # 23:30 UTC on the 9th is the 10th in Vienna and still the 9th in New York.
    decided_at = at(date(2026, 3, 9)).replace(hour=23, minute=30)
    assert finding_of(T3, timesheet(), under=under, decided_at=decided_at) is None
    abroad = timesheet(zone="America/New_York")
    assert finding_of(T3, abroad, under=under, decided_at=decided_at) is not None


@pytest.mark.parametrize(
    ("order", "due"),
    [
        # 3,200.00 are funded: notice was due at 2,400.00, on Wednesday, and given that Monday.
        ({"delta_value_minor": 9_000_00}, []),  # no funds unless it says so
        # 800.00 more from Thursday: due at 3,000.00, and the notice is older than the funds.
        ({"delta_funded_minor": 800_00, "effective_on": date(2026, 3, 5)}, [4, 5]),
        ({"delta_funded_minor": 8_000_00, "effective_on": date(2026, 3, 5)}, []),
        ({"delta_funded_minor": 800_00, "status": ChangeOrderStatus.SENT}, []),
        # An order of another line funds the contract too.
        ({"delta_funded_minor": 800_00, "line_id": "L-2", "effective_on": MONDAY}, []),
    ],
)
def test_new_funds_need_a_new_notice(order, due):
    under = _funded(3_200_00, notices=(_notice(MONDAY),), change_orders=(change_order(**order),))
    found = finding_of(T3, timesheet(), under=under)
    assert list(rows_of(found)) == [f"TS-1-{day}" for day in due]


def test_order_of_another_line_brings_a_line_no_funds():
    order = change_order(delta_funded_minor=9_000_00, line_id="L-2", effective_on=MONDAY)
    under = _funded(6_400_00, line_id="L-1", change_orders=(order,))
    assert rows_of(finding_of(T3, timesheet(), under=under)) == {"TS-1-5": 0}
    own = change_order(delta_funded_minor=1, line_id="L-1", effective_on=MONDAY)
    under = _funded(6_400_00, line_id="L-1", change_orders=(own,))
    assert finding_of(T3, timesheet(), under=under) is None
