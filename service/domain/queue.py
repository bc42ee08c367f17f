"""Which case is worth a reviewer's next minute."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from data.schemas.assessment import Assessment
from data.schemas.items import AnyItem, ExpenseReport, Timesheet
from data.schemas.values import minor_per_major
from data.schemas.vocabulary import Proof
from service.domain.case import Case

REVIEWER_ERROR = 0.05
"""Share of cases a reviewer group gets wrong until double reviews measure it (field: 5-10 %)."""
VALUE_CAP_MAJOR = 250_000
"""Above this many currency units a case is no more urgent: a typing error must own no queue."""
AUDIT_SHARE = 0.10
"""Share of claims that hand out a random check of auto-cleared items, unseen by the reviewer."""
RESPONSE_WINDOW = timedelta(days=2)

BASE_MINUTES = 1.0
MINUTES_PER_FINDING = 0.6
MINUTES_PER_ROW = 0.05


def value_minor(assessment: Assessment) -> int:
    """Money that is wrong if billing the item as it stands is wrong, capped.

    After a rule it is the exposure; on suspicion alone it is the amount, for `doubt` weighs it.
    """
    exposed = assessment.risk_minor + assessment.leak_minor
    cap = VALUE_CAP_MAJOR * minor_per_major(assessment.currency)
    return min(exposed if _is_proved(assessment) else assessment.amount_minor, cap)


def doubt(assessment: Assessment) -> float:
    """Probability that billing as it stands would be wrong: certain once a rule proved it.

    Short of that it is the largest of the model's own and those of single suspicions.
    """
    if _is_proved(assessment):
        return 1.0
    probability = assessment.violation_probability
    suspected = (one.probability for one in assessment.findings if one.is_suspicion)
    return max(0.5 if probability is None else probability, *suspected, 0.0)


def review_minutes(assessment: Assessment, item: AnyItem) -> float:
    """Expected minutes of work, from the number of findings and rows to read."""
    rows = _rows_to_read(item)
    return BASE_MINUTES + MINUTES_PER_FINDING * len(assessment.findings) + MINUTES_PER_ROW * rows


def _rows_to_read(item: AnyItem) -> int:
    if isinstance(item, Timesheet):
        return len(item.entries)
    return len(item.expenses) if isinstance(item, ExpenseReport) else 1


def net_per_minute(case: Case) -> float:
    """Value x (doubt - reviewer error) / minutes, in major currency units.

    A reviewer mends a wrong default with probability (1 - e) u and spoils a right one with
    e (1 - u); the difference is u - e. It is the c-mu rule with the reviewer's error netted out.
    """
    major = case.value_minor / minor_per_major(case.currency)
    return major * (case.doubt - REVIEWER_ERROR) / case.review_minutes


def in_order(cases: Sequence[Case]) -> list[Case]:
    """Sort best first; the older case wins a tie."""
    return sorted(cases, key=lambda case: (-net_per_minute(case), case.opened_at, case.id))


def due_at(opened_at: datetime) -> datetime:
    """When a case should be answered."""
    return opened_at + RESPONSE_WINDOW


def _is_proved(assessment: Assessment) -> bool:
    return any(finding.proof is Proof.RULE for finding in assessment.findings)
