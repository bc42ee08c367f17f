"""The truth of every item, put together from what was proved, drawn and delayed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from data.firm.approvals import SignedSheet
from data.firm.delays import DelayDraw
from data.firm.hidden import HiddenDraw
from data.firm.milestones import DeliveredMilestone
from data.firm.proofs import Proof, price_of_waiting
from data.firm.records import Fault, FaultKind, Truth
from data.schemas.catalogue import ExceptionCode

Corrections = dict[tuple[str, str], int]


def prove_milestones(milestones: Iterable[DeliveredMilestone]) -> tuple[Proof, ...]:
    """The faults of milestones, worked out from the finished facts."""
    return tuple(proof for one in milestones for proof in _milestone_proofs(one))


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
    sheets: Sequence[SignedSheet],
    *,
    milestones: Sequence[DeliveredMilestone],
    proofs: Sequence[Proof],
    hidden: Mapping[str, HiddenDraw],
    delays: Mapping[str, DelayDraw],
) -> dict[str, Truth]:
    """What is true of every item, by item id."""
    corrections = correct_rows(proofs, hidden=hidden)
    by_item: dict[str, list[Proof]] = defaultdict(list)
    for proof in proofs:
        by_item[proof.item_id].append(proof)
    rows_minor = {
        sheet.item.item_id: {entry.id: entry.amount_minor for entry in sheet.item.entries}
        for sheet in sheets
    }
    for one in milestones:
        rows_minor[one.item.item_id] = {one.item.item_id: one.item.amount_minor}
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


def _milestone_proofs(one: DeliveredMilestone) -> Iterable[Proof]:
    amount_minor = one.item.amount_minor
    if one.accepted_at is None:
        yield _milestone_proof(
            one,
            code=ExceptionCode.MILESTONE_ACCEPTANCE_MISSING,
            exposure_minor=amount_minor,
            correction_minor=-amount_minor,
        )
    is_short = set(one.item.evidence_required) - set(one.item.evidence_provided)
    if is_short or one.item.open_predecessors:
        yield _milestone_proof(
            one,
            code=ExceptionCode.MILESTONE_EVIDENCE_INCOMPLETE,
            exposure_minor=amount_minor,
            correction_minor=-amount_minor,
        )
    if one.accepted_at is None:
        return
    days = (one.received_at - one.accepted_at).days
    if days > one.plan.bill_within_days:
        lapsed = one.plan.is_lapsed_when_unbilled
        yield _milestone_proof(
            one,
            code=ExceptionCode.MILESTONE_UNBILLED_AFTER_ACCEPTANCE,
            exposure_minor=-(amount_minor if lapsed else price_of_waiting(amount_minor, days=days)),
            correction_minor=-amount_minor if lapsed else 0,
        )


def _milestone_proof(
    one: DeliveredMilestone, *, code: ExceptionCode, exposure_minor: int, correction_minor: int
) -> Proof:
    return Proof(
        item_id=one.item.item_id,
        row_id=one.item.item_id,
        code=code,
        exposure_minor=exposure_minor,
        correction_minor=correction_minor,
    )
