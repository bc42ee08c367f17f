"""The truth of every item, put together from what was proved, drawn and delayed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from data.firm.delays import DelayDraw
from data.firm.disputes import DisputeDraw
from data.firm.hidden import HiddenDraw
from data.firm.proof import Proof
from data.firm.records import Fault, Truth
from data.firm.write_offs import WriteOffDraw
from data.schemas.catalogue import ExceptionCode
from data.schemas.items import AnyItem, ExpenseReport, Timesheet
from data.schemas.questions import QUESTION_OF_REASON, Question, questions_for

Corrections = dict[tuple[str, str], int]
NOTHING_HIDDEN = HiddenDraw(probabilities={}, amounts_minor={})


@dataclass(frozen=True, slots=True, kw_only=True)
class Draws:
    """Everything that was drawn about items, by item id."""

    hidden: Mapping[str, HiddenDraw]
    """Of timesheets and expense reports; a milestone hides nothing."""
    delays: Mapping[str, DelayDraw]
    write_offs: Mapping[str, WriteOffDraw]
    disputes: Mapping[str, DisputeDraw]


def correct_rows(proofs: Iterable[Proof], *, hidden: Mapping[str, HiddenDraw]) -> Corrections:
    """What faults change in the money to bill, by item and row."""
    corrections: Corrections = defaultdict(int)
    for proof in proofs:
        corrections[proof.item_id, proof.row_id] += proof.correction_minor
    for item_id, draw in hidden.items():
        for amounts_minor in draw.amounts_minor.values():
            for row_id, minor in amounts_minor.items():
                corrections[item_id, row_id] -= minor
    return dict(corrections)


def tell_truth(
    items: Sequence[AnyItem], *, proofs: Sequence[Proof], draws: Draws
) -> dict[str, Truth]:
    """What is true of every item, by item id."""
    corrections = correct_rows(proofs, hidden=draws.hidden)
    by_item: dict[str, list[Proof]] = defaultdict(list)
    for proof in proofs:
        by_item[proof.item_id].append(proof)
    told = {}
    for item in items:
        hidden = draws.hidden.get(item.item_id, NOTHING_HIDDEN)
        correct = sum(
            max(0, minor + corrections.get((item.item_id, row_id), 0))
            for row_id, minor in _amounts_minor(item).items()
        )
        told[item.item_id] = _truth(
            item,
            faults=(*_proved(by_item[item.item_id]), *_hidden(hidden)),
            correct_minor=correct,
            draws=draws,
        )
    return told


def _amounts_minor(item: AnyItem) -> dict[str, int]:
    """What each row of an item asks for; a milestone is its own row."""
    if isinstance(item, Timesheet):
        return {entry.id: entry.amount_minor for entry in item.entries}
    if isinstance(item, ExpenseReport):
        return {expense.id: expense.billable_minor for expense in item.expenses}
    return {item.item_id: item.amount_minor}


def _truth(item: AnyItem, *, faults: tuple[Fault, ...], correct_minor: int, draws: Draws) -> Truth:
    delay = draws.delays[item.item_id]
    drawn = _answers(item.item_id, draws=draws)
    asked = questions_for(item.kind)
    return Truth(
        faults=faults,
        is_violation=bool(faults),
        hidden_violation=any(fault.is_hidden for fault in faults),
        correct_minor=correct_minor,
        is_delayed=delay.is_delayed,
        probabilities={question: drawn[question][0] for question in asked},
        answers={question: drawn[question][1] for question in asked},
    )


def _answers(item_id: str, *, draws: Draws) -> dict[Question, tuple[float, bool]]:
    """The probability of each question's yes, and what came of it; no and zero if not drawn."""
    hidden = draws.hidden.get(item_id, NOTHING_HIDDEN)
    delay, write_off = draws.delays[item_id], draws.write_offs[item_id]
    disputes = draws.disputes[item_id]
    drawn = dict.fromkeys(Question, (0.0, False))
    for kind, probability in hidden.probabilities.items():
        if kind.question is not None:
            drawn[kind.question] = (probability, kind in hidden.amounts_minor)
    for reason, probability in disputes.probabilities.items():
        drawn[QUESTION_OF_REASON[reason]] = (probability, reason in disputes.reasons)
    drawn[Question.ANY_FAULT] = (hidden.probability, bool(hidden.amounts_minor))
    drawn[Question.WRITE_OFF] = (write_off.probability, write_off.is_given_up)
    drawn[Question.MISSED_CUT_OFF] = (delay.probability, delay.is_delayed)
    return drawn


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
    return [
        Fault(code=kind, row_ids=tuple(amounts_minor), exposure_minor=sum(amounts_minor.values()))
        for kind, amounts_minor in draw.amounts_minor.items()
    ]
