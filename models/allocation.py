"""The explanation of a ceiling: which entries used it up, and which would fit in another order."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from data.schemas.allocation import AllocatedEntry, Allocation, Ordering, Reordering
from data.schemas.clauses import NotToExceed
from data.schemas.contracts import Clause
from models.rules.words import money


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    """An entry, or a line invoiced elsewhere, with what it takes of the ceiling."""

    entry_id: str
    item_id: str | None
    invoice_id: str | None
    work_date: date | None
    submitted_at: datetime | None
    amount_minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CeilingAsked:
    """Which ceiling is explained; `limit_minor` has the executed change orders in it."""

    contract_id: str
    line_id: str | None
    client_id: str | None
    on: date
    currency: str
    clause: Clause | None
    limit_minor: int | None


class Portion(NamedTuple):
    """How much of one amount a ceiling pays."""

    running_minor: int
    inside_minor: int
    over_minor: int


def allocate(amounts_minor: Sequence[int], *, limit_minor: int | None) -> list[Portion]:
    """Use up a limit by amounts in order: what is inside adds up to the limit or to the total."""
    portions, running = [], 0
    for amount in amounts_minor:
        room = amount if limit_minor is None else max(limit_minor - running, 0)
        inside = min(amount, room)
        running += amount
        portions.append(
            Portion(running_minor=running, inside_minor=inside, over_minor=amount - inside)
        )
    return portions


def explain_allocation(consumers: Sequence[Consumer], *, ceiling: CeilingAsked) -> Allocation:
    """Explain a ceiling that `consumers` use up in the order given."""
    amounts = [one.amount_minor for one in consumers]
    portions = allocate(amounts, limit_minor=ceiling.limit_minor)
    invoiced = sum(one.amount_minor for one in consumers if one.invoice_id is not None)
    over = sum(one.over_minor for one in portions)
    terms = ceiling.clause.terms if ceiling.clause else None
    return Allocation(
        contract_id=ceiling.contract_id,
        line_id=ceiling.line_id,
        client_id=ceiling.client_id,
        on=ceiling.on,
        currency=ceiling.currency,
        clause_id=ceiling.clause.id if ceiling.clause else None,
        limit_minor=ceiling.limit_minor,
        soft_limit_minor=terms.soft_limit_minor if isinstance(terms, NotToExceed) else None,
        total_minor=sum(amounts),
        invoiced_minor=invoiced,
        committed_minor=sum(amounts) - invoiced,
        inside_minor=sum(one.inside_minor for one in portions),
        over_minor=over,
        entries=tuple(map(_entry, consumers, portions)),
        reorderings=_reorderings(consumers, portions, ceiling=ceiling) if over else (),
    )


def in_order(
    consumers: Sequence[Consumer], ordering: Ordering, *, limit_minor: int | None
) -> list[int]:
    """Give the places of consumers in another order."""
    return ORDERS[ordering](consumers, limit_minor)


def _entry(one: Consumer, portion: Portion) -> AllocatedEntry:
    return AllocatedEntry(
        entry_id=one.entry_id,
        item_id=one.item_id,
        invoice_id=one.invoice_id,
        work_date=one.work_date,
        submitted_at=one.submitted_at,
        amount_minor=one.amount_minor,
        running_minor=portion.running_minor,
        inside_minor=portion.inside_minor,
        over_minor=portion.over_minor,
    )


def _reorderings(
    consumers: Sequence[Consumer], counted: Sequence[Portion], *, ceiling: CeilingAsked
) -> tuple[Reordering, ...]:
    whole_now = {place for place, one in enumerate(counted) if one.over_minor == 0}
    found = []
    for ordering in Ordering:
        places = in_order(consumers, ordering, limit_minor=ceiling.limit_minor)
        portions = allocate(
            [consumers[place].amount_minor for place in places], limit_minor=ceiling.limit_minor
        )
        whole = {place for place, one in zip(places, portions, strict=True) if one.over_minor == 0}
        gained = [consumers[place] for place in sorted(whole - whole_now)]
        lost = [consumers[place] for place in sorted(whole_now - whole)]
        found.append(_reordering(ordering, gained, lost, currency=ceiling.currency))
    return tuple(found)


def _reordering(
    ordering: Ordering, gained: Sequence[Consumer], lost: Sequence[Consumer], *, currency: str
) -> Reordering:
    gained_minor = sum(one.amount_minor for one in gained)
    lost_minor = sum(one.amount_minor for one in lost)
    gains = f"{_entries(gained, 'more ')} ({money(gained_minor, currency)}) would be wholly payable"
    losses = f"{_entries(lost)} ({money(lost_minor, currency)}) would no longer be"
    return Reordering(
        ordering=ordering,
        summary=f"{SENTENCES[ordering]} {gains}, and {losses}."
        if gained or lost
        else f"{SENTENCES[ordering]} {UNCHANGED}",
        gained=tuple(one.entry_id for one in gained),
        gained_minor=gained_minor,
        lost=tuple(one.entry_id for one in lost),
        lost_minor=lost_minor,
    )


def _entries(listed: Sequence[Consumer], more: str = "") -> str:
    return f"{len(listed)} {more}{'entry' if len(listed) == 1 else 'entries'}"


UNCHANGED = "the same entries would be wholly payable."
SENTENCES: Mapping[Ordering, str] = {
    Ordering.INVOICED_FIRST: "With what is invoiced first,",
    Ordering.SMALLEST_FIRST: (
        "With the smallest entries first, the order that pays the most entries whole,"
    ),
    Ordering.LARGEST_THAT_FIT: "With the largest entries that still fit first,",
}


def _invoiced_first(consumers: Sequence[Consumer], limit_minor: int | None) -> list[int]:
    del limit_minor
    return sorted(range(len(consumers)), key=lambda place: consumers[place].invoice_id is None)


def _smallest_first(consumers: Sequence[Consumer], limit_minor: int | None) -> list[int]:
    del limit_minor
    return sorted(
        range(len(consumers)),
        key=lambda place: (
            consumers[place].invoice_id is None,
            consumers[place].amount_minor if consumers[place].invoice_id is None else 0,
        ),
    )


def _largest_that_fit(consumers: Sequence[Consumer], limit_minor: int | None) -> list[int]:
    """Take the largest that still fits whole, again and again; what never fits comes last."""
    by_size = sorted(
        range(len(consumers)),
        key=lambda place: (
            consumers[place].invoice_id is None,
            -consumers[place].amount_minor if consumers[place].invoice_id is None else 0,
        ),
    )
    fitting, left_over, used = [], [], 0
    for place in by_size:
        amount = consumers[place].amount_minor
        is_fixed = consumers[place].invoice_id is not None
        if is_fixed or limit_minor is None or used + amount <= limit_minor:
            fitting.append(place)
            used += amount
        else:
            left_over.append(place)
    return fitting + left_over


ORDERS: Mapping[Ordering, Callable[[Sequence[Consumer], int | None], list[int]]] = {
    Ordering.INVOICED_FIRST: _invoiced_first,
    Ordering.SMALLEST_FIRST: _smallest_first,
    Ordering.LARGEST_THAT_FIT: _largest_that_fit,
}
