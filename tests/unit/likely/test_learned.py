"""What was learned is what counted before the decision, without the item's own older version."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from models.codes import Codes, line_name
from models.columns import day_number, to_batch
from models.past.history import History
from models.past.learned import Learned
from tests.builders.items import DECIDED_AT, MONDAY, entry, timesheet

DAY = np.array([day_number(MONDAY), day_number(MONDAY) + 1])


def sheet(name, minutes=480):
    return timesheet(external_id=name, entries=(entry(id=f"E-{name}", minutes_worked=minutes),))


def money_of_days(history, item):
    learned = history.past(to_batch([item], codes=history.codes), decided_at=DECIDED_AT).learned
    line = history.codes.line.find(line_name("C-1", "L-1"))
    return learned.money_of_days(np.array([line, line]), DAY).tolist()


def test_money_is_summed_by_line_and_day_without_the_items_own_older_version():
    history = History(codes=Codes())
    history.add_items([sheet("one"), sheet("two", 60)], known_at=DECIDED_AT, through=2)
    assert money_of_days(history, sheet("three")) == [1_080_00, 0]
    assert money_of_days(history, sheet("two", 120)) == [960_00, 0]


def test_what_was_retired_counts_no_longer():
    history = History(codes=Codes())
    history.add_items([sheet("one"), sheet("two", 60)], known_at=DECIDED_AT, through=2)
    history.retire("test:one")
    history.add_items([sheet("two", 120)], known_at=DECIDED_AT + timedelta(0), through=3)
    assert money_of_days(history, sheet("three")) == [240_00, 0]


def test_by_default_nothing_was_learned():
    assert Learned().money_of_days(DAY, DAY).tolist() == [0, 0]
