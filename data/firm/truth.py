"""The truth of every item, put together from what was proved, drawn and delayed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from data.firm.delays import DelayDraw
from data.firm.hidden import HiddenDraw
from data.firm.proof import Proof
from data.firm.records import Fault, FaultKind, Truth
from data.schemas.catalogue import ExceptionCode
from data.schemas.items import AnyItem, ExpenseReport, Timesheet

Corrections = dict[tuple[str, str], int]


def correct_rows(proofs: Iterable[Proof], *, hidden: Mapping[str, HiddenDraw]) -> Corrections:
    """What faults change in the money to bill, by item and row."""
    corrections: Corrections = defaultdict(int)
    for proof in proofs:
        corrections[proof.item_id, proof.row_id] += proof.correction_minor
    for item_id, draw in hidden.items():
        for row_id, minor in draw.amounts_minor.items():
            corrections[item_id, row_id] -= minor
    return dict(corrections)


def tell_truth(
    items: Sequence[AnyItem],
    *,
    proofs: Sequence[Proof],
    hidden: Mapping[str, HiddenDraw],
    delays: Mapping[str, DelayDraw],
) -> dict[str, Truth]:
    """What is true of every item, by item id."""
    corrections = correct_rows(proofs, hidden=hidden)
    by_item: dict[str, list[Proof]] = defaultdict(list)
    for proof in proofs:
        by_item[proof.item_id].append(proof)
    rows_minor = {item.item_id: _amounts_minor(item) for item in items}
    clear = HiddenDraw(probability=0.0, kind=None, amounts_minor={})
    return {
        item_id: _truth(
            (*_proved(by_item[item_id]), *_hidden(hidden.get(item_id, clear))),
            correct_minor=sum(
                max(0, minor + corrections.get((item_id, row_id), 0))
                for row_id, minor in rows.items()
            ),
            hidden_probability=hidden.get(item_id, clear).probability,
            delay=delays[item_id],
        )
        for item_id, rows in rows_minor.items()
    }


def _amounts_minor(item: AnyItem) -> dict[str, int]:
    """What each row of an item asks for; a milestone is its own row."""
    if isinstance(item, Timesheet):
        return {entry.id: entry.amount_minor for entry in item.entries}
    if isinstance(item, ExpenseReport):
        return {expense.id: expense.billable_minor for expense in item.expenses}
    return {item.item_id: item.amount_minor}


def _truth(
    faults: tuple[Fault, ...],
    *,
    correct_minor: int,
    hidden_probability: float,
    delay: DelayDraw,
) -> Truth:
    return Truth(
        faults=faults,
        is_violation=bool(faults),
        hidden_violation=any(isinstance(fault.code, FaultKind) for fault in faults),
        correct_minor=correct_minor,
        is_delayed=delay.is_delayed,
        hidden_violation_probability=hidden_probability,
        delay_probability=delay.probability,
    )


def _proved(proofs: Iterable[Proof]) -> list[Fault]:
    rows: dict[ExceptionCode, list[Proof]] = defaultdict(list)
    for proof in proofs:
        rows[proof.code].append(proof)
    return [
        Fault(
            code=code,
            row_ids=tuple(proof.row_id for proof in own),
            exposure_minor=sum(proof.exposure_minor for proof in own),
        )
        for code, own in sorted(rows.items())
    ]


def _hidden(draw: HiddenDraw) -> list[Fault]:
    if draw.kind is None:
        return []
    return [
        Fault(
            code=draw.kind,
            row_ids=tuple(draw.amounts_minor),
            exposure_minor=sum(draw.amounts_minor.values()),
        )
    ]
