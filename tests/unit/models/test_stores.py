"""Sums and rows of the past are found again however they came."""

from __future__ import annotations

import random
from datetime import UTC, datetime

import numpy as np
import pyarrow as pa
import pytest

from models.codes import Codes
from models.columns import ENTRY_FIELDS, to_batch
from models.local_days import local_day, local_days
from models.narrative_keys import narrative_columns, narrative_key
from models.past.places_by_code import PlacesByCode
from models.past.row_store import MOST_CODES_ONE_BY_ONE, RowStore
from models.past.running_totals import RunningTotals
from models.stable_order import FEWEST_FOR_DIGITS, order_by, stable_order
from models.words import runs
from tests.builders.items import entry, timesheet


@pytest.mark.parametrize("at_once", [1, 7, 500])
def test_running_totals_are_the_sums_of_what_was_added(at_once):
    rng = random.Random(7)
    totals, expected = RunningTotals(), dict.fromkeys(range(3_000), 0)
    for _ in range(60):
        keys = [rng.randrange(3_000) for _ in range(at_once)]
        amounts = [rng.randrange(-5, 100) for _ in keys]
        totals.add(np.array(keys), np.array(amounts))
        for key, amount in zip(keys, amounts, strict=True):
            expected[key] += amount
    asked = np.arange(3_000)
    assert totals.at(asked).tolist() == list(expected.values())
    # A few keys are looked up one by one, and a key nobody added has no sum.
    assert totals.at(np.array([5, 9_999])).tolist() == [expected[5], 0]


def test_waiting_keys_are_merged_and_still_add_up():
    totals = RunningTotals()
    for key in range(10_000):
        totals.add(np.array([key % 5_000]), np.array([key]))
    # Key k was added k and k + 5,000.
    assert totals.at(np.array([0, 4_999])).tolist() == [5_000, 4_999 + 9_999]


def test_places_of_a_code_stand_in_order():
    places = PlacesByCode()
    places.append(np.array([3, 1, 3]), start=0)
    places.append(np.array([1, 3]), start=3)
    assert places.of(np.array([3])).tolist() == [0, 2, 4]
    assert places.of(np.array([1, 3, 8])).tolist() == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("people", [1, MOST_CODES_ONE_BY_ONE + 1])
def test_rows_of_many_people_are_those_of_each(people):
    store, codes = RowStore(ENTRY_FIELDS), Codes()
    sheets = [
        timesheet(
            external_id=f"TS-{place}", person_id=f"p{place % 300}", contract_id=f"C-{place % 7}",
            entries=(entry(id=f"E-{place}"),),
        )
        for place in range(600)
    ]  # fmt: skip
    batch = to_batch(sheets, codes=codes)
    store.append(batch.item_id.tolist(), batch.entries, first=batch.first_entry)
    assert store.retire("src:nobody").tolist() == []
    gone = sheets[301].item_id
    assert store.retire(gone).tolist() == [301]
    wanted = np.arange(people)
    rows = [place for place in range(600) if place % 300 < people and place != 301]
    assert store.of_people(wanted).tolist() == rows
    # Contract 0 is that of every seventh sheet; 301 is one of them and was retired.
    assert store.of_contracts(np.array([0])).tolist() == [
        place for place in range(0, 600, 7) if place != 301
    ]


@pytest.mark.parametrize("size", [10, FEWEST_FOR_DIGITS + 1])
def test_stable_order_is_that_of_a_stable_sort(size):
    rng = np.random.default_rng(7)
    for span in (1, 9, 2**20, 2**50):
        keys = rng.integers(-span, span, size)
        assert stable_order(keys).tolist() == np.argsort(keys, kind="stable").tolist()


def test_names_decide_where_all_columns_tie():
    first = np.array([2, 1, 1, 1, 2])
    second = np.array([0, 5, 5, 4, 0])
    names = np.array(["b", "z", "a", "m", "a"], dtype=object)
    assert order_by(first, second, names=names).tolist() == [3, 2, 1, 4, 0]


@pytest.mark.parametrize("zone", ["Europe/Vienna", "America/New_York", "Asia/Kathmandu", "UTC"])
def test_local_days_of_a_column_are_those_of_each_moment(zone):
    rng = random.Random(7)
    moments = [
        datetime.fromtimestamp(rng.randrange(631_152_000, 4_000_000_000), tz=UTC)
        for _ in range(300)
    ]
    us = np.array([round(one.timestamp()) * 1_000_000 for one in moments])
    found = local_days(us, zone=np.zeros(300, dtype=np.int64), zones=(zone,))
    assert found.tolist() == [local_day(one, zone=zone) for one in moments]


def test_narratives_of_a_column_have_the_key_of_each_text():

    texts = ["", "Hello, World!", "hello   world", "Straße x_y", "a-b c", "don't", "日本 語", "1 2"]
    found = narrative_columns(pa.array([*texts, None]).slice(0, 9))
    assert found.keys.tolist() == [*map(narrative_key, texts), narrative_key("")]
    assert found.words.tolist() == [*(len(runs(text)) for text in texts), 0]
    assert narrative_key("Hello, World!") == narrative_key("hello   world")
    assert narrative_key("b a") != narrative_key("a b")
