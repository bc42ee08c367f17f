"""Lists that grow are read page by page; those that do not say why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.review_policy import STANDARD_REVIEW_POLICY, LaneShares
from data.schemas.vocabulary import (
    Channel,
    DeliveryStatus,
    ModelOrder,
    NotificationKind,
    Role,
    Scope,
)  # fmt: skip
from service.api.openapi import describe, operations
from service.api.pages import page_of
from service.calls.paging import pages
from service.client import ApiProblem, CountersignClient
from service.clock import SystemClock
from service.domain.errors import InvalidRequestError
from service.domain.model_job import ModelJob
from service.domain.notification import Delivery, Notification
from service.wire.accounts import InvitationRequest, KeyRequest
from tests.integration.test_api_imports import MAPPING, TIMESHEETS, ended, upload

BOUNDED = {
    "GET /v1/accounts/sides": "the choices of one form, wanted whole",
    "GET /v1/approval-requests": "work that waits, longest first; it shrinks as it is done",
    "GET /v1/approvals": "work that waits, most money first; it shrinks as it is done",
    "GET /v1/cases/{case_id}/attachments": "the files of one case",
    "GET /v1/cases/{case_id}/relatives": "the nearest of one case, so many and no more",
    "GET /v1/cases/{case_id}/similar": "the nearest of one case, so many and no more",
    "GET /v1/audit/verification": "what one look at the trail found wrong",
    "GET /v1/colleagues": "the choices of one form, wanted whole",
    "GET /v1/contracts/{contract_id}/allocation": "one sum, which every entry is part of",
    "GET /v1/contracts/{contract_id}/terms": "what one contract agrees on",
    "GET /v1/event-types": "fixed by the release",
    "GET /v1/flows": "the newest of a state; what ended stands in postings and in the trail",
    "GET /v1/flows/{flow_id}": "the steps of one flow",
    "GET /v1/integrations": "one line for each connected system",
    "GET /v1/items/{item_id}/versions": "the versions of one item",
    "GET /v1/me": "roles and scopes of the caller",
    "GET /v1/me/sessions": "the devices that one person is logged in on",
    "GET /v1/me/work": "what one person holds, each part with its own limit",
    "GET /v1/missing-time": "one period, at most a year",
    "GET /v1/models": "what is in force",
    "GET /v1/operations": "figures",
    "GET /v1/policy": "what is in force",
    "GET /v1/postings/reasons": "one line for each reason",
    "GET /v1/syncs": "one line for each connected system",
    "GET /v1/syncs/{source}": "one system and its last runs, so many and no more",
    "GET /v1/views": "a menu: each person keeps at most 100",
}
"""Lists without a cursor, and why they end by themselves."""


def test_every_list_goes_on_with_a_cursor_or_says_why_it_needs_none(api):
    document = describe(api.app)
    shapes = document["components"]["schemas"]
    without = set()
    for path, method, operation in operations(document):
        answer = operation["responses"].get("200", {}).get("content", {})
        schema = answer.get("application/json", {}).get("schema", {})
        fields = shapes.get(schema.get("$ref", "").rpartition("/")[2], {}).get("properties", {})
        lists = [one for one in fields.values() if one.get("type") == "array"]
        names = {one.get("name") for one in operation.get("parameters", ())}
        if method == "get" and lists and not ({"cursor", "limit"} <= names):
            without.add(f"GET {path}")
        elif method == "get" and lists:
            assert "next_cursor" in fields, path
    assert without - _RECORDS == set(BOUNDED)


_RECORDS = {
    f"GET /v1/{one}"
    for one in (
        "assessments/{assessment_id}", "approval-requests/{approval_id}", "accounts/{person_id}",
        "cases/{case_id}", "clients/{object_id}", "contracts/{object_id}", "imports/{import_id}",
        "people/{object_id}", "postings/{posting_id}", "postings/{posting_id}/bill",
        "projects/{object_id}", "queue", "subscribers/{subscriber_id}", "me/absence",
    )
}  # fmt: skip
"""One thing each, with lists inside."""


SHARES = (0.11, 0.12, 0.13)


@pytest.fixture(scope="module")
def filled(api):
    """At least three of everything."""
    client = {who: _client(api, who) for who in ("adam", "anna")}
    with api.opener() as uow:
        rita = uow.accounts.by_login("rita")
        for number in range(3):
            uow.jobs.add(_job(number))
            note = Notification(
                id=f"note-{number}", person_id=rita.person_id, kind=NotificationKind.CASE_LATE,
                text="late", case_id=None, at=SystemClock().now(),
            )  # fmt: skip
            failed = Delivery(
                notification_id=note.id, channel=Channel.EMAIL, due_at=note.at,
                status=DeliveryStatus.FAILED,
            )  # fmt: skip
            uow.notifications.add(note, deliveries=[failed])
    for number in range(3):
        client["adam"].make_key(KeyRequest(name=f"key {number}", scopes=(Scope.READ,)))
        policy = STANDARD_REVIEW_POLICY.model_copy(
            update={"lanes": LaneShares(audit=SHARES[number])}
        )
        client["anna"].draft_policy(policy, note=f"draft {number}")
        client["adam"].invite(
            InvitationRequest(login=f"new{number}", name="New", roles=(Role.REVIEWER,))
        )
    for draft in client["anna"].policy_drafts().drafts[:1]:
        client["adam"].publish_policy(draft.id)
    for text in (MAPPING.read_text(), MAPPING.read_text().replace(": timesheets", ": paged", 1)):
        ended(api, upload(api, TIMESHEETS, text).json()["id"])
    return client


def _client(api, who):
    return CountersignClient("http://testserver", token=who, transport=api.client._transport)


def _job(number):
    return ModelJob(
        id=f"job-{number}", ordered=ModelOrder.DRIFT, version=None, actor_id="person-adam",
        ordered_at=SystemClock().now() - timedelta(hours=1),
    )  # fmt: skip


WALKS = {
    "accounts": ("adam", "accounts", "person_id"),
    "keys": ("adam", "keys", "id"),
    "model_jobs": ("adam", "jobs", "id"),
    "policy_drafts": ("adam", "drafts", "id"),
    "policy_versions": ("adam", "versions", "version"),
    "known_cases": ("adam", "known_cases", "id"),
    "subscribers": ("adam", "subscribers", "id"),
    "deliveries": ("adam", "deliveries", "notification_id"),
    "imports": ("adam", "imports", "id"),
    "bulks": ("adam", "bulks", "id"),
}


@pytest.mark.parametrize("call", WALKS)
def test_page_by_page_a_list_is_what_it_is_at_once(filled, call):
    who, field, name = WALKS[call]
    asked = getattr(filled[who], call)
    whole = [getattr(one, name) for one in getattr(asked(), field)]
    walked = [getattr(one, name) for page in pages(asked, limit=1) for one in getattr(page, field)]
    assert walked == whole
    assert len(set(whole)) == len(whole)
    assert len(whole) >= _LEAST.get(call, 0)


_LEAST = {"accounts": 5, "keys": 5, "model_jobs": 3, "policy_drafts": 3, "policy_versions": 1,
          "deliveries": 3, "imports": 2}  # fmt: skip


@pytest.mark.parametrize("call", [one for one in WALKS if one != "deliveries"])
def test_a_cursor_of_another_list_is_refused(filled, call):
    who, _, _ = WALKS[call]
    with pytest.raises(ApiProblem) as refused:
        getattr(filled[who], call)(cursor="of another list")
    assert refused.value.problem.status == 422


def test_a_page_ends_where_the_list_does():
    names = ["a", "b", "c"]
    assert page_of(names, cursor=None, limit=3, id_of=str) == (("a", "b", "c"), None)
    assert page_of(names, cursor="a", limit=1, id_of=str) == (("b",), "b")
    assert page_of([], cursor=None, limit=1, id_of=str) == ((), None)
    with pytest.raises(InvalidRequestError):
        page_of(names, cursor="d", limit=1, id_of=str)
