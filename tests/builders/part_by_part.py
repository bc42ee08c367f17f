"""Run the rules on a stream that arrives in parts, each of which the next one sees as its past."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from data.schemas.assessment import Finding
from data.schemas.billing import Invoice
from data.schemas.items import AnyItem
from data.schemas.reference import Reference
from models.codes import Codes
from models.columns import to_batch
from models.past.history import History
from models.rules.check import check
from models.terms import Terms
from tests.builders.checking import LONG_AGO


def findings_part_by_part(
    parts: Iterable[Sequence[AnyItem]],
    *,
    under: Reference,
    decided_at: datetime,
    invoices: Iterable[Invoice] = (),
) -> dict[str, tuple[Finding, ...]]:
    """All that rules prove, by item id; parts may be empty, `invoices` were known before all."""
    codes = Codes()
    terms, history = Terms.build(under, codes=codes), History(codes=codes)
    for one in invoices:
        history.add_invoice(one, known_at=LONG_AGO)
    found: dict[str, tuple[Finding, ...]] = {}
    for through, part in enumerate((one for one in parts if one), start=1):
        batch = to_batch(part, codes=codes)
        past = history.past(batch, decided_at=decided_at)
        said = check(batch, past=past, terms=terms, decided_at=decided_at)
        found |= {item.item_id: own for item, own in zip(part, said, strict=True)}
        history.add_batch(batch, known_at=decided_at, through=through)
    return found
