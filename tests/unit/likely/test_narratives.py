"""T19 and T20: sheets of stock words, and entries that lump activities together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import BillingGuidelines
from data.schemas.vocabulary import Severity
from models.likely.lexicon import activities, stock_share
from tests.builders.checking import suspicions
from tests.builders.contracts import clauses, contract, reference
from tests.builders.items import MONDAY, entry, timesheet

VAGUE, BLOCK = ExceptionCode.NARRATIVE_INSUFFICIENT, ExceptionCode.BLOCK_BILLING
STOCK = "Various tasks and general support"
CLEAR = "Reconciled the supplier ledger"


def guided(**terms):
    return reference(contract(clauses=clauses(BillingGuidelines(**terms))))


def sheet(*narratives, **overrides):
    return timesheet(
        entries=tuple(
            entry(id=f"E-{n}", work_date=MONDAY + timedelta(days=n), narrative=text, **overrides)
            for n, text in enumerate(narratives)
        )
    )


def told(code, item, under):
    found = suspicions(item, under=under)[item.item_id]
    return [one for one in found if one.code is code]


def test_a_sheet_of_nothing_but_stock_words_is_likely_too_vague():
    (one,) = told(VAGUE, sheet(STOCK, STOCK), guided(rejection_probability=0.25))
    assert one.probability == pytest.approx(0.3)
    # 960.00 x 0.25 of each of two entries.
    assert one.exposure_minor == 480_00
    assert one.severity is Severity.MEDIUM


@pytest.mark.parametrize(
    "item", [sheet(STOCK, CLEAR), sheet(CLEAR), sheet(STOCK, minutes_billable=0)]
)
def test_one_vague_line_among_clear_ones_passes(item):
    assert told(VAGUE, item, guided()) == []


def test_without_guidelines_nothing_is_asked_of_a_narrative():
    assert told(VAGUE, sheet(STOCK), reference()) == []


def test_an_empty_narrative_is_left_to_the_rule():
    assert told(VAGUE, sheet(""), guided()) == []


def test_a_suspicion_that_costs_less_than_a_look_is_a_note():
    # 2 h = 240.00 x 0.05 rejected x 0.3 = 3.60.
    item = sheet(STOCK, minutes_worked=120)
    (one,) = told(VAGUE, item, guided(rejection_probability=0.05))
    assert one.severity is Severity.LOW
    assert not one.is_suspicion


@pytest.mark.parametrize(
    ("narrative", "count"),
    [
        ("Reviewed the contract; drafted a memo; call with the client", 3),
        ("Reviewed the contract and drafted a memo", 2),
        ("Reviewed the contract and the memo", 1),
        ("Testing / reviewing", 2),
        ("Reviewed the plan, step 2", 1),
        ("", 0),
    ],
)
def test_activities_are_parts_that_a_verb_opens(narrative, count):
    assert activities(narrative) == count


@pytest.mark.parametrize(
    ("minutes", "narrative", "probability"),
    [
        (480, "Reviewed the contract; drafted a memo", 0.5),  # 1 - 0.5
        (479, "Reviewed the contract; drafted a memo", None),  # 0.5 x 479 / 480
        (480, "Reviewed the contract; drafted a memo; called the client", 0.75),  # 1 - 0.25
        (360, "Reviewed the contract; drafted a memo; called the client", 0.5625),  # x 360 / 480
        (480, "Reviewed the contract", None),
        (240, "Reviewed the contract; drafted a memo; called the client", None),
    ],
)
def test_long_entries_of_several_activities_are_likely_blocks(minutes, narrative, probability):
    found = told(BLOCK, sheet(narrative, minutes_worked=minutes), guided(block_minutes=240))
    assert [one.probability for one in found] == ([] if probability is None else [probability])
    # 120.00 an hour, of which clients take a fifth off.
    assert sum(one.exposure_minor for one in found) == (minutes * 40 if found else 0)


def test_stock_words_are_counted_by_share():
    assert stock_share("General ledger") == 0.5
    assert stock_share("12 34") == 1.0
