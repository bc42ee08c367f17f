"""Run the rules on items, with a history, as one line of a test."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from data.schemas.assessment import Finding
from data.schemas.billing import Invoice, InvoiceLine
from data.schemas.catalogue import ExceptionCode
from data.schemas.items import AnyItem
from data.schemas.reference import Reference
from data.schemas.vocabulary import InvoiceStatus
from models.codes import Codes
from models.columns import to_batch
from models.likely.check import suspect
from models.past.history import History
from models.rules.check import prove
from models.rules.facts import Facts
from models.terms import Terms
from tests.builders.contracts import reference
from tests.builders.items import DECIDED_AT

Item = AnyItem
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def findings(*items: Item, **given: Any) -> dict[str, tuple[Finding, ...]]:
    """All that rules prove, by item id; `given` is what `facts_of` takes."""
    return _by_item(items, prove(facts_of(*items, **given)))


def suspicions(*items: Item, **given: Any) -> dict[str, tuple[Finding, ...]]:
    """All that is likely beside what rules prove, by item id."""
    facts = facts_of(*items, **given)
    return _by_item(items, suspect(facts, proved=prove(facts)))


def facts_of(
    *items: Item,
    under: Reference | None = None,
    before: Iterable[Item] = (),
    invoices: Iterable[Invoice] = (),
    reviews: Iterable[tuple[Item, bool]] = (),
    decided_at: datetime = DECIDED_AT,
) -> Facts:
    """What is looked at: `before` was assessed earlier, `invoices` were known.

    `reviews` say of earlier items whether a person corrected them.
    """
    codes = Codes()
    terms = Terms.build(under or reference(), codes=codes)
    history = History(codes=codes)
    history.add_items(list(before), known_at=LONG_AGO, through=1)
    for one in invoices:
        history.add_invoice(one, known_at=LONG_AGO)
    for item, is_corrected in reviews:
        history.add_verdict(item, client_id="acme", is_violation=is_corrected, known_at=LONG_AGO)
    batch = to_batch(items, codes=codes)
    past = history.past(batch, decided_at=decided_at)
    return Facts.gather(batch, past=past, terms=terms, decided_at=decided_at)


def _by_item(
    items: Iterable[Item], found: Iterable[tuple[Finding, ...]]
) -> dict[str, tuple[Finding, ...]]:
    return {item.item_id: each for item, each in zip(items, found, strict=True)}


def found_codes(item: Item, **given: Any) -> list[ExceptionCode]:
    """The codes found on one item, in order."""
    return [finding.code for finding in findings(item, **given)[item.item_id]]


def finding_of(code: ExceptionCode, item: Item, **given: Any) -> Finding | None:
    """The finding of a code on one item, if there is one; two are an error of the test."""
    own = [one for one in findings(item, **given)[item.item_id] if one.code is code]
    assert len(own) <= 1
    return own[0] if own else None


def rows_of(finding: Finding | None) -> dict[str, int]:
    """Exposure by row; empty without a finding."""
    return {} if finding is None else {row.row_id: row.exposure_minor for row in finding.evidence}


def invoice(*billed: str, **overrides: Any) -> Invoice:
    """A posted invoice that bills entries, or milestones where the id has a source."""
    given = {
        "id": "INV-1",
        "client_id": "acme",
        "contract_id": "C-1",
        "currency": "EUR",
        "period_end": LONG_AGO.date(),
        "issued_at": LONG_AGO,
        "due_on": LONG_AGO.date(),
        "status": InvoiceStatus.POSTED,
        "lines": tuple(
            InvoiceLine(
                id=f"INV-1-{place}",
                entry_id=None if ":" in name else name,
                milestone_id=name if ":" in name else None,
                amount_minor=960_00,
            )
            for place, name in enumerate(billed)
        ),
    }
    return Invoice(**(given | overrides))
