"""What a case says of an item before it is stored: money, doubt, minutes and dates."""

from __future__ import annotations

from datetime import datetime

from data.schemas.assessment import Assessment
from data.schemas.items import AnyItem, Milestone, Timesheet
from data.schemas.review_policy import ReviewPolicy
from data.schemas.vocabulary import CaseStatus, Lane, Route
from service.domain.case import Case
from service.domain.deadlines import due_at
from service.domain.queue import doubt, review_error, review_minutes, value_minor
from service.ports.stores import StoredItem


def draft_case(
    stored: StoredItem, assessment: Assessment, *, policy: ReviewPolicy, now: datetime
) -> Case:
    """Give the case of an assessed item as it would be opened at `now`; it has no id yet."""
    is_held = assessment.route is Route.AUTO_HOLD and assessment.lane is None
    return Case(
        id="",
        item_id=stored.item.item_id,
        item_seq=stored.seq,
        assessment_id=assessment.id,
        kind=stored.item.kind,
        title=title_of(stored.item),
        client_id=stored.client_id,
        contract_id=stored.item.contract_id,
        business_unit=stored.business_unit,
        person_id=_person_of(stored.item),
        project_id=_project_of(stored.item),
        status=CaseStatus.HELD if is_held else CaseStatus.OPEN,
        version=1,
        route=assessment.route,
        lane=assessment.lane or Lane.INDEX,
        propensity=assessment.propensity,
        amount_minor=assessment.amount_minor,
        currency=assessment.currency,
        risk_minor=assessment.risk_minor,
        leak_minor=assessment.leak_minor,
        value_minor=value_minor(assessment, cap_major=policy.value_cap_major),
        doubt=doubt(assessment),
        review_minutes=review_minutes(assessment, stored.item),
        review_error=review_error(assessment),
        opened_at=now,
        due_at=due_at(
            now,
            kind=stored.item.kind,
            amount_minor=assessment.amount_minor,
            currency=assessment.currency,
            policy=policy,
        ),
    )


def title_of(item: AnyItem) -> str:
    """How a list names an item; a person by their id, which screens replace by a name."""
    if isinstance(item, Milestone):
        return f"{item.name}, due {item.due_on}"
    return f"{item.person_id}, {item.period_start} to {item.period_end}"


def _person_of(item: AnyItem) -> str | None:
    return None if isinstance(item, Milestone) else item.person_id


def _project_of(item: AnyItem) -> str | None:
    """The project of most rows; of as many, the first named."""
    if isinstance(item, Milestone):
        return item.project_id
    rows = item.entries if isinstance(item, Timesheet) else item.expenses
    named = [row.project_id for row in rows]
    return max(named, key=named.count, default=None)
