"""What an item's findings cost together, counting no money twice."""

from __future__ import annotations

from collections.abc import Iterable

from data.schemas.assessment import Finding
from data.schemas.items import AnyItem, Timesheet


def net_exposure(findings: Iterable[Finding], item: AnyItem) -> tuple[int, int]:
    """Give risk and leak in minor units, both zero or more.

    Where several findings hit one entry the largest counts, not the sum. Risk never exceeds the
    amount of the entry, nor that of the item. Leak is money the item does not ask for, so it may
    exceed the amount: an entry billed at no rate leaks all that is due.
    """
    risks: dict[str, int] = {}
    leaks: dict[str, int] = {}
    for finding in findings:
        for row in finding.evidence:
            risks[row.row_id] = max(risks.get(row.row_id, 0), row.exposure_minor)
            leaks[row.row_id] = max(leaks.get(row.row_id, 0), -row.exposure_minor)
    amounts = _amounts_minor(item)
    of_item = risks.pop(item.item_id, 0)
    of_entries = sum(min(risk, amounts.get(row, 0)) for row, risk in risks.items())
    leak_of_item = leaks.pop(item.item_id, 0)
    return min(max(of_item, of_entries), item.amount_minor), max(leak_of_item, sum(leaks.values()))


def _amounts_minor(item: AnyItem) -> dict[str, int]:
    entries = item.entries if isinstance(item, Timesheet) else ()
    return {entry.id: entry.amount_minor for entry in entries}
