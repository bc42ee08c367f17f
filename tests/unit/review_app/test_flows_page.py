"""Approvals and flows on their pages: what waits for me, what the engine does, and the switch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from data.schemas.approval_policy import ApprovalPolicy, ApprovalRule, Approver, ClientOwner
from data.schemas.review_policy import STANDARD_REVIEW_POLICY
from data.schemas.vocabulary import ApprovalKind, CaseStatus, ReasonCode, Role, Verdict
from service.clock import SystemClock
from service.domain.policy_draft import PolicyDraft
from service.wire.cases import ClaimRequest, DecisionRequest
from tests.builders.contracts import reference
from tests.builders.desk_world import DeskWorld, serving_desk
from tests.builders.items import milestone
from tests.builders.opened_screen import Open, drawn, opening_screens
from tests.fakes.scorer import FakeScorer

pytestmark = pytest.mark.enable_socket
RULE = ApprovalRule(kind=ApprovalKind.WRITE_OFF, approvers=(Approver(role=Role.APPROVER),))
APPROVALS = ApprovalPolicy(
    rules=(RULE,), owners=(ClientOwner(client_id="acme", person_id="person-carla"),)
)


@pytest.fixture(scope="module")
def world(tmp_path_factory) -> Iterator[DeskWorld]:
    home = tmp_path_factory.mktemp("flows")
    with serving_desk(home, reference=reference(), scorer=FakeScorer()) as running:
        now = SystemClock().now()
        draft = PolicyDraft(
            id="pol-1", note="Write-offs", based_on=0, author_id="x", drafted_at=now,
            policy=STANDARD_REVIEW_POLICY.model_copy(update={"approvals": APPROVALS}),
        )  # fmt: skip
        with running.opener() as uow:
            uow.policies.add_draft(draft)
            uow.policies.publish(draft.published(by="y", in_force=0, at=now))
        yield running


@pytest.fixture
def screens(world, monkeypatch) -> Iterator[Open]:
    with opening_screens(world, monkeypatch) as open_screen:
        yield open_screen


def written_off(world, name):
    """Has Chen write a milestone off; gives the request for approval."""
    (case_id,) = world.submit([milestone(external_id=name)])
    client = world.client("chen")
    (claim,) = client.claim(ClaimRequest(case_id=case_id)).claims
    request = DecisionRequest(
        lease_token=claim.lease_token, version=claim.detail.case.version,
        verdict=Verdict.WRITE_OFF, reason_codes=(ReasonCode.LATE,), note="They *left*",
    )  # fmt: skip
    client.decide(case_id, request=request, idempotency_key=name)
    waiting = world.client("carla").approval_requests().approvals
    return next(one for one in waiting if one.case_id == case_id)


def test_what_waits_for_my_approval_is_read_and_approved(screens, world):
    asked = written_off(world, "yes")
    listed = screens("approvals", "carla")
    assert "Decisions that wait for approval" in drawn(listed)
    app = screens("approvals", "carla", approval=asked.id)
    told = drawn(app)
    assert "They \\*left\\*" in told
    assert "write off from 0\\: approver" in told
    app.button(key=f"approve_{asked.id}").click().run()
    app.button(key=f"approve_{asked.id}_confirmed").click().run()
    assert not app.exception
    assert "approved" in drawn(app)
    assert world.client("chen").case(asked.case_id).case.status is CaseStatus.DECIDED


def test_sending_back_asks_why_and_the_case_waits_again(screens, world):
    asked = written_off(world, "no")
    app = screens("approvals", "carla", approval=asked.id)
    app.button(key=f"send_back_{asked.id}").click().run()
    app.text_area(key=f"send_back_{asked.id}_reason").set_value("They stay")
    app.button(key=f"send_back_{asked.id}_confirmed").click().run()
    assert "sent back to the queue" in drawn(app)
    assert world.client("chen").case(asked.case_id).case.status is CaseStatus.OPEN


def test_the_switch_stops_all_posting_and_the_pages_say_so_while_it_holds(screens, world):
    app = screens("exceptions", "ivo", tab="Flows")
    app.button(key="stop_posting").click().run()
    app.text_area(key="stop_posting_reason").set_value("The books are closed")
    app.button(key="stop_posting_confirmed").click().run()
    assert not app.exception
    assert "All posting is stopped by Ivo Horvat" in drawn(app)
    assert "The books are closed" in drawn(screens("approvals", "carla"))
    assert world.client("ivo").start_posting(reason="They are open").posting_stopped is None


def test_where_there_is_no_flow_words_say_so_and_no_empty_table_stands_below(screens):
    app = screens("exceptions", "olga", tab="Flows")
    app.selectbox(key="flow_states").set_value("Failed").run()
    assert "There is no such flow" in drawn(app)
    assert not app.dataframe


def test_a_flow_named_in_the_address_is_opened_paused_and_resumed(screens, world):
    asked = written_off(world, "flow")
    world.client("carla").give_word(asked.id, is_approved=True, note="")
    flow = world.client("ivo").flows().flows[0]
    app = screens("exceptions", "ivo", tab="Flows", flow=flow.id)
    assert "Conclude a decision" in drawn(app)
    app.button(key=f"pause_{flow.id}").click().run()
    app.text_area(key=f"pause_{flow.id}_reason").set_value("Wrong period")
    app.button(key=f"pause_{flow.id}_confirmed").click().run()
    assert world.client("ivo").flow(flow.id).flow.hold.reason == "Wrong period"
    assert "resume" in " ".join(one.key or "" for one in app.button)


def test_the_form_keeps_the_rules_of_approval_that_are_in_force(screens):
    told = drawn(screens("policy", "carla"))
    assert "Nothing is changed yet" in told
