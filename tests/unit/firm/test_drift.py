"""Switches that change the firm for good: each what it says, and only from its month on."""

from datetime import date
from statistics import median

import pytest

from data.firm.generate import generate_firm
from data.firm.records import Drift, DriftKind, DriftOutsideFirmError, FaultKind, FirmSize

MONTH, FIRST_DAY = 3, date(2026, 8, 1)
PLAIN = FirmSize(people=30, clients=8, contracts=12, months=5, seed=6)


def firm_with(kind):
    return generate_firm(
        FirmSize(
            people=30,
            clients=8,
            contracts=12,
            months=5,
            seed=6,
            drift=(Drift(kind=kind, month=MONTH),),
        )
    )


@pytest.fixture(scope="module")
def plain():
    return generate_firm(PLAIN)


def sheets(firm):
    return [one for one in firm.submissions if one.item.kind == "timesheet"]


def lag_days(firm):
    """Days to the first signature of what was handed in since the change."""
    return [
        (one.item.approvals[1].at - one.item.approvals[0].at).total_seconds() / 86_400
        for one in sheets(firm)
        if one.item.submitted_at.date() >= FIRST_DAY
    ]


def signed_before(firm):
    """What was signed before the change, and when."""
    return {
        one.item.item_id: one.item.approvals[1].at
        for one in sheets(firm)
        if one.item.approvals[1].at.date() < FIRST_DAY
    }


def rates(firm, *, is_after):
    return {
        (row.line_id, row.labor_category, row.location): row.hourly_rate_minor
        for contract in firm.reference.contracts.values()
        for row in contract.rate_card
        if (row.valid_to is None if is_after else row.valid_from < date(2026, 6, 1))
    }


def weekend_sheets(firm, *, is_after):
    return [
        one
        for one in sheets(firm)
        if (one.item.period_start >= FIRST_DAY) is is_after
        and any(entry.work_date.weekday() == 5 for entry in one.item.entries)
        and int(one.item.contract_id[-3:]) % 2 == 0
    ]


def inflated_probability(firm, *, is_after):
    """The probability of any fault on sheets with weekend work, where it may be banned."""
    found = weekend_sheets(firm, is_after=is_after)
    faulty = [
        any(fault.code is FaultKind.INFLATED_HOURS for fault in firm.truth[one.item.item_id].faults)
        for one in found
    ]
    return sum(faulty) / len(faulty)


def test_a_new_client_brings_work_from_its_month_on(plain):
    firm = firm_with(DriftKind.NEW_CLIENT)
    (new,) = set(firm.reference.clients) - set(plain.reference.clients)
    own = {one.id for one in firm.reference.contracts.values() if one.client_id == new}
    days = [
        entry.work_date
        for one in sheets(firm)
        if one.item.contract_id in own
        for entry in one.item.entries
    ]
    assert len(own) >= 2
    assert min(days) >= FIRST_DAY


def test_a_new_rate_card_raises_every_rate_from_its_month_on(plain):
    firm = firm_with(DriftKind.NEW_RATE_CARD)
    before, after = rates(plain, is_after=True), rates(firm, is_after=True)
    assert rates(firm, is_after=False) == rates(plain, is_after=False)
    assert all(after[place] == pytest.approx(1.08 * before[place], rel=0.02) for place in before)


def test_slower_approvals_begin_in_their_month(plain):
    firm = firm_with(DriftKind.SLOWER_APPROVALS)
    assert signed_before(firm) == signed_before(plain)
    assert median(lag_days(firm)) > 1.5 * median(lag_days(plain))


def test_a_new_kind_of_fault_makes_harmless_weekends_bad_for_half_of_the_firm(plain):
    firm = firm_with(DriftKind.NEW_FAULT_KIND)
    assert inflated_probability(firm, is_after=True) > 0.3
    assert inflated_probability(firm, is_after=False) < 0.15
    assert inflated_probability(plain, is_after=True) < 0.15


def test_items_are_the_same_whichever_weekends_are_accepted(plain):
    firm = firm_with(DriftKind.NEW_FAULT_KIND)
    assert [one.item for one in firm.submissions] == [one.item for one in plain.submissions]


def test_a_change_after_the_end_is_refused():
    with pytest.raises(DriftOutsideFirmError, match="name a month from 1 to 5"):
        FirmSize(months=5, drift=(Drift(kind=DriftKind.NEW_CLIENT, month=6),))
