"""A case in a few sentences, built from its facts alone."""

from __future__ import annotations

from data.schemas.catalogue import CATALOGUE
from data.schemas.items import ExpenseReport, Timesheet
from data.schemas.vocabulary import Proof
from review_app import formats
from service.wire.cases import CaseDetail


def summary(detail: CaseDetail) -> str:
    """Say what was charged, what was found and what is due, in that order."""
    case = detail.case
    charged = formats.money(case.amount_minor, currency=case.currency)
    return " ".join(
        (
            f"{case.title}: {charged} charged to {case.client_name} under {case.contract_name}"
            f"{_extent(detail)}.",
            _found(detail),
            _signed(detail),
        )
    )


def _extent(detail: CaseDetail) -> str:
    item = detail.item
    if isinstance(item, Timesheet):
        minutes = sum(entry.minutes_billable for entry in item.entries)
        return f", {formats.hours(minutes)} in {_counted(len(item.entries), 'entry', 'entries')}"
    if isinstance(item, ExpenseReport):
        return f", {_counted(len(item.expenses), 'expense', 'expenses')}"
    return f", planned for {formats.full_day(item.due_on)}"


def _found(detail: CaseDetail) -> str:
    proved = [one for one in detail.assessment.findings if one.proof is Proof.RULE]
    suspected = len(detail.assessment.findings) - len(proved)
    if not detail.assessment.findings:
        return "No finding."
    said = []
    if proved:
        titles = "; ".join(dict.fromkeys(CATALOGUE[one.code].title for one in proved))
        said.append(f"{_counted(len(proved), 'fault', 'faults')} proved by rule: {titles}.")
    if suspected:
        said.append(f"{_counted(suspected, 'suspicion', 'suspicions')} of the models.")
    case = detail.case
    if case.risk_minor:
        said.append(f"{formats.money(case.risk_minor, currency=case.currency)} at risk if billed.")
    if case.leak_minor:
        said.append(f"{formats.money(case.leak_minor, currency=case.currency)} earned, not billed.")
    return " ".join(said)


def _signed(detail: CaseDetail) -> str:
    count = len(detail.item.approvals)
    return f"{_counted(count, 'signature', 'signatures')} so far." if count else "Not signed yet."


def _counted(count: int, one: str, many: str) -> str:
    return f"{formats.count(count)} {one if count == 1 else many}"
