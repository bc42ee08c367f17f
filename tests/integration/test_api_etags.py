"""Two people who edit one thing cannot undo each other's change without knowing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

CLIENT = {"country": "AT", "currency": "EUR"}


@pytest.fixture
def client_of(told_api):
    """A client of its own, and its path."""

    def make(name):
        body = CLIENT | {"id": f"CL-{name}", "name": name}
        path = f"/v1/clients/CL-{name}"
        assert told_api.call("reference-key", "PUT", path, json=body).status_code == 200
        return path, body

    return make


def test_what_did_not_change_is_not_sent_again(told_api, client_of):
    path, _ = client_of("still")
    etag = told_api.call("read-key", "GET", path).headers["etag"]
    again = told_api.call("read-key", "GET", path, headers={"If-None-Match": etag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)


def test_a_change_of_what_was_seen_is_taken(told_api, client_of):
    path, body = client_of("seen")
    etag = told_api.call("read-key", "GET", path).headers["etag"]
    changed = told_api.call(
        "reference-key", "PUT", path, json=body | {"name": "New"}, headers={"If-Match": etag}
    )
    assert changed.status_code == 200
    assert told_api.call("read-key", "GET", path).headers["etag"] != etag


def test_a_change_of_what_is_no_more_is_refused_and_changes_nothing(told_api, client_of):
    path, body = client_of("stale")
    etag = told_api.call("read-key", "GET", path).headers["etag"]
    told_api.call("reference-key", "PUT", path, json=body | {"name": "Theirs"})
    refused = told_api.call(
        "reference-key", "PUT", path, json=body | {"name": "Mine"}, headers={"If-Match": etag}
    )
    assert refused.status_code == 412
    assert refused.json()["type"].endswith("precondition-failed")
    assert "ETag" in refused.json()["remedy"]
    assert told_api.call("read-key", "GET", path).json()["name"] == "Theirs"


def test_of_many_who_saw_the_same_one_changes_it(told_api, client_of):
    path, body = client_of("race")
    etag = told_api.call("read-key", "GET", path).headers["etag"]

    def change(number):
        return told_api.call(
            "reference-key", "PUT", path, json=body | {"name": f"N{number}"},
            headers={"If-Match": etag},
        ).status_code  # fmt: skip

    with ThreadPoolExecutor(10) as pool:
        codes = sorted(pool.map(change, range(10)))
    assert codes == [200] + [412] * 9


def test_what_does_not_exist_is_not_made_where_something_is_expected(told_api):
    body = CLIENT | {"id": "CL-none", "name": "None"}
    path, star = "/v1/clients/CL-none", {"If-Match": "*"}
    assert told_api.call("reference-key", "PUT", path, json=body, headers=star).status_code == 412
    assert told_api.call("read-key", "GET", path).status_code == 404


def test_access_of_a_person_is_changed_as_it_was_seen(told_api):
    path = "/v1/accounts/person-carl"
    seen = told_api.call("adam", "GET", path)
    keep = ("name", "email", "roles", "is_active", "is_trainee")
    body = {name: seen.json()[name] for name in keep if name in seen.json()}
    given = {"If-Match": seen.headers["etag"]}
    first = told_api.call("adam", "PUT", path, json=body | {"name": "Carl C."}, headers=given)
    assert first.status_code == 200, first.text
    second = told_api.call("adam", "PUT", path, json=body | {"name": "Carl D."}, headers=given)
    assert second.status_code == 412


def test_logging_in_is_no_change_of_access(told_api):
    path = "/v1/accounts/person-anna"
    before = told_api.call("adam", "GET", path).headers["etag"]
    told_api.call("anna", "GET", "/v1/me")
    assert told_api.call("adam", "GET", path).headers["etag"] == before


def test_preferences_are_changed_as_they_were_seen(told_api):
    given = {"If-Match": told_api.call("rita", "GET", "/v1/me").headers["etag"]}
    chosen = told_api.call("rita", "GET", "/v1/me").json()["preferences"]
    path, other = "/v1/me/preferences", chosen | {"hides_summary": not chosen["hides_summary"]}
    first = told_api.call("rita", "PUT", path, json=other, headers=given)
    assert first.status_code == 200, first.text
    assert told_api.call("rita", "GET", "/v1/me").headers["etag"] == first.headers["etag"]
    assert told_api.call("rita", "PUT", path, json=chosen, headers=given).status_code == 412
    assert told_api.call("rita", "PUT", path, json=chosen).status_code == 200


def test_an_absence_is_changed_as_it_was_seen(told_api):
    path = "/v1/me/absence"
    given = {"If-Match": told_api.call("carl", "GET", path).headers["etag"]}
    away = {"absent_from": "2099-01-05T00:00:00Z", "absent_until": "2099-01-09T00:00:00Z"}
    assert told_api.call("carl", "PUT", path, json=away, headers=given).status_code == 200
    assert told_api.call("carl", "PUT", path, json={}, headers=given).status_code == 412
    assert told_api.call("carl", "GET", path).json()["absent_until"] is not None
    assert told_api.call("carl", "PUT", path, json={}).status_code == 200
