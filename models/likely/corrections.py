"""Will this amount be written off or reduced at billing, as earlier ones were?"""

from __future__ import annotations

import numpy as np

from models.codes import UNKNOWN
from models.likely.money import expected_minor
from models.likely.odds import log_odds
from models.past.tally import Tally
from models.rules.facts import Facts
from models.rules.hits import Hit, Hits, item_hits

USUAL_SHARE = 0.06
"""Share of reviewed items that are corrected: 4 to 6 % of value is written off in the field, and
6 to 9 % of entries break a rule."""
PRIOR_CASES = 20.0
"""Every share starts as if twenty cases had shown the usual one, so one bad week brands nobody."""
LOST_SHARE = 1 / 3
"""What a correction takes off: 5 % of value is written off, over the 15 % of entries with any
exception (field base rates)."""
DEPENDENCE = 0.6
"""A person's cases are the project's cases as well, so the two tell less than they would apart."""
LEAST_PROBABILITY = 0.25
"""Below it honest work is hit more often than once in a hundred items (measured on the firm)."""


def likely_write_off(facts: Facts) -> Hits:
    """T27: an item of a person and a project much of whose reviewed work was corrected.

    The log-odds are those of the usual share, moved by 0.6 of how far the person's share and the
    project's lie from it. The leak is the probability times a third of the amount.
    """
    return item_hits(
        facts, _likely(facts), summary="Likely written off or reduced at billing", is_proved=False
    )


def _likely(facts: Facts) -> list[Hit]:
    batch, learned = facts.batch, facts.past.learned
    hits = []
    for item in np.flatnonzero(batch.amount_minor > 0).tolist():
        of_person = corrected_share(learned.corrections_of_person, int(batch.person[item]))
        of_project = corrected_share(learned.corrections_of_project, int(batch.project[item]))
        probability = moved_by(USUAL_SHARE, of_person, of_project)
        if probability >= LEAST_PROBABILITY:
            amount = batch.amount_minor[item : item + 1]
            lost = expected_minor(amount, np.array([probability * LOST_SHARE]))
            hits.append(
                Hit(
                    item=item,
                    clause=UNKNOWN,
                    field="amount_minor",
                    actual=(
                        f"about {of_person:.0%} of this person's reviewed items and "
                        f"{of_project:.0%} of the project's were corrected"
                    ),
                    expected=f"about {USUAL_SHARE:.0%}, as usual",
                    exposure_minor=-int(lost[0]),
                    probability=probability,
                )
            )
    return hits


def corrected_share(corrections: Tally, code: int) -> float:
    """Give the share of reviewed items that were corrected, drawn to the usual one."""
    return corrections.shrunk_mean(code, prior=USUAL_SHARE, strength=PRIOR_CASES)


def moved_by(probability: float, *shares: float) -> float:
    """Move a probability by how far shares of corrected items lie from the usual one, in odds."""
    usual = log_odds(USUAL_SHARE)
    odds = log_odds(probability) + DEPENDENCE * sum(log_odds(one) - usual for one in shares)
    return float(1.0 / (1.0 + np.exp(-odds)))
