"""What contracts and assignments say, as spans of days: the raw material of `models.terms`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from data.schemas.clauses import LaborCategoryHours
from data.schemas.contracts import ChangeOrder, Clause, Contract
from data.schemas.people import Assignment
from data.schemas.vocabulary import ChangeOrderStatus, ClauseKind
from models.codes import Codes, line_name, task_name
from models.columns import day_number
from models.timeline import ALWAYS, PAIR_BITS, Span

CONTRACT_WIDE, OWN_OF_LINE = 0, 1
"""Ranks: a line's own clause outranks the contract's."""
BEFORE_ALL, STILL_OF_CONTRACT, STILL_OF_LINE = -3, -2, -1
"""Ranks of a period of performance on days that no clause covers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A confirmed clause with its contract and its place among all clauses in force."""

    place: int
    contract: Contract
    clause: Clause

    @property
    def kind(self) -> ClauseKind:
        """What the clause governs."""
        return self.clause.terms.kind

    def span(self, code: int) -> Span:
        """The days on which the clause governs `code`."""
        rank = CONTRACT_WIDE if self.clause.line_id is None else OWN_OF_LINE
        last = None if self.clause.valid_to is None else day_number(self.clause.valid_to)
        return Span(code, day_number(self.clause.valid_from), last, self.place, rank)

    def spans_by_line(self, *, codes: Codes) -> Iterator[Span]:
        """The same for each line the clause governs."""
        for line in lines_of(self.contract, self.clause.line_id, codes=codes):
            yield self.span(line)


def placed_clauses(contracts: Iterable[Contract]) -> list[Placed]:
    """All clauses a person confirmed, in the order of the contracts, amendments after them."""
    confirmed = (
        (contract, clause)
        for contract in contracts
        for clause in (*contract.clauses, *_amended(contract))
        if clause.confirmed_by is not None
    )
    return [
        Placed(place=place, contract=contract, clause=clause)
        for place, (contract, clause) in enumerate(confirmed)
    ]


def lines_of(contract: Contract, line_id: str | None, *, codes: Codes) -> list[int]:
    """The lines that something in a contract governs: one, or all."""
    ids = [line.id for line in contract.lines] if line_id is None else [line_id]
    return [codes.line.code(line_name(contract.id, one)) for one in ids]


def clauses_of_lines(placed: Iterable[Placed], *, codes: Codes) -> dict[ClauseKind, list[Span]]:
    """Clauses of each kind by line; the period of performance is continued over gaps."""
    spans: dict[ClauseKind, list[Span]] = {}
    for one in placed:
        spans.setdefault(one.kind, []).extend(one.spans_by_line(codes=codes))
    period = ClauseKind.PERIOD_OF_PERFORMANCE
    if period in spans:
        spans[period] = list(_without_gaps(spans[period]))
    return spans


def hours_caps(placed: Iterable[Placed], *, codes: Codes) -> Iterator[Span]:
    """Hours caps by line and labor category."""
    for one in placed:
        if isinstance(one.clause.terms, LaborCategoryHours):
            category = codes.category.code(one.clause.terms.labor_category)
            for span in one.spans_by_line(codes=codes):
                yield span._replace(code=_pair(span.code, category))


def moved_ends(contracts: Iterable[Contract], *, codes: Codes) -> Iterator[Span]:
    """Ends of performance set by executed change orders, by line."""
    for contract in contracts:
        for order in _executed(contract):
            if order.new_period_end is None:
                continue
            end = day_number(order.new_period_end)
            for line in lines_of(contract, order.line_id, codes=codes):
                yield Span(line, day_number(order.effective_on), None, end)


def deltas_of_lines(contracts: Iterable[Contract], *, codes: Codes) -> Iterator[Span]:
    """What executed change orders of a line have added to its ceiling so far, by line."""
    for contract in contracts:
        orders = _executed(contract)
        for line in contract.lines:
            (code,) = lines_of(contract, line.id, codes=codes)
            yield from _running(code, [order for order in orders if order.line_id == line.id])


def deltas_of_contracts(contracts: Iterable[Contract], *, codes: Codes) -> Iterator[Span]:
    """What all executed change orders have added to the contract's ceiling so far."""
    for contract in contracts:
        yield from _running(codes.contract.code(contract.id), _executed(contract))


def project_assignments(assignments: Iterable[Assignment], *, codes: Codes) -> Iterator[Span]:
    """Places on a whole project, by person and project."""
    for one in assignments:
        if one.task_id is None:
            code = _pair(codes.person.code(one.person_id), codes.project.code(one.project_id))
            yield Span(code, day_number(one.start), day_number(one.end), 1)


def task_assignments(assignments: Iterable[Assignment], *, codes: Codes) -> Iterator[Span]:
    """Places on one task, by person and task."""
    for one in assignments:
        if one.task_id is not None:
            task = codes.task.code(task_name(one.project_id, one.task_id))
            code = _pair(codes.person.code(one.person_id), task)
            yield Span(code, day_number(one.start), day_number(one.end), 1)


def known_lines(contracts: Iterable[Contract], *, codes: Codes) -> Iterator[Span]:
    """Every line of every contract, always."""
    for contract in contracts:
        for line in lines_of(contract, None, codes=codes):
            yield Span(line, ALWAYS, None, 1)


def _amended(contract: Contract) -> Iterator[Clause]:
    """The clauses that executed change orders restate, in force from the order's day on."""
    for order in _executed(contract):
        for clause in order.clauses:
            start = max(clause.valid_from, order.effective_on)
            yield clause.model_copy(update={"valid_from": start})


def _without_gaps(spans: list[Span]) -> Iterator[Span]:
    """Let each span hold on until the next, and the first also before all."""
    first: dict[int, Span] = {}
    for span in spans:
        yield span
        rank = STILL_OF_LINE if span.rank == OWN_OF_LINE else STILL_OF_CONTRACT
        yield span._replace(last_day=None, rank=rank)
        if span.code not in first or span.first_day < first[span.code].first_day:
            first[span.code] = span
    for span in first.values():
        yield span._replace(first_day=ALWAYS, last_day=None, rank=BEFORE_ALL)


def _executed(contract: Contract) -> list[ChangeOrder]:
    orders = [one for one in contract.change_orders if one.status is ChangeOrderStatus.EXECUTED]
    return sorted(orders, key=lambda one: one.effective_on)


def _running(code: int, orders: list[ChangeOrder]) -> Iterator[Span]:
    totals = accumulate(order.delta_value_minor for order in orders)
    for order, total in zip(orders, totals, strict=True):
        yield Span(code, day_number(order.effective_on), None, total)


def _pair(first: int, second: int) -> int:
    return first << PAIR_BITS | second
