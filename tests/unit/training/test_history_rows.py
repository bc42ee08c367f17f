"""Past work replayed day by day sees each day only what was known that day."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from functools import cache

import numpy as np
import pytest

from data.firm.dates import cut_off_at
from data.firm.generate import FirmSize, generate_firm
from data.schemas.items import row_ids
from data.schemas.questions import ASKED, LabelSource, Question
from training.dataset import table_of
from training.history_rows import history_rows, past_work_of
from training.past_labels import DISPUTE_HORIZON, LONGEST_OPEN

SIZE = FirmSize(people=12, clients=5, contracts=8, months=5, seed=3)


@cache
def firm():
    return generate_firm(SIZE)


@cache
def work():
    return past_work_of(firm())


@cache
def rows(days_before_the_end=0):
    # A day is assessed in one batch: a cut inside of it would move its time.
    last = max(label.known_at for label in work().labels).replace(hour=0, minute=0, second=0)
    cut = last - timedelta(days=days_before_the_end - 1)
    return cut, history_rows(work(), cut=cut, salt="test", progress=lambda line: None)


@cache
def billed_at():
    item_of = {row: one.item.item_id for one in firm().submissions for row in row_ids(one.item)}
    at = {}
    for invoice in firm().invoices:
        for line in invoice.lines:
            item_id = item_of[line.row_id]
            at[item_id] = max(invoice.issued_at, at.get(item_id, invoice.issued_at))
    return at


def test_what_is_learned_later_never_changes_a_vector():
    cut, early = rows(150)
    _, late = rows()
    assert 0 < len(early) < len(late)
    vectors = {row.item_id: row.features for row in late}
    assert all(vectors[row.item_id] == row.features for row in early)
    assert all(row.assessed_at <= cut for row in early)


def test_labels_known_after_the_cut_do_not_exist_yet():
    cut, early = rows(150)
    labelled = [row for row in early if row.answers]
    assert labelled
    assert all(row.assessed_at < row.known_at <= cut for row in labelled)


def test_every_item_has_a_row_and_labels_are_kept_apart():
    _, late = rows()
    assert {row.item_id for row in late} == {item.item_id for _, item in work().submissions}
    for row in late:
        assert all(ASKED[question].source is row.label_source for question in row.answers)


def test_without_a_bundle_every_open_item_was_surely_reviewed():
    _, late = rows()
    assert {row.bundle for row in late} == {"rules-only"}
    assert {row.propensity for row in late if not row.is_rule_proved} == {1.0}


@pytest.mark.parametrize("source", list(LabelSource))
def test_both_kinds_of_labels_are_there(source):
    _, late = rows()
    assert sum(row.label_source is source for row in late) > 50


def test_a_review_answers_every_question_asked_of_the_kind_of_item():
    verdicts = [row for row in rows()[1] if Question.ANY_FAULT in row.answers]
    assert verdicts
    for row in verdicts:
        asked = {
            one.question for one in ASKED.values()
            if one.source is LabelSource.VERDICT and row.kind in one.kinds
        }  # fmt: skip
        assert set(row.answers) == asked
        named = [row.answers[question] for question in asked - {Question.ANY_FAULT}]
        assert row.answers[Question.ANY_FAULT] or not any(named)
        assert row.rater
        assert row.active_seconds > 0


def test_an_item_judged_twice_blindly_has_two_rows_and_is_one_item():
    raters = defaultdict(set)
    for row in rows()[1]:
        if Question.ANY_FAULT in row.answers and not row.is_rule_proved and not row.is_suspected:
            raters[row.item_id].add(row.rater)
    doubles = {item for item, names in raters.items() if len(names) > 1}
    assert doubles
    table = table_of(rows()[1], Question.ANY_FAULT)
    assert len(table) == len(set(table.item_id))
    assert doubles <= set(table.item_id)


def test_disputes_are_all_answered_ninety_days_after_the_invoice_and_never_sooner():
    told = [row for row in rows()[1] if Question.DISPUTED_ITEM in row.answers]
    assert any(any(row.answers.values()) for row in told)
    assert not all(any(row.answers.values()) for row in told)
    for row in told:
        assert row.known_at == billed_at()[row.item_id] + DISPUTE_HORIZON


def test_a_write_off_is_known_when_it_is_recorded_and_its_absence_when_the_invoice_left():
    recorded = {}
    for one in firm().write_offs:
        recorded[one.item_id] = min(one.recorded_at, recorded.get(one.item_id, one.recorded_at))
    told = [row for row in rows()[1] if Question.WRITE_OFF in row.answers]
    assert {row.answers[Question.WRITE_OFF] for row in told} == {True, False}
    for row in told:
        known = recorded if row.answers[Question.WRITE_OFF] else billed_at()
        assert row.known_at == known[row.item_id]


def test_an_item_nobody_has_billed_yet_waits_and_is_neither_good_nor_bad():
    cut, early = rows(150)
    waiting = [row for row in early if row.is_billed is False and not row.answers]
    assert waiting
    for row in waiting:
        billed = billed_at().get(row.item_id)
        assert billed is None or billed > cut
        assert row.days_to_bill == pytest.approx((cut - row.assessed_at) / timedelta(days=1))
        assert cut - row.assessed_at <= LONGEST_OPEN


def test_a_missed_cut_off_is_known_from_the_cut_off_on_however_long_the_bill_still_takes():
    cut, early = rows(150)
    waiting = {row.item_id for row in early if row.is_billed is False and not row.answers}
    late = table_of(early, Question.MISSED_CUT_OFF)
    still = np.isin(late.item_id, list(waiting))
    assert 0 < still.sum() < len(waiting)
    assert late.is_positive[still].all()
    missed = [row for row in early if row.answers == {Question.MISSED_CUT_OFF: True}]
    assert {row.item_id for row in missed} >= set(np.array(late.item_id)[still])
    assert all(row.known_at == cut_off_at(row.known_at.date() - timedelta(days=11)) <= cut
               for row in missed if row.is_billed is False)  # fmt: skip


def test_a_contract_s_month_is_one_group():
    _, late = rows()
    items = {item.item_id: item for _, item in work().submissions}
    assert all(row.group.startswith(f"{items[row.item_id].contract_id}/20") for row in late)
