"""Reviewers of the generated firm: they err, hurry and follow scores as often as they say."""

from dataclasses import replace

import pytest

from data.firm.chance import Chance
from data.firm.records import FaultKind
from data.firm.reviewers import Reviewer, draw_reviewers
from tests.builders.firms import small_firm

TRIES = 3_000
ANNA = Reviewer(
    id="R-01", name="Anna Adler", miss_rate=0.08, false_alarm_rate=0.03, pace=1.0, anchoring=0.3
)


@pytest.fixture
def chance():
    return Chance("verdicts", seed=5)


def an_item(*, is_faulty):
    firm = small_firm()
    for one in firm.submissions:
        truth = firm.truth[one.item.item_id]
        if one.item.kind == "timesheet" and len(truth.faults) == int(is_faulty):
            return truth, one.item
    raise AssertionError


def share_found(reviewer, *, is_faulty, shown, chance):
    truth, item = an_item(is_faulty=is_faulty)
    judged = [
        reviewer.judge(truth, item=item, shown_probability=shown, chance=chance)
        for _ in range(TRIES)
    ]
    return sum(bool(one.found) for one in judged) / TRIES


def test_reviewers_miss_faults_as_often_as_they_say(chance):
    found = share_found(ANNA, is_faulty=True, shown=None, chance=chance)
    assert 1 - found == pytest.approx(0.08, abs=0.02)


def test_reviewers_raise_false_alarms_as_often_as_they_say(chance):
    found = share_found(ANNA, is_faulty=False, shown=None, chance=chance)
    assert found == pytest.approx(0.03, abs=0.012)


def test_a_low_score_on_the_screen_makes_reviewers_overlook_faults(chance):
    found = share_found(ANNA, is_faulty=True, shown=0.01, chance=chance)
    assert 1 - found == pytest.approx(0.08 + 0.92 * 0.3, abs=0.03)


def test_a_high_score_on_the_screen_makes_reviewers_see_faults(chance):
    found = share_found(ANNA, is_faulty=False, shown=0.9, chance=chance)
    assert found == pytest.approx(0.03 + 0.97 * 0.3, abs=0.03)


def test_a_hidden_score_moves_nobody(chance):
    unmoved = replace(ANNA, anchoring=1.0)
    assert share_found(unmoved, is_faulty=False, shown=None, chance=chance) < 0.06


def test_a_slower_reviewer_takes_longer_for_the_same_item(chance):
    truth, item = an_item(is_faulty=False)

    def seconds(pace):
        one = replace(ANNA, pace=pace)
        return sum(
            one.judge(truth, item=item, shown_probability=None, chance=chance).active_seconds
            for _ in range(300)
        )

    assert seconds(2.0) > 1.6 * seconds(1.0)


def test_a_firm_has_enough_reviewers_and_each_has_a_name(chance):
    few, many = (draw_reviewers(items, practice="", chance=chance) for items in (100, 25_000))
    assert len(few) == 3
    assert len(many) == 10
    assert len({one.id for one in many}) == len(many)


def test_some_items_are_reviewed_twice_by_different_people_who_saw_no_score():
    firm = small_firm()
    raters = {}
    for one in firm.verdicts:
        assert not one.is_score_shown
        assert one.active_seconds >= 5
        raters.setdefault(one.item_id, []).append(one.rater)
    doubles = [own for own in raters.values() if len(own) == 2]
    assert 0.02 <= len(doubles) / len(raters) <= 0.09
    assert all(first != second for first, second in doubles)


def test_no_timesheet_is_accused_of_a_double_expense():
    firm = small_firm()
    kinds = {one.item.item_id: one.item.kind for one in firm.submissions}
    for one in firm.verdicts:
        if FaultKind.DUPLICATE_EXPENSE in one.found:
            assert kinds[one.item_id] == "expense_report"
