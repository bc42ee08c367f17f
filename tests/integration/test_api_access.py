"""Who may call what: nothing is open by accident, and every refusal says what to do."""

from __future__ import annotations

import re

import pytest

from data.schemas.vocabulary import Scope
from service.api.problems import STATUS_OF
from service.domain.errors import CountersignError
from tests.builders.api import KEYS, PEOPLE
from tests.builders.items import timesheet

OPEN = {
    "/healthz",
    "/readyz",
    "/oidc/.well-known/openid-configuration",
    "/oidc/jwks",
    "/oidc/authorize",
    "/oidc/token",
    "/oidc/end-session",
}
"""Probes and the log-in pages; everything else asks who calls."""
LEASE = {"lease_token": 1}
DECISION = LEASE | {
    "version": 1,
    "verdict": "approve",
    "reason_codes": ["clause_satisfied"],
}
BODIES = {
    "/v1/queue/claim": {},
    "/v1/cases/{case_id}/decision": DECISION,
    "/v1/cases/{case_id}/signature": {"is_approved": True},
    "/v1/cases/{case_id}/lease/extend": LEASE,
    "/v1/cases/{case_id}/lease/release": LEASE,
    "/v1/assignments": [],
    "/v1/invoices": [],
    "/v1/payments": [],
    "/v1/history": [],
    "/v1/assessments": {"items": [{}]},
    "/v1/contracts/{contract_id}/proposals": {"text": "Rates are fixed."},
    "/v1/proposals/{proposal_id}/confirm": {},
    "/v1/proposals/{proposal_id}/dismiss": {"reason": "no clause"},
} | {
    f"/v1/{kind}": []
    for kind in ("regions", "calendars", "leave", "overtime-approvals", "trips", "preapprovals")
}
FOR_REVIEWERS = {path for path in BODIES if "queue" in path or "cases" in path}
FOR_APPROVERS = {"/v1/proposals/{proposal_id}/confirm", "/v1/proposals/{proposal_id}/dismiss"}
FOR_EDITORS_OF_TERMS = {"/v1/contracts/{contract_id}/proposals"}
"""Workflows with the reference scope, and approvers."""
SCOPE_OF_WRITES = {
    "/v1/assessments": Scope.ASSESS,
    "/v1/items": Scope.ASSESS,
    "/v1/clients": Scope.REFERENCE,
    "/v1/contracts": Scope.REFERENCE,
    "/v1/people": Scope.REFERENCE,
    "/v1/projects": Scope.REFERENCE,
    "/v1/assignments": Scope.REFERENCE,
    "/v1/invoices": Scope.REFERENCE,
    "/v1/payments": Scope.REFERENCE,
    "/v1/history": Scope.REFERENCE,
    "/v1/regions": Scope.REFERENCE,
    "/v1/calendars": Scope.REFERENCE,
    "/v1/leave": Scope.REFERENCE,
    "/v1/overtime-approvals": Scope.REFERENCE,
    "/v1/trips": Scope.REFERENCE,
    "/v1/preapprovals": Scope.REFERENCE,
}

EITHER_SCOPE = {"/v1/imports": {Scope.ASSESS, Scope.REFERENCE}}
"""The mapping in the body says which of them is needed."""


def _routes(router):
    """Every path and method, however deep the routers lie."""
    for route in router.routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from _routes(inner)
        else:
            for method in sorted(route.methods - {"HEAD"}):
                yield method, route.path.replace(":path", "")


def _filled(path):
    return re.sub(r"\{\w+\}", "x", path)


def _needed(method, path):
    """The scope a route asks for; None where any live caller will do."""
    if path in {"/v1/me", "/v1/session"}:
        return None
    if path.startswith("/v1/audit"):
        return Scope.AUDIT
    if method in {"PUT", "POST", "DELETE"}:
        return SCOPE_OF_WRITES.get("/".join(path.split("/")[:3]), Scope.READ)
    return Scope.READ


def _asked(api, who, method, path):
    return api.call(who, method, _filled(path), json=BODIES.get(path))


def test_every_route_but_probes_and_log_in_asks_who_calls(api):
    open_paths = set()
    for method, path in _routes(api.app):
        answer = _asked(api, None, method, path)
        if answer.status_code != 401 or path.startswith("/oidc"):
            open_paths.add(path)
            continue
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["remedy"]
    assert open_paths == OPEN


@pytest.mark.parametrize("token", ["nonsense", "rita ", "person-rita", "RITA"])
def test_a_wrong_token_opens_nothing(api, token):
    assert api.call(token, "GET", "/v1/me").status_code == (200 if token == "rita " else 401)


@pytest.mark.parametrize("header", ["Basic cml0YQ==", "Bearer", "rita", "bearer  "])
def test_credentials_of_another_kind_open_nothing(api, header):
    answer = api.call(None, "GET", "/v1/me", headers={"Authorization": header})
    assert answer.status_code == 401


@pytest.mark.parametrize("who", [*KEYS, *PEOPLE])
def test_a_caller_is_let_in_exactly_where_its_scopes_reach(api, who):
    scopes = set(api.call(who, "GET", "/v1/me").json()["scopes"])
    refused, expected = set(), set()
    for method, path in _routes(api.app):
        by_role = FOR_REVIEWERS | FOR_APPROVERS
        if path in OPEN or path in by_role or path == "/v1/session":
            continue
        if method == "POST" and path in FOR_EDITORS_OF_TERMS:
            continue
        answer = _asked(api, who, method, path)
        assert answer.status_code not in {401, 500}, (method, path)
        if answer.status_code == 403:
            refused.add((method, path))
            assert answer.json()["remedy"].startswith("Ask an administrator")
        needed = _needed(method, path)
        either = EITHER_SCOPE.get(path, {needed}) if method == "POST" else {needed}
        if needed is not None and not either & scopes:
            expected.add((method, path))
    assert refused == expected


@pytest.mark.parametrize(
    ("who", "may_propose", "may_confirm"),
    [
        ("reference-key", True, False),
        ("full-key", True, False),
        ("anna", True, True),
        ("adam", True, True),
        ("read-key", False, False),
        ("rita", False, False),
        ("otto", False, False),
    ],
)
def test_workflows_may_propose_clauses_and_only_people_in_charge_confirm_them(
    api, who, may_propose, may_confirm
):
    for paths, is_allowed in ((FOR_EDITORS_OF_TERMS, may_propose), (FOR_APPROVERS, may_confirm)):
        for path in paths:
            # Whoever may is told that there is no such thing.
            expected = 404 if is_allowed else 403
            assert _asked(api, who, "POST", path).status_code == expected, path


@pytest.mark.parametrize("who", ["read-key", "full-key", "otto", "dora", "adam"])
def test_only_reviewers_and_approvers_work_on_cases(api, who):
    for path in FOR_REVIEWERS:
        assert _asked(api, who, "POST", path).status_code == 403, path


def test_a_reviewer_may_not_sign_and_may_not_list_everybodys_decisions(api):
    path = "/v1/cases/{case_id}/signature"
    assert _asked(api, "rita", "POST", path).status_code == 403
    assert api.call("rita", "GET", "/v1/decisions?mine=false").status_code == 403
    assert api.call("anna", "GET", "/v1/decisions?mine=false").status_code == 200


def test_me_says_who_calls(api):
    me = api.call("anna", "GET", "/v1/me").json()
    assert (me["id"], me["name"], me["roles"]) == ("person-anna", "Anna Approver", ["approver"])
    assert me["undo_seconds"] == 30
    assert api.call("read-key", "GET", "/v1/me").json()["session_expires_at"] is None


def test_logging_out_ends_the_session_at_once(told_api):
    assert told_api.call("dora", "DELETE", "/v1/session").status_code == 204
    assert told_api.call("dora", "GET", "/v1/me").status_code == 401


def test_probes_answer_and_metrics_count_by_route(api):
    assert api.call(None, "GET", "/healthz").json() == {"status": "alive"}
    ready = api.call(None, "GET", "/readyz")
    assert (ready.status_code, ready.json()["checks"]["writer"]) == (200, "ok")
    api.call("rita", "GET", "/v1/cases/C-000404")
    metrics = api.call("read-key", "GET", "/metrics").text
    assert 'route="/v1/cases/{case_id}"' in metrics
    assert "C-000404" not in metrics


def test_every_error_class_has_its_status_and_all_of_them_a_remedy():
    def tree(error):
        return {error}.union(*(tree(child) for child in error.__subclasses__()))

    ours = {one for one in tree(CountersignError) if one.__module__ == CountersignError.__module__}
    assert ours - {CountersignError} == set(STATUS_OF)
    assert CountersignError.remedy


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/v1/cases/C-999999", 404),
        ("GET", "/v1/cases/1", 404),
        ("GET", "/v1/assessments/asm-none", 404),
        ("GET", "/v1/contracts/none", 404),
        ("POST", "/v1/decisions/dec-none/undo", 404),
        ("DELETE", "/v1/cases", 405),
        ("GET", "/v1/cases?limit=0", 422),
        ("GET", "/v1/cases?limit=201", 422),
        ("GET", "/v1/cases?colour=red", 422),
        ("GET", "/v1/cases?status=lost", 422),
        ("GET", "/v1/cases?cursor=abc", 422),
        ("GET", "/v1/cases?cursor=99999999999999999999999", 422),
        ("GET", "/v1/postings?status=lost", 422),
        ("GET", "/v1/audit/events?cursor=-1", 422),
    ],
)
def test_every_refusal_is_a_problem_with_a_remedy(api, method, path, status):
    who = "full-key" if "audit" in path else "rita"
    answer = api.call(who, method, path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["instance"] == path.partition("?")[0]
    assert problem["type"].startswith("urn:countersign:problem:")
    assert problem["title"]
    assert problem["detail"]
    assert problem["remedy"]


def test_what_breaks_inside_is_told_without_its_inside(told_api):
    told_api.scorer.broken = {"test:broken"}
    answer = told_api.assess(timesheet(external_id="broken"))
    told_api.scorer.broken = set()
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "BrokenModelError" not in answer.text
    assert answer.json()["remedy"]


def _document(api):
    answer = api.call("read-key", "GET", "/openapi.json")
    assert answer.status_code == 200
    return answer.json()


def _references(node):
    if isinstance(node, dict):
        if "$ref" in node:
            yield node["$ref"]
        for child in node.values():
            yield from _references(child)
    elif isinstance(node, list):
        for child in node:
            yield from _references(child)


def test_every_reference_of_the_documentation_leads_somewhere(api):
    document = _document(api)
    for reference in set(_references(document)):
        node = document
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]
        assert node


def test_the_documentation_names_every_route_its_security_and_its_problems(api):
    paths = _document(api)["paths"]
    routes = {(m, p) for m, p in _routes(api.app) if not p.startswith("/oidc")}
    documented = {(m.upper(), p) for p, operations in paths.items() for m in operations}
    assert documented == routes - {("GET", "/openapi.json")}
    for path, operations in paths.items():
        for operation in operations.values():
            assert bool(operation.get("security")) is (path not in OPEN), path
            assert operation["summary"]
            if path not in OPEN:
                assert "application/problem+json" in operation["responses"]["4XX"]["content"]
