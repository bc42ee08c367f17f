"""What goes wrong with expenses, one fault to a report, and the ids they get in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count

from data.firm.chance import Chance
from data.firm.drafts import ApprovalFault
from data.firm.expenses import (
    PREAPPROVAL_ABOVE_EUR,
    RECEIPT_THRESHOLD_EUR,
    ReportDraft,
    daily_minor,
    in_currency,
    receipt,
    share_of,
)
from data.schemas.catalogue import ExceptionCode
from data.schemas.items import Expense, PaidBy
from data.schemas.vocabulary import ClauseKind

SHARES = {
    ExceptionCode.EXPENSE_MARKUP_OR_CAP: 0.02,
    ExceptionCode.RECEIPT_MISSING: 0.025,
    ExceptionCode.PER_DIEM_EXCEEDED: 0.025,
    ExceptionCode.EXPENSE_NOT_REIMBURSABLE_OR_PREAPPROVED: 0.03,
    ExceptionCode.EXPENSE_DUPLICATE: 0.025,
    ExceptionCode.APPROVAL_VIOLATION: 0.015,
    ExceptionCode.ALREADY_INVOICED: 0.008,
    ExceptionCode.CHANGE_ORDER_UNSIGNED: 0.01,
}
"""Share of expense reports that get each fault."""
AGAIN_SHARE = 0.008
NEAR_MISS_SHARE = 0.04
"""Reports with an expense that just needs no receipt, or just no pre-approval."""
GREED = 0.22
"""A markup that no contract allows."""

Way = Callable[[ReportDraft, Chance], ReportDraft | None]
"""Plants a fault, or finds that this report cannot bear it."""


def plant_expense_faults(
    reports: Sequence[ReportDraft], *, chance: Chance
) -> tuple[ReportDraft, ...]:
    """The reports with faults in some of them."""
    deck = chance.sample(reports, count=len(reports))
    planted = {report.key: report for report in reports}
    for code, share in SHARES.items():
        wanted = max(1, round(share * len(reports))) if reports else 0
        for report in list(deck):
            if wanted == 0:
                break
            changed = _WAYS[code](report, chance)
            if changed is not None:
                planted[report.key] = replace(changed, planted=code)
                deck.remove(report)
                wanted -= 1
    _claim_again(planted, deck=deck, chance=chance)
    for report in deck[: max(1, round(NEAR_MISS_SHARE * len(reports)))]:
        if planted[report.key] is report:
            planted[report.key] = _just_allowed(report)
    return tuple(planted.values())


def _claim_again(
    planted: dict[int, ReportDraft], *, deck: Sequence[ReportDraft], chance: Chance
) -> None:
    """Some people claim an expense of one report in a later one once more."""
    wanted = max(1, round(AGAIN_SHARE * len(planted)))
    taken: set[int] = set()
    for first in deck:
        if len(taken) == 2 * wanted:
            return
        later = [
            one
            for one in deck
            if one.person is first.person
            and one.submitted_at > first.submitted_at
            and one.plan.client.currency == first.plan.client.currency
            and not taken & {one.key, first.key}
        ]
        rides = [one for one in first.expenses if one.category == "transport"]
        if not later:
            continue
        second = later[0]
        again = chance.pick(rides).model_copy(update={"project_id": second.line.project.id})
        planted[second.key] = replace(
            second,
            expenses=(*second.expenses, again),
            planted=ExceptionCode.EXPENSE_DUPLICATE,
        )
        taken |= {first.key, second.key}


def number_reports(reports: Iterable[ReportDraft]) -> tuple[ReportDraft, ...]:
    """The reports in order of submission with their ids."""
    numbers = count(1)
    ordered = sorted(reports, key=lambda one: (one.submitted_at, one.key))
    return tuple(
        replace(
            report,
            external_id=f"{report.plan.practice}XR-{place:05d}",
            expenses=tuple(
                one.model_copy(update={"id": f"{report.plan.practice}X-{next(numbers):06d}"})
                for one in report.expenses
            ),
        )
        for place, report in enumerate(ordered, start=1)
    )


def _no_receipt(report: ReportDraft, chance: Chance) -> ReportDraft | None:
    """Half of them cost just as much as needs a receipt."""
    threshold = in_currency(report.plan, RECEIPT_THRESHOLD_EUR)
    places = [at for at, one in enumerate(report.expenses) if one.cost_minor >= threshold]
    if not places:
        return None
    costs = _costing(threshold) if chance.happens(0.5) else {}
    return _changed(report, chance.pick(places), receipt_sha256=None, **costs)


def _just_allowed(report: ReportDraft) -> ReportDraft:
    """An expense of just the amount that needs no pre-approval, or of a cent below a receipt's."""
    place = next(at for at, one in enumerate(report.expenses) if one.category == "transport")
    if report.key % 2:
        minor = in_currency(report.plan, PREAPPROVAL_ABOVE_EUR)
        return _changed(report, place, **_costing(minor))
    minor = in_currency(report.plan, RECEIPT_THRESHOLD_EUR) - 1
    return _changed(report, place, receipt_sha256=None, **_costing(minor))


def _costing(minor: int) -> dict[str, int]:
    return {"amount_minor": minor, "cost_minor": minor, "billable_minor": minor}


def _whole_day(report: ReportDraft, chance: Chance) -> ReportDraft | None:
    """The full daily rate on a travel day, or more than that."""
    minor = daily_minor(report.plan, report.trip.place) + chance.pick((0, 0, 300))
    place = next(at for at, one in enumerate(report.expenses) if one.category == "per_diem")
    return _changed(report, place, **_costing(minor))


def _not_payable(report: ReportDraft, chance: Chance) -> ReportDraft | None:
    """An excluded category, a missing pre-approval, or a ride after the trip."""
    bought = [at for at, one in enumerate(report.expenses) if one.preapproval_id is not None]
    if bought and chance.happens(0.7):
        return _changed(report, bought[0], preapproval_id=None)
    place = next(at for at, one in enumerate(report.expenses) if one.category == "transport")
    if chance.happens(0.5):
        return _changed(report, place, category="minibar", merchant="Hotel bar")
    return _changed(report, place, incurred_on=report.trip.end + timedelta(days=1))


def _twice(report: ReportDraft, chance: Chance) -> ReportDraft | None:
    """The same ride or night by card and as cash."""
    places = [at for at, one in enumerate(report.expenses) if one.category != "per_diem"]
    copy = report.expenses[chance.pick(places)]
    update = {"paid_by": PaidBy.CASH, "receipt_sha256": receipt(f"{report.trip.id} again")}
    return replace(report, expenses=(*report.expenses, copy.model_copy(update=update)))


def _too_dear(report: ReportDraft, chance: Chance) -> ReportDraft | None:
    if ClauseKind.MATERIALS not in report.plan.duties:
        return None
    places = [at for at, one in enumerate(report.expenses) if one.category != "per_diem"]
    place = chance.pick(places)
    cost = report.expenses[place].cost_minor
    return _changed(report, place, billable_minor=cost + share_of(cost, GREED))


def _self_approved(report: ReportDraft, chance: Chance) -> ReportDraft | None:
    ways = (ApprovalFault.SELF_APPROVED, ApprovalFault.EDITED_AFTERWARDS)
    return replace(report, approval_fault=chance.pick(ways))


def _unchanged(report: ReportDraft, _: Chance) -> ReportDraft | None:
    return report


def _unsigned_order(report: ReportDraft, _: Chance) -> ReportDraft | None:
    return _changed(report, 0, change_order_id=f"{report.plan.id}.CO9")


_WAYS: dict[ExceptionCode, Way] = {
    ExceptionCode.RECEIPT_MISSING: _no_receipt,
    ExceptionCode.PER_DIEM_EXCEEDED: _whole_day,
    ExceptionCode.EXPENSE_NOT_REIMBURSABLE_OR_PREAPPROVED: _not_payable,
    ExceptionCode.EXPENSE_DUPLICATE: _twice,
    ExceptionCode.EXPENSE_MARKUP_OR_CAP: _too_dear,
    ExceptionCode.APPROVAL_VIOLATION: _self_approved,
    ExceptionCode.ALREADY_INVOICED: _unchanged,
    ExceptionCode.CHANGE_ORDER_UNSIGNED: _unsigned_order,
}


def _changed(report: ReportDraft, place: int, **changes: object) -> ReportDraft:
    expense: Expense = report.expenses[place].model_copy(update=changes)
    expenses = (*report.expenses[:place], expense, *report.expenses[place + 1 :])
    return replace(report, expenses=expenses)
