"""Does the money stay under the ceiling, and do the hours stay under the cap?"""

from __future__ import annotations

import numpy as np

from models.balances import Measure
from models.rules.amounts import amounts_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import hours, money


def not_to_exceed_breach(facts: Facts) -> Hits:
    """T2: the part of an entry that lies above the ceiling of its line or contract.

    All that was accepted before is committed. The ceiling is the one in force on the work date; of
    the two levels the larger excess counts.
    """
    entries = facts.entries
    ceilings = facts.terms.ceilings(entries.line, entries.contract, entries.work_day)
    used_by_line = facts.used_before(Measure.LINE_MONEY) + entries.amount_minor
    used_by_contract = facts.used_before(Measure.CONTRACT_MONEY) + entries.amount_minor
    over_line = np.clip(used_by_line - ceilings.line_minor, 0, entries.amount_minor)
    over_contract = np.clip(used_by_contract - ceilings.contract_minor, 0, entries.amount_minor)
    is_line = over_line >= over_contract
    used = np.where(is_line, used_by_line, used_by_contract)
    limit = np.where(is_line, ceilings.line_minor, ceilings.contract_minor)
    over = np.maximum(over_line, over_contract)
    return entry_hits(
        facts,
        np.flatnonzero(over),
        clause=np.where(is_line, ceilings.line_clause, ceilings.contract_clause),
        exposure_minor=over,
        field="amount_minor",
        actual=lambda row: f"{money(int(used[row]), facts.currency(row))} with this entry",
        expected=lambda row: f"at most {money(int(limit[row]), facts.currency(row))}",
        summary="{rows} beyond the ceiling",
    )


def labor_category_hours_cap(facts: Facts) -> Hits:
    """T4: the minutes of an entry beyond the cap of its labor category on the line.

    All that was accepted before is committed, and the cap in force on the work date counts.
    """
    entries = facts.entries
    cap, clause = facts.terms.hours_cap(entries.line, entries.category, entries.work_day)
    used = facts.used_before(Measure.CATEGORY_MINUTES) + entries.minutes_billable
    over = np.clip(used - cap, 0, entries.minutes_billable)
    return entry_hits(
        facts,
        np.flatnonzero(over),
        clause=clause,
        exposure_minor=amounts_minor(minutes=over, rate_minor=entries.rate_minor),
        field="minutes_billable",
        actual=lambda row: f"{hours(int(used[row]))} with this entry",
        expected=lambda row: f"at most {hours(int(cap[row]))}",
        summary="{rows} beyond the hours of the labor category",
    )
