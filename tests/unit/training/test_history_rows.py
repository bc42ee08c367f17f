"""Past work replayed day by day sees each day only what was known that day."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pytest

from data.firm.generate import FirmSize, generate_firm
from data.schemas.decision import LabelSource
from training.history_rows import history_rows, past_work_of

SIZE = FirmSize(people=8, clients=4, contracts=6, months=3, seed=3)


@cache
def work():
    return past_work_of(generate_firm(SIZE))


@cache
def rows(days_before_the_end=0):
    last = max(label.known_at for label in work().labels)
    cut = last - timedelta(days=days_before_the_end)
    return cut, history_rows(work(), cut=cut, salt="test", progress=lambda line: None)


def test_what_is_learned_later_never_changes_a_vector():
    cut, early = rows(90)
    _, late = rows()
    assert 0 < len(early) < len(late)
    vectors = {row.item_id: row.features for row in late}
    assert all(vectors[row.item_id] == row.features for row in early)
    assert all(row.assessed_at <= cut for row in early)


def test_labels_known_after_the_cut_do_not_exist_yet():
    cut, early = rows(90)
    labelled = [row for row in early if row.is_violation is not None or row.is_delayed is not None]
    assert labelled
    assert all(row.assessed_at < row.known_at <= cut for row in labelled)


def test_every_item_has_a_row_and_labels_are_kept_apart():
    _, late = rows()
    assert {row.item_id for row in late} == {item.item_id for _, item in work().submissions}
    for row in late:
        if row.label_source is LabelSource.OUTCOME:
            assert row.is_violation is None
        else:
            assert row.is_delayed is None


def test_without_a_bundle_every_open_item_was_surely_reviewed():
    _, late = rows()
    assert {row.bundle for row in late} == {"rules-only"}
    assert {row.propensity for row in late if not row.is_rule_proved} == {1.0}


@pytest.mark.parametrize("source", list(LabelSource))
def test_both_kinds_of_labels_are_there(source):
    _, late = rows()
    assert sum(row.label_source is source for row in late) > 50
