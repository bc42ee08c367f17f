"""The generated firm that is served: its past, and items that nobody has assessed yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache

from benchmarks.scale import Scale
from data.firm.generate import Firm, FirmSize, generate_firm
from data.schemas.items import AnyItem
from service.wire.assessments import PastItem


@dataclass(frozen=True, slots=True, kw_only=True)
class ServedFirm:
    """A firm cut in two: history before the cut, items to bill after it, each sent only once."""

    firm: Firm
    past: Sequence[PastItem]
    to_bill: Sequence[AnyItem]


def served_firm(scale: Scale) -> ServedFirm:
    """Generate the firm and cut it before the months to bill."""
    firm = firm_of(scale.served)
    cut = datetime.combine(_first_day(scale), time(0), tzinfo=UTC)
    found = {one.item_id: one.is_violation for one in firm.verdicts if one.known_at < cut}
    return ServedFirm(
        firm=firm,
        past=[
            PastItem(item=one.item, is_violation=found.get(one.item.item_id))
            for one in firm.submissions
            if one.received_at < cut
        ],
        to_bill=[one.item for one in firm.submissions if one.received_at >= cut],
    )


@cache
def firm_of(size: FirmSize) -> Firm:
    """Generate a firm once a run: several benchmarks read the same one."""
    return generate_firm(size)


def _first_day(scale: Scale) -> date:
    first = scale.served.end.replace(day=1)
    for _ in range(scale.months_to_bill - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    return first
