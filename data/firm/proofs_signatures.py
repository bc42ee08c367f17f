"""Signatures that are worth nothing: T24."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from data.firm.facts import Facts
from data.firm.proof import Proof
from data.schemas.catalogue import ExceptionCode
from data.schemas.clauses import ApprovalTerms
from data.schemas.items import (
    ApprovalEvent,
    ExpenseReport,
    Timesheet,
    entries_sha256,
    expenses_sha256,
)
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict


def badly_approved(facts: Facts) -> Iterator[Proof]:
    """T24: no valid signature of the manager, or of the client where one is due.

    The work is sound and payable once it is signed properly, so nothing is taken off.
    """
    for one in facts.submissions:
        item = one.item
        if not isinstance(item, Timesheet | ExpenseReport):
            continue
        terms = facts.agreed.terms(
            ApprovalTerms,
            contract_id=item.contract_id,
            line_id=item.line_id,
            day=_first_day(item),
        )
        if terms is None:
            continue
        steps = [ApprovalStep.MANAGER]
        if terms.is_client_sign_off_required:
            steps.append(ApprovalStep.CLIENT)
        content = _content(item)
        if not all(_is_signed(facts, item, step=step, content=content) for step in steps):
            yield Proof(
                item_id=item.item_id,
                row_id=item.item_id,
                code=ExceptionCode.APPROVAL_VIOLATION,
                exposure_minor=item.amount_minor,
                correction_minor=0,
            )


def _first_day(item: Timesheet | ExpenseReport) -> date:
    if isinstance(item, Timesheet):
        return item.entries[0].work_date
    return item.expenses[0].incurred_on


def _is_signed(
    facts: Facts, item: Timesheet | ExpenseReport, *, step: ApprovalStep, content: str
) -> bool:
    standing: list[ApprovalEvent] = []
    for event in sorted(item.approvals, key=lambda each: each.at):
        if event.verdict is ApprovalVerdict.APPROVE:
            standing.append(event)
        else:
            standing.clear()
    return any(
        _is_valid(facts, item, event=event, content=content)
        for event in standing
        if event.step is step
    )


def _is_valid(
    facts: Facts, item: Timesheet | ExpenseReport, *, event: ApprovalEvent, content: str
) -> bool:
    if event.actor_id == item.person_id:
        return False
    if event.entries_sha256 not in {None, content}:
        return False
    if event.step is not ApprovalStep.MANAGER:
        return True
    limit = event.authority_limit_minor
    if limit is None:
        signer = facts.reference.people.get(event.actor_id)
        limit = signer.authority_limit_minor if signer else 0
    return item.amount_minor <= limit


def _content(item: Timesheet | ExpenseReport) -> str:
    if isinstance(item, Timesheet):
        return entries_sha256(item.entries)
    return expenses_sha256(item.expenses)


SWEEPS = (badly_approved,)
