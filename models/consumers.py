"""Everything that uses up one ceiling, as far as is known: what the allocation explains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import numpy as np

from data.schemas.allocation import Allocation
from data.schemas.contracts import Contract
from models.agreed.ceilings import NO_CEILING, Level
from models.agreed.customers import shares_of
from models.allocation import CeilingAsked, Consumer, explain_allocation
from models.codes import UNKNOWN, Codes, line_name
from models.columns import EPOCH, UTC_EPOCH, day_number
from models.past.history import History
from models.terms import Terms
from models.timeline import PAIR_BITS


def allocation_of(
    contract: Contract,
    *,
    line_id: str | None,
    client_id: str | None,
    on: date,
    history: History,
    terms: Terms,
    codes: Codes,
) -> Allocation:
    """Explain the ceiling that a line or a contract has on a day, or a customer of either."""
    place, limit_minor = _ceiling(
        contract, line_id=line_id, client_id=client_id, on=on, terms=terms, codes=codes
    )
    return explain_allocation(
        consumers_of(contract, line_id=line_id, client_id=client_id, history=history, codes=codes),
        ceiling=CeilingAsked(
            contract_id=contract.id,
            line_id=line_id,
            client_id=client_id,
            on=on,
            currency=contract.currency,
            clause=None if place == UNKNOWN else terms.clauses[place],
            limit_minor=None if limit_minor >= NO_CEILING else limit_minor,
        ),
    )


def consumers_of(
    contract: Contract,
    *,
    line_id: str | None,
    client_id: str | None,
    history: History,
    codes: Codes,
) -> list[Consumer]:
    """Give every entry that takes money of a ceiling, in the order it counts.

    What was invoiced and is not held counts first; then items as they arrived, the entries of one
    by day, time of recording and id.
    """
    shares = _shares(contract, line_id=line_id, client_id=client_id, codes=codes)
    totals = dict.fromkeys(shares, 0)
    found = []
    for one in (*_elsewhere(contract, history), *_held(contract, history)):
        if one.line not in shares:
            continue
        share = shares[one.line]
        before = _part(totals[one.line], share=share)
        totals[one.line] += one.amount_minor
        own = _part(totals[one.line], share=share) - before
        if own:
            found.append(one.consumer(own))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    """One row of time on a line, with its whole amount."""

    line: int
    entry_id: str
    item_id: str | None
    invoice_id: str | None
    work_date: date | None
    submitted_at: datetime | None
    amount_minor: int

    def consumer(self, own_minor: int) -> Consumer:
        return Consumer(
            entry_id=self.entry_id,
            item_id=self.item_id,
            invoice_id=self.invoice_id,
            work_date=self.work_date,
            submitted_at=self.submitted_at,
            amount_minor=own_minor,
        )


def _elsewhere(contract: Contract, history: History) -> Iterator[_Row]:
    for one in history.invoiced_elsewhere(contract.id):
        yield _Row(
            line=one.line,
            entry_id=one.entry_id,
            item_id=None,
            invoice_id=one.invoice_id,
            work_date=None,
            submitted_at=None,
            amount_minor=one.amount_minor,
        )


def _held(contract: Contract, history: History) -> Iterator[_Row]:
    entries, items = history.entries_of_contract(contract.id)
    first = {item: place for place, item in reversed(list(enumerate(items)))}
    arrival = np.array([first[item] for item in items], dtype=np.int64)
    ids = np.unique(entries.entry_id.astype(np.str_), return_inverse=True)[1]
    order = np.lexsort((ids, entries.recorded_us, entries.work_day, arrival))
    for row in order.tolist():
        name = str(entries.entry_id[row])
        yield _Row(
            line=int(entries.line[row]),
            entry_id=name,
            item_id=items[row],
            invoice_id=history.billed_by(name),
            work_date=EPOCH + timedelta(days=int(entries.work_day[row])),
            submitted_at=UTC_EPOCH.astimezone(UTC)
            + timedelta(microseconds=int(entries.submitted_us[row])),
            amount_minor=int(entries.amount_minor[row]),
        )


def _shares(
    contract: Contract, *, line_id: str | None, client_id: str | None, codes: Codes
) -> dict[int, Fraction]:
    """The lines of a ceiling with the share of each that counts."""
    found = {}
    for line in contract.lines:
        if line_id not in {None, line.id}:
            continue
        share = 1.0 if client_id is None else dict(shares_of(contract, line)).get(client_id)
        if share is not None:
            # Exactly as it is written: 0.3333 and not the float next to it.
            found[codes.line.code(line_name(contract.id, line.id))] = Fraction(str(share))
    return found


def _ceiling(
    contract: Contract,
    *,
    line_id: str | None,
    client_id: str | None,
    on: date,
    terms: Terms,
    codes: Codes,
) -> tuple[int, int]:
    """The clause in force, as its place in the terms, and its figure with the change orders."""
    if line_id is None:
        key = codes.contract.code(contract.id)
        level = Level.CONTRACT if client_id is None else Level.CUSTOMER
    else:
        key = codes.line.code(line_name(contract.id, line_id))
        level = Level.LINE if client_id is None else Level.LINE_CUSTOMER
    if client_id is not None:
        key = key << PAIR_BITS | codes.client.find(client_id)
    ceiling = terms.not_to_exceed.at(level, np.array([key]), np.array([day_number(on)]))
    return int(ceiling.clause[0]), int(ceiling.hard_minor[0])


def _part(money_minor: int, *, share: Fraction) -> int:
    """A share of a total, rounded half up, as `models.rules.amounts.shares_minor`."""
    whole = 2 * money_minor * share.numerator + share.denominator
    return whole // (2 * share.denominator)
