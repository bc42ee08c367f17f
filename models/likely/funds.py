"""Will the funds reach their notice share within the days that the clause looks ahead?"""

from __future__ import annotations

import numpy as np

from data.schemas.clauses import Funding
from data.schemas.vocabulary import ClauseKind
from models.agreed.ceilings import Level
from models.codes import UNKNOWN, line_name
from models.columns import Flags, Ints
from models.likely.odds import probability_of
from models.rules.consumption import use_of
from models.rules.facts import Facts
from models.rules.funding import notice_due_minor
from models.rules.hits import Hits, entry_hits
from models.rules.words import money

RUN_RATE_SPREAD = 0.3
"""Share by which the money of one window differs from that of the window before it (one standard
deviation). A judgement: no survey of it was found; replace it with the firm's own figure."""
LOGISTIC_OF_NORMAL = 1.7
"""The logistic curve with this factor lies within a hundredth of the normal one."""
LEAST_PROBABILITY = 0.5
"""From here on notice is more likely due than not."""


def funding_notice_forecast(facts: Facts) -> Hits:
    """T3: the entry with which the forecast of the clause's window crosses the notice share.

    It is told at the crossing alone, as a soft limit is; once the money used is there itself, the
    rule takes over. At risk is what the forecast lies above the funds, up to the entry's amount.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.FUNDING)
    is_judged = (clause != UNKNOWN) & (entries.amount_minor > 0)
    rows = np.flatnonzero(is_judged)
    used, ahead, due, funded = np.zeros((4, len(entries)), dtype=np.int64)
    is_hit = np.zeros(len(entries), dtype=np.bool_)
    probability = np.zeros(len(entries))
    if len(rows):
        funds = facts.terms.funding.at(
            clause,
            line=entries.line,
            contract=entries.contract,
            work_day=entries.work_day,
            decided_day=facts.decided_day[entries.item],
        )
        of_line, of_contract = use_of(Level.LINE, facts), use_of(Level.CONTRACT, facts)
        used = np.where(funds.is_of_line, of_line.with_entry_minor, of_contract.with_entry_minor)
        own = np.where(_is_recent(facts, clause), entries.amount_minor, 0)
        for one in np.unique(clause[rows]).tolist():
            its = rows[clause[rows] == one]
            ahead[its] = _past_window(facts, one, its)
        key = np.where(funds.is_of_line, entries.line, entries.contract)
        ahead = np.where(is_judged, ahead + facts.order.sum_before(key, own) + own, 0)
        funded, due = funds.funded_minor, notice_due_minor(funds, rows=rows)
        reached = used + ahead
        before = reached - entries.amount_minor - own
        is_crossed = is_judged & ~funds.is_noticed & (used < due) & (before < due)
        distance = LOGISTIC_OF_NORMAL * (reached - due) / np.maximum(RUN_RATE_SPREAD * ahead, 1.0)
        probability = probability_of(np.clip(distance, -30.0, 30.0))
        is_hit = is_crossed & (reached >= due) & (probability >= LEAST_PROBABILITY)
    return entry_hits(
        facts,
        np.flatnonzero(is_hit),
        clause=clause,
        exposure_minor=np.clip(used + ahead - funded, 0, entries.amount_minor),
        field="amount_minor",
        actual=lambda row: (
            f"{money(int(used[row]), facts.currency(row))} with this entry, and "
            f"{money(int(ahead[row]), facts.currency(row))} more at the present rate"
        ),
        expected=lambda row: (
            f"notice to the client before {money(int(due[row]), facts.currency(row))} is used"
        ),
        summary="{rows} with which the forecast reaches the share of the funds for notice",
        probability=probability,
    )


def _is_recent(facts: Facts, clause: Ints) -> Flags:
    """Whether each entry was worked in the window of its clause before the decision."""
    distinct, place = np.unique(clause, return_inverse=True)
    windows = [_window_days(facts, one) for one in distinct.tolist()]
    window = np.array(windows, dtype=np.int64)[place]
    ago = facts.decided_day[facts.entries.item] - facts.entries.work_day
    return np.asarray((ago >= 0) & (ago < window))


def _past_window(facts: Facts, clause: int, rows: Ints) -> Ints:
    """For each row under one clause the money that the past holds of the window."""
    today = facts.decided_day[facts.entries.item[rows]]
    window = _window_days(facts, clause)
    found = np.zeros(len(rows), dtype=np.int64)
    for last in np.unique(today).tolist():
        days = np.arange(last - window + 1, last + 1)
        found[today == last] = sum(
            int(facts.past.learned.money_of_days(np.full(window, line), days).sum())
            for line in _lines(facts, clause, int(rows[0]))
        )
    return found


def _lines(facts: Facts, clause: int, row: int) -> list[int]:
    """The lines whose money a clause looks at: its own, or all of the contract."""
    item = facts.batch.items[int(facts.entries.item[row])]
    contract = facts.terms.reference.contracts[item.contract_id]
    own = facts.terms.clauses[clause].line_id
    ids = [line.id for line in contract.lines] if own is None else [own]
    codes = facts.past.learned.codes
    return [codes.line.find(line_name(contract.id, one)) for one in ids]


def _window_days(facts: Facts, clause: int) -> int:
    found = facts.clause(clause)
    terms = None if found is None else found.terms
    return terms.forecast_days if isinstance(terms, Funding) else 0
