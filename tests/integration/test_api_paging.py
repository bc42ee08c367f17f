"""Lists that grow are read page by page; those that do not say why."""

from __future__ import annotations

from datetime import timedelta

import pytest

from data.schemas.review_policy import STANDARD_REVIEW_POLICY, LaneShares
from data.schemas.vocabulary import (
    Channel,
    ClauseKind,
    DeliveryStatus,
    ModelOrder,
    NotificationKind,
    Role,
    Scope,
    TransferStatus,
)
from service.api.openapi import describe, operations
from service.api.pages import page_of
from service.client import CountersignClient
from service.clock import SystemClock
from service.domain.errors import InvalidRequestError
from service.domain.model_job import ModelJob
from service.domain.notification import Delivery, Notification
from service.ports.deciding_stores import Transfer
from service.wire.accounts import InvitationRequest, KeyRequest
from service.wire.known_cases import KnownCaseRequest
from tests.builders.api import running_api, tell
from tests.builders.contracts import clauses, contract, reference
from tests.builders.contracts import client as client_of
from tests.builders.items import milestone
from tests.builders.proposals import DOCUMENT
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
INSIDE = "127.0.0.1:9"
CLIENT = "paged"
CONTRACT = "paged-1"


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """The API with a told scorer, and an address inside that may be told of events."""
    home, inside = tmp_path_factory.mktemp("paged"), (INSIDE,)
    with running_api(home, reference=reference(), subscriber_inside_hosts=inside) as running:
        tell(running)
        yield running


@pytest.fixture(scope="module")
def filled(api):
    """More than one page of everything; gives the case that was talked about."""
    client = {who: _client(api, who) for who in ("adam", "anna", "rita")}
    _put_contracts(api)
    talked_about, decision_id = _cases(api, client["rita"])
    with api.opener() as uow:
        rita = uow.accounts.by_login("rita")
        uow.transfers.add([_transfer(number, decision_id) for number in range(3)])
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
        client["adam"].subscribe(f"http://{INSIDE}/{number}")
    for draft in client["anna"].policy_drafts().drafts[:1]:
        client["adam"].publish_policy(draft.id)
    for text in (MAPPING.read_text(), MAPPING.read_text().replace(": timesheets", ": paged", 1)):
        ended(api, upload(api, TIMESHEETS, text).json()["id"])
    return talked_about


def _client(api, who):
    return CountersignClient("http://testserver", token=who, transport=api.client._transport)


def _put_contracts(api):
    """Three contracts, of which one is silent on what a text can say of it."""
    silent = clauses(without={ClauseKind.WORKING_TIME, ClauseKind.NOT_TO_EXCEED})
    with _client(api, "reference-key") as caller:
        caller.put_client(client_of(id=CLIENT))
        for number in range(1, 4):
            caller.put_contract(contract(id=f"{CLIENT}-{number}", client_id=CLIENT, clauses=silent))
        caller.propose_clauses(CONTRACT, text=DOCUMENT)


def _cases(api, rita):
    """Three cases decided, whose bills then wait, and three that wait for somebody."""
    claims = [api.claimed(milestone(external_id=f"paged-{number}")) for number in range(3)]
    decided = [api.decide(claim).json()["decision"]["id"] for claim in claims]
    case_id = claims[0]["detail"]["case"]["id"]
    for number in range(3):
        rita.comment(case_id, text=f"comment {number}")
        _bulk(api, milestone(external_id=f"bulk-{number}"))
    with _client(api, "anna") as anna:
        for claim, is_faulty in zip(claims, (True, False, False), strict=True):
            of_case = claim["detail"]["case"]["id"]
            anna.name_known_case(
                KnownCaseRequest(case_id=of_case, is_faulty=is_faulty, why="as agreed")
            )
    return case_id, decided[0]


def _bulk(api, item):
    case = api.claimed(item)["detail"]["case"]
    body = {
        "cases": [{"case_id": case["id"], "version": case["version"]}],
        "verdict": "write_off", "reason_codes": ["late"], "note": "together",
    }  # fmt: skip
    assert api.call("rita", "POST", "/v1/bulk", json=body).status_code == 200


def _transfer(number, decision_id):
    return Transfer(
        id=f"move-{number}", decision_id=decision_id, item_id="test:moved", client_id=CLIENT,
        business_unit=None, row_id=f"row-{number}", minutes=60, amount_minor=100_00,
        currency="EUR", to_contract_id=CONTRACT, to_line_id="L-1", status=TransferStatus.OPEN,
        created_at=SystemClock().now(),
    )  # fmt: skip


def _job(number):
    return ModelJob(
        id=f"job-{number}", ordered=ModelOrder.DRIFT, version=None, actor_id="person-adam",
        ordered_at=SystemClock().now() - timedelta(hours=1),
    )  # fmt: skip


WALKS = {
    "/v1/accounts": ("adam", "accounts", "person_id", 8),
    "/v1/audit/events": ("otto", "entries", "id", 20),
    "/v1/bulk": ("rita", "bulks", "id", 3),
    "/v1/cases": ("rita", "cases", "id", 6),
    "/v1/cases/{case_id}/comments": ("rita", "comments", "id", 3),
    "/v1/contracts": ("rita", "contracts", "id", 3),
    f"/v1/contracts/{CONTRACT}/proposals": ("anna", "proposals", "id", 3),
    "/v1/decisions": ("rita", "decisions", "id", 3),
    "/v1/flows": ("adam", "flows", "id", 3),
    "/v1/imports": ("adam", "imports", "id", 2),
    "/v1/keys": ("adam", "keys", "id", 5),
    "/v1/known-cases": ("adam", "known_cases", "id", 3),
    "/v1/models/jobs": ("adam", "jobs", "id", 3),
    "/v1/notifications": ("rita", "notifications", "id", 3),
    "/v1/deliveries": ("adam", "deliveries", "notification_id", 3),
    "/v1/policy/drafts": ("adam", "drafts", "id", 2),
    "/v1/policy/versions": ("adam", "versions", "version", 1),
    "/v1/postings": ("adam", "postings", "id", 3),
    "/v1/subscribers": ("adam", "subscribers", "id", 3),
    "/v1/transfers": ("adam", "transfers", "id", 3),
}
"""For each list: who asks, the field it stands in, what names one of it, and how many there are."""


def test_every_list_that_goes_on_is_walked(api):
    walked = {path.partition("?")[0].replace(CONTRACT, "{contract_id}") for path in WALKS}
    paged = {
        path for path, method, operation in operations(describe(api.app))
        if method == "get"
        and {"cursor", "limit"} <= {one.get("name") for one in operation.get("parameters", ())}
    }  # fmt: skip
    assert walked == paged


@pytest.mark.parametrize("path", WALKS)
def test_page_by_page_a_list_is_what_it_is_at_once(api, filled, path):
    who, field, name, least = WALKS[path]

    def page(**more):
        asked = path.format(case_id=filled)
        answer = api.call(who, "GET", asked, params=more)
        assert answer.status_code == 200, answer.text
        found = answer.json()
        return [one[name] for one in found[field]], found["next_cursor"]

    whole, _ = page(limit=100)
    walked, cursor = page(limit=1)
    while cursor is not None:
        names, cursor = page(limit=1, cursor=cursor)
        walked += names
    assert walked[: len(whole)] == whole
    assert len(set(walked)) == len(walked) >= least


BY_NAME = {
    "/v1/cases/{case_id}/comments", "/v1/contracts", f"/v1/contracts/{CONTRACT}/proposals",
    "/v1/decisions", "/v1/notifications", "/v1/deliveries", "/v1/postings", "/v1/transfers",
}  # fmt: skip
"""Ordered by what names one of them: they go on behind any name, also one that is gone."""


@pytest.mark.parametrize("path", sorted(set(WALKS) - BY_NAME))
def test_a_cursor_of_another_list_is_refused(api, filled, path):
    params = {"cursor": "of another list"}
    answer = api.call(WALKS[path][0], "GET", path.format(case_id=filled), params=params)
    assert answer.status_code == 422


def test_a_page_ends_where_the_list_does():
    names = ["a", "b", "c"]
    assert page_of(names, cursor=None, limit=3, id_of=str) == (("a", "b", "c"), None)
    assert page_of(names, cursor="a", limit=1, id_of=str) == (("b",), "b")
    assert page_of([], cursor=None, limit=1, id_of=str) == ((), None)
    with pytest.raises(InvalidRequestError):
        page_of(names, cursor="d", limit=1, id_of=str)
