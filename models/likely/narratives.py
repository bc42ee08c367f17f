"""Does a narrative say nothing in many words, or lump several activities together?"""

from __future__ import annotations

import numpy as np

from data.schemas.clauses import BillingGuidelines
from data.schemas.vocabulary import ClauseKind
from models.codes import UNKNOWN
from models.columns import Floats, Ints
from models.likely.lexicon import activities, stock_share
from models.likely.money import expected_minor
from models.rules.facts import Facts
from models.rules.hits import Hits, entry_hits
from models.rules.words import hours

LONGEST_STOCK_TEXT = 10
"""Words; a longer narrative hardly consists of stock words, and need not be read."""
FOUND_VAGUE = 0.3
"""How often a full review finds a sheet of nothing but stock words wanting: 39 of 134 (measured on
two generated firms)."""
LEAST_VAGUE = 0.28
"""From here on about one honest sheet in a hundred is hit (measured as well)."""
LEAST_BLOCK = 0.5
PER_ACTIVITY = 0.5
"""How likely one more activity in the text is truly another piece of work, and not its object."""


def vague_narrative(facts: Facts) -> Hits:
    """T19: billable work described in stock words, on a sheet that is mostly so described.

    The probability is 0.3 x the share of stock words in the narrative x the share of the sheet's
    billable minutes whose narratives are stock words for the larger part: one vague line among
    clear ones passes as short for its neighbours. At risk is the share that clients reject.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.BILLING_GUIDELINES)
    is_read = (
        (clause != UNKNOWN)
        & (entries.minutes_billable > 0)
        & (entries.narrative_words > 0)
        & (entries.narrative_words <= LONGEST_STOCK_TEXT)
    )
    stock = np.zeros(len(entries))
    for row in np.flatnonzero(is_read).tolist():
        stock[row] = stock_share(entries.narrative[row])
    probability = FOUND_VAGUE * stock * _share_of_sheet(facts, np.where(stock > 0.5, 1.0, 0.0))  # noqa: PLR2004 - the larger part
    share = _figure(facts, clause, name="rejection_probability")
    return entry_hits(
        facts,
        np.flatnonzero(is_read & (probability >= LEAST_VAGUE)),
        clause=clause,
        exposure_minor=expected_minor(entries.amount_minor, share),
        field="narrative",
        actual=lambda row: f"{stock[row]:.0%} of its words say nothing about the work",
        expected=lambda _: "what was done, and on what",
        summary="{rows} likely too vague for the client",
        probability=probability,
    )


def block_billing(facts: Facts) -> Hits:
    """T20: an entry above the agreed length whose narrative lists two or more activities.

    The probability is 1 - 0.5^(activities - 1), times the length over twice the agreed one where
    it is shorter than that. At risk is the share that clients take off.
    """
    entries = facts.entries
    clause = facts.entry_clause(ClauseKind.BILLING_GUIDELINES)
    longest = _figure(facts, clause, name="block_minutes")
    is_long = (longest > 0) & (entries.minutes_billable > longest)
    count = np.zeros(len(entries), dtype=np.int64)
    for row in np.flatnonzero(is_long).tolist():
        count[row] = activities(entries.narrative[row])
    length = np.minimum(entries.minutes_billable / np.maximum(2.0 * longest, 1.0), 1.0)
    probability = (1.0 - PER_ACTIVITY ** np.maximum(count - 1, 0)) * length
    haircut = _figure(facts, clause, name="block_haircut")
    return entry_hits(
        facts,
        np.flatnonzero(is_long & (probability >= LEAST_BLOCK)),
        clause=clause,
        exposure_minor=expected_minor(entries.amount_minor, haircut),
        field="narrative",
        actual=lambda row: (
            f"{count[row]} activities in one entry of {hours(int(entries.minutes_billable[row]))}"
        ),
        expected=lambda row: f"one activity in an entry above {hours(int(longest[row]))}",
        summary="{rows} likely lumping activities together",
        probability=probability,
    )


def _share_of_sheet(facts: Facts, is_counted: Floats) -> Floats:
    """For each entry the share of its sheet's billable minutes that is counted."""
    entries = facts.entries
    size = len(facts.batch)
    counted = np.bincount(entries.item, entries.minutes_billable * is_counted, minlength=size)
    total = np.bincount(entries.item, entries.minutes_billable, minlength=size)
    share: Floats = (counted / np.maximum(total, 1))[entries.item]
    return share


def _figure(facts: Facts, clause: Ints, *, name: str) -> Floats:
    """A figure of each entry's guidelines; zero where there are none, or they do not say."""
    distinct, place = np.unique(clause, return_inverse=True)
    agreed = [facts.clause(one) for one in distinct.tolist()]
    figures = [
        float(getattr(found.terms, name) or 0)
        if found is not None and isinstance(found.terms, BillingGuidelines)
        else 0.0
        for found in agreed
    ]
    return np.array(figures)[place]
