"""Was the client told in time that the funds run out?"""

from __future__ import annotations

from decimal import Decimal

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.agreed.ceilings import Level
from models.agreed.funding import Funds
from models.codes import UNKNOWN
from models.columns import Ints
from models.rules.consumption import use_of
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import money


def funding_notice_due(facts: Facts) -> Hits:
    """T3: entries with which the money used reaches the agreed share of the funds, unnoticed.

    A line's own clause looks at the money of the line, a contract's at that of all its lines. A
    notice answers for the funds as they stood on its day: new funds need a new one. At risk is
    what lies above the funds.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.FUNDING)
    rows = np.flatnonzero(clause != UNKNOWN)
    funds = facts.terms.funding.at(
        clause,
        line=entries.line,
        contract=entries.contract,
        work_day=entries.work_day,
        decided_day=facts.decided_day[entries.item],
    )
    used = np.zeros(len(entries), dtype=np.int64)
    if len(rows):
        of_line, of_contract = use_of(Level.LINE, facts), use_of(Level.CONTRACT, facts)
        used = np.where(funds.is_of_line, of_line.with_entry_minor, of_contract.with_entry_minor)
    due = notice_due_minor(funds, rows=rows)
    is_due = (clause != UNKNOWN) & ~funds.is_noticed & (used >= due)
    return entry_hits(
        facts,
        np.flatnonzero(is_due),
        clause=clause,
        exposure_minor=np.clip(used - funds.funded_minor, 0, entries.amount_minor),
        field="amount_minor",
        actual=lambda row: (
            f"{money(int(used[row]), facts.currency(row))} with this entry, and no notice"
        ),
        expected=lambda row: (
            f"notice to the client at {money(int(due[row]), facts.currency(row))} of "
            f"{money(int(funds.funded_minor[row]), facts.currency(row))} funded"
        ),
        summary="{rows} above the share of the funds at which notice is due",
    )


def notice_due_minor(funds: Funds, *, rows: Ints) -> Ints:
    """Give the share of the funds at which notice is due, for some rows; 0 for the others.

    It is rounded up to whole minor units, exactly for a share as it is written.
    """
    funded_minor, share = funds.funded_minor, funds.notice_share
    found = np.zeros(len(funded_minor), dtype=np.int64)
    for one in np.unique(share[rows]).tolist():
        numerator, denominator = Decimal(str(one)).as_integer_ratio()
        own = rows[share[rows] == one]
        distinct, place = np.unique(funded_minor[own], return_inverse=True)
        exact = [-(-funded * numerator // denominator) for funded in distinct.tolist()]
        found[own] = np.array(exact, dtype=np.int64)[place]
    return found
