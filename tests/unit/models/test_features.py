"""Features of items whose values can be worked out by hand."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from data.schemas.vocabulary import AcceptanceKind
from models.codes import Codes
from models.columns import to_batch
from models.features.catalogue import FEATURE_NAMES
from models.features.compute import compute
from models.past.history import FutureFactError, History
from models.terms import Terms
from tests.builders.contracts import client, contract, reference
from tests.builders.expenses import expense, expense_report
from tests.builders.items import (
    DECIDED_AT,
    MONDAY,
    acceptance,
    at,
    entry,
    milestone,
    timesheet,
    week,
)


class Desk:
    """An assessor's memory under the default contract."""

    def __init__(self, *past, ref=None):
        self.codes = Codes()
        self.terms = Terms.build(ref or reference(), codes=self.codes)
        self.history = History(codes=self.codes)
        for number, item in enumerate(past):
            self.history.add_items([item], known_at=item.submitted_at, through=number)

    def vectors(self, *items, decided_at=DECIDED_AT):
        batch = to_batch(items, codes=self.codes)
        past = self.history.past(batch, decided_at=decided_at)
        table = compute(
            batch, past=past, history=self.history, terms=self.terms, decided_at=decided_at
        )
        return [dict(zip(FEATURE_NAMES, row.tolist(), strict=True)) for row in table]


def past_week(weeks_ago, **overrides):
    monday = MONDAY - timedelta(weeks=weeks_ago)
    name = f"TS-P{weeks_ago}"
    return timesheet(external_id=name, entries=week(of=name, monday=monday, **overrides))


def one_day(**overrides):
    return timesheet(entries=(entry(**overrides),))


def test_the_default_week_has_the_values_one_reads_from_it():
    (seen,) = Desk().vectors(timesheet())
    expected = {
        "is_milestone": 0.0,
        "log_amount": np.log10(1 + 4_800),  # 5 days x 8 h x 120.00 EUR
        "late_days": 0.0,  # submitted on the Friday of the last entry
        "approval_lag_days": 1.0,  # signed on Saturday
        "days_to_month_end": 24.0,  # 7 to 31 March
        "work_day_of_month": 6.0,
        "payment_terms_days": 30.0,
        "ceiling_burn": 4_800 / 100_000,
        "entries": 5.0,
        "hours_week": 40.0,
        "max_day_hours": 8.0,
        "day_cap_share": 480 / 600,
        "weekend_share": 0.0,
        "round_share": 1.0,
        "same_value_run": 5.0,
        "projects_on_day": 1.0,
        "project_days_before": 0.0,
        "vague_share": 0.0,
    }
    assert {name: seen[name] for name in expected} == pytest.approx(expected)


def test_a_timesheet_knows_nothing_of_acceptance_and_a_milestone_nothing_of_hours():
    sheet, stone = Desk().vectors(timesheet(), milestone())
    assert np.isnan(sheet["acceptance_age_days"])
    assert np.isnan(stone["hours_week"])
    assert stone["is_milestone"] == 1.0
    # Accepted on Thursday 16:00, decided on Monday 9:00: four days less seven hours.
    assert stone["acceptance_age_days"] == pytest.approx(4 - 7 / 24)


def test_client_rejections_are_counted():
    (stone,) = Desk().vectors(
        milestone(acceptance=(
            acceptance(AcceptanceKind.REJECTED, MONDAY),
            acceptance(AcceptanceKind.ACCEPTED, MONDAY + timedelta(days=2)),
        ))
    )  # fmt: skip
    assert stone["client_rejections"] == 1.0


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("Various tasks", 1.0),  # 2 of 2 words are vague
        ("Support as needed", 1.0),  # 3 of 3
        ("Project meeting of the board", 1.0),  # 4 of 5
        ("Reviewed the ledger mapping", 0.0),  # 1 of 4
    ],
)
def test_a_narrative_that_says_nothing_is_vague(text, share):
    (seen,) = Desk().vectors(one_day(narrative=text))
    assert seen["vague_share"] == share


def test_internal_work_and_travel_are_overhead():
    (seen,) = Desk().vectors(one_day(narrative="Internal training on tools"))
    assert seen["overhead_share"] == 1.0


def test_the_same_words_and_minutes_a_day_apart_are_a_near_duplicate():
    text = "Traced a slow query in the reports"
    entries = (
        entry(id="E-1", narrative=text),
        entry(id="E-2", narrative=f"{text} again", work_date=MONDAY + timedelta(days=1)),
    )
    (seen,) = Desk().vectors(timesheet(entries=entries))
    assert seen["near_duplicate_similarity"] == pytest.approx(7 / 8)  # 7 shared of 8 words


def test_a_repeat_of_last_week_is_found_in_the_past():
    text = "Traced a slow query in the reports"
    before = timesheet(
        external_id="TS-0",
        entries=(entry(id="E-0", narrative=text, work_date=MONDAY - timedelta(days=3)),),
    )
    (seen,) = Desk(before).vectors(one_day(narrative=text))
    assert seen["near_duplicate_similarity"] == 1.0


def test_weekly_hours_are_compared_with_the_weeks_before():
    # Four weeks of 40 h: mean 40, no spread, so one hour counts as one deviation.
    past = [past_week(number) for number in range(1, 5)]
    (seen,) = Desk(*past).vectors(timesheet(entries=week(minutes_worked=540)))
    assert seen["hours_week"] == 45.0
    assert seen["z_hours_12w"] == pytest.approx(5.0)


def test_two_weeks_are_too_few_to_compare_with():
    (seen,) = Desk(past_week(1), past_week(2)).vectors(timesheet())
    assert np.isnan(seen["z_hours_12w"])


def test_a_task_one_never_books_on_is_unusual():
    past = [past_week(number) for number in range(1, 5)]
    (seen,) = Desk(*past).vectors(one_day(task_id="T-2"))
    assert seen["unusual_task_share"] == 1.0
    assert seen["project_days_before"] == 20.0


def test_hours_of_other_sheets_count_for_the_day():
    other = timesheet(
        external_id="TS-0", entries=(entry(id="E-0", minutes_worked=60, task_id="T-2"),)
    )
    (seen,) = Desk(other).vectors(one_day())
    assert seen["max_day_hours"] == 9.0


def test_a_newer_version_does_not_meet_its_older_self():
    desk = Desk(timesheet())
    (seen,) = desk.vectors(timesheet())
    assert seen["hours_week"] == 40.0
    assert seen["project_days_before"] == 0.0


def test_verdicts_move_the_rates_of_person_project_and_client():
    desk = Desk()
    for number in range(20):
        desk.history.add_verdict(
            timesheet(external_id=f"TS-{number}"),
            client_id="acme", is_violation=True, known_at=at(MONDAY),
        )  # fmt: skip
    (seen,) = desk.vectors(timesheet())
    expected = (20 + 20 * 0.06) / 40
    for whose in ("person", "project", "client", "approver"):
        assert seen[f"{whose}_violation_rate"] == pytest.approx(expected)


def test_a_required_purchase_order_that_is_missing_is_seen():
    ref = reference(contract(), clients=[client(purchase_order_required=True)])
    (seen,) = Desk(ref=ref).vectors(timesheet())
    assert seen["purchase_order_missing"] == 1.0


def test_words_of_other_projects_are_foreign_once_a_project_is_known():
    past = [past_week(number) for number in range(1, 6)]
    elsewhere = [
        timesheet(
            external_id=f"TS-X{number}",
            person_id="bob",
            entries=(entry(id=f"X-{number}", project_id="P-9", narrative="Welded girder joints"),),
        )
        for number in range(4)
    ]
    spread = [
        timesheet(
            external_id=f"TS-Y{number}",
            entries=(entry(id=f"Y-{number}", project_id=f"P-2{number}", narrative="Filed papers"),),
        )
        for number in range(4)
    ]
    desk = Desk(*past, *elsewhere, *spread)
    (seen,) = desk.vectors(one_day(narrative="Welded girder joints"))
    assert seen["foreign_word_share"] == 1.0
    (own,) = desk.vectors(one_day(narrative="Fixed rounding in the tax report"))
    assert own["foreign_word_share"] == 0.0


def test_batch_mates_do_not_change_a_vector():
    desk = Desk(*[past_week(number) for number in range(1, 5)])
    other = timesheet(external_id="TS-2", entries=week(of="TS-2", task_id="T-2"))
    together = desk.vectors(timesheet(), other, milestone())
    alone = [desk.vectors(item)[0] for item in (timesheet(), other, milestone())]
    for one, two in zip(together, alone, strict=True):
        np.testing.assert_array_equal(list(one.values()), list(two.values()))


def test_a_fact_of_the_future_is_refused():
    desk = Desk()
    desk.history.add_delay(
        client_id="acme", is_delayed=True, known_at=DECIDED_AT + timedelta(seconds=1)
    )
    with pytest.raises(FutureFactError, match="feed facts in the order"):
        desk.vectors(timesheet())


def test_an_expense_report_has_the_features_of_any_item_and_none_of_time_or_acceptance():
    report = expense_report(
        expense(incurred_on=MONDAY + timedelta(days=1)), expense(id="X-2", merchant="Taxi")
    )
    seen, beside = Desk().vectors(report, timesheet())
    known = {name for name, value in seen.items() if not np.isnan(value)}
    assert seen["is_milestone"] == 0.0
    assert seen["late_days"] == 3.0  # spent on Tuesday, submitted on Friday
    assert {"log_amount", "payment_terms_days", "person_violation_rate"} <= known
    assert not {
        "entries", "hours_week", "narrative_words_mean", "acceptance_age_days", "ceiling_burn",
    } & known  # fmt: skip
    np.testing.assert_equal(beside, Desk().vectors(timesheet())[0])
