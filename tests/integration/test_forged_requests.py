"""Requests that a foreign page could make a browser send, and sessions somebody got hold of."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from data.schemas.vocabulary import AuditEvent, Role
from service.clock import SystemClock
from service.usecases.people.log_in import hash_of, log_in
from tests.builders.api import running_api
from tests.builders.walled_world import (
    KEY_CALLERS,
    OPEN_PERSON,
    people_and_keys,
    walled_reference,
)
from tests.integration.access_bodies import NOBODY, body_of
from tests.integration.access_table import declared

FORGEABLE = ("text/plain", "application/x-www-form-urlencoded", None)
"""What a form or a script of another origin sends without asking first (Fetch, CORS-safelisted)."""
TAKES_FILES = {
    "POST /v1/imports",
    "POST /v1/cases/{case_id}/attachments",
}
WRITES = [
    row
    for row in declared().values()
    if not row.is_open and body_of(row.route, filled={}) is not None
]


@pytest.fixture(scope="module")
def api(tmp_path_factory):
    """The API with one person who has every role."""
    with running_api(tmp_path_factory.mktemp("forged"), reference=walled_reference()) as running:
        people_and_keys(running)
        yield running


def _path(row):
    path = row.path
    while "{" in path:
        path = path.partition("{")[0] + NOBODY + path.partition("}")[2]
    return path


def _audited(api):
    with api.opener() as uow:
        return sum(1 for _ in uow.audit.entries(*AuditEvent))


@pytest.mark.parametrize("kind", FORGEABLE)
def test_a_body_that_is_not_declared_as_json_changes_nothing(api, kind):
    before = _audited(api)
    for row in WRITES:
        headers = {} if kind is None else {"Content-Type": kind}
        answer = api.call(OPEN_PERSON, row.method, _path(row), content=b"{}", headers=headers)
        assert answer.status_code in {415, 422}, (row.route, answer.text)
        assert answer.headers["content-type"] == "application/problem+json"
    assert _audited(api) == before


def test_a_browsers_cookies_are_no_credentials(api):
    for name in ("session", "token", "_streamlit_user", "Authorization"):
        headers = {"Cookie": f"{name}={OPEN_PERSON}; {name}=Bearer {OPEN_PERSON}"}
        assert api.call(None, "GET", "/v1/me", headers=headers).status_code == 401


def test_no_answer_allows_another_origin_to_read_it(api):
    asking = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    answers = [
        api.call(OPEN_PERSON, "GET", "/v1/cases", headers=asking),
        api.call(None, "OPTIONS", "/v1/queue/claim", headers=asking),
    ]
    for answer in answers:
        named = {name.casefold() for name in answer.headers}
        assert not {name for name in named if name.startswith("access-control-")}


def test_nothing_of_a_request_but_its_token_says_who_calls(api):
    headers = {
        "X-Forwarded-User": "person-role-admin", "X-User": "person-role-admin",
        "X-Remote-User": "person-role-admin", "From": "person-role-admin",
    }  # fmt: skip
    query = {"actor_id": "person-role-admin", "user": "person-role-admin"}
    reader = KEY_CALLERS["read"]
    me = api.call(reader, "GET", "/v1/me", headers=headers, params=query).json()
    assert (me["id"], me["roles"]) == (reader, [])


def _logged_in(api, token):
    with api.opener() as uow:
        log_in(OPEN_PERSON, is_password_right=True, token=token, uow=uow, now=SystemClock().now())
    return token


def _status(api, token):
    return api.call(token, "GET", "/v1/cases").status_code


def test_each_log_in_is_a_session_of_its_own(api):
    first, second = _logged_in(api, "first-token"), _logged_in(api, "second-token")
    api.call(first, "DELETE", "/v1/session")
    assert (_status(api, first), _status(api, second)) == (401, 200)


def test_logging_out_everywhere_ends_every_session_with_the_next_call(api):
    tokens = [_logged_in(api, f"everywhere-{number}") for number in range(3)]
    assert api.call(tokens[0], "DELETE", "/v1/me/sessions").status_code == 204
    assert {_status(api, token) for token in tokens} == {401}


def test_a_role_that_is_taken_away_is_gone_with_the_next_call(api):
    token = _logged_in(api, "role-token")
    assert api.call(token, "GET", "/v1/audit/events").status_code == 200
    _change(api, roles=frozenset({Role.REVIEWER}))
    assert api.call(token, "GET", "/v1/audit/events").status_code in {401, 403}
    _change(api, roles=frozenset(Role))


def test_a_person_who_leaves_is_out_with_the_next_call(api):
    token = _logged_in(api, "leaving-token")
    _change(api, is_active=False)
    assert _status(api, token) == 401
    _change(api, is_active=True)


def test_a_session_dies_of_idleness_and_of_age(api):
    now = SystemClock().now()
    for change in (
        {"last_seen_at": now - timedelta(minutes=31)},
        {"opened_at": now - timedelta(hours=11), "last_seen_at": now},
    ):
        token = _logged_in(api, f"old-{len(change)}")
        with api.opener() as uow:
            session = uow.accounts.session(hash_of(token))
            uow.accounts.save_session(replace(session, **change))
        assert _status(api, token) == 401


def _change(api, **fields):
    with api.opener() as uow:
        uow.accounts.save(replace(uow.accounts.by_login(OPEN_PERSON), **fields))
