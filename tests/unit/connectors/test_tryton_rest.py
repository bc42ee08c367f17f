"""Every way a call to Tryton can fail is classed: try again, or a person must look."""

from __future__ import annotations

import httpx2
import pytest

from service.connectors.tryton_rest import TrytonRest
from service.ports.outside_errors import OutsideRefusedError, OutsideTransientError

KEY = "a-secret-key"
PAGE = "<!doctype html><title>Oops</title><h1>Oops</h1><p>It&#39;s broken</p>"


@pytest.fixture
def ask(request):
    def asked(answer):
        rest = TrytonRest(
            base_url="http://127.0.0.1:1",
            database="psa",
            api_key=KEY,
            transport=httpx2.MockTransport(answer),
        )
        request.addfinalizer(rest.close)
        return rest.search("party.party", fields=["name"], limit=1)

    return asked


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503, 504])
def test_a_server_in_trouble_is_transient(ask, status):
    with pytest.raises(OutsideTransientError, match=f"HTTP {status}: Oops"):
        ask(lambda request: httpx2.Response(status, html=PAGE))


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 405, 409, 422])
def test_a_clear_no_is_refused(ask, status):
    with pytest.raises(OutsideRefusedError, match=f"HTTP {status}: Oops"):
        ask(lambda request: httpx2.Response(status, html=PAGE, headers={"Location": "http://x"}))


def test_the_words_of_the_server_are_passed_on(ask):
    told = {"status": 400, "message": "A value is required", "description": "for Account"}
    with pytest.raises(OutsideRefusedError, match="A value is required for Account"):
        ask(lambda request: httpx2.Response(400, json=told))


@pytest.mark.parametrize("body", ['{"status": 400', "[]", "null"])
def test_a_refusal_with_an_odd_body_is_still_a_refusal(ask, body):
    headers = {"Content-Type": "application/json"}
    with pytest.raises(OutsideRefusedError):
        ask(lambda request: httpx2.Response(400, text=body, headers=headers))


@pytest.mark.parametrize("body", ['[{"id": 1', "<html>", '{"a": {"__class__": "Unheard"}}', "{}"])
def test_an_answer_that_cannot_be_read_is_transient(ask, body):
    with pytest.raises(OutsideTransientError):
        ask(lambda request: httpx2.Response(200, text=body))


@pytest.mark.parametrize(
    "failure", [httpx2.ConnectTimeout, httpx2.ReadError, httpx2.RemoteProtocolError]
)
def test_no_answer_at_all_is_transient(ask, failure):
    def fails(request):
        raise failure("gone", request=request)

    with pytest.raises(OutsideTransientError, match=failure.__name__):
        ask(fails)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "120"}, 120.0),
        (
            {
                "Date": "Mon, 02 Mar 2026 09:00:00 GMT",
                "Retry-After": "Mon, 02 Mar 2026 09:01:30 GMT",
            },
            90.0,
        ),
        ({"Retry-After": "Mon, 02 Mar 2026 09:01:30 GMT"}, 60.0),  # the server told no time
        ({"Retry-After": "soon"}, 60.0),
        (
            {
                "Date": "Mon, 02 Mar 2026 09:00:00 GMT",
                "Retry-After": "Mon, 02 Mar 2026 08:00:00 GMT",
            },
            0.0,
        ),
    ],
)
def test_the_wait_a_server_asks_for_is_kept(ask, headers, seconds):
    with pytest.raises(OutsideTransientError) as caught:
        ask(lambda request: httpx2.Response(503, text="busy", headers=headers))
    assert caught.value.retry_after_seconds == seconds


def test_the_key_is_sent_and_never_told(ask):
    def denies(request):
        assert request.headers["authorization"] == f"Bearer {KEY}"
        return httpx2.Response(401, html="<h1>Unauthorized</h1>")

    with pytest.raises(OutsideRefusedError) as caught:
        ask(denies)
    assert KEY not in str(caught.value)


def test_a_redirect_is_not_followed(ask):
    seen = []

    def redirects(request):
        seen.append(request.url)
        return httpx2.Response(307, headers={"Location": "http://127.0.0.1:2/elsewhere"})

    with pytest.raises(OutsideRefusedError):
        ask(redirects)
    assert len(seen) == 1
