"""What an item's findings cost together, counting no money twice."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from data.schemas.assessment import Finding
from data.schemas.catalogue import ExceptionCode
from data.schemas.items import AnyItem, Milestone, Timesheet

OF_PRICE = frozenset(
    {
        ExceptionCode.RATE_MISMATCH,
        ExceptionCode.LABOR_CATEGORY_UNQUALIFIED,
        ExceptionCode.RATE_ESCALATION_MISSED,
        ExceptionCode.NARRATIVE_INSUFFICIENT,
        ExceptionCode.BLOCK_BILLING,
    }
)
"""All of a row is due, at another price; any other code says that a part of it is not due."""
DEDUCTED = frozenset({ExceptionCode.MILESTONE_LATE_PENALTY})
"""Taken off the row beside whatever else is wrong with it."""
OF_MONEY_ASKED_FOR = frozenset(
    {
        ExceptionCode.LATE_TIME_SUBMISSION,
        ExceptionCode.OUT_OF_SCOPE_WORK,
        ExceptionCode.LIKELY_WRITE_OFF,
        ExceptionCode.MILESTONE_UNBILLED_AFTER_ACCEPTANCE,
    }
)
"""Leaks of money that the row does ask for; any other leak is money that it does not."""


class Exposure(NamedTuple):
    """Money in the item's currency: billed and in danger, and due and not billed."""

    risk_minor: int
    leak_minor: int


def net_exposure(findings: Iterable[Finding], item: AnyItem) -> Exposure:
    """Give risk and leak in minor units, both zero or more.

    Of findings that say the same of a row the largest counts. Where some hours are not due and the
    others are too dear, the price counts on the others alone: 2 of 8 hours above a cap at 110.00
    that should cost 100.00 are 220.00 and 60.00. Risk never exceeds the amount of the row, nor
    that of the item, and money at risk does not leak as well. Leak is otherwise money the item does
    not ask for, so it may exceed the amount: an entry billed at no rate leaks all that is due.
    """
    shares = _shares(findings)
    of_item = shares.pop(item.item_id, _Shares())
    amounts = _amounts_minor(item)
    rows = [(share, amounts.get(row_id, 0)) for row_id, share in shares.items()]
    risk = min(
        max(of_item.risk_minor(item.amount_minor), sum(one.risk_minor(own) for one, own in rows)),
        item.amount_minor,
    )
    asked_for = max(of_item.asked_for_minor, sum(one.leak_within(own) for one, own in rows))
    missing = of_item.missing_minor + sum(one.missing_minor for one, _ in rows)
    return Exposure(risk, min(asked_for, item.amount_minor - risk) + missing)


def marginal_exposures(findings: Sequence[Finding], item: AnyItem) -> tuple[Exposure, ...]:
    """Give what each finding adds to those before it; together they are the net exposure.

    Risk is never below zero; leak is, where money that leaked is now at risk.
    """
    nets = [net_exposure(findings[:count], item) for count in range(len(findings) + 1)]
    return tuple(
        Exposure(after.risk_minor - before.risk_minor, after.leak_minor - before.leak_minor)
        for before, after in pairwise(nets)
    )


@dataclass(slots=True)
class _Shares:
    """What findings say of one row: of each kind of money the largest figure."""

    undue_minor: int = 0
    overpriced_minor: int = 0
    deducted_minor: int = 0
    asked_for_minor: int = 0
    """Leaks of money the row asks for."""
    unbilled_minor: int = 0
    underpriced_minor: int = 0

    @property
    def missing_minor(self) -> int:
        """Due and not asked for."""
        return self.unbilled_minor + self.underpriced_minor

    def add(self, code: ExceptionCode, *, risk_minor: int, leak_minor: int) -> None:
        if code in DEDUCTED:
            self.deducted_minor = max(self.deducted_minor, risk_minor)
        elif code in OF_PRICE:
            self.overpriced_minor = max(self.overpriced_minor, risk_minor)
        else:
            self.undue_minor = max(self.undue_minor, risk_minor)
        if code in OF_MONEY_ASKED_FOR:
            self.asked_for_minor = max(self.asked_for_minor, leak_minor)
        elif code in OF_PRICE:
            self.underpriced_minor = max(self.underpriced_minor, leak_minor)
        else:
            self.unbilled_minor = max(self.unbilled_minor, leak_minor)

    def risk_minor(self, amount_minor: int) -> int:
        """What of a row's amount is in danger."""
        if amount_minor == 0:
            return 0
        undue = min(self.undue_minor, amount_minor)
        overpriced = min(self.overpriced_minor, amount_minor)
        on_the_rest = (2 * overpriced * (amount_minor - undue) + amount_minor) // (2 * amount_minor)
        return min(undue + on_the_rest + self.deducted_minor, amount_minor)

    def leak_within(self, amount_minor: int) -> int:
        """What leaks of the amount, beside what is in danger of it."""
        return min(self.asked_for_minor, amount_minor - self.risk_minor(amount_minor))


def _shares(findings: Iterable[Finding]) -> dict[str, _Shares]:
    shares: dict[str, _Shares] = {}
    for finding in findings:
        risks: dict[str, int] = {}
        leaks: dict[str, int] = {}
        for row in finding.evidence:
            risks[row.row_id] = risks.get(row.row_id, 0) + max(row.exposure_minor, 0)
            leaks[row.row_id] = leaks.get(row.row_id, 0) + max(-row.exposure_minor, 0)
        for row_id, risk in risks.items():
            own = shares.setdefault(row_id, _Shares())
            own.add(finding.code, risk_minor=risk, leak_minor=leaks[row_id])
    return shares


def _amounts_minor(item: AnyItem) -> dict[str, int]:
    if isinstance(item, Milestone):
        return {}
    if isinstance(item, Timesheet):
        return {entry.id: entry.amount_minor for entry in item.entries}
    return {expense.id: expense.billable_minor for expense in item.expenses}
