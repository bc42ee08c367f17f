from __future__ import annotations

import httpx2
import pytest

from data.schemas.vocabulary import CaseStatus, ItemKind
from service.client import ApiProblem, ApiUnreachableError, CountersignClient
from service.wire.cases import ClaimRequest
from tests.builders.review import busy_tuesday, detail
from tests.fakes.api import connected
from tests.fakes.case_desk import FakeApi


def answering(handler, *, retries=0) -> CountersignClient:
    """A client whose requests go to `handler`."""
    return CountersignClient(
        "http://api.test/", token="secret", transport=httpx2.MockTransport(handler), retries=retries
    )


def test_every_answer_of_the_queue_is_read_into_its_shape():
    fake = FakeApi.of(busy_tuesday())
    with connected(fake) as client:
        claim = client.claim(ClaimRequest()).claims[0]

        assert client.me().name == "Ana Diaz"
        assert client.queue().waiting == 5
        assert client.case("C-000003").item.kind == ItemKind.MILESTONE
        assert client.extend_lease("C-000001", lease_token=claim.lease_token).lease_expires_at
        assert client.postings().postings == ()
        assert client.audit_events().entries == ()
        assert client.decisions().decisions == ()


def test_filters_and_pages_reach_the_server():
    fake = FakeApi.of(tuple(detail(number) for number in range(1, 8)))
    with connected(fake) as client:
        first = client.cases(status=CaseStatus.OPEN, q="c-", limit=5)
        rest = client.cases(status=CaseStatus.OPEN, q="c-", limit=5, cursor=first.next_cursor)

    assert (len(first.cases), len(rest.cases), rest.next_cursor) == (5, 2, None)


def test_a_refusal_carries_the_problem():
    with connected(FakeApi.of(())) as client, pytest.raises(ApiProblem) as refused:
        client.case("C-1")

    assert refused.value.problem.status == 404
    assert refused.value.problem.instance == "/v1/cases/C-1"


def test_an_answer_without_a_problem_document_is_still_a_problem():
    client = answering(lambda _: httpx2.Response(502, text="<html>bad gateway</html>"))

    with pytest.raises(ApiProblem) as refused:
        client.me()

    assert refused.value.problem.status == 502
    assert refused.value.problem.remedy is not None


def test_a_redirect_is_not_followed_with_the_token():
    seen = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        seen.append(request.url.host)
        return httpx2.Response(307, headers={"Location": "http://elsewhere.test/"})

    with pytest.raises(ApiProblem):
        answering(handler).me()

    assert seen == ["api.test"]


def test_silence_is_told_apart_from_refusal():
    def handler(request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ReadTimeout("timed out", request=request)

    with pytest.raises(ApiUnreachableError, match="timed out"):
        answering(handler).me()


def test_an_answer_of_another_shape_is_not_believed():
    client = answering(lambda _: httpx2.Response(200, json={"id": "x"}))

    with pytest.raises(ApiUnreachableError, match="not a Me"):
        client.me()


def test_ids_stay_one_segment_of_the_path():
    paths = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        paths.append(request.url.raw_path)
        return httpx2.Response(404)

    with pytest.raises(ApiProblem):
        answering(handler).case("redmine:ts/1?x")

    assert paths == [b"/v1/cases/redmine%3Ats%2F1%3Fx"]


def test_token_and_idempotency_key_travel_as_headers():
    headers = []

    def handler(request: httpx2.Request) -> httpx2.Response:
        headers.append(request.headers)
        counts = {"received": 0, "assessed": 0, "unchanged": 0, "rejected": 0}
        return httpx2.Response(200, json={"batch_id": "b", "results": []} | counts)

    answering(handler).assess([{"kind": "timesheet"}], idempotency_key="key-1")

    assert headers[0]["authorization"] == "Bearer secret"
    assert headers[0]["idempotency-key"] == "key-1"
