"""What the description of the API promises of errors and versions is what the API does."""

from __future__ import annotations

from datetime import date

import pytest
from fastapi import APIRouter

from service.api.idempotency import takes_key, tells_secret
from service.api.openapi import MEANINGS, describe, operations
from service.api.problems import STATUS_OF
from service.api.versions import CURRENT, deprecated
from tests.integration.access_bodies import NOBODY

PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def described(api):
    """The description of the API."""
    return describe(api.app)


def _errors(operation):
    return {int(status) for status in operation["responses"] if int(status) >= 400}


def test_every_error_of_every_operation_is_a_problem_with_an_example(described):
    shapes = described["components"]["responses"]
    for path, method, operation in operations(described):
        for status in _errors(operation):
            name = operation["responses"][str(status)]["$ref"].rpartition("/")[2]
            content = shapes[name]["content"][PROBLEM]
            assert content["schema"] == {"$ref": "#/components/schemas/Problem"}, (path, method)
            assert content["example"]["status"] == status
        assert {400, 405, 429, 500, 503} <= _errors(operation)
        assert operation.get("security") is None or {401, 403} <= _errors(operation), path


def test_every_status_that_refusals_have_is_described():
    assert set(STATUS_OF.values()) <= set(MEANINGS)


def test_operations_are_named_once_and_belong_to_a_described_part(described):
    found = list(operations(described))
    assert len({one["operationId"] for _, _, one in found}) == len(found)
    parts = {one["name"] for one in described["tags"]}
    assert {tag for _, _, one in found for tag in one["tags"]} <= parts


def test_every_write_says_that_it_takes_a_key(described):
    references = {
        f"{method.upper()} {path}": str(operation.get("parameters"))
        for path, method, operation in operations(described)
    }
    assert "parameters/Idempotency-Key" in references["POST /v1/assessments"]
    assert "parameters/Idempotency-Key" in references["POST /v1/cases/{case_id}/decision"]
    assert "parameters/Optional-Key" in references["PUT /v1/contracts/{object_id}"]
    assert "-Key" not in references["GET /v1/queue"]
    assert "-Key" not in references["POST /v1/sessions"]


SECRETS = {"secret", "one_time_password"}


def test_no_answer_that_holds_a_secret_is_kept(described):
    """A new route that shows a secret once has to be named in service.api.idempotency."""
    shapes = described["components"]["schemas"]
    told = set()
    for path, method, operation in operations(described):
        for answer in operation["responses"].values():
            schema = answer.get("content", {}).get("application/json", {}).get("schema", {})
            shape = shapes.get(schema.get("$ref", "").rpartition("/")[2], {})
            if SECRETS & shape.get("properties", {}).keys():
                told.add(path)
                filled = path.replace("{person_id}", "x").replace("{subscriber_id}", "x")
                is_kept = takes_key(method.upper(), filled) and not tells_secret(filled)
                assert not is_kept, (method, path)
    assert {"/v1/keys", "/v1/accounts"} <= told


def test_no_operation_gives_an_error_it_does_not_describe(api, described):
    """Every operation, asked as nobody, as everybody, in nonsense, too large and not as JSON."""
    for path, method, operation in operations(described):
        filled = path
        for one in operation.get("parameters", ()):
            filled = filled.replace(f"{{{one.get('name')}}}", NOBODY)
        for answer in _provoked(api, method.upper(), filled):
            if answer.status_code < 400:
                continue
            assert answer.status_code in _errors(operation), (method, path, answer.text)
            is_probe = path == "/readyz"
            assert is_probe or answer.headers["content-type"] == PROBLEM, (method, path)
            assert is_probe or answer.json()["status"] == answer.status_code
            assert is_probe or answer.json()["remedy"], (method, path)


def _provoked(api, method, path):
    yield api.call(None, method, path)
    if path in {"/v1/session", "/v1/me/sessions"}:
        return
    yield api.call("adam", method, path, headers={"API-Version": "1999-01-01"})
    for who in ("rita", "read-key"):
        yield api.call(who, method, path)
    if method == "GET":
        yield api.call("adam", method, f"{path}?limit=0&cursor=%00")
        return
    for body in ({"nonsense": 1}, [{}]):
        yield api.call("adam", method, path, json=body)
    text = {"Content-Type": "text/plain"}
    yield api.call("adam", method, path, content="{", headers={"Content-Type": "application/json"})
    yield api.call("adam", method, path, content="hello", headers=text)


def test_every_answer_names_the_version_of_the_api(api):
    assert api.call("rita", "GET", "/v1/queue").headers["api-version"] == CURRENT
    asked = api.call("rita", "GET", "/v1/queue", headers={"API-Version": CURRENT})
    assert (asked.status_code, asked.headers["api-version"]) == (200, CURRENT)
    unknown = api.call("rita", "GET", "/v1/queue", headers={"API-Version": "1999-01-01"})
    assert unknown.status_code == 400
    assert CURRENT in unknown.json()["remedy"]


def test_a_route_that_goes_away_says_so_in_every_answer(told_api):
    planted = APIRouter(prefix="/v1")
    marks = deprecated(
        since=date(2026, 11, 1), sunset=date(2027, 11, 1), see="https://example.org/new"
    )
    planted.add_api_route("/planted", lambda: {"is": "old"}, **marks)
    told_api.app.include_router(planted)
    answer = told_api.call("rita", "GET", "/v1/planted")
    assert answer.headers["deprecation"] == "@1793491200"
    assert answer.headers["sunset"] == "Mon, 01 Nov 2027 00:00:00 GMT"
    assert answer.headers["link"] == '<https://example.org/new>; rel="deprecation"'
    assert "deprecation" not in told_api.call("rita", "GET", "/v1/queue").headers
