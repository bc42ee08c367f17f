"""The loop closed: a year of drift with weekly retraining, a frozen model, and rules alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from itertools import product
from multiprocessing import get_context

from data.firm.records import Drift, DriftKind, FirmSize
from training.evaluation.installation import Arm, Life
from training.evaluation.live_year import live
from training.evaluation.months import Month, added_up
from training.report import Report
from training.settings import SliceSettings

PROCESSES = 2
PAST_MONTHS, LIVE_MONTHS = 12, 12
PEOPLE, CLIENTS, CONTRACTS = 80, 33, 53
MINUTES_A_DAY = 25.0
"""Of all reviewers together; at two and a half minutes an item, less than half of what arrives."""
DRIFTS = (
    Drift(kind=DriftKind.NEW_CLIENT, month=PAST_MONTHS + 3),
    Drift(kind=DriftKind.NEW_FAULT_KIND, month=PAST_MONTHS + 5),
    Drift(kind=DriftKind.SLOWER_APPROVALS, month=PAST_MONTHS + 7),
    Drift(kind=DriftKind.NEW_RATE_CARD, month=PAST_MONTHS + 9),
)
COLUMNS = {
    Arm.RETRAINED: ("weekly: caught/h", "cleared", "wrong in cases / money"),
    Arm.FROZEN: ("frozen: caught/h", "cleared", "wrong in cases / money"),
    Arm.RULES_ONLY: ("rules: caught/h",),
}
"""Rules alone clear nothing."""
Plan = tuple[int, Arm]
Months = Mapping[str, Month]


def evaluate_loop(*, seeds: Sequence[int], progress: Callable[[str], None]) -> Report:
    """Live each firm's year in every arm, two at a time, and set the arms side by side."""
    plans = list(product(seeds, Arm))
    lives: dict[Plan, Months] = {}
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        running = {pool.submit(_live, plan): plan for plan in plans}
        for future in as_completed(running):
            seed, arm = running[future]
            lives[seed, arm] = future.result()
            whole = added_up(lives[seed, arm].values())
            progress(
                f"{len(lives) / len(plans):.0%} done; firm {seed}, {arm.value}: "
                f"{whole.caught_per_hour:,.0f} caught in an hour of review"
            )
    return _report({arm: [lives[seed, arm] for seed in seeds] for arm in Arm}, firms=len(seeds))


def _live(plan: Plan) -> dict[str, Month]:
    seed, arm = plan
    size = FirmSize(
        people=PEOPLE,
        clients=CLIENTS,
        contracts=CONTRACTS,
        months=PAST_MONTHS + LIVE_MONTHS,
        seed=seed,
        drift=DRIFTS,
    )
    return live(Life(size=size, live_months=LIVE_MONTHS, minutes_a_day=MINUTES_A_DAY), arm=arm)


def _report(lives: Mapping[Arm, Sequence[Months]], *, firms: int) -> Report:
    names = sorted({name for own in lives.values() for months in own for name in months})
    rows = [
        (name, *_cells({arm: added_up(_of(lives[arm], name)) for arm in Arm})) for name in names
    ]
    whole = {arm: added_up(month for own in lives[arm] for month in own.values()) for arm in Arm}
    return Report(
        title=(f"Closed loop: firms of {PEOPLE} people: {firms}, live months: {LIVE_MONTHS}; new "
               "client in month 3, new fault in 5, slower approvals in 7, new rates in 9"),
        columns=("month", *(name for arm in Arm for name in COLUMNS[arm])),
        rows=[*rows, ("whole", *_cells(whole))],
        figures={
            f"loop_{what}.{arm.name.lower()}": value
            for arm in Arm
            for what, value in _figures(whole[arm]).items()
        },
        notes=(
            *(_note(arm, whole[arm]) for arm in Arm),
            "caught/h: leakage caught in an hour of review, in reporting currency; cleared: share "
            "of the items cleared without a person; wrong: share of those that bear a fault.",
            "All arms have the same firm, reviewers and minutes a day, and order their queue as "
            "the product does. The frozen arm keeps its first model, ignores that its certificates "
            "end, and does not listen to its checks. Weekly models are released without the gate.",
            f"Trees are fitted on {SliceSettings().fit:.0%} of what is known, drawn from all of "
            "its time; certificates, curves and the test hold the rest.",
        ),
    )  # fmt: skip


def _of(own: Iterable[Months], name: str) -> Iterable[Month]:
    return (months[name] for months in own if name in months)


def _cells(months: Mapping[Arm, Month]) -> tuple[str, ...]:
    return tuple(cell for arm in Arm for cell in _cells_of(months[arm])[: len(COLUMNS[arm])])


def _cells_of(month: Month) -> tuple[str, ...]:
    return (
        f"{month.caught_per_hour:,.0f}",
        f"{month.cleared_share:.0%}",
        f"{month.error:.1%} / {month.error_in_money:.1%}" if month.cleared else "-",
    )


def _figures(whole: Month) -> dict[str, float]:
    return {
        "caught_per_hour": whole.caught_per_hour,
        "caught": whole.caught,
        "missed": whole.missed,
        "read_share": whole.read_share,
        "cleared_share": whole.cleared_share,
        "realised_error": whole.error,
        "realised_error_money": whole.error_in_money,
        "alarms": float(whole.alarms),
    }


def _note(arm: Arm, whole: Month) -> str:
    return (
        f"{arm.value.capitalize()}: read {whole.read_share:.0%} of what arrived in "
        f"{whole.reviewer_seconds / 3600:,.0f} hours, caught {whole.caught:,.0f}, missed "
        f"{whole.missed:,.0f}, alarms {whole.alarms}."
    )
