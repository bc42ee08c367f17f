"""The money that rules proved of an item: what may be told without the models' opinion."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from data.schemas.assessment import Assessment, EvidenceRow
from data.schemas.vocabulary import Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvedMoney:
    """Money at risk if billed, and money due and not billed; in minor units, none below zero."""

    risk_minor: int
    leak_minor: int


def proved_money(said: Assessment) -> ProvedMoney:
    """Add up what rules proved, and nothing that is weighed by a probability.

    Of findings about one row the largest counts, and never more is at risk than the item asks for.
    """
    risks: dict[str, int] = {}
    leaks: dict[str, int] = {}
    for finding in said.findings:
        if finding.proof is Proof.RULE:
            _keep_largest(risks, _by_row(finding.evidence, sign=1))
            _keep_largest(leaks, _by_row(finding.evidence, sign=-1))
    of_item = risks.pop(said.item_id, 0)
    return ProvedMoney(
        risk_minor=min(max(of_item, sum(risks.values())), said.amount_minor),
        leak_minor=sum(leaks.values()),
    )


def _by_row(evidence: Iterable[EvidenceRow], *, sign: int) -> dict[str, int]:
    totals: dict[str, int] = {}
    for row in evidence:
        totals[row.row_id] = totals.get(row.row_id, 0) + max(sign * row.exposure_minor, 0)
    return totals


def _keep_largest(largest: dict[str, int], found: dict[str, int]) -> None:
    for row_id, minor in found.items():
        largest[row_id] = max(largest.get(row_id, 0), minor)
