"""Invoiced time that we hold no entry of: it uses up ceilings until its entry comes to light."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from data.schemas.billing import Invoice
from models.codes import Codes, line_name
from models.columns import Ints, Strings
from models.past.balances import Balances, Measure
from models.sums import Sums


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicedTime:
    """One invoice line that bills time on a known contract line."""

    invoice_id: str
    entry_id: str
    contract: int
    line: int
    amount_minor: int


def sums_of(times: Sequence[InvoicedTime], measure: Measure) -> Sums:
    """Give what invoiced time adds to a measure; nothing to those it does not count in."""
    match measure:
        case Measure.LINE_MONEY:
            keys = [one.line for one in times]
        case Measure.CONTRACT_MONEY:
            keys = [one.contract for one in times]
        case _:
            return Sums.of(np.zeros(0, dtype=np.int64))
    amounts = [one.amount_minor for one in times]
    return Sums.of(np.array(keys, dtype=np.int64), np.array(amounts, dtype=np.int64))


class InvoicedElsewhere:
    """Keeps the sums of lines and contracts in step with what is invoiced and not held."""

    def __init__(self, balances: Balances, *, codes: Codes) -> None:
        self._balances = balances
        self._codes = codes
        self._standing: dict[str, list[InvoicedTime]] = {}
        self._held: dict[str, int] = {}
        self._counted_lines = 0

    def stand(self, invoice: Invoice) -> None:
        """Count the lines of a posted invoice whose entries are not held."""
        for one in self._times(invoice):
            self._standing.setdefault(one.entry_id, []).append(one)
            if one.entry_id not in self._held:
                self._weigh(one, sign=1)

    def fall(self, invoice: Invoice) -> None:
        """Count an invoice no longer: it was credited, or another version took its place."""
        for one in self._times(invoice):
            standing = self._standing.get(one.entry_id, [])
            if one not in standing:
                continue
            standing.remove(one)
            if not standing:
                del self._standing[one.entry_id]
            if one.entry_id not in self._held:
                self._weigh(one, sign=-1)

    def hold(self, entry_ids: Iterable[str]) -> None:
        """Entries came: they count by themselves now."""
        for name in entry_ids:
            self._held[name] = self._held.get(name, 0) + 1
            if self._held[name] == 1 and name in self._standing:
                for one in self._standing[name]:
                    self._weigh(one, sign=-1)

    def let_go(self, entry_ids: Iterable[str]) -> None:
        """Entries count no longer: what was invoiced of them does again."""
        for name in entry_ids:
            self._held[name] -= 1
            if self._held[name]:
                continue
            del self._held[name]
            for one in self._standing.get(name, ()):
                self._weigh(one, sign=1)

    def freed_by(self, entry_ids: Iterable[str]) -> list[InvoicedTime]:
        """Give what would count again if these entries counted no longer."""
        return [
            one
            for name, times in Counter(entry_ids).items()
            if self._held.get(name) == times
            for one in self._standing.get(name, ())
        ]

    def replaced_by(
        self, entry_ids: Strings, *, order: Ints, freed: Sequence[InvoicedTime]
    ) -> list[tuple[int, InvoicedTime]]:
        """Give what entries take the place of when they come in an order, by their rows.

        What is `freed` counts, though its entries are held.
        """
        if not self._counted_lines and not freed:
            return []
        free = {one.entry_id for one in freed}
        waiting = {
            name: standing
            for name, standing in self._standing.items()
            if name not in self._held or name in free
        }
        return [
            (row, one)
            for row, name in zip(order.tolist(), entry_ids[order].tolist(), strict=True)
            for one in waiting.pop(name, ())
        ]

    def of_contract(self, contract: int) -> list[InvoicedTime]:
        """Give what counts on a contract."""
        return [
            one
            for name, standing in self._standing.items()
            for one in standing
            if one.contract == contract and name not in self._held
        ]

    def _times(self, invoice: Invoice) -> list[InvoicedTime]:
        return [
            InvoicedTime(
                invoice_id=invoice.id,
                entry_id=line.entry_id,
                contract=self._codes.contract.code(invoice.contract_id),
                line=self._codes.line.code(line_name(invoice.contract_id, line.line_id)),
                amount_minor=line.amount_minor,
            )
            for line in invoice.lines
            if line.entry_id is not None and line.line_id is not None
        ]

    def _weigh(self, one: InvoicedTime, *, sign: int) -> None:
        self._counted_lines += sign
        amount = np.array([sign * one.amount_minor])
        self._balances.add(Measure.LINE_MONEY, np.array([one.line]), amount)
        self._balances.add(Measure.CONTRACT_MONEY, np.array([one.contract]), amount)
