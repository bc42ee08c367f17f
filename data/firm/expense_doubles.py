"""Expenses that may be claimed twice: not the very same again, which a rule sees, but nearly so."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from data.firm.chance import Chance
from data.firm.expenses import ReportDraft, receipt
from data.firm.habits import Habits
from data.firm.hidden import HiddenDraw
from data.firm.records import FaultKind
from data.firm.report_approvals import SignedReport
from data.schemas.items import Expense, PaidBy

DOUBLE_PROBABILITY, CARELESS_PROBABILITY = 0.025, 0.08
"""Reports with a second look-alike claim: always, and more from the careless."""
WAY_BACK_PROBABILITY = 0.2
"""Honest trips on which the same taxi costs nearly the same both ways."""
EQUAL_AMOUNT_PROBABILITY, RESPELLED_PROBABILITY, LATER_REPORT_PROBABILITY = 0.45, 0.6, 0.4
WIDEST_GAP, WIDEST_DAYS = 0.06, 1
"""How far amounts (as a share) and days of two claims may lie apart to look like one."""
ENDINGS = (" GmbH", " - Card Payment", " 24h", ", counter 3", " (terminal 7)", " Intl")
NEVER_ASKED = "per_diem"
BASE_LOG_ODDS = -9.0
LOOK_ALIKE_LOG_ODDS, RESPELLED_LOG_ODDS, EQUAL_LOG_ODDS = 4.8, 3.0, 2.6
NEXT_DAY_LOG_ODDS, CARELESS_LOG_ODDS = -1.2, 1.6


@dataclass(frozen=True, slots=True, kw_only=True)
class LookAlike:
    """How much an expense looks like another one of the same person."""

    row_id: str
    amount_minor: int
    is_respelled: bool
    amount_gap: float
    days: int

    @property
    def log_odds(self) -> float:
        """What it adds to the log-odds of a double claim."""
        log_odds = LOOK_ALIKE_LOG_ODDS + RESPELLED_LOG_ODDS * self.is_respelled
        log_odds += EQUAL_LOG_ODDS * (1.0 - self.amount_gap / WIDEST_GAP)
        return log_odds + NEXT_DAY_LOG_ODDS * self.days


def show_doubles(
    reports: Sequence[ReportDraft], *, habits: Habits, chance: Chance
) -> tuple[ReportDraft, ...]:
    """The reports with look-alike claims in some of them, and with honest ones that resemble."""
    shown = {report.key: report for report in reports}
    by_person: dict[str, list[ReportDraft]] = defaultdict(list)
    for report in reports:
        by_person[report.person.id].append(report)
    for report in reports:
        if report.planted is not None:
            continue
        careless = habits.of(report.person)
        if chance.happens(DOUBLE_PROBABILITY + CARELESS_PROBABILITY * careless):
            later = _later(report, own=by_person[report.person.id])
            is_later = later is not None and chance.happens(LATER_REPORT_PROBABILITY)
            target = shown[later.key] if later is not None and is_later else shown[report.key]
            changed = _with_double(report, target=target, chance=chance)
            shown[changed.key] = changed
        elif chance.happens(WAY_BACK_PROBABILITY):
            shown[report.key] = _with_way_back(shown[report.key], chance=chance)
    return tuple(shown[report.key] for report in reports)


def draw_doubles(
    reports: Sequence[SignedReport], *, habits: Habits, chance: Chance
) -> dict[str, HiddenDraw]:
    """The draw of every expense report, by item id."""
    found = _look_alikes(reports)
    draws = {}
    for report in reports:
        own = found.get(report.item.item_id)
        log_odds = BASE_LOG_ODDS + CARELESS_LOG_ODDS * habits.of(report.draft.person)
        log_odds += own.log_odds if own is not None else 0.0
        probability = float(1.0 / (1.0 + np.exp(-log_odds)))
        is_true = chance.happens(probability)
        rows = {}
        if is_true:
            rows = {own.row_id: own.amount_minor} if own else _largest(report)
        draws[report.item.item_id] = HiddenDraw(
            probabilities={FaultKind.DUPLICATE_EXPENSE: probability},
            amounts_minor={FaultKind.DUPLICATE_EXPENSE: rows} if is_true else {},
        )
    return draws


def _look_alikes(reports: Sequence[SignedReport]) -> dict[str, LookAlike]:
    """The strongest look-alike of each report among what its person has claimed up to then."""
    claimed: dict[tuple[str, str], list[Expense]] = defaultdict(list)
    strongest: dict[str, LookAlike] = {}
    for report in reports:
        for row in report.item.expenses:
            if row.category == NEVER_ASKED:
                continue
            before = claimed[report.item.person_id, row.category]
            for one in _alike(row, before=before):
                best = strongest.get(report.item.item_id)
                if best is None or one.log_odds > best.log_odds:
                    strongest[report.item.item_id] = one
            before.append(row)
    return strongest


def _alike(row: Expense, *, before: Sequence[Expense]) -> Iterator[LookAlike]:
    for other in before:
        days = abs((row.incurred_on - other.incurred_on).days)
        gap = abs(row.amount_minor - other.amount_minor) / max(other.amount_minor, 1)
        is_same_name = row.merchant == other.merchant
        is_near = row.currency == other.currency and days <= WIDEST_DAYS and gap <= WIDEST_GAP
        if is_near and (is_same_name or _stem(row.merchant) == _stem(other.merchant)):
            yield LookAlike(
                row_id=row.id,
                amount_minor=row.billable_minor,
                is_respelled=not is_same_name,
                amount_gap=gap,
                days=days,
            )


def _stem(merchant: str) -> str:
    """The name without the endings that a card statement or a clerk adds."""
    for ending in ENDINGS:
        merchant = merchant.removesuffix(ending)
    return merchant


def _later(report: ReportDraft, *, own: Sequence[ReportDraft]) -> ReportDraft | None:
    """The next report of the same person and line, where the same claim can come once more."""
    for one in own:
        is_after = one.submitted_at > report.submitted_at and one.planted is None
        if is_after and one.line.id == report.line.id:
            return one
    return None


def _with_double(report: ReportDraft, *, target: ReportDraft, chance: Chance) -> ReportDraft:
    """The target with an expense of the report once more, a little different."""
    original = chance.pick([one for one in report.expenses if _may_double(one)])
    is_equal = chance.happens(EQUAL_AMOUNT_PROBABILITY)
    days = chance.between(0, WIDEST_DAYS)
    day = original.incurred_on + timedelta(days=days)
    if day > report.trip.end:
        day = original.incurred_on
    is_respelled = chance.happens(RESPELLED_PROBABILITY) or (
        is_equal and day == original.incurred_on
    )
    gap = 0.0 if is_equal else chance.uniform(-0.8, 0.8) * WIDEST_GAP
    minor = max(1, round(original.amount_minor * (1.0 + gap)))
    is_same_trip = target.key == report.key
    copy = original.model_copy(
        update={
            "merchant": original.merchant + (chance.pick(ENDINGS) if is_respelled else ""),
            "incurred_on": day,
            "trip_id": original.trip_id if is_same_trip else None,
            "receipt_sha256": receipt(f"{report.trip.id} {original.category} second"),
            "paid_by": PaidBy.CASH,
            **_costing(minor),
        }
    )
    return replace(target, expenses=(*target.expenses, copy))


def _with_way_back(report: ReportDraft, *, chance: Chance) -> ReportDraft:
    """The ride home by the taxi that came, for nearly the same."""
    places = [at for at, one in enumerate(report.expenses) if one.category == "transport"]
    is_short = report.trip.end - report.trip.start > timedelta(days=WIDEST_DAYS)
    if len(places) != 2 or is_short:  # noqa: PLR2004 - there and back
        return report
    out, back = report.expenses[places[0]], report.expenses[places[1]]
    minor = max(1, round(out.amount_minor * (1.0 + chance.uniform(-1, 1) * WIDEST_GAP / 2)))
    changed = back.model_copy(update={"merchant": out.merchant, **_costing(minor)})
    at = places[1]
    return replace(report, expenses=(*report.expenses[:at], changed, *report.expenses[at + 1 :]))


def _may_double(one: Expense) -> bool:
    is_plain = one.amount_minor == one.cost_minor == one.billable_minor
    return one.category in {"transport", "hotel"} and is_plain


def _costing(minor: int) -> Mapping[str, int]:
    return {"amount_minor": minor, "cost_minor": minor, "billable_minor": minor}


def _largest(report: SignedReport) -> dict[str, int]:
    row = max(report.item.expenses, key=lambda one: (one.billable_minor, one.id))
    return {row.id: row.billable_minor}
