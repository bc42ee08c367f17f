"""The ways of paging and of saying who we are, each on a system of twelve lines."""

from __future__ import annotations

from contextlib import closing

import httpx2
import pytest

from service.connectors.rest_auth import MissingSecretError, SecretFiles
from service.connectors.rest_file import read_connection
from service.connectors.rest_http import connect_rest
from service.ports.outside_errors import OutsideRefusedError, OutsideTransientError
from tests.connectors.declared import ADDRESS, source_of, written

ROWS = [{"id": str(number), "modified": "2026-03-02T08:00:00Z"} for number in range(7)]
SIZE = 3
PAGE = "paging: {kind: page, size: 50}"
AUTH = "auth: {kind: bearer, secret: worklog_token}"


def pulled(folder, answer, **change):
    """Give the ids that a pull gives, over a system that answers by a function."""
    path = written(folder, change=change.get("change"))
    connection = read_connection(path)
    with closing(
        connect_rest(
            connection, secrets=SecretFiles(folder), transport=httpx2.MockTransport(answer)
        )
    ) as system:
        pages = list(source_of(system).pull("hours", cursor=None))
    return [row["id"] for page in pages for row in page.rows]


def body(start, **more):
    return {"data": {"items": ROWS[start : start + SIZE]}, **more}


def everything(request):
    return httpx2.Response(200, json={"data": {"items": ROWS}})


def test_pages_by_offset_count_the_rows_that_came_and_stop_at_the_total(tmp_path):
    asked = []

    def answer(request):
        asked.append(request.url.params["skip"])
        return httpx2.Response(200, json=body(int(asked[-1]), count=len(ROWS)))

    paging = "paging: {kind: offset, parameter: skip, size: 50, total: count}"
    assert pulled(tmp_path, answer, change={PAGE: paging}) == [row["id"] for row in ROWS]
    assert asked == ["0", "3", "6"]


def test_pages_by_the_word_for_the_next_stop_where_there_is_none(tmp_path):
    def answer(request):
        start = int(request.url.params.get("after", "0"))
        left = start + SIZE < len(ROWS)
        return httpx2.Response(200, json=body(start, next=start + SIZE if left else None))

    paging = "paging: {kind: cursor, parameter: after, at: next}"
    assert pulled(tmp_path, answer, change={PAGE: paging}) == [row["id"] for row in ROWS]


def linked(request):
    start = int(request.url.params.get("from", "0"))
    link = f'<{ADDRESS}work/hours?from=0>; rel="first"'
    if start + SIZE < len(ROWS):
        link += f', </api/v2/work/hours?from={start + SIZE}>; rel="next"'
    return httpx2.Response(200, json=body(start), headers={"Link": link})


def test_pages_by_link_are_followed_on_the_same_host(tmp_path):
    change = {PAGE: "paging: {kind: link}"}
    assert pulled(tmp_path, linked, change=change) == [row["id"] for row in ROWS]


def test_a_next_page_on_another_host_is_never_asked_for(tmp_path):
    hosts = []

    def answer(request):
        hosts.append(request.url.host)
        headers = {"Link": '<http://127.0.0.2:8080/api/v2/work/hours>; rel="next"'}
        return httpx2.Response(200, json=body(0), headers=headers)

    with pytest.raises(OutsideRefusedError, match=r"only 127\.0\.0\.1:8080 is ever asked"):
        pulled(tmp_path, answer, change={PAGE: "paging: {kind: link}"})
    assert hosts == ["127.0.0.1"]


def sent_by(folder, auth):
    seen = []

    def answer(request):
        seen.append(request.headers)
        return everything(request)

    pulled(folder, answer, change={AUTH: auth, PAGE: "paging: {kind: none}"})
    return seen[0]


def test_each_way_of_saying_who_we_are_sends_its_header_and_nothing_else(tmp_path):
    basic = sent_by(tmp_path, "auth: {kind: basic, user: ana, secret: worklog_token}")
    assert basic["Authorization"] == "Basic YW5hOmEtdG9rZW4tb2YtdGhlLXRlc3Rz"
    own = sent_by(tmp_path, "auth: {kind: header, header: X-Api-Key, secret: worklog_token}")
    assert (own["X-Api-Key"], "Authorization" in own) == ("a-token-of-the-tests", False)
    assert "Authorization" not in sent_by(tmp_path, "auth: {kind: none}")


OAUTH = "auth: {kind: oauth, token_path: oauth/token, client_id: us, secret: worklog_token}"


def test_a_token_is_fetched_once_and_anew_when_it_is_no_longer_taken(tmp_path):
    tokens, taken = iter(["first", "second"]), {"Bearer first"}
    asked = []

    def answer(request):
        asked.append(request.url.path.rpartition("/")[2])
        if asked[-1] == "token":
            assert b"client_secret=a-token-of-the-tests" in request.content
            return httpx2.Response(200, json={"access_token": next(tokens)})
        if request.headers["Authorization"] not in taken:
            return httpx2.Response(401, json={})
        taken.clear()
        taken.add("Bearer second")
        start = (int(request.url.params["page"]) - 1) * SIZE
        return httpx2.Response(200, json=body(start))

    assert pulled(tmp_path, answer, change={AUTH: OAUTH}) == [row["id"] for row in ROWS]
    assert asked == ["token", "hours", "hours", "token", "hours", "hours", "hours"]


def test_client_credentials_that_are_refused_are_told_with_what_to_check(tmp_path):
    def answer(request):
        return httpx2.Response(400, json={"error": "invalid_client"})

    with pytest.raises(OutsideRefusedError, match="check `token_path`, `client_id`"):
        pulled(tmp_path, answer, change={AUTH: OAUTH})


def test_a_secret_that_is_not_kept_is_told_with_the_command_that_keeps_it(tmp_path):
    path = written(tmp_path)
    (tmp_path / "connection-worklog_token").unlink()
    with pytest.raises(MissingSecretError, match="countersign connection secret worklog_token"):
        connect_rest(read_connection(path), secrets=SecretFiles(tmp_path))


def test_a_status_used_in_a_way_of_its_own_is_classed_as_the_file_says(tmp_path):
    def answer(request):
        return httpx2.Response(409, json={"problem": {"text": "the month is being closed"}})

    change = {"message: problem.text": "message: problem.text\nerrors: {409: transient}"}
    with pytest.raises(OutsideTransientError, match="the month is being closed"):
        pulled(tmp_path, answer, change=change)
