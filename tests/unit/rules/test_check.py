"""The rules together: clean items, order, and net exposure."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import CATALOGUE, ExceptionCode
from models.rules.check import RULES
from models.rules.exposure import net_exposure
from tests.builders.checking import findings, found_codes, invoice
from tests.builders.contracts import assignment, reference
from tests.builders.items import MONDAY, entry, milestone, timesheet


def test_default_items_are_clean():
    found = findings(timesheet(), milestone())
    assert found == {"test:TS-1": (), "test:MS-1": ()}


def test_no_items_give_no_findings():
    assert findings() == {}


def test_rules_stand_in_the_order_of_the_catalogue_and_cover_it():
    provable = [code for code, kind in CATALOGUE.items() if kind.is_rule_decidable]
    ranks = [provable.index(code) for code, _ in RULES]
    assert ranks == sorted(ranks)
    assert set(ranks) == set(range(len(provable)))


def test_findings_of_an_item_follow_the_catalogue():
    sheet = timesheet(
        entries=(entry(hourly_rate_minor=15_000, minutes_worked=700),),
        approvals=(),
        submitted_at=timesheet().submitted_at + timedelta(days=30),
    )
    codes = found_codes(sheet, under=reference(assignments=[]), invoices=[invoice("E-1")])
    assert codes == [
        ExceptionCode.RATE_MISMATCH,
        ExceptionCode.UNASSIGNED_RESOURCE,
        ExceptionCode.DAILY_HOURS_EXCEEDED,
        ExceptionCode.LATE_TIME_SUBMISSION,
        ExceptionCode.APPROVAL_VIOLATION,
        ExceptionCode.ALREADY_INVOICED,
    ]


def test_every_finding_cites_a_clause_of_its_kind():
    sheet = timesheet(entries=(entry(hourly_rate_minor=15_000),), approvals=())
    for finding in findings(sheet, under=reference(assignments=[]))["test:TS-1"]:
        assert finding.clause_id == f"CL-{CATALOGUE[finding.code].clause}"
        assert finding.probability == 1.0


def _net(item, **given):
    return net_exposure(findings(item, **given)[item.item_id], item)


def test_clean_item_has_no_exposure():
    assert _net(timesheet()) == (0, 0)


@pytest.mark.parametrize(
    ("item", "given", "net"),
    [
        # Two days of 960.00 unassigned, one of them already invoiced: counted once each.
        (
            timesheet(),
            {
                "under": reference(assignments=[assignment(end=MONDAY + timedelta(days=2))]),
                "invoices": [invoice("TS-1-5")],
            },
            (1_920_00, 0),
        ),
        # Not approved: all of 4,800.00; unassigned entries add nothing to it.
        (timesheet(approvals=()), {"under": reference(assignments=[])}, (4_800_00, 0)),
        # 40.00 above the card on an entry that is 1,000.00 in all, and nobody was assigned.
        (
            timesheet(entries=(entry(hourly_rate_minor=12_500),)),
            {"under": reference(assignments=[])},
            (1_000_00, 0),
        ),
        # Above the card on one day (+40.00), below it on the next (-40.00): both are told.
        (
            timesheet(
                entries=(
                    entry(hourly_rate_minor=12_500),
                    entry(id="E-2", work_date=MONDAY + timedelta(days=1), hourly_rate_minor=11_500),
                )
            ),
            {},
            (40_00, 40_00),
        ),
        # Billed at nothing: all that is due leaks, though the item asks for nothing.
        (timesheet(entries=(entry(hourly_rate_minor=0),)), {}, (0, 960_00)),
        # Neither accepted nor complete: the milestone once.
        (milestone(acceptance=(), evidence_provided=()), {}, (20_000_00, 0)),
    ],
)
def test_money_hit_by_several_rules_counts_once(item, given, net):
    assert _net(item, **given) == net


def test_absurd_rate_stays_inside_what_a_record_may_carry():
    sheet = timesheet(entries=(entry(minutes_worked=1_440, hourly_rate_minor=4 * 10**11),))
    assert net_exposure(findings(sheet)["test:TS-1"], sheet)[0] <= sheet.amount_minor
