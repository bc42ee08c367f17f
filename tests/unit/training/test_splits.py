"""The test comes later than what is learned from, with room between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.schemas.questions import Question
from models.columns import microseconds
from tests.builders.training_rows import START, tables
from training.settings import SliceSettings
from training.splits import (
    DAY_US,
    Slices,
    horizon_days,
    mature,
    purged,
    shared_groups,
    slices_of,
)

SETTINGS = SliceSettings()
FAULTS, LATE = tables(1_000)


def days_between(earlier, later):
    return (int(later.assessed_us.min()) - int(earlier.assessed_us.max())) / DAY_US


def of_contracts(table, *, contracts=40):
    """The same rows, each of a contract and a month."""
    generator = np.random.default_rng(1)
    months = (table.assessed_us // (30 * DAY_US)).tolist()
    group = tuple(f"C-{generator.integers(contracts)}/{month}" for month in months)
    return replace(table, group=group)


def test_only_the_test_slice_comes_later_and_the_others_share_their_time():
    slices = slices_of(FAULTS, Question.ANY_FAULT, settings=SETTINGS)
    *learned, test = slices.parts
    for part in learned:
        assert days_between(part, test) >= SETTINGS.gap_days
    last_days = [int(part.assessed_us.max()) / DAY_US for part in learned]
    assert max(last_days) - min(last_days) < 10
    shares = [len(part) / sum(map(len, learned)) for part in learned]
    assert shares == pytest.approx([0.36 / 0.85, 0.10 / 0.85, 0.39 / 0.85], abs=0.05)


def test_what_is_billed_together_is_learned_from_or_certified_on_never_both():
    slices = slices_of(of_contracts(FAULTS), Question.ANY_FAULT, settings=SETTINGS)
    learned = replace(slices, test=slices.test.take(np.zeros(len(slices.test), dtype=bool)))
    assert not shared_groups(learned)


def test_more_rows_move_no_earlier_row_into_another_slice():
    cut = FAULTS.take(np.arange(len(FAULTS)) < 600)
    early = slices_of(cut, Question.ANY_FAULT, settings=SETTINGS)
    late = slices_of(FAULTS, Question.ANY_FAULT, settings=SETTINGS)
    for before, after in zip(early.parts[:-1], late.parts[:-1], strict=True):
        assert set(before.item_id) <= set(after.item_id)


@pytest.mark.parametrize(
    ("question", "table", "days"),
    [
        (Question.ANY_FAULT, FAULTS, 10),  # a verdict
        (Question.MISSED_CUT_OFF, LATE, 60),  # a bill
        (Question.DISPUTED_PRICE, LATE, 299 / 3),  # 60 + 90 days, more than a third of 300
    ],
)
def test_the_test_slice_begins_a_label_horizon_after_the_last_row_learned_from(
    question, table, days
):
    slices = slices_of(table, question, settings=SETTINGS)
    assert all(days_between(part, slices.test) >= days for part in slices.parts[:-1])
    assert len(slices.test) == pytest.approx(0.15 * len(table), abs=2)


def test_a_dispute_is_settled_ninety_days_after_its_bill():
    assert horizon_days(Question.DISPUTED_ITEM, settings=SETTINGS) == 60 + 90
    assert horizon_days(Question.WRITE_OFF, settings=SETTINGS) == 60
    assert horizon_days(Question.OUT_OF_SCOPE, settings=SETTINGS) == 10


def test_no_item_is_in_two_slices_and_few_are_in_none():
    slices = slices_of(FAULTS, Question.ANY_FAULT, settings=SETTINGS)
    seen = [item for part in slices.parts for item in part.item_id]
    assert len(seen) == len(set(seen))
    # A gap of 10 in 300 days: about 3 % of the rows.
    assert 0.95 < len(seen) / len(FAULTS) < 0.98


def test_what_is_billed_together_lies_on_one_side_when_asked():
    table = of_contracts(FAULTS)
    loose = slices_of(table, Question.ANY_FAULT, settings=SETTINGS)
    assert shared_groups(loose), "the harness must see groups on both sides"
    tight = slices_of(table, Question.ANY_FAULT, settings=replace(SETTINGS, purge_groups=True))
    assert not shared_groups(tight)
    assert set(tight.test.item_id) == set(loose.test.item_id)


def test_a_purge_that_does_nothing_is_found():
    table = of_contracts(FAULTS)
    half = np.arange(len(table)) % 2 == 0
    mixed = Slices(
        fit=table.take(half), tune=table.take(~half), calibrate=table.take(half),
        test=table.take(~half),
    )  # fmt: skip
    assert "test:TS-0" in shared_groups(mixed)


@given(st.integers(0, 10_000), st.integers(1, 60))
def test_after_a_purge_no_group_is_on_both_sides(seed, contracts):
    generator = np.random.default_rng(seed)
    table = FAULTS.take(np.isin(np.arange(len(FAULTS)), generator.permutation(len(FAULTS))[:200]))
    names = [f"C-{number}" if number else "" for number in generator.integers(contracts, size=200)]
    table = replace(table, group=tuple(names))
    slices = slices_of(table, Question.ANY_FAULT, settings=SETTINGS)
    kept = purged(slices)
    assert not shared_groups(kept)
    nameless = [item for item, group in zip(table.item_id, names, strict=True) if not group]
    before = {item for part in slices.parts for item in part.item_id}
    after = {item for part in kept.parts for item in part.item_id}
    assert set(nameless) & before <= after


def test_items_too_young_to_be_settled_are_left_out_whatever_their_label():
    cut = START + timedelta(days=200)
    kept = mature(FAULTS, cut=cut, days=10)
    assert kept.assessed_us.max() <= microseconds(cut - timedelta(days=10))
    assert len(kept) == sum(FAULTS.assessed_us <= microseconds(cut - timedelta(days=10)))


def test_an_empty_table_gives_empty_slices():
    none = FAULTS.take(np.zeros(len(FAULTS), dtype=bool))
    slices = slices_of(none, Question.ANY_FAULT, settings=SETTINGS)
    assert [len(part) for part in slices.parts] == [0, 0, 0, 0]
