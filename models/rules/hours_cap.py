"""Do the hours of a labor category stay under their cap?"""

from __future__ import annotations

import numpy as np

from models.past.balances import Measure
from models.rules.amounts import amounts_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import hours


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
