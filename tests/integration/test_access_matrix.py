"""Route x caller x wall: every cell stands in access_table.yaml, and every cell is tried."""

from __future__ import annotations

import base64
import json
import re

import pytest
from fastapi import APIRouter

from data.schemas.vocabulary import Role, Scope
from tests.builders.api import raw, running_api
from tests.builders.walled_world import (
    BEHIND,
    EXPIRED,
    INACTIVE,
    KEY_CALLERS,
    MISSING,
    OPEN_PERSON,
    OWN,
    REVOKED,
    REVOKED_KEY,
    ROLE_CALLERS,
    WALLED_KEY,
    WALLED_PERSON,
    furnish,
    sheet,
    sign_in_again,
    walled_reference,
)
from tests.integration.access_bodies import NOBODY, body_of
from tests.integration.access_table import (
    BARE,
    CUT,
    REFUSED,
    Row,
    declared,
    served,
    undeclared,
    ungrouped,
)

ROWS = declared()
ENDING = ("DELETE /v1/session", "DELETE /v1/me/sessions", "PUT /v1/me/password")
"""These end the caller's own session, so they are asked last."""
IN_ORDER = [*(row for name, row in ROWS.items() if name not in ENDING), *map(ROWS.get, ENDING)]
QUERIES = {
    "/v1/missing-time": {"start": "2026-03-02", "end": "2026-03-08"},
}
EVERYBODYS = {
    "/v1/exports/decisions.{ending}": {"mine": "false"},
    "/v1/decisions": {"mine": "false"},
}
"""Asked for by people with every role: what colleagues decided as well."""
KIND_OF_PARAMETER = {f"{kind}_id": kind for kind in (
    "case", "item", "assessment", "contract", "decision", "posting", "proposal", "attachment",
    "known", "transfer", "approval",
)}  # fmt: skip
FIXED = {"version": "1", "ending": "csv"}
NOT_LET_IN = {"urn:countersign:problem:not-signed-in", "urn:countersign:problem:not-allowed"}


def _encoded(part):
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


UNSIGNED = f"{_encoded({'alg': 'none', 'typ': 'JWT'})}.{_encoded({'sub': 'person-role-admin'})}."
STRANGERS = {
    "anonymous": None,
    "expired": EXPIRED,
    "revoked": REVOKED,
    "inactive": INACTIVE,
    "revoked key": REVOKED_KEY,
    "alg none": UNSIGNED,
    "id of a person": "person-role-admin",
    "nonsense": "nonsense",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """Three sides with the same things on each, and every kind of caller."""
    home = tmp_path_factory.mktemp("matrix")
    with running_api(home, reference=walled_reference()) as api:
        yield furnish(api)


def _asked(world, who, row, *, side=None, **more):
    """Call a route, its path filled with things of a side, or with what does not exist."""
    filled = {}

    def fill(match):
        name = match[1]
        kind = row.wall if name == "object_id" else KIND_OF_PARAMETER.get(name)
        if name == "sha256":
            return world.of("document", side or MISSING)
        if kind in world.ids and row.is_about_a_thing:
            filled[name] = world.of(kind, side or MISSING)
        return filled.get(name, FIXED.get(name, NOBODY))

    path = re.sub(r"\{(\w+)\}", fill, row.path)
    body = body_of(row.route, filled=filled)
    is_of_all = who in {WALLED_PERSON, OPEN_PERSON} and row.path in EVERYBODYS
    query = EVERYBODYS[row.path] if is_of_all else QUERIES.get(row.path)
    given = {"params": query} | ({} if body is None else {"json": body}) | more
    return world.api.call(who, row.method, path, **given)


def _is_let_in(answer):
    assert answer.status_code < 500, answer.text
    if answer.status_code not in {401, 403}:
        return True
    return answer.json().get("type") not in NOT_LET_IN


def test_every_route_stands_in_the_table_and_every_row_is_served(world):
    assert undeclared(world.api.app, rows=ROWS) == []
    assert set(ROWS) == set(served(world.api.app))


def test_what_is_documented_is_what_is_served(world):
    paths = world.api.app.openapi()["paths"]
    documented = {f"{m.upper()} {path}" for path, operations in paths.items() for m in operations}
    assert documented <= set(ROWS)
    assert {name for name in set(ROWS) - documented if "/oidc/" not in name} == {
        "GET /openapi.json"
    }


def test_a_new_route_without_a_row_is_named():
    planted = APIRouter(prefix="/v1")
    planted.add_api_route("/ledger/{name:path}", lambda name: name, methods=["GET", "DELETE"])
    assert undeclared(planted, rows=ROWS) == ["DELETE /v1/ledger/{name}", "GET /v1/ledger/{name}"]


def test_a_route_for_keys_that_belongs_to_no_group_is_named():
    planted = Row(route="GET /v1/ledger", roles=frozenset(), scopes={Scope.READ}, wall=BARE)
    assert ungrouped(ROWS | {planted.route: planted}) == ["GET /v1/ledger"]


def test_what_a_key_of_one_group_may_a_key_of_all_groups_may_as_well():
    for row in ROWS.values():
        read = [scope for scope in row.scopes if scope.endswith(":read")]
        write = [scope for scope in row.scopes if scope.endswith(":write")]
        assert not read or Scope.READ in row.scopes, row.route
        assert not write or row.scopes & {Scope.ASSESS, Scope.REFERENCE}, row.route


@pytest.mark.parametrize("stranger", STRANGERS)
def test_nobody_gets_in_without_live_credentials(world, stranger):
    open_to_strangers = set()
    for row in IN_ORDER:
        answer = _asked(world, STRANGERS[stranger], row)
        if row.is_open:
            open_to_strangers.add(row.route)
            continue
        assert answer.status_code == 401, row.route
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["type"] == "urn:countersign:problem:not-signed-in", row.route
    assert open_to_strangers == {row.route for row in ROWS.values() if row.is_open}


@pytest.mark.parametrize("role", list(Role))
def test_a_person_gets_in_exactly_where_the_table_says(world, role):
    who, let_in = ROLE_CALLERS[role], set()
    for row in IN_ORDER:
        if _is_let_in(_asked(world, who, row)):
            let_in.add(row.route)
        if row.route in ENDING:
            sign_in_again(world.api, who)
    assert let_in == {row.route for row in IN_ORDER if row.is_open or role in row.roles} - _OUTSIDE


@pytest.mark.parametrize("scope", list(Scope))
def test_a_key_gets_in_exactly_where_the_table_says(world, scope):
    let_in = {row.route for row in IN_ORDER if _is_let_in(_asked(world, KEY_CALLERS[scope], row))}
    declared_for = {row.route for row in IN_ORDER if row.is_open or scope in row.scopes}
    assert let_in == declared_for - _OUTSIDE


_OUTSIDE = {"POST /v1/sessions"}
"""Takes an identity token alone, and there is no company log-in here to make one."""


def test_a_refusal_says_what_is_needed_and_whom_to_ask(world):
    for row in IN_ORDER:
        if row.is_open or Role.RESOURCE_MANAGER in row.roles:
            continue
        answer = _asked(world, ROLE_CALLERS[Role.RESOURCE_MANAGER], row)
        if answer.status_code == 403:
            assert answer.json()["remedy"].startswith("Ask"), row.route


@pytest.mark.parametrize("who", [WALLED_PERSON, WALLED_KEY])
def test_what_lies_behind_the_wall_is_as_if_it_did_not_exist(world, who):
    for row in ROWS.values():
        if not row.is_about_a_thing or not _may(who, row):
            continue
        missing = _asked(world, who, row, side=MISSING)
        assert missing.status_code == 404, (row.route, missing.text)
        for side in BEHIND:
            if world.of(row.wall, side) == world.of(row.wall, OWN):
                continue
            hidden = _asked(world, who, row, side=side)
            assert hidden.status_code == 404, (row.route, side, hidden.text)
            assert _told(hidden, world, side) == _told(missing, world, MISSING), row.route
        own = _asked(world, who, row, side=OWN)
        assert _is_let_in(own), (row.route, own.text)
        assert own.status_code != 404 or row.route in _NOT_MINE, (row.route, own.text)


_NOT_MINE = {"POST /v1/decisions/{decision_id}/undo"}
"""Somebody else decided: only one's own decision is undone."""


@pytest.mark.parametrize("who", [WALLED_PERSON, WALLED_KEY])
def test_what_no_wall_can_cut_is_refused_behind_one(world, who):
    for row in ROWS.values():
        if row.wall != REFUSED or not _may(who, row):
            continue
        answer = _asked(world, who, row)
        assert answer.status_code == 403, row.route
        assert "access without walls" in answer.json()["detail"], row.route
        is_allowed = _asked(world, OPEN_PERSON if who == WALLED_PERSON else "full-key", row)
        assert _is_let_in(is_allowed), row.route


@pytest.mark.parametrize("who", [WALLED_PERSON, WALLED_KEY])
def test_no_answer_holds_a_word_from_behind_the_wall(world, who):
    secret = _secrets(world)
    for row in ROWS.values():
        if row.wall not in {CUT, BARE} or row.route in ENDING or not _may(who, row):
            continue
        for side in (OWN, *BEHIND):
            answer = _asked(world, who, row, side=side)
            assert _is_let_in(answer), row.route
            found = [word for word in secret if word in answer.text]
            assert not found, (row.route, found)


def test_the_same_words_are_there_for_whoever_has_no_wall(world):
    """Without this the test above could pass over empty lists."""
    secret = _secrets(world)
    told = {
        row.route
        for row in ROWS.values()
        if row.wall == CUT and row.method == "GET"
        and any(word in _asked(world, OPEN_PERSON, row).text for word in secret)
    }  # fmt: skip
    assert told >= {
        "GET /v1/cases", "GET /v1/decisions", "GET /v1/postings", "GET /v1/contracts",
        "GET /v1/views", "GET /v1/notifications", "GET /v1/transfers", "GET /v1/known-cases",
        "GET /v1/exports/cases.{ending}",
        "GET /v1/exports/decisions.{ending}", "GET /v1/exports/postings.{ending}",
    }  # fmt: skip


def test_a_body_that_names_something_behind_the_wall_finds_nothing(world):
    verdict = {"verdict": "approve", "reason_codes": ["clause_satisfied"]}
    for side in (*BEHIND, MISSING):
        case_id = world.of("case", side)
        call = world.api.call
        assert (
            call(WALLED_PERSON, "POST", "/v1/queue/claim", json={"case_id": case_id}).status_code
            == 404
        )
        assert (
            call(
                WALLED_PERSON, "POST", "/v1/decisions/preview", json=verdict | {"case_id": case_id}
            ).status_code
            == 404
        )
        bulk = verdict | {"cases": [{"case_id": case_id, "version": 1}]}
        (row,) = call(WALLED_PERSON, "POST", "/v1/bulk/preview", json=bulk).json()["rows"]
        (none,) = call(
            WALLED_PERSON, "POST", "/v1/bulk/preview",
            json=verdict | {"cases": [{"case_id": world.of("case", MISSING), "version": 1}]},
        ).json()["rows"]  # fmt: skip
        assert row | {"case_id": "", "title": ""} == none | {"case_id": "", "title": ""}
        assert row["title"] in {case_id, ""}


def test_a_walled_key_cannot_submit_across_its_wall(world):
    rows = [raw(sheet(side, name="TX")) for side in (OWN, *BEHIND)]
    answer = world.api.assess_raw(rows, who=WALLED_KEY).json()
    assert (answer["assessed"], answer["rejected"]) == (1, 2)
    unknown = raw(sheet(OWN, name="TY", contract_id="C-none"))
    told = world.api.assess_raw([unknown], who=WALLED_KEY).json()["results"][0]["rejection"]
    (reason,) = (one["reason"] for one in told["problems"])
    for one in answer["results"]:
        if one["rejection"] is not None:
            assert [problem["reason"] for problem in one["rejection"]["problems"]] == [reason]


def _may(who, row):
    return bool(row.roles) if who == WALLED_PERSON else bool(row.scopes)


def _told(answer, world, side):
    """What an answer says, whatever the thing is called that it was about."""
    text = answer.text
    names = {sides[side]: kind for kind, sides in world.ids.items()}
    for name in sorted(names, key=len, reverse=True):
        text = text.replace(name, f"({names[name]})")
    return text


def _secrets(world):
    """Every word that tells of the other sides: their names, and the ids of all their things."""
    ids = {sides[side] for sides in world.ids.values() for side in BEHIND}
    own = {sides[OWN] for sides in world.ids.values()}
    return sorted((ids - own) | set(BEHIND))
