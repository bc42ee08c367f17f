"""Slices lie one after the other in time, with room between them."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import numpy as np

from models.columns import microseconds
from tests.builders.training_rows import START, tables
from training.settings import SliceSettings
from training.splits import DAY_US, boundaries, mature, split

SETTINGS = SliceSettings()


def sliced(count=1_000):
    table, _ = tables(count)
    at = boundaries(table.assessed_us, settings=SETTINGS)
    return table, split(table, at=at, gap_days=SETTINGS.gap_days)


def test_slices_follow_each_other_with_a_gap():
    _, slices = sliced()
    parts = [slices.fit, slices.tune, slices.calibrate, slices.test]
    for earlier, later in pairwise(parts):
        assert later.assessed_us.min() - earlier.assessed_us.max() >= SETTINGS.gap_days * DAY_US


def test_no_item_is_in_two_slices_and_few_are_in_none():
    table, slices = sliced()
    parts = [slices.fit, slices.tune, slices.calibrate, slices.test]
    seen = [item for part in parts for item in part.item_id]
    assert len(seen) == len(set(seen))
    # Three gaps of 5 in 300 days: about 5 % of the rows.
    assert 0.93 < len(seen) / len(table) < 0.96


def test_shares_are_those_of_the_settings():
    table, slices = sliced(4_000)
    assert len(slices.calibrate) / len(table) == np.clip(
        len(slices.calibrate) / len(table), SETTINGS.calibrate - 0.03, SETTINGS.calibrate
    )


def test_items_too_young_to_be_settled_are_left_out_whatever_their_label():
    table, _ = tables(600)
    cut = START + timedelta(days=200)
    kept = mature(table, cut=cut, days=10)
    assert kept.assessed_us.max() <= microseconds(cut - timedelta(days=10))
    assert len(kept) == sum(table.assessed_us <= microseconds(cut - timedelta(days=10)))


def test_an_empty_table_gives_empty_slices():
    table = tables(10)[0]
    none = table.take(np.zeros(len(table), dtype=bool))
    slices = split(none, at=boundaries(none.assessed_us, settings=SETTINGS), gap_days=5)
    assert len(slices.fit) == len(slices.test) == 0
