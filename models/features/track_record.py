"""What earlier outcomes say of an item's person, project, approver and client."""

from __future__ import annotations

import numpy as np

from data.schemas.items import AnyItem
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict
from models.codes import UNKNOWN
from models.columns import Batch, Floats
from models.past.history import History
from models.terms import Terms

VIOLATION_PRIOR, DELAY_PRIOR, LATE_PRIOR = 0.06, 0.17, 0.3
APPROVAL_DAYS_PRIOR, DAYS_LATE_PRIOR = 2.0, 5.0
PRIOR_CASES = 20.0
"""Every rate starts as if twenty cases had shown the prior, so one bad week brands nobody."""

NAMES = (
    "person_violation_rate",
    "project_violation_rate",
    "approver_violation_rate",
    "client_violation_rate",
    "approver_mean_days",
    "client_late_rate",
    "client_days_late",
    "client_delay_rate",
)


def track_record(batch: Batch, *, history: History, terms: Terms) -> dict[str, Floats]:
    """Give shrunk rates from settled cases only."""
    table = np.empty((len(batch), len(NAMES)))
    for index, item in enumerate(batch.items):
        client = terms.client_of_contract(item.contract_id)
        table[index] = _rates(
            history,
            person=int(batch.person[index]),
            project=int(batch.project[index]),
            approver=history.approver.find(approver_of(item) or ""),
            client=UNKNOWN if client is None else history.client.find(client.id),
        )
    return {name: table[:, column] for column, name in enumerate(NAMES)}


def approver_of(item: AnyItem) -> str | None:
    """Give the last person other than the client who approved the item."""
    for event in reversed(item.approvals):
        if event.verdict is ApprovalVerdict.APPROVE and event.step in {
            ApprovalStep.MANAGER,
            ApprovalStep.FINANCE,
        }:
            return event.actor_id
    return None


def _rates(
    history: History, *, person: int, project: int, approver: int, client: int
) -> tuple[float, ...]:
    fault = {"prior": VIOLATION_PRIOR, "strength": PRIOR_CASES}
    return (
        history.violations_of_person.shrunk_mean(person, **fault),
        history.violations_of_project.shrunk_mean(project, **fault),
        history.violations_of_approver.shrunk_mean(approver, **fault),
        history.violations_of_client.shrunk_mean(client, **fault),
        history.approval_days_of_approver.shrunk_mean(
            approver, prior=APPROVAL_DAYS_PRIOR, strength=PRIOR_CASES
        ),
        history.late_of_client.shrunk_mean(client, prior=LATE_PRIOR, strength=PRIOR_CASES),
        history.days_late_of_client.shrunk_mean(
            client, prior=DAYS_LATE_PRIOR, strength=PRIOR_CASES
        ),
        history.invoice_delays_of_client.shrunk_mean(
            client, prior=DELAY_PRIOR, strength=PRIOR_CASES
        ),
    )
