"""Credentials, refusals and the documentation; who may call what stands in access_table.yaml."""

from __future__ import annotations

import pytest

from service.api.problems import STATUS_OF
from service.domain.errors import CountersignError
from tests.builders.items import timesheet
from tests.integration.access_table import declared


@pytest.mark.parametrize("token", ["nonsense", "rita ", "person-rita", "RITA"])
def test_a_wrong_token_opens_nothing(api, token):
    assert api.call(token, "GET", "/v1/me").status_code == (200 if token == "rita " else 401)


@pytest.mark.parametrize("header", ["Basic cml0YQ==", "Bearer", "rita", "bearer  "])
def test_credentials_of_another_kind_open_nothing(api, header):
    answer = api.call(None, "GET", "/v1/me", headers={"Authorization": header})
    assert answer.status_code == 401


def test_a_reviewer_may_not_list_everybodys_decisions(api):
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


def test_the_documentation_names_the_security_of_every_route(api):
    rows = declared()
    for path, operations in _document(api)["paths"].items():
        for method, operation in operations.items():
            is_open = rows[f"{method.upper()} {path}"].is_open
            assert bool(operation.get("security")) is not is_open, path
            assert operation["summary"]
