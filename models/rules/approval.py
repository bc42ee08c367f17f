"""Was the timesheet signed by those who may sign it, as it stands now?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from data.schemas.clauses import ApprovalTerms
from data.schemas.items import ApprovalEvent, Timesheet, entries_sha256
from data.schemas.people import Person
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict, ClauseKind
from models.columns import UNKNOWN, Ints
from models.rules.facts import Facts
from models.rules.hits import Hit, Hits, item_hits
from models.rules.words import money


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """What is wrong with the signatures under a timesheet."""

    field: str
    actual: str
    expected: str


def approval_violation(facts: Facts) -> Hits:
    """T24: a timesheet without a valid manager's signature, or the client's where one is due.

    A signature is valid if it stands (no rejection or recall came after it), is not the
    submitter's own, and was given for the entries as they are now; a manager's also covers the
    amount. One valid signature of each kind is enough.
    """
    clauses = _approval_clauses(facts)
    hits = (
        Hit(
            item=item,
            clause=int(clauses[item]),
            field=flaw.field,
            actual=flaw.actual,
            expected=flaw.expected,
            exposure_minor=int(facts.batch.amount_minor[item]) if place == 0 else 0,
        )
        for item in np.flatnonzero(clauses != UNKNOWN).tolist()
        for place, flaw in enumerate(_flaws(facts, item, clause=int(clauses[item])))
    )
    return item_hits(facts, hits, summary="Approval incomplete or void")


def _approval_clauses(facts: Facts) -> Ints:
    """The approval clause of each timesheet: that of its first work day that has one."""
    by_entry = facts.entry_clause(ClauseKind.APPROVAL)
    rows = np.flatnonzero(by_entry != UNKNOWN)
    items, first = np.unique(facts.entries.item[rows], return_index=True)
    found = np.full(len(facts.batch), UNKNOWN, dtype=np.int64)
    found[items] = by_entry[rows[first]]
    return found


def _flaws(facts: Facts, item: int, *, clause: int) -> Iterator[Flaw]:
    sheet, terms = facts.batch.items[item], facts.terms.clauses[clause].terms
    if not isinstance(sheet, Timesheet) or not isinstance(terms, ApprovalTerms):
        return
    signatures = _Signatures(
        sheet=sheet,
        amount_minor=int(facts.batch.amount_minor[item]),
        standing=_standing(sheet.approvals),
        entries_sha256=entries_sha256(sheet.entries)
        if any(event.entries_sha256 for event in sheet.approvals)
        else None,
        people=facts.terms.reference.people,
    )
    yield from signatures.flaws(ApprovalStep.MANAGER)
    if terms.is_client_sign_off_required:
        yield from signatures.flaws(ApprovalStep.CLIENT)


def _standing(events: Iterable[ApprovalEvent]) -> list[ApprovalEvent]:
    """The approvals after which nothing was rejected or recalled, in order."""
    standing: list[ApprovalEvent] = []
    for event in sorted(events, key=lambda one: one.at):
        if event.verdict is ApprovalVerdict.APPROVE:
            standing.append(event)
        else:
            standing.clear()
    return standing


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signatures:
    """The standing signatures of one timesheet and what they are measured against."""

    sheet: Timesheet
    amount_minor: int
    standing: list[ApprovalEvent]
    entries_sha256: str | None
    people: Mapping[str, Person]

    def flaws(self, step: ApprovalStep) -> list[Flaw]:
        """What is wrong with the last signature of a step, unless another one is valid."""
        found = [list(self._flaws_of(one)) for one in self.standing if one.step is step]
        if not found:
            missing = f"no standing approval of the {step.value}"
            return [Flaw(field="approvals", actual=missing, expected=f"the {step.value} approves")]
        return [] if [] in found else found[-1]

    def _flaws_of(self, event: ApprovalEvent) -> Iterator[Flaw]:
        if event.actor_id == self.sheet.person_id:
            yield Flaw(
                field="approvals.actor_id",
                actual=f"{event.actor_id} approved their own time",
                expected="somebody other than the submitter approves",
            )
        if event.entries_sha256 not in {None, self.entries_sha256}:
            yield Flaw(
                field="approvals.entries_sha256",
                actual=f"entries changed after the approval of {event.actor_id}",
                expected="entries as they were approved",
            )
        limit_minor = self._authority_minor(event)
        if event.step is ApprovalStep.MANAGER and self.amount_minor > limit_minor:
            yield Flaw(
                field="approvals.authority_limit_minor",
                actual=f"{event.actor_id} approved {self._money(self.amount_minor)}",
                expected=f"at most {self._money(limit_minor)} on this signature",
            )

    def _authority_minor(self, event: ApprovalEvent) -> int:
        """What the signatory may approve; nothing if neither the event nor the person says."""
        if event.authority_limit_minor is not None:
            return event.authority_limit_minor
        signatory = self.people.get(event.actor_id)
        return 0 if signatory is None else signatory.authority_limit_minor

    def _money(self, minor: int) -> str:
        return money(minor, self.sheet.currency)
