"""What earlier outcomes say of an item's person, project, approver and client."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from data.schemas.items import AnyItem
from data.schemas.vocabulary import ApprovalStep, ApprovalVerdict
from models.codes import UNKNOWN
from models.columns import Batch, Floats, microseconds
from models.features.feature import Feature, FeatureType, KnownAt, signs
from models.past.history import History
from models.past.work_habits import DAY_US, WRITE_OFF_HORIZON_US
from models.terms import Terms

VIOLATION_PRIOR, DELAY_PRIOR, WRITE_OFF_PRIOR = 0.06, 0.17, 0.05
APPROVAL_DAYS_PRIOR = 2.0
PRIOR_CASES = 20.0
"""Every rate starts as if twenty cases had shown the prior, so one bad week brands nobody."""
QUEUE_DAYS = 7

_T, _K = FeatureType, KnownAt

FEATURES: tuple[Feature, ...] = (
    Feature(name="person_violation_rate", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=1, write_off=1, dispute=1),
            sentence="About {value:.0%} of this person's reviewed items had a fault"),
    Feature(name="project_violation_rate", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=1, write_off=1, dispute=1),
            sentence="About {value:.0%} of this project's reviewed items had a fault"),
    Feature(name="approver_violation_rate", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=1),
            sentence="About {value:.0%} of what this approver signed had a fault"),
    Feature(name="client_violation_rate", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(fault=1, write_off=1, dispute=1),
            sentence="About {value:.0%} of this client's reviewed items had a fault"),
    Feature(name="person_write_off_rate", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(write_off=1),
            sentence="About {value:.0%} of this person's items were written off in part"),
    Feature(name="project_write_off_rate", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(write_off=1),
            sentence="About {value:.0%} of this project's items were written off in part"),
    Feature(name="approver_mean_days", type=_T.DAYS, known_at=_K.DECISION,
            signs=signs(delay=1),
            sentence="This approver takes {value:.1f} days on average"),
    Feature(name="approver_signed_7d", type=_T.COUNT, known_at=_K.DECISION,
            signs=signs(fault=0, delay=0),
            sentence="This approver signed {value:.0f} items in the seven days before"),
    Feature(name="client_delay_rate", type=_T.SHARE, known_at=_K.DECISION,
            signs=signs(delay=1),
            sentence="About {value:.0%} of this client's items missed their billing date"),
)  # fmt: skip


def track_record(
    batch: Batch, *, history: History, terms: Terms, decided_at: datetime
) -> dict[str, Floats]:
    """Give shrunk rates from settled cases only."""
    table = np.empty((len(batch), len(FEATURES)))
    now_us = microseconds(decided_at)
    for index, item in enumerate(batch.items):
        client = terms.client_of_contract(item.contract_id)
        person, project = int(batch.person[index]), int(batch.project[index])
        approver = history.approver.find(approver_of(item) or "")
        table[index] = (
            *_faults(
                history,
                person=person,
                project=project,
                approver=approver,
                client=UNKNOWN if client is None else history.client.find(client.id),
            ),
            *_write_offs(history, person=person, project=project, now_us=now_us),
            history.approval_days_of_approver.shrunk_mean(
                approver, prior=APPROVAL_DAYS_PRIOR, strength=PRIOR_CASES
            ),
            history.habits.signed_between(
                approver, from_us=now_us - QUEUE_DAYS * DAY_US, to_us=now_us
            ),
            history.invoice_delays_of_client.shrunk_mean(
                UNKNOWN if client is None else history.client.find(client.id),
                prior=DELAY_PRIOR,
                strength=PRIOR_CASES,
            ),
        )
    return {feature.name: table[:, column] for column, feature in enumerate(FEATURES)}


def approver_of(item: AnyItem) -> str | None:
    """Give the last person other than the client who approved the item."""
    for event in reversed(item.approvals):
        if event.verdict is ApprovalVerdict.APPROVE and event.step in {
            ApprovalStep.MANAGER,
            ApprovalStep.FINANCE,
        }:
            return event.actor_id
    return None


def _faults(
    history: History, *, person: int, project: int, approver: int, client: int
) -> tuple[float, ...]:
    return tuple(
        tally.shrunk_mean(code, prior=VIOLATION_PRIOR, strength=PRIOR_CASES)
        for tally, code in (
            (history.violations_of_person, person),
            (history.violations_of_project, project),
            (history.violations_of_approver, approver),
            (history.violations_of_client, client),
        )
    )


def _write_offs(history: History, *, person: int, project: int, now_us: int) -> tuple[float, float]:
    settled_us = now_us - WRITE_OFF_HORIZON_US
    habits = history.habits
    return (
        habits.write_offs_of_person.shrunk_rate(
            person, before_us=settled_us, prior=WRITE_OFF_PRIOR, strength=PRIOR_CASES
        ),
        habits.write_offs_of_project.shrunk_rate(
            project, before_us=settled_us, prior=WRITE_OFF_PRIOR, strength=PRIOR_CASES
        ),
    )
