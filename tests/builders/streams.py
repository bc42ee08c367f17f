"""A firm's past as a stream of facts, told to a history strictly before each decision."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from data.firm.records import Firm, Submission
from data.schemas.billing import Invoice
from data.schemas.reference import Reference
from data.schemas.vocabulary import InvoiceStatus
from models.codes import Codes
from models.columns import to_batch
from models.features.compute import compute
from models.past.history import History
from models.terms import Terms


@dataclass(frozen=True)
class Known:
    """One fact, and when it became known."""

    at: datetime
    fact: Any


@dataclass(frozen=True)
class Stream:
    """What arrived to be decided, and what else became known, in any order."""

    reference: Reference
    submissions: tuple[Submission, ...]
    facts: tuple[Known, ...]

    def cut(self, at: datetime) -> Stream:
        """The stream as somebody had it who looked at a moment, and nothing later."""
        facts = [one for one in self.facts if one.at < at]
        paid = {one.fact.invoice_id for one in facts if type(one.fact).__name__ == "Payment"}
        return replace(
            self,
            submissions=tuple(one for one in self.submissions if one.received_at < at),
            facts=tuple(_as_of(one, paid=paid) for one in facts),
            reference=_reference_as_of(self.reference, at=at),
        )


def stream_of(firm: Firm) -> Stream:
    """Everything a firm's systems would have told, besides what is hidden."""
    facts = [
        *(Known(one.issued_at, one) for one in firm.invoices),
        *(Known(one.recorded_at, one) for one in firm.payments),
        *(Known(one.recorded_at, one) for one in firm.disputes),
        *(Known(one.recorded_at, one) for one in firm.write_offs),
        *(Known(one.known_at, one) for one in firm.verdicts),
    ]
    return Stream(firm.reference, firm.submissions, tuple(facts))


class Desk:
    """A history that follows a stream."""

    def __init__(self, stream: Stream) -> None:
        self.codes = Codes()
        self.history = History(codes=self.codes)
        self.terms = Terms.build(stream.reference, codes=self.codes)
        self._items = {one.item.item_id: one.item for one in stream.submissions}
        self._facts = sorted(stream.facts, key=lambda one: (one.at, type(one.fact).__name__))
        self._told = 0

    def tell_before(self, at: datetime) -> None:
        """Tell what became known before a moment."""
        while self._told < len(self._facts) and self._facts[self._told].at < at:
            self._tell(self._facts[self._told])
            self._told += 1

    def _tell(self, known: Known) -> None:
        history, fact, at = self.history, known.fact, known.at
        name = type(fact).__name__
        if name in {"Invoice", "Payment", "Dispute"}:
            getattr(history, f"add_{name.lower()}")(fact, known_at=at)
            return
        item = self._items.get(fact.item_id)
        client = None if item is None else self.terms.client_of_contract(item.contract_id)
        if item is None or client is None:
            return
        if name == "WriteOff":
            history.add_write_off(fact, item=item, client_id=client.id, known_at=at)
        else:
            history.add_verdict(
                item, client_id=client.id, is_violation=fact.is_violation, known_at=at
            )


def decisions(stream: Stream) -> Iterable[tuple[Desk, datetime, list[Any]]]:
    """Each day's items with the desk as it stands when they are decided together."""
    desk = Desk(stream)
    seen = sorted(stream.submissions, key=lambda one: (one.received_at, one.item.item_id))
    for _, day in groupby(seen, key=lambda one: one.received_at.date()):
        arrived = list(day)
        at = arrived[-1].received_at
        items = [one.item for one in arrived]
        desk.tell_before(at)
        yield desk, at, items
        batch = to_batch(items, codes=desk.codes)
        desk.history.add_batch(batch, known_at=at, through=desk.history.through + len(batch))


def vectors(
    stream: Stream, *, features: Callable[..., Any] = compute
) -> dict[tuple[datetime, str], list[float]]:
    """The vector of each item, by when it was decided and its name."""
    found = {}
    for desk, at, items in decisions(stream):
        batch = to_batch(items, codes=desk.codes)
        past = desk.history.past(batch, decided_at=at)
        table = features(batch, past=past, history=desk.history, terms=desk.terms, decided_at=at)
        found.update(
            {(at, item.item_id): row.tolist() for item, row in zip(items, table, strict=True)}
        )
    return found


def _as_of(known: Known, *, paid: set[str]) -> Known:
    """The record as it read then: a bill nobody had paid was not marked as paid or disputed."""
    fact = known.fact
    later = {InvoiceStatus.PAID, InvoiceStatus.DISPUTED}
    if isinstance(fact, Invoice) and fact.id not in paid and fact.status in later:
        return Known(known.at, fact.model_copy(update={"status": InvoiceStatus.POSTED}))
    return known


def _reference_as_of(reference: Reference, *, at: datetime) -> Reference:
    projects = {
        name: project.model_copy(
            update={"progress": tuple(one for one in project.progress if one.as_of < at.date())}
        )
        for name, project in reference.projects.items()
    }
    return replace(reference, projects=projects)
