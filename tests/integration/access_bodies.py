"""For each route that takes a body: one that is read, so that the answer is about access."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from data.schemas.review_policy import STANDARD_REVIEW_POLICY
from tests.builders.contracts import client, contract, person, project

LEASE = {"lease_token": 1}
VERDICT = {"verdict": "approve", "reason_codes": ["clause_satisfied"]}
POLICY = {"policy": STANDARD_REVIEW_POLICY.model_dump(mode="json")}
NOBODY = "x"
"""Fills a path where no particular thing is meant; there is none of that name."""


def body_of(route: str, *, filled: Mapping[str, str]) -> Any | None:
    """Give the body of a route, about the things its path is filled with."""
    about = next(iter(filled.values()), NOBODY)
    if route in _ABOUT_CASES:
        case = {"cases": [{"case_id": filled.get("case_id", NOBODY), "version": 1}]}
        return VERDICT | (case if "bulk" in route else {"case_id": filled.get("case_id", NOBODY)})
    if route in _NAMED:
        return _NAMED[route](about).model_dump(mode="json")
    return _BODIES.get(route)


_ABOUT_CASES = {"POST /v1/bulk/preview", "POST /v1/bulk", "POST /v1/decisions/preview"}
_NAMED = {
    "PUT /v1/clients/{object_id}": lambda name: client(id=name),
    "PUT /v1/contracts/{object_id}": lambda name: contract(id=name),
    "PUT /v1/people/{object_id}": lambda name: person(id=name),
    "PUT /v1/projects/{object_id}": lambda name: project(id=name),
}
_ACCOUNT = {"name": "New Comer", "roles": ["reviewer"]}
_BODIES: Mapping[str, Any] = {
    "POST /v1/queue/claim": {},
    "POST /v1/cases/{case_id}/decision": LEASE | VERDICT | {"version": 1},
    "POST /v1/cases/{case_id}/own-call": LEASE | {"verdict": "approve"},
    "POST /v1/cases/{case_id}/snooze": LEASE
    | {"until": "2099-01-05T09:00:00Z", "reason": "the client answers then"},
    "POST /v1/cases/{case_id}/lease/extend": LEASE,
    "POST /v1/cases/{case_id}/lease/release": LEASE,
    "POST /v1/cases/{case_id}/second-verdict": VERDICT | {"version": 1},
    "POST /v1/cases/{case_id}/adjudication": {"version": 1, "stands": None, "note": "neither"},
    "POST /v1/approval-requests/{approval_id}/word": {"is_approved": False, "note": "not yet"},
    "POST /v1/flows/{flow_id}/pause": {"reason": "the books are being closed"},
    "POST /v1/flows/{flow_id}/resume": {"reason": "the books are closed"},
    "POST /v1/flows/{flow_id}/cancel": {"reason": "billed by hand"},
    "POST /v1/posting-switch/stop": {"reason": "the books are being closed"},
    "POST /v1/posting-switch/start": {"reason": "the books are closed"},
    "POST /v1/cases/{case_id}/comments": {"text": "Please look again"},
    "POST /v1/decisions/{decision_id}/correct": VERDICT | {"note": "the client agreed"},
    "POST /v1/transfers/{transfer_id}/settle": {"is_done": True, "note": "moved"},
    "POST /v1/postings/retry": {"code": "permanent/closed", "reason": "the period is open"},
    "POST /v1/postings/{posting_id}/edit": {"reason": "said", "period_end": "2026-03-31"},
    "POST /v1/postings/{posting_id}/posted": {"document_id": "D-1", "reason": "by hand"},
    "POST /v1/postings/{posting_id}/retry": {"reason": "the ledger is back"},
    "POST /v1/postings/{posting_id}/assign": {"person_id": "person-open-person"},
    "POST /v1/postings/{posting_id}/discard": {"reason": "billed by hand"},
    "POST /v1/syncs/{source}/assign": {"person_id": "person-open-person"},
    "POST /v1/subscribers": {"url": "https://hooks.example.org/in"},
    "POST /v1/subscribers/{subscriber_id}/replay": {"since": "2026-03-02T09:00:00Z"},
    "POST /v1/contracts/{contract_id}/proposals": {"text": "Rates are fixed."},
    "POST /v1/proposals/{proposal_id}/confirm": {},
    "POST /v1/proposals/{proposal_id}/dismiss": {"reason": "no clause"},
    "POST /v1/known-cases": {"case_id": "C-999999", "is_faulty": True, "why": "found in an audit"},
    "POST /v1/assessments": {"items": [{}]},
    "POST /v1/models/rollback": {"version": 1},
    "POST /v1/imports/mapping-check": {"mapping": "kind: timesheets"},
    "POST /v1/accounts": _ACCOUNT | {"login": "newcomer"},
    "PUT /v1/accounts/{person_id}": _ACCOUNT,
    "POST /v1/keys": {"name": "Nightly", "scopes": ["read"]},
    "PUT /v1/me/preferences": {},
    "PUT /v1/me/password": {"current_password": "wrong one", "new_password": "Drei rote Kraniche"},
    "PUT /v1/me/absence": {},
    "POST /v1/sessions": {"identity_token": "nobody's"},
    "POST /v1/notifications/read": {},
    "POST /v1/views": {"page": "cases", "name": "Late", "filters": {"status": "open"}},
    "POST /v1/policy/drafts": POLICY | {"note": "as it stands"},
    "POST /v1/policy/effect": POLICY,
} | {
    f"POST /v1/{kind}": []
    for kind in (
        "assignments", "regions", "calendars", "leave", "overtime-approvals", "trips",
        "preapprovals", "invoices", "payments", "disputes", "write-offs", "history",
    )
}  # fmt: skip
