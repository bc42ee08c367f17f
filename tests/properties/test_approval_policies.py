"""A change of policy never touches flows under way, whatever is published in the middle of them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from data.schemas.approval_policy import Approver
from data.schemas.vocabulary import ApprovalKind, Role
from tests.builders.approvals import (
    ADMIN,
    LEADER,
    OTHER_LEADER,
    WRITE_OFF,
    chase,
    employ,
    policy,
    requests,
    rule,
    say,
)
from tests.builders.items import milestone
from tests.builders.policies import publish
from tests.builders.service import APPROVER, CHIEF, Workplace, database

PEOPLE = (LEADER, OTHER_LEADER, APPROVER, CHIEF, ADMIN)
ROLES = (Role.OPERATIONS_LEADER, Role.APPROVER, Role.ADMIN)
rules = st.builds(
    rule,
    kind=st.just(ApprovalKind.WRITE_OFF),
    from_major=st.sampled_from([0, 10_000]),
    approvers=st.lists(
        st.builds(Approver, role=st.sampled_from(ROLES), is_client_owner=st.booleans()),
        min_size=1,
        max_size=3,
    ).map(tuple),
    is_in_turn=st.booleans(),
    respond_hours=st.integers(1, 48),
    remind_hours=st.integers(1, 48),
    escalate_to=st.sampled_from(ROLES),
)
policies = st.lists(rules, max_size=2, unique_by=lambda one: one.from_major).flatmap(
    lambda found: st.builds(
        lambda owner, limit: policy(*found, owners={"acme": owner}).model_copy(
            update={"four_eyes_major": limit}
        ),
        st.sampled_from([one.id for one in PEOPLE]),
        st.sampled_from([0, 50_000]),
    )
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("say"), st.sampled_from(PEOPLE), st.booleans()),
        st.tuples(st.just("wait"), st.integers(1, 60)),
    ),
    max_size=10,
)


@settings(max_examples=15)
@given(
    first=policies.filter(lambda one: one.four_eyes_major > 0),
    later=st.lists(policies, max_size=3),
    plan=steps,
    data=st.data(),
)
def test_outcomes_of_flows_under_way_stay_whatever_is_published(first, later, plan, data):
    places = data.draw(st.lists(st.integers(0, len(plan)), min_size=3, max_size=3))
    published = dict(zip(places, later, strict=False))
    assert _outcome(first, plan, published={}) == _outcome(first, plan, published=published)


def _outcome(first, plan, *, published):
    """What becomes of one decision, and when; with the policies that come into force meanwhile."""
    with tempfile.TemporaryDirectory() as folder:
        workplace = Workplace(database(Path(folder)))
        try:
            employ(workplace, *PEOPLE)
            publish(workplace, first)
            decision = workplace.decided(milestone(amount_minor=20_000_00), **WRITE_OFF)
            said = [_step(workplace, decision, one, published.get(number))
                    for number, one in enumerate(plan)]  # fmt: skip
            case = workplace.case(decision.case_id)
            waiting = [
                (one.status, one.due_at, one.remind_at, one.words, one.escalated_at)
                for one in requests(workplace, decision.id)
            ]
            return said, case.status, waiting, workplace.enqueued()
        finally:
            workplace.close()


def _step(workplace, decision, step, newer):
    if newer is not None:
        publish(workplace, newer)
    if step[0] == "wait":
        workplace.clock.forward(hours=step[1])
        return chase(workplace)
    try:
        asked = requests(workplace, decision.id)
        return say(workplace, asked[0], step[1], yes=step[2], note="so") if asked else None
    except Exception as error:  # noqa: BLE001 - a refusal is an outcome too
        return type(error).__name__, str(error)
