"""Work on a simulated desk: a generated firm's items, what a model says, what a review protects.

The deadlines, the minutes and the worth of a case are those of the service, not a copy of them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import NormalDist

from data.firm.chance import Chance
from data.firm.generate import Firm
from data.firm.records import Truth
from data.firm.reviewers import Reviewer
from data.schemas.items import AnyItem, ExpenseReport, Timesheet
from data.schemas.questions import Question
from data.schemas.review_policy import ReviewPolicy, TimeoutRule
from data.schemas.values import minor_per_major
from models.thinning import uniform
from service.domain.case import Case
from service.domain.deadlines import due_at
from service.domain.queue import (
    BASE_MINUTES,
    MINUTES_PER_FINDING,
    MINUTES_PER_ROW,
    REVIEWER_ERROR,
)
from tests.builders.service import case

POLICY = ReviewPolicy(
    timeouts=(
        TimeoutRule(respond_hours=40),
        TimeoutRule(from_major=1_000, respond_hours=16),
        TimeoutRule(from_major=10_000, respond_hours=8),
    )
)
"""The standard policy, with shorter response times for larger amounts."""
COST_OF_REFUSAL = 0.01
"""Of a right item sent back: its money comes a month late, at twelve per cent a year."""
MODEL_NOISE = 0.8
"""Standard deviation of a model's log-odds round the probability that the generator drew from."""
CLEARED_BELOW = 0.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An item on the desk, what is true of it, and what it takes to look."""

    case: Case
    item: AnyItem
    truth: Truth


def coin(name: str) -> float:
    return float(uniform(name, salt="desk orders"))


def reviewed(work: Work, reviewers: Sequence[Reviewer]) -> tuple[float, float]:
    """The money that a review protects, and its minutes; the same in every order."""
    mark = uniform(work.case.id, salt="who reviews")
    reviewer = reviewers[int(mark * len(reviewers))]
    judged = reviewer.judge(
        work.truth, item=work.item, shown_probability=None,
        chance=Chance("verdicts", seed=int(mark * 2**53)),
    )  # fmt: skip
    major = minor_per_major(work.case.currency)
    at_stake = sum(abs(fault.exposure_minor) for fault in work.truth.faults) / major
    minutes = judged.active_seconds / 60
    if work.truth.faults:
        return (at_stake if judged.found else 0.0), minutes
    return (-COST_OF_REFUSAL * work.case.amount_minor / major if judged.found else 0.0), minutes


def arriving(firm: Firm) -> Iterator[Work]:
    for number, submitted in enumerate(firm.submissions, start=1):
        item, truth = submitted.item, firm.truth[submitted.item.item_id]
        if item.amount_minor <= 0:
            continue
        proved = [fault for fault in truth.faults if not fault.is_hidden]
        exposed = sum(abs(fault.exposure_minor) for fault in proved)
        yield Work(
            item=item,
            truth=truth,
            case=case(
                id=f"C-{number:06}",
                item_id=item.item_id,
                kind=item.kind,
                currency=item.currency,
                amount_minor=item.amount_minor,
                value_minor=exposed if proved else item.amount_minor,
                doubt=1.0 if proved else _said(truth, item),
                review_minutes=_minutes(item, findings=len(proved)),
                review_error=REVIEWER_ERROR,
                opened_at=submitted.received_at,
                due_at=due_at(
                    submitted.received_at,
                    kind=item.kind,
                    amount_minor=item.amount_minor,
                    currency=item.currency,
                    policy=POLICY,
                ),
            ),
        )


def _said(truth: Truth, item: AnyItem) -> float:
    """What a model says: the generator's probability with noise on its log-odds."""
    probability = min(max(truth.probabilities[Question.ANY_FAULT], 1e-4), 1 - 1e-4)
    noise = NormalDist(sigma=MODEL_NOISE).inv_cdf(coin(f"model {item.item_id}"))
    odds = math.log(probability / (1 - probability)) + noise
    return 1 / (1 + math.exp(-odds))


def _minutes(item: AnyItem, *, findings: int) -> float:
    rows = 1
    if isinstance(item, Timesheet):
        rows = len(item.entries)
    elif isinstance(item, ExpenseReport):
        rows = len(item.expenses)
    return BASE_MINUTES + MINUTES_PER_FINDING * findings + MINUTES_PER_ROW * rows
