"""What contradicts itself in a contract's terms although every single field is right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, pairwise

from data.schemas.clauses import BillingSchedule, NotToExceed, PeriodOfPerformance
from data.schemas.contracts import ChangeOrder, Clause, Contract, RateCardRow
from data.schemas.vocabulary import ChangeOrderStatus, ClauseKind, ContractType
from service.connectors.yaml_file import Place
from service.domain.clause_level import are_in_force_together, level_of

ONE_DAY = timedelta(days=1)
HOURLY = frozenset(
    {ContractType.TIME_AND_MATERIALS, ContractType.TIME_AND_MATERIALS_CEILING}
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """Something wrong at a place of a contract; a warning lets the contract be used."""

    place: Place
    value: str
    reason: str
    is_warning: bool = False


def remarks_on(contract: Contract) -> Iterator[Remark]:
    """Give everything that contradicts itself in one contract."""
    yield from _spans(contract)
    yield from _overlaps(contract)
    yield from _unconfirmed(contract)
    yield from _orders(contract)
    yield from _ceilings(contract)
    yield from _rates(contract)
    yield from _hourly_lines(contract)
    yield from _schedules(contract)


def _spans(contract: Contract) -> Iterator[Remark]:
    dated: list[tuple[Place, Clause | RateCardRow]] = [
        *((("clauses", place), one) for place, one in enumerate(contract.clauses)),
        *((("rate_card", place), one) for place, one in enumerate(contract.rate_card)),
    ]
    for place, one in dated:
        if one.valid_to is not None and one.valid_to < one.valid_from:
            reason = f"lies before valid_from {one.valid_from}; both days are included"
            yield Remark(place=(*place, "valid_to"), value=str(one.valid_to), reason=reason)


def _overlaps(contract: Contract) -> Iterator[Remark]:
    numbered = list(enumerate(contract.clauses))
    for (_, one), (place, other) in combinations(numbered, 2):
        if level_of(one) != level_of(other) or not are_in_force_together(one, other):
            continue
        until = other.valid_from - ONE_DAY
        remedy = (
            f"end that one with valid_to: {until}"
            if one.valid_from <= until
            else "keep one of the two"
        )
        yield Remark(
            place=("clauses", place, "valid_from"),
            value=str(other.valid_from),
            reason=(
                f"{other.terms.kind} {other.id!r} is in force together with {one.id!r} of the "
                f"same kind and line, from {one.valid_from}; {remedy}"
            ),
        )


def _unconfirmed(contract: Contract) -> Iterator[Remark]:
    for place, one in enumerate(contract.clauses):
        if one.confirmed_by is None:
            reason = "says nobody: the clause is not in force; write who confirmed it"
            yield Remark(
                place=("clauses", place, "confirmed_by"), value="missing", reason=reason,
                is_warning=True,
            )  # fmt: skip


def _orders(contract: Contract) -> Iterator[Remark]:
    numbers: dict[str, int] = {}
    stated = {(one.terms.kind, one.line_id) for one in contract.clauses}
    for place, order in enumerate(contract.change_orders):
        at: Place = ("change_orders", place)
        if order.number in numbers:
            first = numbers[order.number]
            reason = f"is the number of change_orders.{first} too; give each order its own"
            yield Remark(place=(*at, "number"), value=order.number, reason=reason)
        numbers.setdefault(order.number, place)
        if order.effective_on < contract.signed_on:
            reason = f"lies before the contract was signed on {contract.signed_on}; correct one"
            yield Remark(place=(*at, "effective_on"), value=str(order.effective_on), reason=reason)
        for number, clause in enumerate(order.clauses):
            kind = clause.terms.kind
            if not {(kind, clause.line_id), (kind, None)} & stated:
                known = ", ".join(sorted({str(one) for one, _ in stated})) or "none"
                reason = (
                    "is restated, but no clause of this contract and line states it; add the "
                    f"clause it replaces, or name one of {known}"
                )
                inner = (*at, "clauses", number, "terms", "kind")
                yield Remark(place=inner, value=str(kind), reason=reason)
        if order.new_period_end is not None and not _has_period(contract):
            reason = "moves the end of a period that no clause states; add a period_of_performance"
            told = str(order.new_period_end)
            yield Remark(place=(*at, "new_period_end"), value=told, reason=reason)


def _has_period(contract: Contract) -> bool:
    return any(isinstance(one.terms, PeriodOfPerformance) for one in contract.clauses)


def _ceilings(contract: Contract) -> Iterator[Remark]:
    executed = [
        (place, order)
        for place, order in enumerate(contract.change_orders)
        if order.status is ChangeOrderStatus.EXECUTED
    ]
    executed.sort(key=lambda one: (one[1].effective_on, one[0]))
    for clause in contract.clauses:
        if isinstance(clause.terms, NotToExceed) and clause.terms.client_id is None:
            yield from _below_zero(clause, clause.terms.limit_minor, executed)


def _below_zero(
    clause: Clause, limit_minor: int, executed: list[tuple[int, ChangeOrder]]
) -> Iterator[Remark]:
    left_minor = limit_minor
    for place, order in executed:
        # An order of another line moves this line's ceiling as little as one of the contract's.
        if clause.line_id is not None and order.line_id != clause.line_id:
            continue
        left_minor += order.delta_value_minor
        if left_minor < 0:
            reason = (
                f"takes the ceiling of clause {clause.id!r} down to {left_minor}; no ceiling lies "
                "below zero: check the sign and the amount"
            )
            told = str(order.delta_value_minor)
            yield Remark(
                place=("change_orders", place, "delta_value_minor"), value=told, reason=reason
            )
            return


def _rates(contract: Contract) -> Iterator[Remark]:
    rows: dict[tuple[str, str, str], list[tuple[int, RateCardRow]]] = defaultdict(list)
    for place, row in enumerate(contract.rate_card):
        rows[row.line_id, row.labor_category, row.location or ""].append((place, row))
    for own in rows.values():
        own.sort(key=lambda one: one[1].valid_from)
        for (_, before), (place, after) in pairwise(own):
            reason = _break_between(before, after)
            if reason is not None:
                told = str(after.valid_from)
                yield Remark(place=("rate_card", place, "valid_from"), value=told, reason=reason)


def _break_between(before: RateCardRow, after: RateCardRow) -> str | None:
    category = after.labor_category
    last: date | None = before.valid_to
    if last is None or last >= after.valid_from:
        return (
            f"begins while the rate of {category!r} from {before.valid_from} still holds; end that "
            f"one with valid_to: {after.valid_from - ONE_DAY}"
        )
    if last + ONE_DAY < after.valid_from:
        return (
            f"leaves {category!r} without a rate from {last + ONE_DAY} to "
            f"{after.valid_from - ONE_DAY}; begin on {last + ONE_DAY}, or end the row before later"
        )
    return None


def _hourly_lines(contract: Contract) -> Iterator[Remark]:
    if contract.type not in HOURLY:
        return
    scheduled = {
        one.line_id for one in contract.clauses if one.terms.kind is ClauseKind.RATE_SCHEDULE
    }
    priced = {row.line_id for row in contract.rate_card}
    for place, line in enumerate(contract.lines):
        if not scheduled & {None, line.id}:
            reason = (
                "is billed by the hour without a rate_schedule clause; rates go unchecked: add one"
            )
            yield Remark(
                place=("lines", place, "id"), value=line.id, reason=reason, is_warning=True
            )
        elif line.id not in priced:
            reason = "has no row in rate_card; every rate will be an exception: add its rates"
            yield Remark(
                place=("lines", place, "id"), value=line.id, reason=reason, is_warning=True
            )


def _schedules(contract: Contract) -> Iterator[Remark]:
    values = {line.id: line.value_minor for line in contract.lines}
    for place, clause in enumerate(contract.clauses):
        if not isinstance(clause.terms, BillingSchedule) or clause.line_id is None:
            continue
        planned = sum(one.amount_minor for one in clause.terms.milestones)
        if planned != values[clause.line_id]:
            reason = (
                f"add up to {planned}, and line {clause.line_id!r} is worth "
                f"{values[clause.line_id]}; every milestone will be an exception: correct one"
            )
            yield Remark(
                place=("clauses", place, "terms", "milestones"), value=str(planned), reason=reason,
                is_warning=True,
            )  # fmt: skip
