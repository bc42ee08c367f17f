"""Has the item been billed already?"""

from __future__ import annotations

import numpy as np

from data.schemas.vocabulary import ClauseKind
from models.rules.facts import Facts
from models.rules.hits import Hit, Hits, entry_hits, item_hits

EXPECTED = "the same work billed once"


def entry_already_invoiced(facts: Facts) -> Hits:
    """T25: an entry that stands on a posted, uncredited invoice."""
    billed_by, entries = facts.past.billed_by, facts.entries
    rows = [row for row, name in enumerate(entries.entry_id.tolist()) if name in billed_by]
    return entry_hits(
        facts,
        np.array(rows, dtype=np.int64),
        clause=facts.entry_clause(ClauseKind.DOUBLE_BILLING),
        exposure_minor=entries.amount_minor,
        field="id",
        actual=lambda row: f"stands on invoice {billed_by[entries.entry_id[row]]}",
        expected=lambda _: EXPECTED,
        summary="{rows} already invoiced",
    )


def milestone_already_invoiced(facts: Facts) -> Hits:
    """T25: a milestone that stands on a posted, uncredited invoice."""
    billed_by, clauses = facts.past.billed_by, facts.item_clause(ClauseKind.DOUBLE_BILLING)
    hits = (
        Hit(
            item=item,
            clause=int(clauses[item]),
            field="external_id",
            actual=f"stands on invoice {billed_by[milestone.item_id]}",
            expected=EXPECTED,
            exposure_minor=milestone.amount_minor,
        )
        for item, milestone in facts.milestones()
        if milestone.item_id in billed_by
    )
    return item_hits(facts, hits, summary="Milestone already invoiced")
