"""Which case is worth a reviewer's next minute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import attrgetter

from data.schemas.assessment import Assessment
from data.schemas.items import AnyItem, ExpenseReport, Timesheet
from data.schemas.values import minor_per_major
from data.schemas.vocabulary import Lane, Proof
from service.domain.case import Case

REVIEWER_ERROR = 0.05
"""Share of cases a reviewer group gets wrong until double reviews measure it (field: 5-10 %)."""
EFFECT_FREE = frozenset({Lane.DOUBLE, Lane.GOLD})
"""Lanes whose verdicts are labels only: nothing is billed, held or learned as a fact from them."""

PRIOR_CASES = 20
"""Cases with a known answer that the expected error counts for."""
BASE_MINUTES = 1.0
SHORTEST_MINUTES = 0.25
"""A look and a click: what is expected to take less would own the queue."""
MINUTES_PER_FINDING = 0.6
MINUTES_PER_ROW = 0.05


def value_minor(assessment: Assessment, *, cap_major: int) -> int:
    """Money that is wrong if billing the item as it stands is wrong, at most the cap.

    After a rule it is the exposure; on suspicion alone it is the amount, for `doubt` weighs it.
    """
    exposed = assessment.risk_minor + assessment.leak_minor
    cap = cap_major * minor_per_major(assessment.currency)
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


def review_error(assessment: Assessment) -> float:
    """How often a verdict on such an item is wrong: as measured, or as known from the field."""
    measured = assessment.review_error
    return REVIEWER_ERROR if measured is None else measured


def review_minutes(assessment: Assessment, item: AnyItem) -> float:
    """Expected minutes of work: the model's word, or a guess from findings and rows to read."""
    if assessment.review_minutes is not None:
        return max(assessment.review_minutes, SHORTEST_MINUTES)
    rows = _rows_to_read(item)
    return BASE_MINUTES + MINUTES_PER_FINDING * len(assessment.findings) + MINUTES_PER_ROW * rows


def _rows_to_read(item: AnyItem) -> int:
    if isinstance(item, Timesheet):
        return len(item.entries)
    return len(item.expenses) if isinstance(item, ExpenseReport) else 1


def worth_now(case: Case, *, error: float, cap_major: int) -> float:
    """Net value of a minute as measured now: value x (doubt - reviewer error) / minutes.

    In major currency units. A reviewer mends a wrong default with probability (1 - e) u and spoils
    a right one with e (1 - u); the difference is u - e. It is the c-mu rule with the reviewer's
    error netted out.
    """
    major = min(case.value_minor / minor_per_major(case.currency), cap_major)
    return major * (case.doubt - error) / case.review_minutes


def measured_error(expected: float, *, wrong: int, known: int) -> float:
    """How often verdicts are wrong, after so many cases whose answer was known.

    What was expected weighs as much as `PRIOR_CASES` cases: a lucky dozen proves nothing.
    """
    return (expected * PRIOR_CASES + wrong) / (PRIOR_CASES + known)


def in_order(
    cases: Sequence[Case], *, worth: Callable[[Case], float] = attrgetter("worth")
) -> list[Case]:
    """Sort best first; the older case wins a tie."""
    return sorted(cases, key=lambda case: (-worth(case), case.opened_at, case.id))


def has_effect(case: Case) -> bool:
    """Say whether the verdict on a case moves money; a repeat of another case never does.

    Blind second reviews and known answers show an item that another case decides, or decided.
    """
    return case.lane not in EFFECT_FREE


def _is_proved(assessment: Assessment) -> bool:
    return any(finding.proof is Proof.RULE for finding in assessment.findings)
