"""A firm replayed as it happened: what the rules say of each item at the time it arrived."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby

from data.firm.records import Firm
from data.schemas.assessment import Finding
from data.schemas.catalogue import ExceptionCode
from models.columns import Codes, to_batch
from models.history import History
from models.rules.check import check
from models.terms import Terms

Places = dict[ExceptionCode, set[str]]


def found_places(firm: Firm) -> Places:
    """Items by the codes that rules find, item by item in order of arrival."""
    places: Places = defaultdict(set)
    for item_id, findings in _said_on_arrival(firm):
        for finding in findings:
            places[finding.code].add(item_id)
    return dict(places)


def true_places(firm: Firm) -> Places:
    """Items by the codes that the generator knows rules can prove."""
    places: Places = defaultdict(set)
    for item_id, truth in firm.truth.items():
        for fault in truth.faults:
            if isinstance(fault.code, ExceptionCode):
                places[fault.code].add(item_id)
    return dict(places)


def _said_on_arrival(firm: Firm) -> Iterator[tuple[str, tuple[Finding, ...]]]:
    """Each item with its findings; only items of the very same moment share a batch."""
    codes = Codes()
    terms, history = Terms.build(firm.reference, codes=codes), History(codes=codes)
    bills = sorted(firm.invoices, key=lambda one: one.issued_at, reverse=True)
    arrivals = sorted(firm.submissions, key=lambda one: one.received_at)
    for moment, together in groupby(arrivals, key=lambda one: one.received_at):
        while bills and bills[-1].issued_at <= moment:
            bill = bills.pop()
            history.add_invoice(bill, known_at=bill.issued_at)
        batch = to_batch([one.item for one in together], codes=codes)
        past = history.past(batch, decided_at=moment)
        said = check(batch, past=past, terms=terms, decided_at=moment)
        yield from zip((item.item_id for item in batch.items), said, strict=True)
        history.add_batch(batch, known_at=moment, through=history.through + len(batch))
