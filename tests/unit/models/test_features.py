"""Features of items whose values can be worked out by hand."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from data.schemas.people import Progress
from data.schemas.vocabulary import AcceptanceKind, ApprovalVerdict
from models.past.history import FutureFactError
from tests.builders.contracts import (
    change_order,
    client,
    contract,
    manager,
    person,
    project,
    rate,
    reference,
)
from tests.builders.desk import Desk, one_day, past_week
from tests.builders.expenses import expense, expense_report
from tests.builders.items import (
    DECIDED_AT,
    MONDAY,
    acceptance,
    at,
    entry,
    milestone,
    signature,
    timesheet,
    week,
)


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


def test_entries_written_down_at_once_are_told_from_those_of_each_day():
    (daily,) = Desk().vectors(timesheet())
    moment = at(MONDAY + timedelta(days=4))
    at_once = week(recorded_at=moment)
    (late,) = Desk().vectors(timesheet(entries=at_once))
    assert (daily["recorded_together"], late["recorded_together"]) == (1.0, 5.0)


def test_days_near_the_limit_are_counted_once_however_many_entries_they_have():
    day = [
        entry(id="E-1", minutes_worked=300),
        entry(id="E-2", minutes_worked=290, task_id="T-2"),  # 590 of 600 on Monday
        entry(id="E-3", minutes_worked=400, work_date=MONDAY + timedelta(days=1)),
    ]
    (seen,) = Desk().vectors(timesheet(entries=tuple(day)))
    assert seen["days_near_cap"] == 1.0
    assert seen["hours_over_cap"] == pytest.approx(-10 / 60)


def test_two_places_on_one_day_are_a_jump():
    day = (
        entry(id="E-1", minutes_worked=240, location="vienna"),
        entry(id="E-2", minutes_worked=240, location="graz", task_id="T-2"),
    )
    (seen,) = Desk().vectors(timesheet(entries=day))
    assert seen["places_on_day"] == 2.0
    elsewhere = timesheet(external_id="TS-0", entries=(entry(id="E-0", location="linz"),))
    (seen,) = Desk(elsewhere).vectors(timesheet(entries=day))
    assert seen["places_on_day"] == 3.0


def test_the_first_day_on_a_project_is_remembered():
    desk = Desk(*[past_week(number) for number in range(1, 4)])
    assert desk.vectors(timesheet())[0]["days_on_project"] == 21.0
    assert Desk().vectors(timesheet())[0]["days_on_project"] == 0.0


def test_an_entry_that_lists_two_activities_is_lumped():
    text = "Reviewed the ledger; drafted the report and called the bank"
    (seen,) = Desk().vectors(one_day(narrative=text, minutes_worked=540))
    assert seen["most_activities"] >= 2.0
    assert seen["lumped_entry_hours"] == 9.0
    (plain,) = Desk().vectors(one_day())
    assert plain["lumped_entry_hours"] == 0.0


def test_a_repeat_on_another_task_weeks_later_is_still_like_the_earlier_text():
    text = "Traced a slow query in the reports"
    old = timesheet(
        external_id="TS-0",
        entries=(entry(id="E-0", narrative=text, work_date=MONDAY - timedelta(days=30)),),
    )
    (seen,) = Desk(old).vectors(one_day(narrative=text, task_id="T-2"))
    assert (seen["near_duplicate_similarity"], seen["repeat_similarity"]) == (0.0, 1.0)


def test_words_of_the_agreed_scope_are_near_and_others_far():
    scope = contract(
        name="Supplier invoices platform",
        change_orders=(change_order(scope="Ledger mapping, tax report and settlement"),),
    )
    desk = Desk(ref=reference(scope))
    (near,) = desk.vectors(one_day(narrative="Settlement of supplier invoices"))
    (far,) = desk.vectors(one_day(narrative="Welded girder joints"))
    assert (near["scope_distance"], far["scope_distance"]) == (0.0, 1.0)


def test_a_rate_above_the_card_and_the_days_since_it_changed_are_seen():
    card = (
        rate(valid_to=MONDAY - timedelta(days=1)),
        rate(hourly_rate_minor=15_000, valid_from=MONDAY),
    )
    desk = Desk(ref=reference(contract(rate_card=card)))
    (seen,) = desk.vectors(timesheet(entries=week(hourly_rate_minor=18_000)))
    assert seen["rate_gap"] == pytest.approx(0.2)
    assert seen["days_since_rate_change"] == 4.0  # Monday to Friday
    assert seen["rate_to_card"] == pytest.approx(1.2)
    (old,) = Desk().vectors(timesheet(entries=week(hourly_rate_minor=9_000)))
    assert old["rate_gap"] == pytest.approx(-0.25)
    assert np.isnan(old["days_since_rate_change"])


def test_burn_hours_to_the_cap_and_the_end_of_the_period_are_seen():
    (seen,) = Desk(past_week(1), past_week(9)).vectors(timesheet())
    assert seen["ceiling_burn"] == pytest.approx(3 * 4_800 / 100_000)
    assert seen["ceiling_burn_4w"] == pytest.approx(2 * 4_800 / 100_000)  # nine weeks ago is old
    assert seen["hours_to_cap"] == pytest.approx(1_000 - 3 * 40)
    assert seen["days_to_period_end"] == 300.0  # 6 March to 31 December


def test_work_in_another_role_and_newcomers_are_seen():
    ref = reference(people=[person(hired_on=MONDAY - timedelta(days=6)), manager()])
    (seen,) = Desk(ref=ref).vectors(timesheet(entries=week(labor_category="analyst")))
    assert seen["role_mismatch_share"] == 1.0
    assert seen["tenure_days"] == 10.0


def test_a_version_that_comes_again_and_a_rejection_are_counted():
    rejected = signature(verdict=ApprovalVerdict.REJECT)
    first = timesheet()
    again = timesheet(approvals=(rejected, *first.approvals))
    (seen,) = Desk(first).vectors(again)
    assert (seen["earlier_versions"], seen["times_sent_back"]) == (1.0, 1.0)


def test_a_look_alike_expense_is_found_under_another_spelling_a_day_later():
    before = expense_report(expense(merchant="Trattoria Bella Roma", cost_minor=84_20))
    twin = expense(
        id="X-9", merchant="Tratoria Bella-Roma", cost_minor=84_00,
        incurred_on=MONDAY + timedelta(days=1),
    )  # fmt: skip
    (seen,) = Desk(before).vectors(expense_report(twin, external_id="EX-2"))
    assert seen["look_alike_score"] > 0.4
    assert seen["look_alike_days"] == 1.0
    assert seen["look_alike_amount"] == pytest.approx(84.00 / 84.20)
    (alone,) = Desk().vectors(expense_report(twin, external_id="EX-2"))
    assert alone["look_alike_score"] == 0.0
    assert np.isnan(alone["look_alike_days"])


def test_an_expense_far_above_the_usual_one_and_missing_receipts_are_seen():
    usual = [
        expense_report(expense(id=f"X-{n}", cost_minor=20_00), external_id=f"EX-{n}")
        for n in range(3)
    ]
    report = expense_report(
        expense(id="X-8", cost_minor=100_00), expense(id="X-9", receipt_sha256=None),
        external_id="EX-9",
    )  # fmt: skip
    (seen,) = Desk(*usual).vectors(report)
    assert seen["largest_to_usual"] == pytest.approx(5.0)
    assert seen["receipt_share"] == 0.5


def test_what_a_milestone_lacks_and_how_far_it_runs_ahead_of_progress_is_seen():
    ref = reference(
        projects=[project(progress=(Progress(as_of=MONDAY, earned=0.1),
                                    Progress(as_of=DECIDED_AT.date() + timedelta(1), earned=1)))]
    )  # fmt: skip
    stone = milestone(
        evidence_provided=("test report",),
        open_predecessors=("MS-0",),
        forecast_on=MONDAY + timedelta(days=9),
    )
    (seen,) = Desk(ref=ref).vectors(stone)
    assert (seen["evidence_missing"], seen["open_predecessors"]) == (1.0, 1.0)
    assert seen["forecast_slip_days"] == 9.0
    assert seen["acceptance_late_days"] == 3.0
    assert seen["milestone_share"] == pytest.approx(0.2)  # 20,000 of 100,000
    assert seen["billed_ahead"] == pytest.approx(0.2 - 0.1)  # tomorrow's progress is not known
