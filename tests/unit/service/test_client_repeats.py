"""When the client asks again by itself, and when it must not; in both of its forms."""

from __future__ import annotations

from pathlib import Path

import httpx2
import pytest

from service.async_client import AsyncCountersignClient
from service.calls.paging import async_pages, pages
from service.client import ApiProblem, ApiUnreachableError
from service.wire.cases import ClaimRequest
from tests.builders.clients import ask_async, ask_sync
from tests.golden.async_page import AsyncCalls, async_page

ME = {"id": "key-1", "name": "nightly", "roles": [], "scopes": ["read"],
      "session_expires_at": None, "undo_seconds": 30}  # fmt: skip
BUSY = httpx2.Response(503, headers={"Retry-After": "7"})


def _answering(answers, seen):
    def handle(request):
        seen.append(request)
        answer = answers[min(len(seen), len(answers)) - 1]
        if isinstance(answer, Exception):
            raise answer
        return httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content)

    return httpx2.MockTransport(handle)


class _Sync:
    """Asks through the synchronous client."""

    def __init__(self):
        self.waits, self.seen = [], []

    def __call__(self, answers, call):
        self.seen = []
        transport = _answering(answers, self.seen)
        return ask_sync(call, token="t", transport=transport, sleep=self.waits.append)


class _Async(_Sync):
    """Asks through the asynchronous one."""

    def __call__(self, answers, call):
        self.seen = []

        async def sleep(seconds):
            self.waits.append(seconds)

        transport = _answering(answers, self.seen)
        return ask_async(call, token="t", transport=transport, sleep=sleep)


@pytest.fixture(params=[_Sync, _Async], ids=["sync", "async"])
def ask(request):
    """Make a call with a client whose answers are given, and whose waits take no time."""
    return request.param()


def test_a_read_is_asked_again_and_waits_as_long_as_it_is_told(ask):
    answers = [BUSY, httpx2.ConnectError("refused"), httpx2.Response(200, json=ME)]
    assert ask(answers, lambda client: client.me()).id == "key-1"
    assert len(ask.seen) == 3
    assert ask.waits[0] == 7.0
    assert 0 <= ask.waits[1] <= 5.0


def test_a_write_is_sent_again_under_the_same_key(ask):
    answers = [httpx2.ReadTimeout("silence"), httpx2.Response(200, json={"claims": []})]
    ask(answers, lambda client: client.claim(ClaimRequest()))
    keys = [request.headers["idempotency-key"] for request in ask.seen]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    assert len(keys[0]) >= 20


def test_two_writes_have_two_keys(ask):
    keys = []
    for _ in range(2):
        ask([httpx2.Response(200, json={"claims": []})], lambda c: c.claim(ClaimRequest()))
        keys.append(ask.seen[0].headers["idempotency-key"])
    assert keys[0] != keys[1]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 422, 500])
def test_a_refusal_that_would_stay_one_is_not_asked_again(ask, status):
    with pytest.raises(ApiProblem) as refused:
        ask([httpx2.Response(status)], lambda client: client.me())
    assert refused.value.problem.status == status
    assert len(ask.seen) == 1


def test_after_a_few_repeats_the_caller_is_told(ask):
    with pytest.raises(ApiProblem) as refused:
        ask([BUSY], lambda client: client.me())
    assert (len(ask.seen), refused.value.retry_after) == (3, 7.0)
    with pytest.raises(ApiUnreachableError):
        ask([httpx2.ConnectError("refused")], lambda client: client.me())


def test_nobody_sleeps_for_minutes_inside_a_call(ask):
    limited = httpx2.Response(429, headers={"Retry-After": "3600"})
    with pytest.raises(ApiProblem) as refused:
        ask([limited], lambda client: client.me())
    assert (len(ask.seen), ask.waits, refused.value.retry_after) == (1, [], 3600.0)


def test_a_log_in_is_never_sent_twice(ask):
    with pytest.raises(ApiUnreachableError):
        ask(
            [httpx2.ReadTimeout("silence")],
            lambda client: client.open_session(identity_token="token"),
        )
    assert len(ask.seen) == 1
    assert "idempotency-key" not in ask.seen[0].headers


def _listed(number):
    last = {"next_cursor": None if number == 3 else f"page-{number + 1}"}
    return httpx2.Response(200, json={"postings": []} | last)


def test_a_list_is_read_to_its_end(ask):

    async def read_async(client):
        return [page async for page in async_pages(client.postings)]

    def read(client):
        if isinstance(client, AsyncCountersignClient):
            return read_async(client)
        return list(pages(client.postings))

    found = ask([_listed(1), _listed(2), _listed(3)], read)
    assert len(found) == 3
    cursors = [request.url.params.get("cursor") for request in ask.seen]
    assert cursors == [None, "page-2", "page-3"]


def test_the_asynchronous_client_is_written_from_the_calls():
    """Regenerate it with `python -m tests.golden.async_page`."""
    import service.async_client as written  # noqa: PLC0415

    kept = Path(written.__file__).read_text(encoding="utf-8")
    assert AsyncCalls.of(kept) == AsyncCalls.of(async_page())
