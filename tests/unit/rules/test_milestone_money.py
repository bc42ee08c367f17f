"""M4 schedule mismatch, M5 late penalty, M6 progress overbilled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import (
    Acceptance,
    BillingSchedule,
    LiquidatedDamages,
    PlannedMilestone,
    ProgressBilling,
)
from data.schemas.people import Progress
from data.schemas.vocabulary import AcceptanceKind, ChangeOrderStatus
from tests.builders.checking import finding_of, findings, found_codes
from tests.builders.contracts import (
    CEILING_MINOR,
    change_order,
    clauses,
    contract,
    project,
    reference,
)
from tests.builders.items import MONDAY, acceptance, at, milestone

M4 = ExceptionCode.MILESTONE_SCHEDULE_MISMATCH
M5 = ExceptionCode.MILESTONE_LATE_PENALTY
M6 = ExceptionCode.PROGRESS_OVERBILLED


def _schedule(*amounts_minor: int, **given):
    planned = tuple(
        PlannedMilestone(milestone_id=f"MS-{number}", amount_minor=minor)
        for number, minor in enumerate(amounts_minor, start=1)
    )
    return BillingSchedule(milestones=planned, **given)


def _under(terms, *, progress=(), change_orders=()):
    return reference(
        contract(clauses=clauses(terms), change_orders=change_orders),
        projects=(project(progress=progress),),
    )


WHOLE = _schedule(20_000_00, 80_000_00)


def _evidence(code, item, **given):
    found = finding_of(code, item, **given)
    return {} if found is None else {row.field: row.exposure_minor for row in found.evidence}


@pytest.mark.parametrize(
    ("schedule", "amount_minor", "expected"),
    [
        (WHOLE, 20_000_00, {}),
        (WHOLE, 20_000_01, {"amount_minor": 1}),
        (WHOLE, 19_999_00, {"amount_minor": -1_00}),  # billed too little is a leak
        (_schedule(20_000_00, 79_000_00), 20_000_00, {"line_value_minor": 1_000_00}),
        (_schedule(20_000_00, 81_000_00), 21_000_00,
         {"line_value_minor": 1_000_00, "amount_minor": 1_000_00}),
        # 5 % kept back: 19,000 is due.
        (_schedule(20_000_00, 80_000_00, retainage=0.05), 19_000_00, {}),
        (_schedule(20_000_00, 80_000_00, retainage=0.05), 20_000_00, {"amount_minor": 1_000_00}),
        # A fifth of the advance of 1,000.01 is 200.002, rounded 200.00.
        (_schedule(20_000_00, 80_000_00, advance_minor=1_000_01), 19_800_00, {}),
    ],
)  # fmt: skip
def test_a_milestone_is_billed_as_scheduled(schedule, amount_minor, expected):
    item = milestone(amount_minor=amount_minor)
    assert _evidence(M4, item, under=_under(schedule)) == expected


def test_the_last_milestone_takes_what_is_left_of_the_advance():
    # Thirds of 1.00 are 0.33, 0.33 and what remains, 0.34.
    schedule = _schedule(CEILING_MINOR // 4, CEILING_MINOR // 4, CEILING_MINOR // 2,
                         advance_minor=1_00)  # fmt: skip
    last = milestone(external_id="MS-3", amount_minor=CEILING_MINOR // 2 - 50)
    assert _evidence(M4, last, under=_under(schedule)) == {}
    thirds = _schedule(1_00, 1_00, 1_00, advance_minor=1_00)
    under = reference(
        contract(
            clauses=clauses(thirds),
            lines=(contract().lines[0].model_copy(update={"value_minor": 3_00}),),
        )
    )
    for number, due_minor in ((1, 67), (2, 67), (3, 66)):
        item = milestone(external_id=f"MS-{number}", amount_minor=due_minor)
        assert _evidence(M4, item, under=under) == {}


def test_a_milestone_that_is_not_in_the_schedule_is_wholly_at_risk():
    item = milestone(external_id="MS-9")
    assert _evidence(M4, item, under=_under(WHOLE)) == {"external_id": 20_000_00}


@pytest.mark.parametrize(
    ("given", "is_found"),
    [
        ({}, False),
        ({"effective_on": MONDAY}, False),  # the day it was submitted
        ({"effective_on": MONDAY + timedelta(days=1)}, True),
        ({"status": ChangeOrderStatus.SENT}, True),
        ({"line_id": None}, True),  # it moves the contract's value, not the line's
    ],
)
def test_executed_change_orders_of_the_line_amend_its_value(given, is_found):
    order = change_order(
        **({"line_id": "L-1", "delta_value_minor": 10_00, "effective_on": MONDAY} | given)
    )
    under = _under(_schedule(20_000_00, 80_010_00), change_orders=(order,))
    assert (M4 in found_codes(milestone(), under=under)) is is_found


def test_a_milestone_that_is_not_ready_is_not_held_against_its_schedule():
    item = milestone(external_id="MS-9", is_ready_to_bill=False)
    assert M4 not in found_codes(item, under=_under(WHOLE))


DAMAGES = LiquidatedDamages(daily_minor=100_00, cap_minor=250_00, grace_days=2)


@pytest.mark.parametrize(
    ("accepted_after_days", "penalty_minor"),
    [(2, 0), (3, 100_00), (4, 200_00), (5, 250_00), (9, 250_00)],
)
def test_each_day_after_the_grace_costs_up_to_the_cap(accepted_after_days, penalty_minor):
    accepted = acceptance(AcceptanceKind.ACCEPTED, MONDAY + timedelta(days=accepted_after_days))
    found = finding_of(
        M5, milestone(acceptance=(accepted,)), under=_under(DAMAGES),
        decided_at=at(MONDAY + timedelta(days=20)),
    )  # fmt: skip
    assert (0 if found is None else found.exposure_minor) == penalty_minor


@pytest.mark.parametrize(("days", "penalty_minor"), [(2, 0), (3, 100_00), (5, 250_00)])
@pytest.mark.parametrize("is_ready", [True, False])
def test_a_milestone_that_is_not_accepted_is_late_from_the_day_after_the_grace(
    days, penalty_minor, is_ready
):
    item = milestone(acceptance=(), is_ready_to_bill=is_ready)
    found = finding_of(
        M5, item, under=_under(DAMAGES), decided_at=at(MONDAY + timedelta(days=days))
    )
    assert (0 if found is None else found.exposure_minor) == penalty_minor


def test_silence_that_counts_as_acceptance_ends_the_delay():
    deemed = Acceptance(window_days=2, is_deemed_after_window=True)
    under = reference(contract(clauses=clauses(DAMAGES, deemed)))
    handed_in = acceptance(AcceptanceKind.SUBMITTED, MONDAY)
    found = finding_of(
        M5, milestone(acceptance=(handed_in,)), under=under,
        decided_at=at(MONDAY + timedelta(days=30)),
    )  # fmt: skip
    assert found.exposure_minor == 100_00  # deemed accepted on day 3, one day late


PROGRESS = ProgressBilling(tolerance=0.05)


def _earned(*shares):
    return tuple(
        Progress(as_of=MONDAY + timedelta(days=days), earned=earned) for days, earned in shares
    )


@pytest.mark.parametrize(
    ("amount_minor", "progress", "exposure_minor"),
    [
        (20_000_00, [(0, 0.2)], 0),
        (25_000_00, [(0, 0.2)], 0),  # exactly earned and tolerance
        (25_000_01, [(0, 0.2)], 5_000_01),  # what is above the earned share
        (20_000_00, [(-9, 0.1), (-1, 0.2), (1, 0.9)], 0),  # the last measure by then
        (20_000_00, [(-9, 0.2), (-1, 0.1)], 10_000_00),
        (20_000_00, [(1, 0.9)], 20_000_00),  # nothing measured yet
        (5_000_00, [], 0),
        (100_000_00, [(0, 1.0)], 0),
        (100_000_01, [(0, 1.0)], 1),  # never above the whole, whatever is tolerated
    ],
)
def test_no_more_is_billed_than_was_earned(amount_minor, progress, exposure_minor):
    under = _under(PROGRESS, progress=_earned(*progress))
    found = finding_of(M6, milestone(amount_minor=amount_minor), under=under)
    assert (0 if found is None else found.exposure_minor) == exposure_minor


def test_milestones_of_the_line_add_up_in_counting_order():
    under = _under(PROGRESS, progress=_earned((-9, 0.4)))
    before = milestone(external_id="MS-0", amount_minor=10_000_00)
    late = milestone(external_id="MS-1", submitted_at=at(MONDAY, hour=18))
    early = milestone(external_id="MS-2", submitted_at=at(MONDAY, hour=9))
    found = findings(late, early, under=under, before=[before])
    codes = {name: [one.code for one in said] for name, said in found.items()}
    assert M6 not in codes["test:MS-2"]  # 10,000 + 20,000 of 40,000 earned
    (over,) = [one for one in found["test:MS-1"] if one.code is M6]
    assert over.exposure_minor == 10_000_00  # 50,000 billed, 40,000 earned


def test_a_line_without_a_stated_value_is_not_judged():
    line = contract().lines[0].model_copy(update={"value_minor": 0})
    under = reference(contract(lines=(line,), clauses=clauses(PROGRESS, WHOLE)))
    assert not {M4, M6} & set(found_codes(milestone(), under=under))
