"""What rules can prove of the finished items: one sweep over the facts for each fault.

Working it out from the finished facts, and not from what was planted, records the faults that
another fault implies, such as the ceiling that a duplicate helps to break. The sweeps are written
from the catalogue alone and share nothing with `models.rules`, so that each can find the other's
mistakes.
"""

from __future__ import annotations

from collections.abc import Sequence

from data.firm import (
    proofs_expenses,
    proofs_limits,
    proofs_milestones,
    proofs_people,
    proofs_signatures,
    proofs_time,
    proofs_words,
)
from data.firm.facts import gather_facts
from data.firm.proof import Proof
from data.firm.records import Submission
from data.schemas.reference import Reference

SWEEPS = (
    *proofs_limits.SWEEPS,
    *proofs_people.SWEEPS,
    *proofs_time.SWEEPS,
    *proofs_words.SWEEPS,
    *proofs_signatures.SWEEPS,
    *proofs_expenses.SWEEPS,
    *proofs_milestones.SWEEPS,
)


def prove_faults(submissions: Sequence[Submission], *, reference: Reference) -> tuple[Proof, ...]:
    """Every fault of every item that contracts, records and the items themselves prove.

    Limits are used up in order of arrival. What was already invoiced is proved by the ledger: see
    `data.firm.billing`.
    """
    facts = gather_facts(submissions, reference=reference)
    return tuple(proof for sweep in SWEEPS for proof in sweep(facts))
