"""How failures of HTTP are classed, whatever system speaks it: by what may be done next.

`ask` and `tell` make one read and one write of a connector over a transport that answers as the
rule says; both are functions of a handler.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import httpx2
import pytest

from service.ports.outside_errors import (
    OutsideAmbiguousError,
    OutsideError,
    OutsideRefusedError,
    OutsideTransientError,
)

Handler = Callable[[httpx2.Request], httpx2.Response]
SECRET = "a-secret-key"
PAGE = "<!doctype html><title>Oops</title><h1>Oops</h1><p>It&#39;s broken</p>"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, kw_only=True)
class HttpUnderTest:
    """The calls of one connector."""

    ask: Callable[[Handler], object]
    tell: Callable[[Handler], object] | None = None
    """None for a connector that never writes."""
    odd_bodies: tuple[str, ...] = ('{"half": ', "<html>", "null", "7")
    """Answers with HTTP 200 that are no answer of this system."""

    def calls(self) -> tuple[Callable[[Handler], object], ...]:
        return (self.ask,) if self.tell is None else (self.ask, self.tell)


def check_a_busy_server_is_transient(http: HttpUnderTest) -> None:
    for status in (429, 503):
        for call in http.calls():
            caught = _failure(call, _page(status), OutsideTransientError)
            assert not isinstance(caught, OutsideAmbiguousError)


def check_a_server_that_broke_off_leaves_a_write_in_doubt(http: HttpUnderTest) -> None:
    for status in (500, 502, 504):
        caught = _failure(http.ask, _page(status), OutsideTransientError)
        assert not isinstance(caught, OutsideAmbiguousError)
        if http.tell is not None:
            _failure(http.tell, _page(status), OutsideAmbiguousError)


def check_a_clear_no_is_refused_in_words_without_markup(http: HttpUnderTest) -> None:
    for status in (400, 401, 403, 405, 409, 422):
        for call in http.calls():
            caught = _failure(call, _page(status), OutsideRefusedError)
            assert f"HTTP {status}" in str(caught)
            assert "<" not in str(caught)


def check_no_answer_leaves_a_write_in_doubt(http: HttpUnderTest) -> None:
    for failure in (httpx2.ReadTimeout, httpx2.ReadError, httpx2.RemoteProtocolError):
        _failure(http.ask, _failing(failure), OutsideTransientError)
        if http.tell is not None:
            _failure(http.tell, _failing(failure), OutsideAmbiguousError)


def check_a_server_that_was_not_reached_kept_nothing(http: HttpUnderTest) -> None:
    for failure in (httpx2.ConnectError, httpx2.ConnectTimeout):
        for call in http.calls():
            caught = _failure(call, _failing(failure), OutsideTransientError)
            assert not isinstance(caught, OutsideAmbiguousError)


def check_an_answer_that_cannot_be_read_is_no_success(http: HttpUnderTest) -> None:
    for body in http.odd_bodies:
        for call in http.calls():
            _failure(
                call,
                lambda request, body=body: httpx2.Response(200, text=body, headers=JSON),
                OutsideTransientError,
            )


def check_the_wait_a_server_asks_for_is_kept(http: HttpUnderTest) -> None:
    for call in http.calls():
        caught = _failure(
            call,
            lambda request: httpx2.Response(429, text="slow", headers={"Retry-After": "120"}),
            OutsideTransientError,
        )
        assert isinstance(caught, OutsideTransientError)
        assert caught.retry_after_seconds == 120.0


def check_a_redirect_is_never_followed(http: HttpUnderTest) -> None:
    for call in http.calls():
        asked: list[str] = []

        def redirects(request: httpx2.Request, asked: list[str] = asked) -> httpx2.Response:
            asked.append(request.url.host)
            return httpx2.Response(307, headers={"Location": "http://127.0.0.2:1/elsewhere"})

        _failure(call, redirects, OutsideRefusedError)
        assert "127.0.0.2" not in asked


def check_the_key_is_sent_and_never_told(http: HttpUnderTest) -> None:
    for call in http.calls():

        def denies(request: httpx2.Request) -> httpx2.Response:
            assert SECRET in str(request.headers.raw)
            return httpx2.Response(401, text="")

        assert SECRET not in str(_failure(call, denies, OutsideRefusedError))


HTTP_RULES = tuple(rule for name, rule in sorted(globals().items()) if name.startswith("check_"))


def _failure(
    call: Callable[[Handler], object], handler: Handler, kind: type[OutsideError]
) -> OutsideError:
    with pytest.raises(kind) as caught:
        call(handler)
    return caught.value


def _page(status: int) -> Handler:
    return lambda request: httpx2.Response(status, html=PAGE)


def _failing(failure: type[httpx2.RequestError]) -> Handler:
    def fails(request: httpx2.Request) -> httpx2.Response:
        raise failure("gone", request=request)

    return fails
