"""Will the client reject the line, and for which of the reasons that Peppol names?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from data.schemas.clauses import PaymentTerms
from data.schemas.items import Milestone
from data.schemas.vocabulary import AcceptanceKind, ApprovalVerdict, ClauseKind
from models.approvals import VERDICTS
from models.columns import Flags, Floats, Ints
from models.likely.lexicon import stock_share
from models.likely.money import expected_minor
from models.rules.amounts import DAYS_PER_YEAR
from models.rules.facts import Facts
from models.rules.hits import Hit, Hits, entry_hits, item_hits
from models.sums import Sums
from models.timeline import pair

USUAL_SHARE = 0.03
"""Share of lines that clients dispute: 2 to 4 % (field base rates)."""
MOST_PROBABLE = 0.95
LEAST_PROBABILITY = 0.2
"""Reached by two of the graver faults; one of them and long hours make 0.18."""
STOCK_SHARE = 0.6
"""From here on a narrative says too little for the client to know what it pays for."""
FEWEST_DAYS = 20
"""With fewer days behind a person there is no usual day to compare with."""
UNUSUAL_DEVIATIONS = 2.0
LEAST_DEVIATION_MINUTES = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sign:
    """A fault the client can see, with its reason code and how many times it multiplies."""

    reason: str
    told: str
    times: float


REFERENCE = _Sign(reason="REF", told="no purchase order though one is required", times=3.0)
PRICE = _Sign(reason="PRI", told="a rate that differs from the one billed last", times=3.0)
QUANTITY = _Sign(reason="QTY", told="hours far above the person's usual day", times=2.0)
ITEMS = _Sign(reason="ITM", told="a narrative that says little", times=3.0)
QUALITY = _Sign(reason="QUA", told="rejected before", times=3.0)
"""Three times on lines with a narrative or purchase order fault is the field's figure; the others
are set beside it by judgement."""
DEFAULT_TERMS = PaymentTerms()


def line_dispute(facts: Facts) -> Hits:
    """T28: a billable entry with faults that clients dispute lines for.

    The probability is 3 % times three for each of: no purchase order where one is required (REF),
    a rate that is neither the card's nor the one billed last (PRI), a narrative of stock words
    (ITM), a sheet rejected before (QUA); times two for a day far above the usual one (QTY). At risk
    is the probability times the amount and its wait to the end of the dispute window.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.PAYMENT)
    signs = _signs(facts)
    probability = _joined(signs, size=len(entries))
    rows = np.flatnonzero((entries.minutes_billable > 0) & (probability >= LEAST_PROBABILITY))
    factor = probability * _with_wait(facts, clause)
    return entry_hits(
        facts,
        rows,
        clause=clause,
        exposure_minor=expected_minor(entries.amount_minor, factor),
        field="narrative",
        actual=lambda row: _told([sign for sign, is_there in signs if is_there[row]]),
        expected=lambda _: "a line that the client can check and pay",
        summary="{rows} that the client will likely dispute",
        probability=probability,
    )


def milestone_dispute(facts: Facts) -> Hits:
    """T28: a milestone the client sent back before, or one without its purchase order.

    Each time it was sent back counts as a fault of its own.
    """
    return item_hits(
        facts,
        _milestones(facts),
        summary="The client will likely dispute the milestone",
        is_proved=False,
    )


def _signs(facts: Facts) -> list[tuple[_Sign, Flags]]:
    entries, size = facts.entries, len(facts.entries)
    signs = [
        (REFERENCE, _is_without_order(facts)[entries.item]),
        (PRICE, _is_repriced(facts)),
        (QUALITY, _was_rejected(facts)[entries.item]),
    ]
    # The two others alone never reach the threshold: narratives and days need not be read where
    # none of these three is.
    is_vague = np.zeros(size, dtype=np.bool_)
    for row in np.flatnonzero(_joined(signs, size=size) > USUAL_SHARE).tolist():
        is_vague[row] = stock_share(entries.narrative[row]) >= STOCK_SHARE
    signs.append((ITEMS, is_vague))
    is_long = np.zeros(size, dtype=np.bool_)
    if np.any(_joined(signs, size=size) * QUANTITY.times >= LEAST_PROBABILITY):
        is_long = _is_unusually_long(facts)
    return [*signs, (QUANTITY, is_long)]


def _joined(signs: list[tuple[_Sign, Flags]], *, size: int) -> Floats:
    probability = np.full(size, USUAL_SHARE)
    for sign, is_there in signs:
        probability *= np.where(is_there, sign.times, 1.0)
    return np.asarray(np.minimum(probability, MOST_PROBABLE))


def _told(signs: list[_Sign]) -> str:
    return "; ".join(f"{sign.reason}: {sign.told}" for sign in signs)


def _is_without_order(facts: Facts) -> Flags:
    """Whether each item's client asks for a purchase order that its line does not have."""
    contracts, clients = facts.terms.reference.contracts, facts.terms.reference.clients
    found = np.zeros(len(facts.batch), dtype=np.bool_)
    _, first, place = np.unique(facts.batch.line, return_index=True, return_inverse=True)
    answers = []
    for row in first.tolist():
        item = facts.batch.items[row]
        contract = contracts.get(item.contract_id)
        client = None if contract is None else clients.get(contract.client_id)
        orders = [] if contract is None else [
            line.purchase_order for line in contract.lines if line.id == item.line_id
        ]  # fmt: skip
        answers.append(bool(client and client.purchase_order_required and not any(orders)))
    if answers:
        found = np.array(answers, dtype=np.bool_)[place]
    return found


def _is_repriced(facts: Facts) -> Flags:
    """Whether the rate is neither the card's nor the last one of the person's category there."""
    entries, past = facts.entries, facts.past.entries
    card = facts.terms.rates.card(
        entries.line, entries.category, entries.location, entries.work_day
    )
    is_repriced = np.zeros(len(entries), dtype=np.bool_)
    for row in np.flatnonzero(card != entries.rate_minor).tolist():
        same = np.flatnonzero(
            (past.person == entries.person[row])
            & (past.line == entries.line[row])
            & (past.category == entries.category[row])
        )
        if len(same):
            last = same[np.argmax(past.work_day[same])]
            is_repriced[row] = past.rate_minor[last] != entries.rate_minor[row]
    return is_repriced


def _is_unusually_long(facts: Facts) -> Flags:
    """Whether a person's day lies two deviations above the mean of the days before."""
    entries, past = facts.entries, facts.past.entries
    own = pair(entries.person, entries.work_day)
    total = Sums.of(own, entries.minutes_worked).at(own)
    days = Sums.of(pair(past.person, past.work_day), past.minutes_worked)
    total = total + days.at(own)
    is_long = np.zeros(len(entries), dtype=np.bool_)
    for person in np.unique(entries.person).tolist():
        low = np.array([person, person + 1], dtype=np.int64)
        start, stop = np.searchsorted(days.keys, pair(low, np.zeros_like(low))).tolist()
        minutes = days.totals[start:stop]
        if len(minutes) >= FEWEST_DAYS:
            deviation = max(float(minutes.std()), LEAST_DEVIATION_MINUTES)
            limit = float(minutes.mean()) + UNUSUAL_DEVIATIONS * deviation
            is_long |= (entries.person == person) & (total > limit)
    return is_long


def _was_rejected(facts: Facts) -> Flags:
    """Whether somebody rejected the item before it came again."""
    signed = facts.batch.approvals
    rejected = signed.item[signed.verdict == VERDICTS.index(ApprovalVerdict.REJECT)]
    found = np.zeros(len(facts.batch), dtype=np.bool_)
    found[rejected] = True
    return found


def _with_wait(facts: Facts, clause: Ints) -> Floats:
    """One, and the price of waiting to the end of the dispute window, as a share of the amount."""
    distinct, place = np.unique(clause, return_inverse=True)
    factors = []
    for one in distinct.tolist():
        found = facts.clause(one)
        terms = found.terms if found and isinstance(found.terms, PaymentTerms) else DEFAULT_TERMS
        yearly = terms.annual_cost_of_capital
        factors.append(1.0 + yearly * terms.dispute_window_days / DAYS_PER_YEAR)
    return np.array(factors)[place]


def _milestones(facts: Facts) -> Iterator[Hit]:
    clauses = facts.item_clause(ClauseKind.PAYMENT)
    is_without_order = _is_without_order(facts)
    factor = _with_wait(facts, clauses)
    for item, milestone in facts.milestones():
        if not milestone.is_ready_to_bill:
            continue
        signs = [QUALITY] * _sent_back(milestone)
        signs += [REFERENCE] if is_without_order[item] else []
        probability = min(USUAL_SHARE * float(np.prod([one.times for one in signs])), MOST_PROBABLE)
        if probability >= LEAST_PROBABILITY:
            amount = np.array([milestone.amount_minor])
            risk = expected_minor(amount, np.array([probability * factor[item]]))
            yield Hit(
                item=item,
                clause=int(clauses[item]),
                field="acceptance",
                actual=_told(signs),
                expected="a milestone that the client accepted at once",
                exposure_minor=int(risk[0]),
                probability=probability,
            )


def _sent_back(milestone: Milestone) -> int:
    sent_back = {AcceptanceKind.REJECTED, AcceptanceKind.CONDITIONAL}
    return sum(event.kind in sent_back for event in milestone.acceptance)
