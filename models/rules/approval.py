"""Was the item signed by those who may sign it, as it stands now?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.schemas.clauses import ApprovalTerms
from data.schemas.contracts import Clause
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict, ClauseKind
from models.approvals import NO_LIMIT_GIVEN, STEPS, VERDICTS
from models.codes import UNKNOWN
from models.columns import Flags, Ints
from models.rules.facts import Facts
from models.rules.hits import Evidence, Hits
from models.rules.words import money

APPROVE = VERDICTS.index(ApprovalVerdict.APPROVE)
MISSING, OWN, CHANGED, ABOVE = range(4)
"""What may be wrong, in the order in which it is told."""
ITEM, STEP, FLAW, EVENT = range(4)
"""Columns of a table of flaws; the event is a row of the standing approvals, or UNKNOWN."""


def approval_violation(facts: Facts) -> Hits:
    """T24: a timesheet or expense report without a valid manager's, or due client's, signature.

    A signature is valid if it stands (no rejection or recall came after it), is not the
    submitter's own, and was given for the rows as they are now; a manager's also covers the
    amount. One valid signature of each kind is enough, else the last one is told.
    """
    clause = _clauses(facts)
    signatures = _Signatures.of(facts)
    by_manager = signatures.flaws(ApprovalStep.MANAGER, is_asked=clause != UNKNOWN)
    by_client = signatures.flaws(ApprovalStep.CLIENT, is_asked=_is_client_asked(facts, clause))
    flaws = np.concatenate((by_manager, by_client))
    flaws = flaws[np.argsort(flaws[:, ITEM], kind="stable")]
    item = flaws[:, ITEM]
    is_first = np.diff(item, prepend=-1) != 0
    return Hits(
        item=item,
        row_id=facts.batch.item_id[item],
        clause=clause[item],
        exposure_minor=np.where(is_first, facts.batch.amount_minor[item], 0),
        severity=None,
        is_critical=np.zeros(len(item), dtype=np.bool_),
        probability=None,
        evidence=lambda place: _evidence(facts, signatures, flaws[place].tolist()),
        summary="Approval incomplete or void",
        row_noun="row rows",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signatures:
    """The standing approvals of the batch by item and time, and what is wrong with each."""

    event: Ints
    """Their rows among the approval columns."""
    item: Ints
    step: Ints
    is_own: Flags
    is_changed: Flags
    is_above: Flags
    limit_minor: Ints

    @classmethod
    def of(cls, facts: Facts) -> _Signatures:
        approvals, batch = facts.batch.approvals, facts.batch
        event = _standing(facts)
        item, step, limit = approvals.item[event], approvals.step[event], _limits(facts)[event]
        is_manager = step == STEPS.index(ApprovalStep.MANAGER)
        return cls(
            event=event,
            item=item,
            step=step,
            is_own=approvals.actor[event] == batch.person[item],
            is_changed=~approvals.is_current[event],
            is_above=is_manager & (batch.amount_minor[item] > limit),
            limit_minor=limit,
        )

    def flaws(self, step: ApprovalStep, *, is_asked: Flags) -> Ints:
        """What is wrong, in the items asked, with the last signature of a step if none is valid."""
        place = STEPS.index(step)
        own = np.flatnonzero((self.step == place) & is_asked[self.item])
        is_valid = ~(self.is_own | self.is_changed | self.is_above)[own]
        is_signed, is_right = np.zeros_like(is_asked), np.zeros_like(is_asked)
        is_signed[self.item[own]] = True
        is_right[self.item[own[is_valid]]] = True
        last = own[np.diff(self.item[own], append=UNKNOWN) != 0]
        told = last[~is_right[self.item[last]]]
        missing = np.flatnonzero(is_asked & ~is_signed)
        tables = [_table(missing, place, MISSING, np.full(len(missing), UNKNOWN))]
        for flaw, is_so in ((OWN, self.is_own), (CHANGED, self.is_changed), (ABOVE, self.is_above)):
            rows = told[is_so[told]]
            tables.append(_table(self.item[rows], place, flaw, rows))
        return np.concatenate(tables)


def _table(item: Ints, step: int, flaw: int, event: Ints) -> Ints:
    return np.column_stack(
        (item, np.full(len(item), step), np.full(len(item), flaw), event)
    ).astype(np.int64)


def _clauses(facts: Facts) -> Ints:
    """The approval clause of each item: that of the first row to count whose day has one."""
    found = np.full(len(facts.batch), UNKNOWN, dtype=np.int64)
    for owner, counted, by_row in (
        (facts.entries.item, facts.order.rows, facts.entry_clause(ClauseKind.APPROVAL)),
        (facts.expenses.item, facts.expense_order.rows, facts.expense_clause(ClauseKind.APPROVAL)),
    ):
        rows = counted[by_row[counted] != UNKNOWN][::-1]
        # Of several rows of an item the one written last stays, which is the first of them.
        found[owner[rows]] = by_row[rows]
    return found


def _is_client_asked(facts: Facts, clause: Ints) -> Flags:
    distinct, place = np.unique(clause, return_inverse=True)
    asked = [_asks_client(facts.clause(one)) for one in distinct.tolist()]
    return np.array(asked, dtype=np.bool_)[place]


def _asks_client(clause: Clause | None) -> bool:
    terms = None if clause is None else clause.terms
    return isinstance(terms, ApprovalTerms) and terms.is_client_sign_off_required


def _standing(facts: Facts) -> Ints:
    """The approvals after which nothing was rejected or recalled, by item and then by time."""
    approvals = facts.batch.approvals
    rows = np.lexsort((approvals.at_us, approvals.item))
    item, place = approvals.item[rows], np.arange(len(rows))
    is_void = approvals.verdict[rows] != APPROVE
    last_void = np.full(len(facts.batch), UNKNOWN, dtype=np.int64)
    np.maximum.at(last_void, item[is_void], place[is_void])
    standing: Ints = rows[~is_void & (place > last_void[item])]
    return standing


def _limits(facts: Facts) -> Ints:
    """What each signature covers: as it says itself, else the authority of its person."""
    approvals = facts.batch.approvals
    given = approvals.authority_limit_minor
    own = facts.terms.signatories.authority_minor(approvals.actor)
    return np.where(given == NO_LIMIT_GIVEN, own, given)


def _evidence(facts: Facts, signatures: _Signatures, told: list[int]) -> Evidence:
    batch, place = facts.batch, told[ITEM]
    item_id, currency = batch.item_id[place], batch.currency[place]
    is_time = batch.first_entry[place] < batch.first_entry[place + 1]
    step = STEPS[told[STEP]].value
    if told[FLAW] == MISSING:
        missing = f"no standing approval of the {step}"
        return Evidence(item_id, "approvals", missing, f"the {step} approves")
    actor = batch.approvals.actor_id[signatures.event[told[EVENT]]]
    own, rows = ("time", "entries") if is_time else ("expenses", "expenses")
    if told[FLAW] == OWN:
        other = "somebody other than the submitter approves"
        actual = f"{actor} approved their own {own}"
        return Evidence(item_id, "approvals.actor_id", actual, other)
    if told[FLAW] == CHANGED:
        actual, as_signed = f"{rows} changed after the approval of {actor}", f"{rows} as they were"
        return Evidence(item_id, "approvals.entries_sha256", actual, f"{as_signed} approved")
    amount = money(int(batch.amount_minor[place]), currency)
    limit = money(int(signatures.limit_minor[told[EVENT]]), currency)
    actual, at_most = f"{actor} approved {amount}", f"at most {limit} on this signature"
    return Evidence(item_id, "approvals.authority_limit_minor", actual, at_most)
